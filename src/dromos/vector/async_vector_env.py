"""`AsyncVectorEnv`: Python environments stepped in worker processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic

from dromos import logger
from dromos.core import ActType, Env, ObsType
from dromos.error import AlreadyPendingCallError, NoAsyncCallError, add_note
from dromos.vector.autoreset import AutoresetMode, refuse_unset
from dromos.vector.env_vector import EnvVector
from dromos.vector.lane_vector import Step
from dromos.vector.remote_vector import RemoteVector
from dromos.vector.reset_plan import (
    LaneOptions,
    LaneSeeds,
    ResetPlan,
    plan_reset,
)
from dromos.vector.workers.lanes import WorkerLanes
from dromos.vector.workers.run import Request
from dromos.vector.workers.settings import (
    Limits,
    PoolSettings,
    checked_shared_memory,
    checked_timeout,
    spread_lanes,
    worker_count,
)
from dromos.vector.workers.start import WantedSpaces, start_pool

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from dromos.spaces import Space

__all__ = ["AsyncState", "AsyncVectorEnv"]


class AsyncState(Enum):
    """What an `AsyncVectorEnv` waits for; the values are the names of the calls."""

    DEFAULT = "default"
    WAITING_RESET = "reset"
    WAITING_STEP = "step"
    WAITING_CALL = "call"


class AsyncVectorEnv(
    RemoteVector[ObsType, ActType], EnvVector[ObsType, ActType], Generic[ObsType, ActType]
):
    """A vector that steps its sub-environments in worker processes.

    Each worker has several adjacent lanes. Actions, observations, rewards and flags lie in memory
    that all processes share; what does not fit there, such as infos, follows as messages.

    An exception in a sub-environment is raised here, with the worker's traceback, the lane, the
    action and the seed; lanes of whose steps nobody was told are refused until they are reset.
    What becomes of a worker that ends or hangs, `on_worker_failure` says.

    Attributes:
        shared_memory: Whether observations travel through shared memory where they can.
        num_workers: The number of worker processes.
    """

    snapshot_kind = "dromos.vector:PythonVectorEnv"

    _lanes: WorkerLanes  # pyright: ignore[reportIncompatibleVariableOverride]
    _state: AsyncState = AsyncState.DEFAULT
    _late: bool = False  # whether somebody stopped waiting for what is pending

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        shared_memory: bool | str = True,
        copy: bool = True,
        context: str | None = None,
        daemon: bool = True,
        worker: Callable[..., None] | None = None,
        observation_mode: str | tuple[Space[Any], Space[Any]] = "same",
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        max_concurrency: int | None = None,
        *,
        num_workers: int | None = None,
        batch_size: int | None = None,
        on_worker_failure: str = "raise",
        max_restarts: int | None = 100,
        start_timeout: float | None = None,
        step_timeout: float | None = None,
        observation_space: Space[Any] | None = None,
        action_space: Space[Any] | None = None,
    ) -> None:
        """Start the workers, which make the sub-environments.

        Args:
            env_fns: A function without arguments for each lane, returning its environment.
            shared_memory: Whether observations travel through shared memory. True refuses spaces
                of a user's own class; ``"auto"`` sends theirs as messages, with a warning.
            copy: Whether each batch of observations has memory of its own. Otherwise `step` and
                `reset` return the shared memory itself, which the next step overwrites.
            context: How processes start: ``"fork"``, ``"forkserver"``, ``"spawn"``, or None for
                the default of `multiprocessing`.
            daemon: Whether the workers are daemons of `multiprocessing`, which may not start
                processes of their own with it.
            worker: Only None: there is one kind of worker.
            observation_mode: ``"same"`` if the observation spaces are equal, ``"different"`` if
                their bounds differ, or the tuple ``(batched space, single space)``.
            autoreset_mode: When a lane whose episode has ended is reset.
            max_concurrency: The most lanes that may be moving at the same moment, None for as
                many as there are workers.
            num_workers: The number of worker processes; None for one a processor that this
                process may use.
            batch_size: How many lanes `recv` returns, from 1 to n; None for n.
            on_worker_failure: ``"raise"`` an exception when a worker ends or hangs or an
                environment raises, or ``"restart"`` what has failed: it is made anew, and its
                lanes report their lost episodes as truncated, with ``worker_restarted`` and
                ``restart_reason`` in their infos.
            max_restarts: How many restarts there may be, None for any number.
            start_timeout: How long a worker may take to make its environments, in seconds; None
                for any time.
            step_timeout: How long a lane may take for a step or a reset, in seconds, before its
                worker is given up; None for any time.
            observation_space: What the observation space of a lane has to be; None for any.
            action_space: What the action space of a lane has to be; None for any.

        Raises:
            ValueError: If there is no function, an argument is out of range, or `shared_memory`
                is True and the observation space is of a user's own class.
            TypeError: If a function does not return an `Env`.
            RuntimeError: If the spaces of the sub-environments do not match.
            WorkerError: If a worker ends while it makes its environments.
        """
        self._take_arguments(env_fns, copy, observation_mode, autoreset_mode, batch_size)
        if worker is not None:
            raise ValueError(
                "Expected worker=None: a worker function written for another vector does not know "
                "how these are talked to. Wrap the environments in `env_fns` instead."
            )
        self.shared_memory = checked_shared_memory(shared_memory)
        self.num_workers = worker_count(self.num_envs, num_workers, max_concurrency)
        limits = Limits.checked(on_worker_failure, max_restarts, start_timeout, step_timeout)
        import multiprocessing

        settings = PoolSettings(
            multiprocessing.get_context(context),
            daemon,
            spread_lanes(self.num_envs, self.num_workers),
            self.autoreset_mode,
            limits,
        )
        wanted = WantedSpaces(observation_mode, observation_space, action_space, self.shared_memory)
        each = self.batch_size < self.num_envs or step_timeout is not None
        started = start_pool(self.env_fns, settings, wanted, each)
        self._take_facts(started.spaces, started.facts)
        self._take_lanes(WorkerLanes(started, self.autoreset_mode, copy))
        self._reset_plan: ResetPlan | None = None

    @property
    def processes(self) -> list[BaseProcess]:
        """The process of each lane; adjacent lanes share one."""
        workers = self._lanes.pool.processes
        return [workers.workers[worker].process for worker in workers.worker_of]

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those of a mask (see `LaneVector.reset`).

        After a call that timed out, this waits for its late results and drops them too.

        Raises:
            AlreadyPendingCallError: If another call is pending.
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self.reset_async(seed=seed, options=options)
            return self.reset_wait()

    def reset_async(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start what `reset` does; `reset_wait` gives the results."""
        with self._lanes.guard:
            self._require_open()
            plan = plan_reset(self.num_envs, seed, options)
            if not self._late or plan.partial:
                self._require_idle("reset_async")
            lanes = plan.lanes.tolist()
            if plan.partial:
                refuse_unset(self._lanes.episodes, lanes)
            moving = self._lanes.is_moving(lanes)
            self._take_finished()
            self._queue.discard(lanes)
            if not moving:
                self._lanes.start_reset(plan)
            self._reset_plan, self._starts_later = plan, moving
            self._state, self._late = AsyncState.WAITING_RESET, False

    def reset_wait(self, timeout: float | None = None) -> tuple[ObsType, dict[str, Any]]:
        """Return what `reset` returns.

        Args:
            timeout: How long to wait, in seconds; None for any time.

        Raises:
            NoAsyncCallError: If no reset was started.
            multiprocessing.TimeoutError: If it took longer. The reset goes on, and another
                `reset_wait` gives its results.
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self._require_waiting(AsyncState.WAITING_RESET, "reset")
            worker_lanes, plan = self._lanes, self._reset_plan
            assert plan is not None
            lanes = plan.lanes.tolist()

            def finish(deadline: float | None) -> bool:
                if self._starts_later and worker_lanes.settle(lanes, deadline):
                    worker_lanes.start_reset(plan)
                    self._starts_later = False
                return not self._starts_later and worker_lanes.settle(lanes, deadline)

            self._finish("reset_wait", finish, timeout)
            self._take_finished()
            self._queue.discard(lanes)
            worker_lanes.raise_failures(lanes)
            return self._report_reset(plan)

    def step(self, actions: ActType) -> Step[ObsType]:
        """Advance every lane by one action, or by a reset (see `LaneVector.step`).

        Whether an action is valid is for its sub-environment to say.

        Raises:
            AlreadyPendingCallError: If another call is pending, too.
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self.step_async(actions)
            return self.step_wait()

    _plain_step = step

    def step_async(self, actions: ActType) -> None:
        """Start what `step` does; `step_wait` gives the results."""
        with self._lanes.guard:
            self._require_idle("step_async")
            if self._queue.finished or self._lanes.finished or self._lanes.pool.moves:
                self._take_finished()
                self._queue.refuse_waiting(range(self.num_envs))
                self._queue.refuse_moving(self._lanes.moving, range(self.num_envs))
            self._lanes.post(None, actions)
            self._state = AsyncState.WAITING_STEP

    def step_wait(self, timeout: float | None = None) -> Step[ObsType]:
        """Return what `step` returns.

        Args:
            timeout: How long to wait, in seconds; None for any time.

        Raises:
            NoAsyncCallError: If no step was started.
            multiprocessing.TimeoutError: If it took longer. The step goes on: another `step_wait`
                gives its results, and `reset` drops them.
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self._require_waiting(AsyncState.WAITING_STEP, "step")
            self._finish("step_wait", self._lanes.pool.wait_for_steps, timeout)
            result = self._lanes.finish_step()
            self._lanes_tell()
            return result

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each sub-environment (see `LaneVector.call`).

        Raises:
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self.call_async(name, *args, **kwargs)
            return self.call_wait()

    def call_async(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Start what `call` does; `call_wait` gives the results."""
        with self._lanes.guard:
            self._require_idle("call_async")
            self._refuse_own(name)
            if not isinstance(name, str):
                raise TypeError(f"Expected the name of a method or attribute, got {name!r}")
            self._lanes.pool.ask_all(Request("call", (None, name, args, kwargs)))
            self._state = AsyncState.WAITING_CALL

    def call_wait(self, timeout: float | None = None) -> tuple[Any, ...]:
        """Return what `call` returns.

        Args:
            timeout: How long to wait, in seconds; None for any time.

        Raises:
            NoAsyncCallError: If no call was started.
            multiprocessing.TimeoutError: If it took longer; another `call_wait` gives the results.
            Exception: What an environment raised, or the end of a worker.
        """
        with self._lanes.guard:
            self._require_waiting(AsyncState.WAITING_CALL, "call")
            self._finish("call_wait", self._lanes.pool.wait_for_answers, timeout)
            return self._lanes.results_of_call()

    def close_extras(
        self, timeout: float | None = None, terminate: bool = False, **kwargs: Any
    ) -> None:
        """Close every lane and end the workers (see `RemoteVector.close_extras`)."""
        if self._state is not AsyncState.DEFAULT:
            logger.warn(
                f"Calling `close` while waiting for a pending call to `{self._state.value}` to "
                "complete."
            )
            self._state = AsyncState.DEFAULT
        super().close_extras(timeout, terminate, **kwargs)

    def _require_idle(self, name: str) -> None:
        self._require_open()
        if self._state is not AsyncState.DEFAULT:
            pending = self._state.value
            end = "" if name == "reset_async" else "."  # programs compare with the text
            error = AlreadyPendingCallError(
                f"Calling `{name}` while waiting for a pending call to `{pending}` to "
                f"complete{end}",
                pending,
            )
            if self._late:
                add_note(error, "It timed out: take it, or drop it with `reset()` of all lanes.")
            raise error

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
        seconds = checked_timeout(timeout)
        try:
            in_time = wait(None if seconds is None else time.monotonic() + seconds)
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
