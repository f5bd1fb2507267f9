"""The lanes of one worker: environments, their episodes, and where they report."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos._core import workers as native
from dromos.vector.env_lanes import REWARDS, EnvLanes, checked_env
from dromos.vector.lanes import map_arrays
from dromos.vector.utils.space_utils import batch_space, concatenate, iterate
from dromos.vector.workers.channel import (
    FAILED,
    LANE_MASK,
    RENEW,
    RESET,
    RESET_MESSAGE,
    RESULT,
    RESULT_MESSAGE,
    STEP_MESSAGE,
    Loss,
    Results,
)
from dromos.vector.workers.failure import RemoteError, action_text
from dromos.vector.workers.rows import RowLayout, SharedRows
from dromos.vector.workers.run_rows import RunLayout, run_rows

if TYPE_CHECKING:
    from dromos.vector.workers.run import WorkerPlan

__all__ = ["LaneRange", "Worker"]


class LaneRange(NamedTuple):
    """Which lanes of a vector a worker has: ``[first, last)``."""

    worker: int
    first: int
    last: int


class Worker:
    """The lanes of one worker. Methods take and note lanes by their index in the vector.

    Args:
        span: The worker's lanes.
        env_fns: The functions that make their environments.
        plan: What the worker was told.
        exchange: The worker's end of the exchange.

    Attributes:
        lanes: The environments and episodes; by their index in the worker.
    """

    def __init__(
        self,
        span: LaneRange,
        env_fns: list[Callable[[], Any]],
        plan: WorkerPlan,
        exchange: native.WorkerEnd,
    ) -> None:
        self.span = span
        self.lanes = EnvLanes(env_fns, plan.autoreset_mode)
        self._env_fns = env_fns
        self._file = plan.file
        self._regions = plan.regions
        self._exchange = exchange
        self._losses = plan.losses
        self._broken: dict[int, Exception] = {}
        self._moved: list[int] = []
        self._run_actions: tuple[int, Any] | None = None  # steps of the last run, and their space
        self._all_lanes = list(range(span.first, span.last))
        self._batched_actions = batch_space(self.lanes.envs[0].action_space, len(self._all_lanes))

    def attach(self, layout: RowLayout, publish_each: bool) -> None:
        """Take up the shared rows.

        Args:
            layout: Where they are.
            publish_each: Whether each lane is reported as soon as it has moved, instead of all
                that were to move together.
        """
        env = self.lanes.envs[0]
        spaces = env.observation_space, env.action_space
        size = SharedRows(layout, *spaces).size
        self._rows = SharedRows(layout, *spaces, self._file.map(size))
        first, last = self.span[1:]
        self._own_rows = self._rows.part(first, last)
        self.lanes.use(*self._own_rows.results)
        if layout.actions:
            self._own_actions = map_arrays(lambda array: array[first:last], self._rows.actions)
        self._publish_each = publish_each
        for own in range(len(self.lanes.envs)):
            self._share_row(own)

    def _share_row(self, own: int) -> None:
        """Let an environment that can write its observations to the shared rows itself.

        Its class must say so itself: a subclass may keep the observations that it has returned.
        """
        env, rows = self.lanes.envs[own], self._rows.observations
        if isinstance(rows, np.ndarray) and "write_to" in vars(type(env)):
            env.write_to(rows[self.span.first + own])  # type: ignore[attr-defined]

    def handle(self, entries: list[int]) -> None:
        """Do what entries say, and report the lanes."""
        for entry in entries:
            if entry > LANE_MASK:
                self._move(entry & ~LANE_MASK, entry & LANE_MASK)
        if steps := [entry for entry in entries if entry <= LANE_MASK]:
            self.step(steps)
        self.report()

    def step_everyone(self) -> None:
        """Let every lane step with its action in the shared rows, and report the lanes."""
        self.step(self._all_lanes)
        self.report()

    def step(self, lanes: list[int]) -> None:
        """Let lanes step with their actions in the shared rows, and report those that fail."""
        everyone = lanes is self._all_lanes
        actions = self._actions_of(lanes)
        if self._losses or self._broken:
            for lane, action in zip(lanes, actions, strict=True):
                self._step(lane, action)
            return
        own = None if everyone else self.own(lanes)
        first = 0
        while first < len(lanes):
            last = first + 1 if self._publish_each else len(lanes)
            fault = self.lanes.walker.step(own, actions, first, last)
            moved = last if fault is None else fault[0]
            whole = everyone and first == 0 and moved == len(lanes)
            self._moved = lanes if whole else self._moved + lanes[first:moved]
            first = moved
            if fault is not None:
                self._fail(lanes[moved], fault[1], _stepping(actions[moved]))
                first += 1
            if self._publish_each:
                self.report()

    def prepare_run(self, layout: RunLayout) -> None:
        """Take up the shared arrays of many steps."""
        env = self.lanes.envs[0]
        spaces = env.observation_space, env.action_space
        memory = self._file.map(run_rows(layout, spaces)[-1].size)
        self._run_rows = run_rows(layout, spaces, memory)[self.span.worker]

    def run(self) -> tuple[int, RemoteError] | None:
        """Let all lanes make many steps with their actions in the shared arrays.

        Returns:
            None if they did; else how many steps all of them made, and what one raised in the next.
        """
        block, count = self._run_rows, len(self._all_lanes)
        steps = int(block.asked[0])
        space = self.lanes.envs[0].observation_space
        flat = map_arrays(
            lambda array: array[:steps].reshape(steps * count, *array.shape[2:]).copy(),
            block.actions,
        )
        if self._run_actions is None or self._run_actions[0] != steps:
            batch = batch_space(self.lanes.envs[0].action_space, steps * count)
            self._run_actions = steps, batch
        actions = list(iterate(self._run_actions[1], flat))
        results = block.first(steps, block.results)
        walker = self.lanes.walker

        def write(step: int) -> None:
            row = map_arrays(lambda array: array[step], block.observations)
            concatenate(space, walker.observations(), row)
            if block.finals is not None:
                row = map_arrays(lambda array: array[step], block.finals)
                concatenate(space, walker.final_observations(), row)

        plain = type(block.observations) is np.ndarray and block.finals is None
        plain = plain and self._own_rows.stacks
        seen = block.observations if plain else None
        made, fault = walker.run(actions, steps, seen, results, write)
        self._own_rows.write(self.lanes)
        if self.lanes.reward_arrays:
            self.lanes.reward_arrays.clear()
            raise TypeError("Expected rewards to be numbers, as those before, found arrays")
        if fault is None:
            return None
        lane, error = fault
        if not isinstance(error, Exception):
            raise error
        doing = _stepping(actions[made * count + lane])
        return made, RemoteError(error, self.span.worker, lane + self.span.first, doing)

    def _actions_of(self, lanes: list[int]) -> list[Any]:
        """Return copies of the actions of lanes."""
        if lanes is self._all_lanes:
            copied = map_arrays(np.ndarray.copy, self._own_actions)
        else:
            copied = map_arrays(lambda array: array[lanes], self._rows.actions)
        return list(iterate(self._batched_actions, copied))

    def own(self, lanes: list[int]) -> list[int]:
        """Return lanes as the indices that `lanes` has for them."""
        return [lane - self.span.first for lane in lanes]

    def _move(self, kind: int, lane: int) -> None:
        if kind == STEP_MESSAGE:
            self._step(lane, self._file.read(self._regions.lane(lane)))
        elif kind == RESET:
            self._reset(lane, None, None)
        elif kind == RESET_MESSAGE:
            self._reset(lane, *self._file.read(self._regions.lane(lane)))
        else:
            assert kind == RENEW
            self._renew(lane, self._file.read(self._regions.lane_answer(lane)))

    def _step(self, lane: int, action: Any) -> None:
        own = lane - self.span.first
        try:
            if lane in self._losses or lane in self._broken:
                self._report_loss(lane)
            else:
                if fault := self.lanes.walker.step([own], [action]):
                    raise fault[1]
        except Exception as error:
            self._fail(lane, error, _stepping(action))
        else:
            self._has_moved(lane)

    def _reset(self, lane: int, seed: int | None, options: dict[str, Any] | None) -> None:
        own = lane - self.span.first
        try:
            if lane in self._broken:
                raise self._broken[lane]
            self.lanes.walker.begin(own, self.lanes.envs[own].reset(seed=seed, options=options))
        except Exception as error:
            self._fail(lane, error, f"resetting with seed {seed} and options {options}")
        else:
            self._losses.pop(lane, None)
            self._has_moved(lane)

    def _report_loss(self, lane: int) -> None:
        """Start an episode in place of the lost one and report that one as truncated."""
        if lane in self._broken:
            raise self._broken[lane]
        own = lane - self.span.first
        loss = self._losses[lane]
        self.lanes.replace_lost(own, loss.seed, loss.reason)
        del self._losses[lane]

    def _renew(self, lane: int, loss: Loss) -> None:
        own = lane - self.span.first
        with contextlib.suppress(Exception):
            self.lanes.envs[own].close()
        self._losses[lane] = loss
        self._broken.pop(lane, None)
        try:
            self.lanes.envs[own] = checked_env(self._env_fns[own]())
            self._share_row(own)
        except Exception as error:
            self._broken[lane] = error

    def _has_moved(self, lane: int) -> None:
        self._moved.append(lane)
        if self._publish_each:
            self.report()

    def report(self) -> None:
        """Report the lanes that have moved since the last report."""
        moved, self._moved = self._moved, []
        if not moved:
            return
        try:
            first_kind = self.write(moved)
        except Exception as error:
            if len(moved) == 1:
                self._fail(moved[0], error, "reporting its results")
                return
            for self._moved in [[lane] for lane in moved]:
                self.report()
            return
        if moved is self._all_lanes and first_kind == RESULT:
            self._exchange.publish_everyone()
        else:  # plain results are just the lanes
            self._exchange.publish([first_kind | moved[0], *moved[1:]])

    def write(self, lanes: list[int]) -> int:
        """Write what lanes report to where the vector reads it.

        Returns:
            The kind of the first lane's entry: whether there is a message.
        """
        own = None if lanes is self._all_lanes else self.own(lanes)
        if self.lanes.reward_arrays:  # for which the shared rows have no place
            told = range(len(self.lanes.envs)) if own is None else own
            for row, array in zip(told, self.lanes.take_reward_arrays(told), strict=True):
                if array is not None:
                    self.lanes.infos[row] = {**self.lanes.infos[row], REWARDS: array}
        infos = self._own_rows.write(self.lanes, own)
        observations = finals = None
        if self._rows.observations is None:
            observations = self.lanes.walker.observations(own)
            finals = self.lanes.walker.final_observations(own)
        elif not infos:
            return RESULT
        region = self._regions.lane_answer(lanes[0])
        self._file.write(region, Results(lanes, infos, observations, finals))
        return RESULT_MESSAGE

    def _fail(self, lane: int, error: BaseException, doing: str) -> None:
        if not isinstance(error, Exception):
            raise error
        self.lanes.episodes.interrupt([lane - self.span.first])
        failure = RemoteError(error, self.span.worker, lane, doing)
        self._file.write(self._regions.lane_answer(lane), failure)
        self._exchange.publish([FAILED | lane])


def _stepping(action: Any) -> str:
    return f"stepping with action {action_text(action)}"
