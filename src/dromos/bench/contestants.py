"""Who takes part, and what each is asked to do: steps, with resets where episodes end."""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from dromos.error import Error
from dromos.registration import make, make_vec
from dromos.spaces import Box, Discrete, MultiBinary, MultiDiscrete

__all__ = ["DROMOS", "ENVPOOL", "GYMNASIUM", "NAMES", "STEPS_A_CALL", "Missing", "steps_of"]

DROMOS, GYMNASIUM, ENVPOOL = NAMES = ("dromos", "Gymnasium", "EnvPool")

#: Steps of a single environment that one timed call makes.
STEPS_A_CALL = 32
#: Steps of a vector that have actions of their own, over and over.
_BATCHES = 16
_ARRAYS = (Box, Discrete, MultiBinary, MultiDiscrete)


#: A function to time, and one that ends it.
Timed: TypeAlias = tuple[Callable[[], object], Callable[[], object]]


class Missing(Exception):
    """Who cannot take part, and why: the text is the reason."""


def steps_of(who: str, env_id: str, lanes: int | None, threads: int | None) -> Timed:
    """Return a function to time, and one that ends it.

    Args:
        who: One of `NAMES`.
        env_id: The id.
        lanes: How many lanes a vector has; None for a single environment, which makes
            `STEPS_A_CALL` steps a call.
        threads: The most threads of a vector, of those that have them; None for their own choice.

    Raises:
        Missing: If a peer is not installed or cannot make the environment.
        Error, ImportError: If this library cannot.
    """
    if who == DROMOS:
        return _own(env_id, lanes, threads)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a peer thinks of its environments is no news
            return (_gymnasium if who == GYMNASIUM else _envpool)(env_id, lanes, threads)
    except Missing:
        raise
    except Exception as reason:  # a peer may raise anything about an id that it lacks
        what = str(reason).partition(". ")[0].partition("\n")[0]
        raise Missing(f"{who} makes no {env_id}: {what:.120}") from reason


def _own(env_id: str, lanes: int | None, threads: int | None) -> Timed:
    if lanes is None:
        return _single(make(env_id))
    try:
        chosen: dict[str, Any] = {} if threads is None else {"num_threads": threads}
        return _vector(make_vec(env_id, lanes, **chosen))
    except TypeError:
        if threads is None:
            raise
        return _vector(make_vec(env_id, lanes))  # lanes in Python have no threads to choose


def _gymnasium(env_id: str, lanes: int | None, _: int | None) -> Timed:
    gymnasium = _imported("gymnasium", GYMNASIUM)
    if gymnasium.Env.__module__.startswith("dromos"):
        raise Missing("Gymnasium: dromos answers for the name in this process")
    return (
        _single(gymnasium.make(env_id))
        if lanes is None
        else _vector(gymnasium.make_vec(env_id, lanes))
    )


def _envpool(env_id: str, lanes: int | None, threads: int | None) -> Timed:
    envpool = _imported("envpool", ENVPOOL)
    chosen = {} if threads is None else {"num_threads": threads}
    count = 1 if lanes is None else lanes
    pool = envpool.make_gymnasium(env_id, num_envs=count, seed=0, **chosen)
    actions = _batches_of(make(env_id).action_space, count)
    actions = actions.astype(np.int32 if actions.dtype.kind == "i" else pool.action_space.dtype)
    pool.reset()
    turns = itertools.cycle(actions)
    if lanes is not None:
        return lambda: pool.step(next(turns)), pool.close

    def steps() -> None:
        for _ in range(STEPS_A_CALL):
            pool.step(next(turns))

    return steps, pool.close


def _imported(name: str, who: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"{who} is not installed: pip install {name}") from None


def _single(env: Any) -> Timed:
    env.action_space.seed(0)
    env.reset(seed=0)
    actions = [env.action_space.sample() for _ in range(STEPS_A_CALL)]

    def steps() -> None:
        for action in actions:
            result = env.step(action)
            if result[2] or result[3]:
                env.reset()

    return steps, env.close


def _vector(envs: Any) -> Timed:
    envs.action_space.seed(0)
    envs.reset(seed=0)
    turns = itertools.cycle([envs.action_space.sample() for _ in range(_BATCHES)])
    return lambda: envs.step(next(turns)), envs.close


def _batches_of(space: Any, lanes: int) -> Any:
    """Return actions of many steps for EnvPool, (steps, lanes, ...)."""
    if not isinstance(space, _ARRAYS):
        raise Error(f"its actions are no arrays, {space!r:.60}")
    space.seed(0)
    drawn = np.array([space.sample() for _ in range(_BATCHES * lanes)])
    return drawn.reshape(_BATCHES, lanes, *drawn.shape[1:])
