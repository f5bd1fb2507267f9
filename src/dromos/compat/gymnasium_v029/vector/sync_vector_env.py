"""`SyncVectorEnv` of Gymnasium 0.29."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dromos import vector
from dromos.compat.gymnasium_v029.old_infos import OfCopies
from dromos.core import Env
from dromos.spaces import Space

__all__ = ["SyncVectorEnv"]


class SyncVectorEnv(OfCopies):
    """A vector that steps its sub-environments one after another.

    What it does with infos and at the end of episodes, `OldInfos` says.
    """

    def __init__(
        self,
        env_fns: Iterable[Callable[[], Env[Any, Any]]],
        observation_space: Space[Any] | None = None,
        action_space: Space[Any] | None = None,
        copy: bool = True,
    ) -> None:
        """Make the sub-environments.

        Args:
            env_fns: A function without arguments for each lane.
            observation_space: The space of one lane's observations, instead of the first lane's.
            action_space: The space of one lane's actions, instead of the first lane's.
            copy: Whether observations have memory of their own.

        Raises:
            RuntimeError: If the spaces of the sub-environments do not match.
        """
        super().__init__(
            vector.SyncVectorEnv, list(env_fns), observation_space, action_space, copy=copy
        )
