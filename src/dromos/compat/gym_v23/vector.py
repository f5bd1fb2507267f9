"""Vectors of Gym 0.12 to 0.23: lists of infos, one dict a copy.

A copy whose episode ends has ``terminal_observation`` in its info.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from dromos.compat.gym_v23.envs.registration import make as make_env
from dromos.compat.gym_v25 import vector
from dromos.compat.gym_v25.vector import VectorEnv, VectorEnvWrapper
from dromos.compat.gymnasium_v029.vector.making import make_copies
from dromos.vector import utils

__all__ = [
    "AsyncVectorEnv",
    "SyncVectorEnv",
    "VectorEnv",
    "VectorEnvWrapper",
    "make",
    "make_by",
    "utils",
]


class _ListsOfInfos(VectorEnv):
    final_key: ClassVar[str] = "terminal_observation"

    def _infos(self, infos: dict[str, Any]) -> Any:
        return self._rows(infos)


class SyncVectorEnv(_ListsOfInfos, vector.SyncVectorEnv):
    """A vector that steps its copies one after another."""


class AsyncVectorEnv(_ListsOfInfos, vector.AsyncVectorEnv):
    """A vector whose copies run in worker processes, one process a copy."""


def make(
    id: str,
    num_envs: int = 1,
    asynchronous: bool = True,
    wrappers: Callable[[Any], Any] | Iterable[Callable[[Any], Any]] | None = None,
    **kwargs: Any,
) -> VectorEnv:
    """Make a vector of copies of a registered environment.

    Args:
        id: The id.
        num_envs: The number of copies.
        asynchronous: Whether each copy runs in a process of its own.
        wrappers: A function that wraps each copy, or several, innermost first.
        **kwargs: Arguments of the environment.
    """
    return make_by(make_env, id, num_envs, asynchronous, wrappers, **kwargs)


def make_by(
    make_one: Callable[..., Any],
    id: str,
    num_envs: int = 1,
    asynchronous: bool = True,
    wrappers: Callable[[Any], Any] | Iterable[Callable[[Any], Any]] | None = None,
    **kwargs: Any,
) -> VectorEnv:
    """Do what `make` does, with the function of a dialect that makes an environment."""
    kind = AsyncVectorEnv if asynchronous else SyncVectorEnv
    return make_copies(kind, partial(make_one, id, **kwargs), num_envs, wrappers)
