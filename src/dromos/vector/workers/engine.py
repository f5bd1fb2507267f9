"""The lanes of a vector with workers: what may move, moves, and is reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dromos.error import AlreadyPendingCallError, ResetNeeded
from dromos.vector.actions import split_actions
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.lane_queue import LaneIds, LaneQueue
from dromos.vector.reset_plan import ResetPlan
from dromos.vector.utils.space_utils import batch_space
from dromos.vector.workers.entries import RESET, RESET_MESSAGE, STEP, STEP_MESSAGE
from dromos.vector.workers.readiness import Readiness
from dromos.vector.workers.reports import Reports
from dromos.vector.workers.shared_rows import write_rows
from dromos.vector.workers.snapshots import restore_crew, state_of_crew
from dromos.vector.workers.start import Started

__all__ = ["Engine"]

StepResult = tuple[Any, Any, Any, Any, dict[str, Any]]


class Engine:
    """Moves lanes and reports them.

    Args:
        started: The workers.
        batch_size: How many lanes are received at a time.
        copy: Whether each batch of observations has memory of its own.
        autoreset_mode: When a lane whose episode has ended is reset.

    Attributes:
        crew: The workers.
    """

    def __init__(
        self, started: Started, batch_size: int, copy: bool, autoreset_mode: AutoresetMode
    ) -> None:
        self.crew = started.crew
        self._rows = started.rows
        single_space = started.spaces.observation[0]
        self._action_space, batched = started.spaces.action
        self._num_lanes = self.crew.regions.num_lanes
        self._all_lanes = range(self._num_lanes)
        self._action_spaces = {self._num_lanes: batched}
        self._reports = Reports(self.crew, started.rows, single_space, copy, autoreset_mode)
        self._ready = Readiness(self._num_lanes)
        self._queue = LaneQueue(batch_size)

    # Steps

    def start_step(self, actions: Any) -> None:
        """Let all lanes step.

        Raises:
            AlreadyPendingCallError: If results of `send` have not been received.
            ResetNeeded: If a lane has no episode.
            InvalidAction: If the actions do not have the structure of a batch.
        """
        if self._queue.finished or self.crew.finished or self.crew.moves:
            self._refuse_busy(self._all_lanes)
        self._ready.refuse_idle(self._all_lanes)
        self._post_steps(actions, None)

    def finish_step(self) -> StepResult:
        """Return the results of all lanes, which have moved.

        Raises:
            Exception: What an environment raised, or the end of a worker.
        """
        self.crew.finished.clear()
        if self.crew.failures:
            self._raise_failures(self._all_lanes)
        result = self._reports.of_step(None)
        if ended := self._reports.ended(None):
            self._ready.end(ended)
        return result

    def send(self, actions: Any, lanes: list[int]) -> None:
        """Let some lanes step; errors as of `start_step`."""
        self._refuse_busy(lanes)
        self._ready.refuse_idle(lanes)
        self._post_steps(actions, lanes)

    def recv(self) -> StepResult:
        """Return the results of the lanes that finished first.

        Raises:
            NoAsyncCallError: If fewer lanes than a batch are under way.
            Exception: What an environment raised, or the end of a worker; once for each lane.
        """
        crew, queue = self.crew, self._queue
        size = queue.batch_size

        def missing() -> int:
            waiting = len(queue.finished) + len(crew.finished)
            return 0 if crew.failures else min(len(crew.pending), max(0, size - waiting))

        crew.wait(missing, None)
        self._take_finished()
        if crew.failures:
            lane = min(crew.failures)
            self._ready.interrupt([lane])
            raise crew.failures.pop(lane)
        lanes = queue.take()
        result = self._reports.of_step(lanes)
        if ended := self._reports.ended(lanes):
            self._ready.end(ended)
        result[-1]["lane_ids"] = np.array(lanes, dtype=np.int64)
        return result

    def _post_steps(self, actions: Any, lanes: list[int] | None) -> None:
        shared = self._rows.actions
        if shared is not None and write_rows(actions, shared, lanes):
            if lanes is None:
                self.crew.post_steps()
            else:
                self.crew.post([STEP | lane for lane in lanes])
            return
        chosen = self._all_lanes if lanes is None else lanes
        count = len(chosen)
        if count not in self._action_spaces:
            self._action_spaces[count] = batch_space(self._action_space, count)
        split = split_actions(actions, self._action_space, self._action_spaces[count], count)
        for lane, action in zip(chosen, split, strict=True):
            self.crew.file.write(self.crew.regions.lane(lane), action)
        self.crew.post([STEP_MESSAGE | lane for lane in chosen])

    # Resets

    def refuse_unknown(self, lanes: list[int]) -> None:
        """Raise unless every other lane has an observation that a partial reset can report."""
        self._ready.refuse_unknown(lanes)

    def is_moving(self, lanes: Iterable[int]) -> bool:
        """Return whether one of these lanes is moving, or an answer is awaited."""
        return bool(self.crew.pending.keys() & set(lanes)) or self.crew.awaits_answers

    def settle(self, lanes: Iterable[int], deadline: float | None) -> bool:
        """Wait until none of these lanes is moving; return whether that is so."""
        chosen = set(lanes)
        return self.crew.wait(
            lambda: len(chosen & self.crew.pending.keys()), deadline
        ) and self.crew.wait_for_answers(deadline)

    def start_reset(self, plan: ResetPlan) -> None:
        """Drop what the lanes of a plan have reported, and let them reset."""
        crew, lanes = self.crew, plan.lane_ids
        crew.forget_answers()
        self._take_finished()
        self._queue.discard(lanes)
        entries = []
        for lane, seed, options in zip(lanes, plan.seeds, plan.options, strict=True):
            crew.infos.pop(lane, None)
            crew.failures.pop(lane, None)
            if seed is not None:
                crew.seeds[lane] = seed
            if seed is None and options is None:
                entries.append(RESET | lane)
            else:
                crew.file.write_portably(crew.regions.lane(lane), (seed, options))
                entries.append(RESET_MESSAGE | lane)
        crew.post(entries)
        self._ready.start(lanes)

    def finish_reset(self, lanes: list[int]) -> tuple[Any, dict[str, Any]]:
        """Return the results of lanes that have been reset, and the observations of all.

        Raises:
            Exception: What an environment raised, or the end of a worker.
        """
        self._take_finished()
        self._queue.discard(lanes)
        if self.crew.failures:
            self._raise_failures(lanes)
        return self._reports.of_reset(lanes)

    # What a caller may see

    @property
    def final_obs(self) -> Any:
        """What the lanes last reported observed at the end of their steps, before any reset."""
        if not self._ready.all_observed:
            raise ResetNeeded("There are no observations before the first `reset()`.")
        return self._reports.final_observations()

    @property
    def stepped(self) -> Any:
        """Which of the lanes last reported made a step of their environment."""
        return self._reports.stepped.copy()

    def snapshot(self, lanes: list[int]) -> dict[str, Any]:
        """Return the states of lanes; waits until none is moving."""
        self.crew.wait_for_lanes(None)
        self._take_finished()
        return state_of_crew(self.crew, self._ready, self._queue, lanes)

    def restore(self, state: dict[str, Any], lanes: LaneIds | None) -> None:
        """Put states into lanes; waits until none is moving."""
        self.crew.wait_for_lanes(None)
        self._take_finished()
        restore_crew(state, self.crew, self._ready, self._queue, lanes)
        self._reports.final_lanes = None
        self._reports.stepped = self._rows.stepped.copy()

    # Bookkeeping

    def _take_finished(self) -> None:
        waiting = set(self._queue.finished)  # those too that a signal kept from being cleared here
        self._queue.append(lane for lane in self.crew.finished if lane not in waiting)
        self.crew.finished.clear()

    def _refuse_busy(self, lanes: Iterable[int]) -> None:
        """Raise if the last results of one of these lanes have not been taken."""
        crew = self.crew
        if crew.finished:
            self._take_finished()
        self._queue.refuse_waiting(lanes)
        if crew.moves and (busy := sorted(crew.pending.keys() & set(lanes))):
            raise AlreadyPendingCallError(
                f"Cannot step lanes {busy}, which are still moving; call `recv()` first.", "send"
            )

    def _raise_failures(self, moved: Iterable[int]) -> None:
        """Raise the exception of the lowest lane of those that have moved.

        Nobody is told of the steps of the others, so that they have to be reset too.
        """
        crew = self.crew
        self._ready.interrupt(moved)
        for lane in moved:
            crew.infos.pop(lane, None)
        failures, crew.failures = crew.failures, {}
        error = failures[min(failures)]
        others = [lane for lane in sorted(failures) if failures[lane] is not error]
        if others and hasattr(error, "add_note"):  # Python 3.11
            error.add_note(f"Lanes {others} raised exceptions in the same call.")
        raise error
