"""`AsyncVectorEnv` of the dialect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dromos import vector
from dromos.compat.gym_v25.vector.of_copies import OfCopies
from dromos.compat.gym_v25.vector.vector_env import MakeEnv, Result, Seeds
from dromos.error import Error
from dromos.spaces import Space

__all__ = ["AsyncVectorEnv"]


class AsyncVectorEnv(OfCopies):
    """A vector whose copies run in worker processes, one process a copy."""

    def __init__(
        self,
        env_fns: Iterable[MakeEnv],
        observation_space: Space[Any] | None = None,
        action_space: Space[Any] | None = None,
        shared_memory: bool = True,
        copy: bool = True,
        context: str | None = None,
        daemon: bool = True,
        worker: None = None,
        new_step_api: bool = False,
    ) -> None:
        """Start the copies.

        Args:
            env_fns: A function without arguments for each copy.
            observation_space: The observations of one copy, instead of the first copy's.
            action_space: The actions of one copy, instead of the first copy's.
            shared_memory: Whether observations travel through shared memory, which spaces of a
                user's own class do not allow.
            copy: Whether observations have memory of their own.
            context: How processes are started: ``"fork"``, ``"spawn"`` or ``"forkserver"``.
            daemon: Whether the processes end with this one.
            worker: None: what a worker does is not to be replaced here.
            new_step_api: Whether ``step`` returns five values.

        Raises:
            Error: If there is a `worker`.
            RuntimeError: If the spaces of the copies are not equal.
            ValueError: If a space does not allow shared memory.
        """
        if worker is not None:
            raise Error(
                f"AsyncVectorEnv takes no worker here, got {worker}: its processes do not speak "
                "through pipes. Do in a wrapper of each copy what the worker would do."
            )
        env_fns = list(env_fns)
        super().__init__(
            vector.AsyncVectorEnv,
            env_fns,
            observation_space,
            action_space,
            new_step_api,
            shared_memory=shared_memory,
            copy=copy,
            context=context,
            daemon=daemon,
            num_workers=len(env_fns),
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
        self.observations, infos = self._vector.reset_wait(timeout)
        return (self.observations, self._infos(infos)) if self._return_info else self.observations

    def step_async(self, actions: Any) -> None:
        """Begin a step in the processes; `step_wait` returns what `step` would."""
        self._vector.step_async(actions)

    def step_wait(self, timeout: float | None = None, **_: Any) -> Result:
        """Return the result of the step, waiting for at most `timeout` seconds."""
        return self._with_dones(self._vector.step_wait(timeout))
