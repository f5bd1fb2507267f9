"""Futures of a native environment and the wrappers around it, as one batch of lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos._core.batch import NO_LIMIT
from dromos.native.fields import all_lanes, layout_of
from dromos.native.lanes import words_of
from dromos.rollout import Rollout
from dromos.rollout.actions import checked_actions
from dromos.rollout.arrays import like_space, map_arrays
from dromos.rollout.futures import joined
from dromos.vector.autoreset import RUNNING, AutoresetMode
from dromos.wrappers.stack_over_lanes import StackOverLanes

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv
    from dromos.rollout.futures import Futures

__all__ = ["futures_over_lanes"]

Array = NDArray[Any]

#: The lanes that the futures of an environment were last moved in.
_batches: WeakKeyDictionary[NativeEnv[Any, Any], core.Batch] = WeakKeyDictionary()


def futures_over_lanes(stack: Any, wanted: Futures) -> Rollout | None:
    """Return the futures of a native environment in wrappers, moved at once.

    None if they cannot be: a layer is not to be moved over lanes, or it draws from a generator
    that lanes do not have.

    Args:
        stack: The outermost wrapper, or the environment itself.
        wanted: What it was asked for.
    """
    if wanted.starts is None:
        return _moved(stack, wanted)
    twin = stack.clone()
    parts = []
    for start, futures in wanted.by_start():
        twin.restore(start)
        twin.unwrapped._refuse_futures()
        part = _moved(twin, futures)
        if part is None:
            return None
        parts.append(part)
    return joined(parts)


def _moved(stack: Any, wanted: Futures) -> Rollout | None:
    """Return futures that all start where the environment stands."""
    env = stack.unwrapped
    layers = StackOverLanes.around(env, stack, bool(wanted.infos))
    if layers is None or type(env.np_random.bit_generator) is not np.random.PCG64:
        return None
    layout, shape = layout_of(env.dynamics), (wanted.steps, wanted.number)
    actions = map_arrays(_swapped, wanted.actions)
    if layers.changes_actions:  # the core only looks at what comes of them
        checked_actions(wanted.actions, stack.action_space, {"K": None, "T": None})
    rows = np.ascontiguousarray(layers.actions(actions), layout["action_dtype"])
    observations = like_space(env.observation_space, shape, lambda _, *of: np.empty(*of), "")
    rewards, flags = np.empty(shape), [np.empty(shape, np.bool_) for _ in range(3)]
    infos: dict[str, Array] = {
        name: np.empty((*shape, *((size,) if size else ())), dtype)
        for name, dtype, size, *_ in layout["info"]
        if name in wanted.infos
    }
    leaves = observations if isinstance(observations, tuple) else (observations,)
    told = tuple(infos.get(name) for name, *_ in layout["info"])
    batch = _batch_at(env, wanted, layers.steps_left)
    try:
        trajectory = batch.trajectory(rows, (leaves, (), told, rewards, *flags))
        batch.run(trajectory, 0, wanted.steps, to_the_end=True)
    except core.LaneFault:  # one by one, the environment says what is wrong with an action
        return None
    observations, rewards = layers.results(observations, rewards, flags[2])
    for name in wanted.infos:
        infos[f"_{name}"] = flags[2].copy() if name in infos else np.zeros(shape, np.bool_)
        infos.setdefault(name, np.full(shape, None))
    fields = (observations, map_arrays(np.array, actions), rewards, *flags, observations, infos)
    return Rollout.unchecked(1, *(map_arrays(_swapped, field) for field in fields))


def _swapped(array: Array) -> Array:
    return array.swapaxes(0, 1)


def _batch_at(env: NativeEnv[Any, Any], wanted: Futures, steps_left: int | None) -> core.Batch:
    """Return lanes that stand where the environment does, each with its stream."""
    batch = _batches.get(env)
    if batch is None or batch.lanes != wanted.number:
        mode = AutoresetMode.DISABLED.native
        batch = _batches[env] = core.make_batch(env.dynamics, wanted.number, mode, NO_LIMIT)
    lanes, episodes = all_lanes(batch), batch.episodes
    batch.take_lane(env.core, lanes)
    episodes.status[:], episodes.elapsed[:] = RUNNING, 0
    episodes.limit[:] = NO_LIMIT if steps_left is None else min(steps_left, NO_LIMIT)
    if wanted.streams is None:
        words = words_of(env.np_random)[np.newaxis].repeat(wanted.number, axis=0)
        batch.write_rng(lanes, words.view(np.uint8).ravel())
    else:
        for lane, seed in enumerate(wanted.streams):
            batch.seed(lane, seed)
    return batch
