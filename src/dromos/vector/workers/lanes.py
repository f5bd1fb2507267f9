"""The lanes of a vector with workers: let move, waited for, and reported."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import numpy as np

from dromos._core import spaces as native
from dromos._core.episodes import Guard
from dromos.rollout.actions import checked_actions
from dromos.rollout.recording import Target, keep_so_far
from dromos.rollout.value import Rollout
from dromos.snapshot import restoring
from dromos.vector.actions import ActionSplitter
from dromos.vector.autoreset import AutoresetMode, Writes, part_of_episodes, refuse_idle
from dromos.vector.env_lanes import REWARDS, join_rewards, judge_observed
from dromos.vector.infos import batch_infos
from dromos.vector.lane_spaces import ObservationBatcher
from dromos.vector.lanes import Lanes, StepResult, finals_where, map_arrays, rows_in
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.workers.channel import RESET, RESET_MESSAGE, STEP, STEP_MESSAGE
from dromos.vector.workers.failure import RemoteError, first_failure
from dromos.vector.workers.rows import write_rows
from dromos.vector.workers.run import Request
from dromos.vector.workers.run_rows import RunLayout, RunRows, run_rows
from dromos.vector.workers.start import Started
from dromos.vector.workers.states import joined, merged_states, rows_of

__all__ = ["WorkerLanes"]

#: How much memory the arrays of a run may take; a longer one goes in parts.
_RUN_BYTES = 1 << 26

#: How long `close` gives the workers by default, in seconds.
_GRACE = 10.0


class WorkerLanes(Lanes):
    """Lanes whose environments live in worker processes.

    Args:
        started: The workers.
        mode: When a lane whose episode has ended is reset.
        copy: Whether each batch of observations has memory of its own.

    Attributes:
        pool: The workers.
    """

    def __init__(self, started: Started, mode: AutoresetMode, copy: bool) -> None:
        self.pool, self.mode = started.pool, mode
        self._rows: Any = started.rows
        self.episodes = started.rows.episodes
        self.guard = Guard(bound=True)
        self._all_lanes = range(self.pool.regions.num_lanes)
        self._split = ActionSplitter(*started.spaces.action, len(self._all_lanes))
        self._batch = ObservationBatcher(started.spaces.observation[0], fresh=copy)
        self._copy = copy
        self._reward_shape: tuple[int, ...] | None = None
        self._plain_rewards = False  # whether a step of every lane has shown them to be numbers
        self._run_spaces = started.spaces.observation[0], started.spaces.action[0]
        self._blocks: list[RunRows] | None = None
        self._run_steps, self._most_steps = 0, 1 << 30

    @property
    def finished(self) -> list[int]:  # type: ignore[override]
        """The lanes that have moved, in that order, until somebody takes them out."""
        return self.pool.finished

    @property
    def failures(self) -> dict[int, Exception]:  # type: ignore[override]
        """What lanes raised while they moved."""
        return self.pool.failures

    @property
    def moving(self) -> Collection[int]:
        """The lanes that move."""
        return self.pool.pending if self.pool.moves else ()

    # Steps

    def post(self, lanes: list[int] | None, actions: Any) -> None:
        """Begin to move some lanes, or all (see `Lanes.post`)."""
        refuse_idle(self.episodes, lanes)
        shared = self._rows.actions
        if shared is not None and write_rows(actions, shared, lanes):
            if lanes is None:
                self.pool.post_steps()
            else:
                self.pool.post([STEP | lane for lane in lanes])
            return
        chosen = self._all_lanes if lanes is None else lanes
        for lane, action in zip(chosen, self._split(actions, len(chosen)), strict=True):
            self.pool.file.write(self.pool.regions.lane(lane), action)
        self.pool.post([STEP_MESSAGE | lane for lane in chosen])

    def run_infos(self, names: Sequence[str]) -> dict[str, Any] | None:
        """Return what `run` is to write besides results: nothing, or None if it cannot run.

        It cannot where infos are wanted, where the next lane to end stops all, where lost
        environments are replaced in the middle, and where elements are no arrays.
        """
        rows, stops = self._rows, self.mode is AutoresetMode.DISABLED
        if names or stops or rows.observations is None or rows.actions is None:
            return None
        return {} if self.pool.waits_for_all and self._reward_shape is None else None

    def play(self, actions: Any) -> Rollout | None:
        """Move all lanes by the actions of many steps, where that takes plain arrays only."""
        if not self._plays(actions):
            return None
        shown, shape = self._rows.observations, actions.shape[:2]
        refuse_idle(self.episodes)
        checked_actions(actions, self._run_spaces[1], {"T": None, "N": len(self._all_lanes)})
        if self._run_blocks(shape[0])[1] < shape[0]:  # in parts
            return None
        observations = np.empty((shape[0] + 1, *shown.shape), shown.dtype)
        observations[0] = shown
        flags = [np.empty(shape, np.bool_) for _ in range(3)]
        out = Target(actions.copy(), observations[1:], np.empty(shape), flags)
        fields = observations, out.actions, out.rewards, *flags, out.observations, {}
        played, made = Rollout.unchecked(0, *fields), 0
        try:
            made = self.run(out, 0, shape[0]) or 0
            for error in out.broken:
                raise error
        except BaseException as error:
            keep_so_far(error, partial(played.first, made), made)
            raise
        return played

    def _plays(self, actions: Any) -> bool:
        """Whether `run` can move all lanes now, by arrays of just the dtypes of shared ones."""
        rows = self._rows
        if not type(actions) is type(rows.actions) is type(rows.observations) is np.ndarray:
            return False
        if actions.ndim != rows.actions.ndim + 1 or actions.dtype != rows.actions.dtype:
            return False
        plain = rows.finals is None and self._plain_rewards and 0 < len(actions) <= self.run_length
        return plain and not self.pool.moves and self.run_infos(()) is not None

    def run(self, out: Target, first: int, last: int) -> int | None:
        """Let each worker move its lanes many times, with one message there and one back."""
        if not self._plain_rewards:  # a step shows whether rewards are numbers
            return 0
        blocks, most = self._run_blocks(last - first)
        steps = min(most, last - first)
        rows = slice(first, first + steps)
        spans = list(itertools.pairwise(self.pool.processes.bounds))
        for block, (low, high) in zip(blocks, spans, strict=True):
            part = map_arrays(lambda array, i=low, j=high: array[rows, i:j], out.actions)
            if not write_rows(part, block.first(steps, block.actions), None):
                return None
            block.asked[0] = steps
        refuse_idle(self.episodes)
        failures = self._run_workers()
        for block, (low, high) in zip(blocks, spans, strict=True):
            block.copy_to(out, rows, slice(low, high))
        if not failures:
            return steps
        self.episodes.interrupt(None)  # lanes stand at different steps
        made, failure = min(failures, key=lambda pair: pair[0])
        out.broken.append(failure.exception())
        return made

    def _run_workers(self) -> list[tuple[int, RemoteError]]:
        """Let the workers make the steps that they are asked for; return what failed at which."""
        pool = self.pool
        try:
            pool.ask_to_run()
            pool.wait_for_answers(None)
            return [failure for failure in pool.answers() if failure is not None]
        except BaseException:
            pool.wait_for_answers(None)
            pool.forget_answers()
            self.episodes.interrupt(None)  # nobody knows where lanes stand
            raise

    def _run_blocks(self, steps: int) -> tuple[list[RunRows], int]:
        """Return the shared arrays of runs, of as many steps or the most that there are."""
        if self._blocks is None or self._run_steps < min(steps, self._most_steps):
            pool, rows = self.pool, self._rows
            finals = rows.finals is not None
            one = RunLayout(1, 0, pool.processes.bounds, finals)
            self._most_steps = max(1, _RUN_BYTES // run_rows(one, self._run_spaces)[-1].size)
            self._run_steps = min(steps, self._most_steps)
            layout = RunLayout(self._run_steps, rows.size, pool.processes.bounds, finals)
            memory = pool.file.map(run_rows(layout, self._run_spaces)[-1].size)
            self._blocks = run_rows(layout, self._run_spaces, memory)
            self.pool.ask_all(Request("prepare_run", (layout,)))
            self.pool.wait_for_answers(None)
            self.pool.answers()
        return self._blocks, self._run_steps

    def wait(self, missing: Callable[[], int], deadline: float | None) -> bool:
        """Take in what workers report until nothing is missing (see `Lanes.wait`)."""
        return self.pool.wait(missing, deadline)

    def settle(self, lanes: Iterable[int], deadline: float | None) -> bool:
        """Wait until none of these lanes is moving and no answer is owed; return whether so."""
        chosen = set(lanes)
        return self.pool.wait(
            lambda: len(chosen & self.pool.pending.keys()), deadline
        ) and self.pool.wait_for_answers(deadline)

    def is_moving(self, lanes: Iterable[int]) -> bool:
        """Return whether one of these lanes is moving, or an answer is awaited."""
        return bool(self.pool.pending.keys() & set(lanes)) or self.pool.awaits_answers

    def finish_step(self) -> StepResult:
        """Return the results of all lanes, which have moved.

        Raises:
            Exception: What an environment raised, or the end of a worker.
        """
        self.pool.finished.clear()
        if self.pool.failures:
            self.raise_failures(self._all_lanes)
        return self.report(None)

    def raise_failures(self, moved: Iterable[int]) -> None:
        """Raise the exception of the lowest lane of those that have moved, if one raised.

        Nobody is told of the steps of the others, so that they have to be reset too.
        """
        pool = self.pool
        if not pool.failures:
            return
        lanes = list(moved)
        self.episodes.interrupt(lanes)
        for lane in lanes:
            pool.infos.pop(lane, None)
        failures, pool.failures = pool.failures, {}
        raise first_failure(failures)

    # Resets

    def reset(self, plan: ResetPlan) -> None:
        """Start the episodes of a plan, and wait for them."""
        lanes = plan.lanes.tolist()
        self.start_reset(plan)
        self.settle(lanes, None)
        self.raise_failures(lanes)

    def start_reset(self, plan: ResetPlan) -> None:
        """Drop what the lanes of a plan report, once they have moved, and let them reset."""
        pool, lanes = self.pool, plan.lanes.tolist()
        self.settle(lanes, None)
        pool.forget_answers()
        pool.finished[:] = [lane for lane in pool.finished if lane not in set(lanes)]
        entries = []
        for lane, seed, options in zip(lanes, plan.seeds, plan.options, strict=True):
            pool.infos.pop(lane, None)
            pool.failures.pop(lane, None)
            if seed is not None:
                pool.seeds[lane] = seed
            if seed is None and options is None:
                entries.append(RESET | lane)
            else:
                pool.file.write_portably(pool.regions.lane(lane), (seed, options))
                entries.append(RESET_MESSAGE | lane)
        pool.post(entries)

    # Reports

    def observe(self) -> Any:
        """Return the present observation of every lane."""
        return self._observations(None)

    def reset_infos(self, plan: ResetPlan) -> dict[str, Any]:
        """Return the infos of lanes that were reset, as columns of one row a lane."""
        lanes = plan.lanes.tolist()
        return batch_infos(self._take_infos(lanes), lanes, len(self._all_lanes))

    def report(self, lanes: list[int] | None) -> StepResult:
        """Return what the last step of some lanes, or of all, gave; one row each."""
        rows = self._rows.rewards, self._rows.terminated, self._rows.truncated
        if lanes is None:
            rewards, terminated, truncated = native.copies(rows)
        else:
            rewards, terminated, truncated = (array[lanes] for array in rows)
        chosen = self._all_lanes if lanes is None else lanes
        infos = self._take_infos(chosen)
        if self._reward_shape is not None or any(REWARDS in info for info in infos):
            rewards = self._join_rewards(rewards, infos, chosen)
        elif not self._plain_rewards and lanes is None:
            self._plain_rewards = not self.episodes.restarted.any()
        columns = batch_infos(infos, range(len(infos)), len(infos))
        return self._observations(lanes), rewards, terminated, truncated, columns

    def _join_rewards(self, numbers: Any, infos: list[dict[str, Any]], lanes: Any) -> Any:
        """Return the rewards of lanes with those of several numbers, which came in the infos."""
        arrays = [info.pop(REWARDS, None) for info in infos]
        restarted = self.episodes.restarted[list(lanes)]
        try:
            rewards = join_rewards(numbers, arrays, restarted, lanes, self._reward_shape)
        except TypeError:  # nobody was told of their steps
            self.episodes.interrupt(list(lanes))
            raise
        self._reward_shape = rewards.shape[1:]
        return rewards

    def _take_infos(self, lanes: Sequence[int]) -> list[dict[str, Any]]:
        """Return the infos of lanes, or, if all are empty, none."""
        infos = self.pool.infos
        return list(map(infos.pop, lanes, repeat({}))) if infos else []

    def _observations(self, lanes: list[int] | None) -> Any:
        shared = self._rows.observations
        if shared is None:
            seen = self.pool.observations
            chosen = self._all_lanes if lanes is None else lanes
            return self._batch([seen[lane][0] for lane in chosen])
        if lanes is not None:
            return rows_in(shared, lanes)
        if not self._copy:
            return shared
        return shared.copy() if type(shared) is np.ndarray else map_arrays(np.copy, shared)

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        shared, finals = self._rows.observations, self._rows.finals
        chosen = list(self._all_lanes) if lanes is None else lanes
        if shared is None:
            return self._batch.batch_anew([self.pool.observations[lane][1] for lane in chosen])
        if finals is None:
            return rows_in(shared, chosen)
        ended = (self._rows.terminated | self._rows.truncated)[chosen]
        return finals_where(ended, rows_in(shared, chosen), rows_in(finals, chosen))

    # Environments

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """Call a method of each environment, or read an attribute that is not callable."""
        self.pool.ask_all(Request("call", (None, name, args, kwargs)))
        self.pool.wait_for_answers(None)
        return self.results_of_call()

    def results_of_call(self) -> tuple[Any, ...]:
        """Return what the call that was waited for returned in each lane."""
        return tuple(result for results in self.pool.answers() for result in results)

    def set_attr(self, name: str, values: Sequence[Any]) -> None:
        """Set an attribute of each environment: all, or none if one of them refuses its value."""
        by_worker = self.pool.processes.by_worker(self._all_lanes)
        requests = {
            worker: Request("set_attr", (name, [values[lane] for lane in lanes]))
            for worker, lanes in by_worker.items()
        }
        try:
            self._ask(requests)
        except Exception:
            self._undo(by_worker)
            raise

    def _undo(self, workers: Iterable[int]) -> None:
        """Let workers take back what they were asked last, since one of them refused."""
        alive = [worker for worker in workers if worker not in self.pool.dead]
        self._ask(dict.fromkeys(alive, Request("undo")))

    def _ask(self, requests: dict[int, Request]) -> list[Any]:
        self.pool.ask(requests)
        self.pool.wait_for_answers(None)
        return self.pool.answers()

    def render(self, lanes: list[int]) -> tuple[Any, ...]:
        """Return what ``render`` of some environments returns."""
        answers, places = self._ask_lanes("call", lanes, "render", (), {})
        return tuple(rows_of(joined(answers), places))

    def _ask_lanes(self, name: str, lanes: list[int], *more: Any) -> tuple[list[Any], list[int]]:
        """Ask the workers of some lanes something of these; more arguments are the same for all.

        Returns:
            answers: One a worker, of one row for each of its lanes.
            places: The row of each of `lanes` in all of them together.
        """
        by_worker = self.pool.processes.by_worker(lanes)
        answers = self._ask({w: Request(name, (own, *more)) for w, own in by_worker.items()})
        order = [lane for own in by_worker.values() for lane in own]
        place_of = dict(zip(order, range(len(order)), strict=True))
        return answers, [place_of[lane] for lane in lanes]

    def close(self, grace: float = _GRACE) -> None:
        """Close every environment and end the workers.

        Args:
            grace: How long they may take, in seconds; those that take longer are ended.

        Raises:
            Exception: The first that closing an environment raised; all workers have ended then.
        """
        errors = self.pool.close(grace)
        if self.pool.processes.is_ours:
            self.episodes = part_of_episodes(self.episodes, slice(None), copy=True)
            self._rows = None  # the last of the shared memory
        if errors:
            raise errors[0]

    # Snapshots

    def read(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return the states of lanes as plain data, as `EnvLanes.read` does."""
        answers, places = self._ask_lanes("read", lanes, waiting)
        return merged_states(answers, places)

    def judge_status(self, state: dict[str, Any], status: Any) -> None:
        """Raise unless lanes that ever had an episode have observed something."""
        judge_observed(state, status)

    def judge(self, state: dict[str, Any], lanes: list[int]) -> Writes:
        """Return what puts the result of `read` into lanes: each worker judges its own first."""
        by_worker = self.pool.processes.by_worker(lanes)
        requests = {}
        places = {lane: place for place, lane in enumerate(lanes)}
        for worker, own in by_worker.items():
            rows = [places[lane] for lane in own]
            part = {name: rows_of(column, rows) for name, column in state.items()}
            requests[worker] = Request("judge", (own, part))
        if (restore := restoring.get()) is not None:
            restore.made.append(partial(self._undo, by_worker))
        self._ask(requests)

        def write() -> None:
            answers = self._ask(dict.fromkeys(by_worker, Request("write")))
            for local in answers:
                if local is not None:
                    self.pool.take_results(local)
                    self.pool.file.free()

        return [write]
