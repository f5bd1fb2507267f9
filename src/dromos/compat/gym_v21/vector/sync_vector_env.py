"""`SyncVectorEnv` of the dialect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dromos import vector
from dromos.compat.gym_v21.vector.vector_env import MakeEnv, VectorEnv, todays_makers
from dromos.compat.old_env import EnvCompatibility

__all__ = ["SyncVectorEnv"]


class SyncVectorEnv(VectorEnv):
    """A vector that steps its copies one after another."""

    def __init__(self, env_fns: Iterable[MakeEnv], copy: bool = True) -> None:
        """Make the copies.

        Args:
            env_fns: A function without arguments for each copy. The environments may differ in
                anything but their spaces.
            copy: Whether observations have memory of their own.

        Raises:
            RuntimeError: If the spaces of the copies are not equal.
        """
        mode = vector.AutoresetMode.SAME_STEP
        super().__init__(
            vector.SyncVectorEnv(todays_makers(env_fns), copy=copy, autoreset_mode=mode)
        )

    @property
    def envs(self) -> list[Any]:
        """The copies, as they were made."""
        copies = self._vector.envs
        return [env.env if isinstance(env, EnvCompatibility) else env for env in copies]
