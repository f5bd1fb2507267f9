"""`SyncVectorEnv` of the dialect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dromos import vector
from dromos.compat.gym_v25.vector.of_copies import OfCopies
from dromos.compat.gym_v25.vector.vector_env import MakeEnv
from dromos.compat.old_env import EnvCompatibility
from dromos.spaces import Space

__all__ = ["SyncVectorEnv"]


class SyncVectorEnv(OfCopies):
    """A vector that steps its copies one after another."""

    def __init__(
        self,
        env_fns: Iterable[MakeEnv],
        observation_space: Space[Any] | None = None,
        action_space: Space[Any] | None = None,
        copy: bool = True,
        new_step_api: bool = False,
    ) -> None:
        """Make the copies.

        Args:
            env_fns: A function without arguments for each copy. The environments may differ in
                anything but their spaces.
            observation_space: The observations of one copy, instead of the first copy's.
            action_space: The actions of one copy, instead of the first copy's.
            copy: Whether observations have memory of their own.
            new_step_api: Whether ``step`` returns five values.

        Raises:
            RuntimeError: If the spaces of the copies are not equal.
        """
        super().__init__(
            vector.SyncVectorEnv,
            list(env_fns),
            observation_space,
            action_space,
            new_step_api,
            copy=copy,
        )

    @property
    def envs(self) -> list[Any]:
        """The copies, as they were made."""
        copies = self._vector.unwrapped.envs
        return [env.env if isinstance(env, EnvCompatibility) else env for env in copies]
