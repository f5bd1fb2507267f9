"""Futures of one environment: many sequences of actions, each from the present state or another."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from dromos.error import InvalidAction, SnapshotError
from dromos.rollout.actions import as_array, checked_actions
from dromos.rollout.allocation import given_arrays, of_caller
from dromos.rollout.arrays import Place, leaves_of, like_space, map_arrays
from dromos.rollout.infos import InfoColumns, checked_names
from dromos.rollout.value import FIELDS, Rollout
from dromos.snapshot import Snapshot

__all__ = ["Futures", "futures_of", "joined"]

#: Which random streams futures have.
_STREAMS = "streams: expected 'own', 'split' or an integer to split by, at least 0, found {!r}"


#: The leading axes of actions, of any size.
_AXES = {"K": None, "T": None}


class Futures(NamedTuple):
    """What is asked for.

    Attributes:
        actions: Of all futures; a tree of arrays (K, T, ...).
        number: The number of futures, K.
        steps: The number of steps, T.
        starts: The snapshots they start from, one for all or one each; None for the present state.
        streams: For each future the 32-bit words that seed its random numbers; None for those of
            the environment.
        infos: The names of the infos to keep.
    """

    actions: Any
    number: int
    steps: int
    starts: list[Any] | None
    streams: list[list[int]] | None
    infos: list[str]

    def start_of(self, future: int) -> Any:
        """Return the snapshot that a future starts from; None for the present state."""
        if self.starts is None:
            return None
        return self.starts[min(future, len(self.starts) - 1)]

    def by_start(self) -> Iterator[tuple[Any, Futures]]:
        """Yield each snapshot, and the futures that start from it."""
        assert self.starts is not None
        if len(self.starts) == 1:
            yield self.starts[0], self
            return
        for future, start in enumerate(self.starts):
            own = map_arrays(lambda array, i=future: array[i : i + 1], self.actions)
            streams = None if self.streams is None else [self.streams[future]]
            yield start, Futures(own, 1, self.steps, [start], streams, self.infos)


def futures_of(
    env: Any, actions: Any, *, start: Any, streams: Any, out: Any, infos: Any
) -> Rollout:
    """Do what `Env.rollout` says."""
    tree = checked_actions(actions, env.action_space, _AXES, bounds=False)
    leaves = [array for _, array in leaves_of(tree, "actions")]
    if not leaves:
        raise InvalidAction(f"actions: {env.action_space} has no array to tell how many there are")
    count, steps = leaves[0].shape[:2]
    starts = None if start is None else _checked_starts(start, count)
    words = _words(env, streams, count)
    wanted = Futures(tree, count, steps, starts, words, checked_names(infos))
    given = {} if out is None else given_arrays(out, futures=True)
    if starts is None:
        env.unwrapped._refuse_futures()
    result = env.unwrapped._futures_over_lanes(env, wanted)
    if result is None:
        return _by_clones(env, wanted, given)
    return result if out is None else _written(result, given)


def _checked_starts(start: Any, count: int) -> list[Any]:
    starts = [start] if isinstance(start, Snapshot) else start
    if not isinstance(starts, Sequence) or not all(isinstance(one, Snapshot) for one in starts):
        raise TypeError(f"start: expected a Snapshot or a list of them, found {start!r:.80}")
    if not isinstance(start, Snapshot) and len(starts) != count:
        raise ValueError(
            f"start: expected one snapshot, or {count}, one for each of the futures in axis 0 of "
            f"actions, found {len(starts)}"
        )
    return list(starts)


def _words(env: Any, streams: Any, count: int) -> list[list[int]] | None:
    """Return the words that seed the streams of futures; None for the environment's own."""
    if isinstance(streams, str) and streams == "own":
        return None
    if isinstance(streams, str) and streams == "split":
        # Drawn from a copy: the environment's own stream stays where it is.
        drawn = copy.deepcopy(env.np_random).bit_generator.random_raw(4).astype(np.uint64)
        words = drawn.view(np.uint32).tolist()
    elif isinstance(streams, (int, np.integer)) and not isinstance(streams, bool) and streams >= 0:
        words = [int(streams) >> shift & 0xFFFFFFFF for shift in range(0, 256, 32)]
        if int(streams) >> 256:
            raise ValueError(_STREAMS.format(streams) + ", which has more than 256 bits")
    else:
        raise (TypeError if not isinstance(streams, (str, int, np.integer)) else ValueError)(
            _STREAMS.format(streams)
        )
    return [[*words, future] for future in range(count)]


