"""`gym.vector.make` of the dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from dromos.compat.gym_v21.registration import make as make_env
from dromos.compat.gym_v21.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gym_v21.vector.sync_vector_env import SyncVectorEnv
from dromos.compat.gym_v21.vector.vector_env import VectorEnv

__all__ = ["make"]


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
    if wrappers is None:
        wrappers = ()
    elif callable(wrappers):
        wrappers = (wrappers,)
    make_one = partial(_make_one, id, tuple(wrappers), kwargs)
    kind = AsyncVectorEnv if asynchronous else SyncVectorEnv
    return kind([make_one] * num_envs)


def _make_one(id: str, wrappers: tuple[Callable[[Any], Any], ...], kwargs: dict[str, Any]) -> Any:
    env = make_env(id, **kwargs)
    for wrap in wrappers:
        env = wrap(env)
    return env
