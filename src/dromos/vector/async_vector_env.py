"""`AsyncVectorEnv`: Python environments stepped in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic

import numpy as np
from typing_extensions import Self

from dromos.core import ActType, Env, ObsType, RenderFrame
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.lane_queue import checked_batch_size
from dromos.vector.reset_plan import LaneOptions, LaneSeeds, ResetPlan, plan_reset
from dromos.vector.serial_lanes import values_by_lane
from dromos.vector.workers.engine import Engine
from dromos.vector.workers.requests import Request
from dromos.vector.workers.settings import (
    CrewSettings,
    Limits,
    checked_shared_memory,
    spread_lanes,
    worker_count,
)
from dromos.vector.workers.start import WantedSpaces, start_crew
from dromos.vector.workers.worker_vector_env import AsyncState, Step, WorkerVectorEnv

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["AsyncState", "AsyncVectorEnv"]

#: Methods of an environment that only the vector itself may call.
_OWN_CALLS = ("close", "reset", "step")


class AsyncVectorEnv(WorkerVectorEnv[ObsType, ActType], Generic[ObsType, ActType]):
    """A vector that steps its sub-environments in worker processes.

    Each worker has several adjacent lanes. Actions, observations, rewards and flags lie in memory
    that all processes share; what does not fit there, such as infos, follows as messages.

    An exception in a sub-environment is raised here, with the worker's traceback, the lane, the
    action and the seed; lanes of whose steps nobody was told are refused until they are reset.
    What becomes of a worker that ends or hangs, `on_worker_failure` says.

    Attributes:
        env_fns: The functions that made the sub-environments.
        shared_memory: Whether observations travel through shared memory where they can.
        copy: Whether each batch of observations has memory of its own.
        autoreset_mode: When a lane whose episode has ended is reset.
        observation_mode: How the observation spaces were batched.
        batch_size: How many lanes `recv` returns.
        num_workers: The number of worker processes.
    """

    snapshot_kind = "dromos.vector:PythonVectorEnv"

    #: All that the lanes' own states hold or the constructor's arguments decide.
    snapshot_exclude = frozenset(
        {
            "_arguments",
            "_engine",
            "_late",
            "_plan",
            "_state",
            "autoreset_mode",
            "batch_size",
            "closed",
            "copy",
            "env_fns",
            "num_envs",
            "num_workers",
            "observation_mode",
            "shared_memory",
            "single_action_space",
            "single_observation_space",
        }
    )

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
        arguments = dict(locals())
        self.env_fns = list(env_fns)
        self._arguments = {name: arguments[name] for name in arguments if name in _ARGUMENTS}
        self.num_envs = len(self.env_fns)
        self.batch_size = checked_batch_size(batch_size, self.num_envs)
        if worker is not None:
            raise ValueError(
                "Expected worker=None: a worker function written for another vector does not know "
                "how these are talked to. Wrap the environments in `env_fns` instead."
            )
        self.shared_memory = checked_shared_memory(shared_memory)
        self.copy = copy
        self.observation_mode = observation_mode
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.num_workers = worker_count(self.num_envs, num_workers, max_concurrency)
        limits = Limits.checked(on_worker_failure, max_restarts, start_timeout, step_timeout)
        import multiprocessing

        settings = CrewSettings(
            multiprocessing.get_context(context),
            daemon,
            spread_lanes(self.num_envs, self.num_workers),
            self.autoreset_mode,
            limits,
        )
        wanted = WantedSpaces(observation_mode, observation_space, action_space, self.shared_memory)
        each = self.batch_size < self.num_envs or step_timeout is not None
        started = start_crew(self.env_fns, settings, wanted, each)
        self.single_observation_space, self.observation_space = started.spaces.observation
        self.single_action_space, self.action_space = started.spaces.action
        self.metadata = {**started.facts.metadata, "autoreset_mode": self.autoreset_mode}
        self.render_mode = started.facts.render_mode
        self._engine = Engine(started, self.batch_size, copy, self.autoreset_mode)
        self._plan: ResetPlan | None = None

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that a mask chooses.

        Results that wait to be received are dropped for the lanes that are reset. After a call
        that timed out, this waits for its late results and drops them too.

        Args:
            seed: One seed, or one a lane (see `VectorEnv.reset`).
            options: Options for all lanes, or for each; they are never changed.

        Returns:
            observations: The first observations of the lanes that were reset, the last ones of
                the others.
            infos: Columns of the infos of the lanes that were reset.

        Raises:
            TypeError, ValueError, Error: If an argument is wrong; no lane has been reset then.
            ResetNeeded: If a lane outside the mask has never been reset.
            AlreadyPendingCallError: If another call is pending.
            Exception: What an environment raised, or the end of a worker.
        """
        self.reset_async(seed=seed, options=options)
        return self.reset_wait()

    def reset_async(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start what `reset` does; `reset_wait` gives the results."""
        self._require_open()
        if not self._late:
            self._require_default("reset_async")
        plan = plan_reset(self.num_envs, seed, options)
        if self._late and plan.partial:
            self._require_default("reset_async")
        self._engine.refuse_unknown(plan.lane_ids)
        moving = self._engine.is_moving(plan.lane_ids)
        if not moving:
            self._engine.start_reset(plan)
        self._plan, self._starts_later = plan, moving
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
        self._require_waiting(AsyncState.WAITING_RESET, "reset")
        engine, plan = self._engine, self._plan
        assert plan is not None

        def finish(deadline: float | None) -> bool:
            if self._starts_later and engine.settle(plan.lane_ids, deadline):
                engine.start_reset(plan)
                self._starts_later = False
            return not self._starts_later and engine.settle(plan.lane_ids, deadline)

        self._finish("reset_wait", finish, timeout)
        return engine.finish_reset(plan.lane_ids)

    def step(self, actions: ActType) -> Step[ObsType]:
        """Advance every lane by one action, or by the reset that its autoreset mode asks for.

        Args:
            actions: A batch of n actions in the structure of `action_space`. Whether an action is
                valid is for its sub-environment to say.

        Returns:
            observations: Batch of n observations.
            rewards: float64 (n,).
            terminations: bool (n,).
            truncations: bool (n,).
            infos: Columns of the lanes' infos.

        Raises:
            InvalidAction: If there are not n actions or their structure is wrong; no lane has
                moved then.
            ResetNeeded: If a lane has no episode; no lane has moved then.
            AlreadyPendingCallError: If another call is pending, or results of `send` have not
                been received.
            Exception: What an environment raised, or the end of a worker.
        """
        self.step_async(actions)
        return self.step_wait()

    def step_async(self, actions: ActType) -> None:
        """Start what `step` does; `step_wait` gives the results."""
        self._require_default("step_async")
        self._engine.start_step(actions)
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
        self._require_waiting(AsyncState.WAITING_STEP, "step")
        self._finish("step_wait", self._engine.crew.wait_for_steps, timeout)
        return self._engine.finish_step()

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of each sub-environment, or read an attribute that is not callable.

        Args:
            name: The method or attribute; wrappers are searched from the outermost inwards.
            *args: Arguments of the method.
            **kwargs: Keyword arguments of the method.

        Raises:
            ValueError: If it is ``reset``, ``step`` or ``close``.
            Exception: What an environment raised, or the end of a worker.
        """
        self.call_async(name, *args, **kwargs)
        return self.call_wait()

    def call_async(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Start what `call` does; `call_wait` gives the results."""
        self._require_default("call_async")
        if name in _OWN_CALLS:
            raise ValueError(
                f"Trying to call `{name}` of each sub-environment with `call`; use the vector's "
                f"own `{name}` instead."
            )
        self._engine.crew.ask_all(Request("call", (name, args, kwargs)))
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
        self._require_waiting(AsyncState.WAITING_CALL, "call")
        crew = self._engine.crew
        self._finish("call_wait", crew.wait_for_answers, timeout)
        return tuple(result for results in crew.answers() for result in results)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """Return the attribute `name` of each sub-environment, or what it returns if callable."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of each sub-environment.

        Args:
            name: The attribute.
            values: A list or tuple with one value a lane; anything else is set in every lane.

        Raises:
            ValueError: If a list has another length than there are lanes.
        """
        self._require_default("set_attr")
        crew, values = self._engine.crew, values_by_lane(values, self.num_envs)
        by_worker = crew.staff.by_worker(range(self.num_envs))
        crew.ask(
            {
                worker: Request("set_attr", (name, [values[lane] for lane in lanes]))
                for worker, lanes in by_worker.items()
            }
        )
        crew.wait_for_answers(None)
        crew.answers()

    def render(self) -> tuple[RenderFrame, ...]:
        """Return what each sub-environment's ``render`` returns."""
        return self.call("render")

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """Copies of the sub-environments' random generators."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """The seeds of the sub-environments' generators."""
        return self.get_attr("np_random_seed")

    def clone(self) -> Self:
        """Return an independent copy with the same future, with workers of its own."""
        twin = type(self)(**self._arguments)
        twin.spec = self.spec
        twin.restore(self.snapshot())
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.clone()


_ARGUMENTS = frozenset(AsyncVectorEnv.__init__.__annotations__) - {"return"}