def _written(rollout: Rollout, given: dict[str, Any]) -> Rollout:
    """Return a rollout with its arrays copied into the caller's."""
    place = of_caller(given)

    def written(name: str) -> Any:
        tree = getattr(rollout, name)
        targets = [place(where, a.shape, a.dtype) for where, a in leaves_of(tree, name)]
        copies = iter(targets)

        def copied(array: Any) -> Any:
            target = next(copies)
            target[...] = array
            return target

        return map_arrays(copied, tree)

    fields = {name: written(name) for name in FIELDS if name != "final_observations"}
    return Rollout(**fields, time_axis=1)


def _copied(actions: Any, place: Place) -> Any:
    """Return a tree of actions in arrays of its own, or the caller's."""
    names = iter([where for where, _ in leaves_of(actions, "actions")])

    def copied(array: Any) -> Any:
        own = place(next(names), array.shape, array.dtype)
        own[...] = array
        return own

    return map_arrays(copied, actions)


def _by_clones(env: Any, wanted: Futures, given: dict[str, Any]) -> Rollout:
    """Take every future in a clone of the environment, one after the other."""
    checked_actions(wanted.actions, env.action_space, _AXES)
    place = of_caller(given)
    shape = (wanted.number, wanted.steps)
    observations = like_space(env.observation_space, shape, place, "observations")
    rewards = place("rewards", shape, np.dtype(np.float64))
    names = ("terminated", "truncated", "valid_transition")
    flags = [place(name, shape, np.dtype(np.bool_)) for name in names]
    columns = InfoColumns(wanted.infos, shape, place)
    actions = _copied(wanted.actions, place)
    for array in (rewards, *flags, *(leaf for _, leaf in leaves_of(observations, ""))):
        array[...] = None if array.dtype == object else 0
    for future, twin in enumerate(_twins(env, wanted)):
        for step, action in enumerate(_actions_of(actions, future, wanted.steps)):
            seen, reward, terminated, truncated, info = twin.step(action)
            _put(observations, (future, step), seen)
            rewards[future, step] = as_array(reward)
            ends = bool(terminated), bool(truncated)
            for array, flag in zip(flags, (*ends, True), strict=True):
                array[future, step] = flag
            if columns.names:
                columns.write_one((future, step), info)
            if any(ends):
                break
    infos = columns.complete()
    results = (rewards, *flags, observations, infos)
    return Rollout.unchecked(1, observations, actions, *results)


def joined(rollouts: Sequence[Rollout]) -> Rollout:
    """Return rollouts of single futures as one."""
    if len(rollouts) == 1:
        return rollouts[0]

    def join(name: str) -> Any:
        trees = [getattr(rollout, name) for rollout in rollouts]
        return map_arrays(lambda *arrays: np.concatenate(arrays), *trees)

    fields = {name: join(name) for name in FIELDS if name != "final_observations"}
    return Rollout(**fields, time_axis=1)


def _actions_of(actions: Any, future: int, steps: int) -> Iterator[Any]:
    own = map_arrays(lambda array: array[future], actions)
    for step in range(steps):
        yield map_arrays(lambda array, i=step: array[i], own)


def _put(tree: Any, place: tuple[int, int], value: Any) -> None:
    def put(array: Any, element: Any) -> None:
        array[place] = copy.deepcopy(element) if array.dtype == object else as_array(element)

    map_arrays(put, tree, value)


def _twins(env: Any, wanted: Futures) -> Iterator[Any]:
    """Yield for each future a copy of the environment that stands where it starts."""
    here = None
    if wanted.starts is None:
        try:
            here = env.snapshot()
        except SnapshotError:  # it has more than plain data can tell: copies have to do
            here = None
    twin = None
    try:
        for future in range(wanted.number):
            start = wanted.start_of(future) if here is None else here
            if twin is None or start is None:
                twin = _clone(env)
            if start is not None:
                twin.restore(start)
                twin.unwrapped._refuse_futures()
            _freeze(twin)
            if wanted.streams is not None:
                seed = np.random.SeedSequence(wanted.streams[future])
                twin.unwrapped.np_random = np.random.Generator(np.random.PCG64(seed))
            yield twin
    finally:
        if twin is not None:
            twin.close()


def _clone(env: Any) -> Any:
    """Return a copy that draws nothing."""
    twin = env.clone()
    if twin.unwrapped.render_mode == "human":
        twin.unwrapped.render_mode = None
    return twin


def _freeze(env: Any) -> None:
    """Let normalisers keep their statistics as they are."""
    layer = env
    while layer is not None:
        if hasattr(layer, "update_running_mean"):
            layer.update_running_mean = False
        layer = vars(layer).get("env")
