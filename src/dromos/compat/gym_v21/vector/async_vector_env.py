"""`AsyncVectorEnv` of the dialect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dromos import vector
from dromos.compat.gym_v21.vector.vector_env import (
    MakeEnv,
    Result,
    Seeds,
    VectorEnv,
    todays_makers,
)

__all__ = ["AsyncVectorEnv"]


class AsyncVectorEnv(VectorEnv):
    """A vector whose copies run in worker processes, one process a copy."""

    def __init__(
        self,
        env_fns: Iterable[MakeEnv],
        shared_memory: bool = True,
        copy: bool = True,
        context: str | None = None,
        daemon: bool = True,
    ) -> None:
        """Start the copies.

        Args:
            env_fns: A function without arguments for each copy.
            shared_memory: Whether observations travel through shared memory, which spaces of a
                user's own class do not allow.
            copy: Whether observations have memory of their own.
            context: How processes are started: ``"fork"``, ``"spawn"`` or ``"forkserver"``.
            daemon: Whether the processes end with this one.

        Raises:
            RuntimeError: If the spaces of the copies are not equal.
            ValueError: If a space does not allow shared memory.
        """
        makers = todays_makers(env_fns)
        super().__init__(
            vector.AsyncVectorEnv(
                makers,
                shared_memory=shared_memory,
                copy=copy,
                context=context,
                daemon=daemon,
                num_workers=len(makers),
                autoreset_mode=vector.AutoresetMode.SAME_STEP,
            )
        )

    def reset_async(  # type: ignore[override]
        self,
        *,
        seed: Seeds = None,
        return_info: bool = False,
        options: dict[str, Any] | None = None,
    ) -> None:
        """Begin a reset in the processes; `reset_wait` returns what `reset` would."""
        self._return_info = return_info
        self._vector.reset_async(seed=self._seeds_for(seed), options=options)

    def reset_wait(self, timeout: float | None = None, **_: Any) -> Any:
        """Return the result of the reset, waiting for at most `timeout` seconds."""
        observations, infos = self._vector.reset_wait(timeout)
        return (observations, self._infos(infos)) if self._return_info else observations

    def step_async(self, actions: Any) -> None:
        """Begin a step in the processes; `step_wait` returns what `step` would."""
        self._vector.step_async(actions)

    def step_wait(self, timeout: float | None = None, **_: Any) -> Result:
        """Return the result of the step, waiting for at most `timeout` seconds."""
        return self._with_dones(self._vector.step_wait(timeout))
