"""`gym.vector.make` of the dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from dromos.compat.gym_v25.registration import make as make_env
from dromos.compat.gym_v25.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gym_v25.vector.sync_vector_env import SyncVectorEnv
from dromos.compat.gym_v25.vector.vector_env import VectorEnv
from dromos.compat.gymnasium_v029.vector.making import make_copies

__all__ = ["make"]


def make(
    id: str,
    num_envs: int = 1,
    asynchronous: bool = True,
    wrappers: Callable[[Any], Any] | Iterable[Callable[[Any], Any]] | None = None,
    disable_env_checker: bool | None = None,
    new_step_api: bool = False,
    **kwargs: Any,
) -> VectorEnv:
    """Make a vector of copies of a registered environment.

    Args:
        id: The id.
        num_envs: The number of copies.
        asynchronous: Whether each copy runs in a process of its own.
        wrappers: A function that wraps each copy, or several, innermost first.
        disable_env_checker: Without effect: the dialect checks nothing.
        new_step_api: Whether ``step`` returns five values.
        **kwargs: Arguments of the environment.
    """
    kind = AsyncVectorEnv if asynchronous else SyncVectorEnv
    make_one = partial(make_env, id, **kwargs)
    return make_copies(kind, make_one, num_envs, wrappers, new_step_api=new_step_api)
