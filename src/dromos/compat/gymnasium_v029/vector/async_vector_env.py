"""`AsyncVectorEnv` of Gymnasium 0.29."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dromos import vector
from dromos.compat.gymnasium_v029.old_infos import OfCopies, old_infos
from dromos.core import Env
from dromos.spaces import Space

__all__ = ["AsyncVectorEnv"]


class AsyncVectorEnv(OfCopies):
    """A vector whose sub-environments run in worker processes, one process a lane.

    What it does with infos and at the end of episodes, `OldInfos` says.
    """

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        observation_space: Space[Any] | None = None,
        action_space: Space[Any] | None = None,
        shared_memory: bool = True,
        copy: bool = True,
        context: str | None = None,
        daemon: bool = True,
    ) -> None:
        """Start the sub-environments.

        Args:
            env_fns: A function without arguments for each lane.
            observation_space: The space of one lane's observations, instead of the first lane's.
            action_space: The space of one lane's actions, instead of the first lane's.
            shared_memory: Whether observations travel through shared memory.
            copy: Whether observations have memory of their own.
            context: How processes are started: ``"fork"``, ``"spawn"`` or ``"forkserver"``.
            daemon: Whether the processes end with this one.

        Raises:
            RuntimeError: If the spaces of the sub-environments do not match.
            ValueError: If a space does not allow shared memory.
        """
        env_fns = list(env_fns)
        super().__init__(
            vector.AsyncVectorEnv,
            env_fns,
            observation_space,
            action_space,
            shared_memory=shared_memory,
            copy=copy,
            context=context,
            daemon=daemon,
            num_workers=len(env_fns),
        )

    def reset_wait(self, timeout: float | None = None) -> tuple[Any, dict[str, Any]]:
        """Return the result of the reset that `reset_async` began."""
        wrapped: Any = self.env
        observations, infos = wrapped.reset_wait(timeout)
        return observations, old_infos(infos, self.num_envs)

    def step_wait(self, timeout: float | None = None) -> Any:
        """Return the result of the step that `step_async` began."""
        wrapped: Any = self.env
        return self._with_old_infos(wrapped.step_wait(timeout))
