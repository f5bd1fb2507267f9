"""`gym.vector.make` of Gymnasium 0.29."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from dromos.compat.gymnasium_v029.old_infos import OldInfos
from dromos.compat.gymnasium_v029.registration import make as make_env
from dromos.compat.gymnasium_v029.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gymnasium_v029.vector.sync_vector_env import SyncVectorEnv

__all__ = ["make", "make_copies"]

_Vector = TypeVar("_Vector")
_Wrap = Callable[[Any], Any]


def make(
    id: str,
    num_envs: int = 1,
    asynchronous: bool = True,
    wrappers: _Wrap | Iterable[_Wrap] | None = None,
    disable_env_checker: bool | None = None,
    **kwargs: Any,
) -> OldInfos:
    """Make a vector of copies of a registered environment.

    Args:
        id: The id.
        num_envs: The number of copies.
        asynchronous: Whether each copy runs in a process of its own.
        wrappers: A function that wraps each copy, or several, innermost first.
        disable_env_checker: Whether to leave out the passive checks.
        **kwargs: Arguments of the environment.
    """
    kind = AsyncVectorEnv if asynchronous else SyncVectorEnv
    make_one = partial(make_env, id, disable_env_checker=disable_env_checker, **kwargs)
    return make_copies(kind, make_one, num_envs, wrappers)


def make_copies(
    kind: Callable[..., _Vector],
    make_one: Callable[[], Any],
    num_envs: int,
    wrappers: _Wrap | Iterable[_Wrap] | None,
    **vector_kwargs: Any,
) -> _Vector:
    """Return a vector of `num_envs` environments, each in the same wrappers."""
    if wrappers is None:
        chosen: tuple[_Wrap, ...] = ()
    else:
        chosen = (wrappers,) if callable(wrappers) else tuple(wrappers)
    return kind([partial(_wrapped, make_one, chosen)] * num_envs, **vector_kwargs)


def _wrapped(make_one: Callable[[], Any], wrappers: tuple[_Wrap, ...]) -> Any:
    env = make_one()
    for wrap in wrappers:
        env = wrap(env)
    return env
