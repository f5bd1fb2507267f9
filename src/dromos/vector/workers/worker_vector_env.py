"""What an `AsyncVectorEnv` does besides Gymnasium's pairs of calls, and the state both keep."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.error import AlreadyPendingCallError, ClosedEnvironmentError, NoAsyncCallError
from dromos.vector.base import VectorEnv
from dromos.vector.lane_queue import LaneIds, checked_lane_ids
from dromos.vector.reset_plan import LaneOptions, LaneSeeds, plan_reset
from dromos.vector.workers.engine import Engine

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

__all__ = ["AsyncState", "Flags", "Rewards", "Step", "WorkerVectorEnv"]

Rewards = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Step = tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]

#: How long `close` gives the workers by default, in seconds.
_GRACE = 10.0


class AsyncState(Enum):
    """What an `AsyncVectorEnv` waits for; the values are the names of the calls."""

    DEFAULT = "default"
    WAITING_RESET = "reset"
    WAITING_STEP = "step"
    WAITING_CALL = "call"


class WorkerVectorEnv(
    VectorEnv[ObsType, ActType, np.ndarray[Any, np.dtype[Any]]], Generic[ObsType, ActType]
):
    """A vector over an engine: first-ready stepping, snapshots, closing, and what is pending.

    Attributes:
        batch_size: How many lanes `recv` returns.
    """

    batch_size: int

    _engine: Engine
    _state: AsyncState = AsyncState.DEFAULT
    _late: bool = False  # whether somebody stopped waiting for what is pending

    @property
    def processes(self) -> list[BaseProcess]:
        """The process of each lane; adjacent lanes share one."""
        staff = self._engine.crew.staff
        return [staff.workers[worker].process for worker in staff.worker_of]

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Start a step of some lanes; `recv` gives the results.

        Args:
            actions: A batch of one action for each of these lanes, in their order.
            lane_ids: The lanes to step, None for all.

        Raises:
            InvalidAction, IndexError, TypeError, ValueError: If the actions or the lanes are
                wrong; no lane moves then.
            ResetNeeded: If a lane has no episode; no lane moves then.
            AlreadyPendingCallError: If a result of one of the lanes has not been received.
        """
        self._require_default("send")
        self._engine.send(actions, checked_lane_ids(lane_ids, self.num_envs))

    def recv(self) -> Step[ObsType]:
        """Return the results of the `batch_size` lanes that finished first.

        Returns:
            The tuple that `step` returns, with `batch_size` rows; ``infos["lane_ids"]`` (int64)
            says which lanes they are. Read `final_obs` before these lanes are sent again.

        Raises:
            NoAsyncCallError: If fewer lanes than that are under way.
            Exception: What an environment raised, or the end of a worker. The results of other
                lanes stay to be received.
        """
        self._require_default("recv")
        return self._engine.recv()

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset; `recv` gives the results: rewards 0, both flags False.

        Lanes that are moving are waited for, and what they report is dropped.
        """
        self._require_default("async_reset")
        plan = plan_reset(self.num_envs, seed, options)
        self._engine.settle(plan.lane_ids, None)
        self._engine.start_reset(plan)

    @property
    def final_obs(self) -> ObsType:  # type: ignore[override]
        """What the lanes last reported observed at the end of their steps, before any reset."""
        final: ObsType = self._engine.final_obs
        return final

    @property
    def valid_transition(self) -> Flags:  # type: ignore[override]
        """Which of the lanes last reported made a step of their environment; bool."""
        stepped: Flags = self._engine.stepped
        return stepped

    def close_extras(
        self, timeout: float | None = None, terminate: bool = False, **kwargs: Any
    ) -> None:
        """Close every sub-environment and end the workers, also those that do not answer.

        Args:
            timeout: How long they may take, in seconds; None for ten seconds.
            terminate: Whether to end them at once.
            **kwargs: Nothing.

        Raises:
            Exception: The first that closing an environment raised; all workers have ended then.
        """
        grace = 0.0 if terminate else _GRACE if timeout is None else timeout
        errors = self._engine.crew.close(grace)
        if errors:
            raise errors[0]

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return the states of lanes and the order in which their results wait.

        It fits a vector with any number of workers, or with none. That of the whole vector has
        as ``"vector"`` what belongs to no lane, such as the random generators of the batched
        spaces.
        """
        self._require_default("snapshot")
        state = self._engine.snapshot(checked_lane_ids(lanes, self.num_envs))
        return {**state, "vector": super().snapshot_state() if lanes is None else None}

    def restore_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> None:
        """Take over what `snapshot_state` returned; a state of one lane may go into several."""
        self._require_default("restore")
        self._engine.restore(state, lanes)
        if lanes is None and state["vector"] is not None:
            super().restore_state(state["vector"])

    def _require_open(self) -> None:
        if self.closed:
            raise ClosedEnvironmentError(f"{self} has been closed; make a new one.")

    def _require_default(self, name: str) -> None:
        self._require_open()
        if self._state is not AsyncState.DEFAULT:
            pending = self._state.value
            late = ", which timed out: take it, or drop it with `reset()` of all lanes"
            raise AlreadyPendingCallError(
                f"Calling `{name}` while waiting for a pending call to `{pending}` to complete"
                f"{late if self._late else ''}.",
                pending,
            )

    def _require_waiting(self, state: AsyncState, name: str) -> None:
        self._require_open()
        if self._state is not state:
            raise NoAsyncCallError(
                f"Calling `{name}_wait` without any prior call to `{name}_async`.", name
            )

    def _finish(
        self, name: str, wait: Callable[[float | None], bool], timeout: float | None
    ) -> None:
        """Wait for what is pending; if that takes too long or is interrupted, it stays pending."""
        try:
            in_time = wait(None if timeout is None else time.monotonic() + timeout)
        except BaseException:
            self._late = True
            raise
        if not in_time:
            self._late = True
            import multiprocessing

            raise multiprocessing.TimeoutError(
                f"The call to `{name}` has timed out after {timeout} second(s)."
            )
        self._state, self._late = AsyncState.DEFAULT, False
