"""`SyncVectorEnv` of the dialect."""

from __future__ import annotations

from collections.abc import Iterable

from dromos import vector
from dromos.compat.gym_v21.vector.vector_env import MakeEnv, VectorEnv, todays_makers

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
