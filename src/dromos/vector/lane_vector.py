"""`LaneVector`: Gymnasium's vector calls over lanes, whatever moves them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
import numpy.typing as npt

from dromos._core.batch import NO_LIMIT
from dromos.arguments import whole
from dromos.core import ActType, ObsType, RenderFrame
from dromos.error import ClosedEnvironmentError, SnapshotError, add_note
from dromos.snapshot import NODES, at, require_names, rules, taking, written_arrays
from dromos.snapshot.hook import ByHand
from dromos.vector.autoreset import (
    ENDED,
    INTERRUPTED,
    AutoresetMode,
    Writes,
    judge_episodes,
    read_episodes,
    refuse_idle,
    refuse_unset,
)
from dromos.vector.lane_queue import (
    LaneIds,
    LaneQueue,
    all_lane_ids,
    checked_lane_ids,
    rows_of_lanes,
    target_lanes,
)
from dromos.vector.lanes import Lanes
from dromos.vector.last_report import Flags, ReportingVector
from dromos.vector.reset_plan import LaneOptions, LaneSeeds, ResetPlan, plan_reset

if TYPE_CHECKING:
    from dromos.rollout import Rollout
    from dromos.rollout.recording import Target

__all__ = ["Flags", "LaneVector", "Rewards", "Step"]

Rewards = npt.NDArray[np.float64]
Step = tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]


class LaneVector(ReportingVector[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector of lanes: seeds, masks, options, first-ready stepping, snapshots, one at a time.

    What moves the lanes is one `Lanes` (see `dromos.vector.lanes`), which this class never asks of
    what kind it is. A call of another thread while one is under way is an error.

    Attributes:
        autoreset_mode: When a lane whose episode has ended is reset.
        batch_size: How many lanes `recv` returns.
    """

    autoreset_mode: AutoresetMode
    batch_size: int

    #: A `step` that does what that of this class does.
    _plain_step: Any = None

    _lanes: Lanes
    _queue: LaneQueue

    #: The constructor's arguments decide these.
    snapshot_exclude = frozenset({"autoreset_mode", "batch_size", "closed", "copy", "num_envs"})
    #: What belongs to no lane; the rest is told by the constructor's arguments or the lanes.
    snapshot_fields: Mapping[str, rules.Rule] = {
        "action_space": rules.SpaceGenerators(),
        "observation_space": rules.SpaceGenerators(),
        "single_action_space": rules.SpaceGenerators(),
        "single_observation_space": rules.SpaceGenerators(),
    }

    def _take_lanes(self, lanes: Lanes) -> None:
        """Move these lanes from now on."""
        self._lanes = lanes
        self._queue = LaneQueue(self.batch_size)
        self._lanes_tell(np.zeros(self.num_envs, np.bool_))

    # Episodes

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that a mask chooses.

        Results that wait to be received are dropped for the lanes that are reset.

        Args:
            seed: None, one seed (lane ``i`` gets ``seed + i``), or one or None a lane.
            options: Options for all lanes or one dict a lane; they are never changed.

        Returns:
            observations: The first observations of the lanes that were reset, the present ones of
                the others.
            infos: Columns of the infos of the lanes that were reset.

        Raises:
            TypeError, ValueError, Error: If an argument is wrong; no lane has been reset then.
            ResetNeeded: If a lane outside the mask has never been reset.
        """
        with self._lanes.guard:
            self._require_open()
            plan = plan_reset(self.num_envs, seed, options)
            if plan.partial:
                refuse_unset(self._lanes.episodes, plan.lanes)
            self._reset(plan, self._lanes.reset)
            return self._report_reset(plan)

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset; `recv` gives the results: rewards 0, both flags False.

        Lanes that are moving are waited for, and what they report is dropped.
        """
        with self._lanes.guard:
            self._require_idle("async_reset")
            plan = plan_reset(self.num_envs, seed, options)
            self._keep_report()
            self._take_finished()
            self._reset(plan, self._lanes.start_reset)
            self._take_finished()

    def _reset(self, plan: ResetPlan, reset: Callable[[ResetPlan], None]) -> None:
        try:
            reset(plan)
        except BaseException:
            broken = self._lanes.episodes.status[plan.lanes] == INTERRUPTED
            self._queue.discard(plan.lanes[broken].tolist())
            raise
        self._queue.discard(plan.lanes.tolist())

    def _report_reset(self, plan: ResetPlan) -> tuple[ObsType, dict[str, Any]]:
        self._lanes_tell(np.zeros(self.num_envs, np.bool_))
        return self._lanes.observe(), self._lanes.reset_infos(plan)

    def step(self, actions: ActType) -> Step[ObsType]:
        """Advance every lane by one action, or by the reset that its autoreset mode asks for.

        Args:
            actions: A batch of n actions in the structure of `action_space`; never changed.

        Returns:
            observations: Batch of n observations.
            rewards: float64 (n,).
            terminations: bool (n,).
            truncations: bool (n,).
            infos: Columns of the lanes' infos; under SAME_STEP also ``final_obs`` and
                ``final_info`` of the lanes that ended.

        Raises:
            InvalidAction: If the actions are not one a lane; no lane has moved then.
            ResetNeeded: If a lane has no episode; no lane has moved then.
            AlreadyPendingCallError: If results of `send` have not been received.
        """
        if self.closed or self._queue.finished:
            self._require_open()
            self._queue.refuse_waiting(range(self.num_envs))
        result = self._lanes.step(actions)
        self._final = self._stepped = self._reported = None
        return result

    def rollout(self, actions: Any, steps: int | None = None, **kwargs: Any) -> Rollout:
        """Make many steps (see `VectorEnv.rollout`)."""
        with self._lanes.guard:
            if steps is None and not kwargs and self._is_plain and not self._is_busy:
                played = self._lanes.play(actions)
                if played is not None:
                    self._lanes_tell()
                    return played
            return super().rollout(actions, steps, **kwargs)

    @property
    def _is_plain(self) -> bool:
        """Whether `step` moves the lanes and does no more."""
        return type(self).step in (LaneVector.step, type(self)._plain_step)

    @property
    def _is_busy(self) -> bool:
        """Whether the vector is closed, or lanes have been set in motion and not been received."""
        return bool(self.closed or self._queue.finished or self._lanes.finished)

    def _present(self) -> Any:
        self._require_idle("rollout")
        self._take_finished()
        self._queue.refuse_waiting(range(self.num_envs))
        self._queue.refuse_moving(self._lanes.moving, range(self.num_envs))
        refuse_idle(self._lanes.episodes)
        return self._lanes.observe()

    def _run_infos(self, names: Sequence[str]) -> Mapping[str, Any] | None:
        return self._lanes.run_infos(names) if self._is_plain else None

    def _run(self, out: Target, first: int, last: int) -> int | None:
        done = self._lanes.run(out, first, last)
        if done:
            self._lanes_tell()
        return done

    def _run_length(self) -> int:
        return self._lanes.run_length

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Start a step of some lanes; `recv` gives the results.

        Lanes that live in this process are stepped at once, in the caller's thread.

        Args:
            actions: A batch of one action for each of these lanes, in their order.
            lane_ids: The lanes to step, None for all.

        Raises:
            InvalidAction, IndexError, TypeError, ValueError: If the actions or the lanes are
                wrong; no lane has moved then.
            ResetNeeded: If a lane has no episode; no lane has moved then.
            AlreadyPendingCallError: If a result of one of the lanes has not been received.
        """
        with self._lanes.guard:
            self._require_idle("send")
            chosen = checked_lane_ids(lane_ids, self.num_envs)
            self._take_finished()
            self._queue.refuse_waiting(chosen)
            self._queue.refuse_moving(self._lanes.moving, chosen)
            self._keep_report()
            self._lanes.post(chosen, actions)
            self._take_finished()

    def recv(self) -> Step[ObsType]:
        """Return the results of the `batch_size` lanes that finished first.

        Returns:
            The tuple that `step` returns, with `batch_size` rows; ``infos["lane_ids"]`` (int64)
            says which lanes they are. `final_obs` and `valid_transition` tell of these rows.

        Raises:
            NoAsyncCallError: If fewer lanes than that are under way.
            Exception: What an environment raised. The results of other lanes stay to be received.
        """
        with self._lanes.guard:
            self._require_idle("recv")
            self._lanes.wait(self._missing, None)
            self._take_finished()
            if failures := self._lanes.failures:
                lane = min(failures)
                self._lanes.episodes.interrupt([lane])
                raise failures.pop(lane)
            lanes = self._queue.take()
            result = self._lanes.report(lanes)
            self._final, self._reported = self._lanes.final(lanes), lanes
            self._stepped = ~self._lanes.episodes.restarted[lanes]
            result[-1]["lane_ids"] = np.array(lanes, dtype=np.int64)
            return result

    def _missing(self) -> int:
        """Return how many lanes `recv` still has to wait for."""
        if self._lanes.failures:
            return 0
        waiting = len(self._queue.finished) + len(self._lanes.finished)
        return min(len(self._lanes.moving), max(0, self.batch_size - waiting))

    def _take_finished(self) -> None:
        """Let lanes that have moved wait for being received."""
        finished = self._lanes.finished
        if finished:
            waiting = set(self._queue.finished)  # a signal may have kept them from being cleared
            self._queue.append(lane for lane in finished if lane not in waiting)
            finished.clear()

    @property
    def max_episode_steps(self) -> int | None:
        """Steps after which the vector truncates an episode; assign to change it from now on.

        Raises:
            TypeError: If the limit is not an integer.
            ValueError: If it is less than 1.
        """
        limit = int(self._lanes.episodes.limit[0])
        return None if limit == NO_LIMIT else limit

    @max_episode_steps.setter
    def max_episode_steps(self, value: int | None) -> None:
        with self._lanes.guard:
            limit = NO_LIMIT if value is None else whole("max_episode_steps", value)
            self._lanes.episodes.limit[:] = min(limit, NO_LIMIT)

    # Environments

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each lane's environment, or read an attribute that is not callable.

        Args:
            name: The method or attribute; wrappers are searched from the outermost inwards.
            *args: Arguments of the method.
            **kwargs: Keyword arguments of the method.

        Raises:
            ValueError: If it is ``reset``, ``step`` or ``close``, which the vector has itself.
        """
        with self._lanes.guard:
            self._require_open()
            return self._lanes.call(name, args, kwargs)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return the attribute `name` of each lane's environment, called if it is callable."""
        return self.call(name)

    def render(self) -> tuple[RenderFrame, ...] | None:
        """Return what each lane's ``render`` returns."""
        return self.render_lanes()

    def render_lanes(self, lanes: LaneIds | None = None) -> tuple[RenderFrame, ...]:
        """Return what ``render`` of some lanes returns, in their order."""
        with self._lanes.guard:
            self._require_idle("call_async")
            return self._lanes.render(checked_lane_ids(lanes, self.num_envs))

    def lane_labels(self, lanes: Sequence[int]) -> list[str]:
        """Return the number of each lane, the step of its episode, and whether that has ended."""
        elapsed, status = self._lanes.episodes.elapsed, self._lanes.episodes.status
        return [
            f"lane {lane}  step {elapsed[lane]}{'  ended' if status[lane] == ENDED else ''}"
            for lane in lanes
        ]

    def close_extras(self, **kwargs: Any) -> None:
        """Close every lane; if some raise, raise the first error after the last."""
        self._lanes.close()

    def _require_open(self) -> None:
        if not self.closed:
            return
        error = ClosedEnvironmentError(  # the text that programs compare with
            f"Trying to operate on `{type(self).__name__}`, after a call to `close()`."
        )
        add_note(error, f"{self} has been closed; make a new one.")
        raise error

    def _require_idle(self, name: str) -> None:
        """Raise unless the call `name` may begin: the vector is open, and waits for no other."""
        self._require_open()

    # Snapshots

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return everything that lanes hold, what they last reported, and which results wait.

        That of the whole vector has as ``"vector"`` what belongs to no lane: the random
        generators of the batched spaces, and what a subclass adds. It fits any number of threads
        or workers.
        """
        with self._lanes.guard:
            self._settle("snapshot")
            # One list for all that say which lanes they tell of, as equal states have equal bytes.
            is_seen = taking.get() != NODES  # by somebody who may change the list
            if lanes is None and not is_seen:
                chosen: list[int] = all_lane_ids(self.num_envs)
            else:
                chosen = checked_lane_ids(lanes, self.num_envs)
            rows = rows_of_lanes(chosen)
            among = range(self.num_envs) if lanes is None else set(chosen)
            waiting = [lane for lane in self._queue.finished if lane in among]
            engine = self._lanes.read(chosen, waiting)
            return written_arrays(
                {
                    "lanes": chosen,
                    "episodes": read_episodes(self._lanes.episodes, rows),
                    "reports": self._reports(chosen, rows),
                    "waiting": waiting,
                    "engine": written_arrays(engine) if self._lanes.reads_copies else engine,
                    "vector": super().snapshot_state() if lanes is None else None,
                }
            )

    def _settle(self, name: str) -> None:
        """Wait until no lane moves; `name` is the call that needs it."""
        self._require_idle(name)
        self._lanes.wait(lambda: len(self._lanes.moving), None)
        self._take_finished()

    def judge_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> Writes:
        """Return what takes over the result of `snapshot_state`; nothing is changed yet.

        Args:
            state: That of several lanes, which go into as many, or of one, which goes into any.
            lanes: The lanes to restore into; None for those it was taken of.

        Raises:
            SnapshotError, TypeError, ValueError: If it does not fit.
        """
        require_names(state, ("lanes", "episodes", "reports", "waiting", "engine", "vector"))
        with self._lanes.guard:
            self._settle("restore")
            with at(".lanes"):
                sources = state["lanes"]
                targets = target_lanes(sources, lanes, self.num_envs)
            with at(".episodes"):
                rows = rows_of_lanes(targets)
                writes = judge_episodes(self._lanes.episodes, state["episodes"], rows)
            with at(".engine"):
                writes += self._lanes.judge(state["engine"], targets)
                self._lanes.judge_status(state["engine"], state["episodes"]["status"])
            with at(".waiting"):
                queued = _queued(state["waiting"], sources, targets)
            with at(".reports"):
                writes += self._judge_reports(state["reports"], sources, targets)
        # The reports of lanes that stay are kept before anything is written.
        writes.insert(0, lambda: self._queue.discard(targets))
        writes.append(lambda: self._queue.append(queued))
        if lanes is None and state["vector"] is not None:
            with at(".vector"):
                # Before those of the lanes: a single space may be that of a lane's environment.
                writes = [*super().judge_state(state["vector"]), *writes]
        by_hand = [write for write in writes if type(write) is ByHand]

        def write_rest() -> None:
            with self._lanes.guard:
                for write in writes:
                    if type(write) is not ByHand:
                        write()

        return [*by_hand, write_rest]


def _queued(waiting: Any, sources: list[int], targets: list[int]) -> list[int]:
    """Return the lanes that wait for being received, given those that did.

    Raises:
        SnapshotError: If they are not among the lanes of the state.
    """
    if waiting == []:
        return []
    if type(waiting) is not list or not set(waiting) <= set(sources):
        raise SnapshotError(f"expected some of the lanes {sources}")
    if len(set(waiting)) != len(waiting):
        raise SnapshotError("expected each lane at most once")
    if len(sources) == 1:
        return targets
    places = dict(zip(sources, targets, strict=True))
    return [places[lane] for lane in waiting]
