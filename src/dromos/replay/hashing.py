"""The hash of an episode: what was seen and earned, step by step, as bytes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dromos.plain import Record
from dromos.spaces import Dict, Space, Tuple

__all__ = ["EpisodeHash", "as_numpy_tree"]

_CHECK_DIGITS = 8


class EpisodeHash:
    """SHA-256 over the observations, rewards and flags of an episode, in order.

    A reset adds the bytes of its observation; a step those of its observation, its reward as a
    little-endian float64, and a byte for each flag, terminated first. An observation's bytes are
    those of its leaves, arrays in C order, in the order of the space. Numbers that are no arrays
    count as int64 or float64, texts as UTF-8.

    Args:
        space: The observations.
    """

    def __init__(self, space: Space[Any]) -> None:
        self._space = space
        self._sha = hashlib.sha256()

    def reset(self, observation: Any) -> str:
        """Add what a reset showed, and return `check`."""
        self._add(observation)
        return self.check

    def step(self, observation: Any, reward: float, terminated: bool, truncated: bool) -> str:
        """Add what a step gave, and return `check`."""
        self._add(observation)
        self._sha.update(struct.pack("<d??", reward, terminated, truncated))
        return self.check

    def _add(self, observation: Any) -> None:
        for part in _bytes_of(observation, self._space):
            self._sha.update(part)

    @property
    def check(self) -> str:
        """The first eight hexadecimal digits of the hash so far."""
        return self._sha.hexdigest()[:_CHECK_DIGITS]

    def copy(self) -> EpisodeHash:
        """Return a hash that goes on from here by itself."""
        twin = EpisodeHash(self._space)
        twin._sha = self._sha.copy()
        return twin

    def hexdigest(self) -> str:
        """Return the hash so far, 64 hexadecimal digits."""
        return self._sha.hexdigest()


def _bytes_of(value: Any, space: Space[Any] | None) -> Iterator[bytes]:
    """Yield the bytes of the leaves of a value, in the order that its space gives them."""
    if isinstance(value, Mapping):
        names = space.spaces if isinstance(space, Dict) else sorted(value)
        for name in names:
            yield from _bytes_of(value[name], space[name] if isinstance(space, Dict) else None)
    elif isinstance(value, Record):  # a namedtuple that was read from a file
        for part in value.fields.values():
            yield from _bytes_of(part, None)
    elif isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            own = space.spaces[index] if isinstance(space, Tuple) else None
            yield from _bytes_of(part, own)
    elif isinstance(value, str):
        yield value.encode()
    elif value is not None:
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(f"an observation holds a {type(value).__name__}, which has no bytes")
        yield np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()


def as_numpy_tree(value: Any) -> Any:
    """Return an element of a space with every array of another library as NumPy's, all copied."""
    if isinstance(value, Mapping):
        return {name: as_numpy_tree(part) for name, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(as_numpy_tree, value))
    if isinstance(value, (tuple, list)):
        return type(value)(as_numpy_tree(part) for part in value)
    if isinstance(value, np.generic) or value is None:
        return value
    if hasattr(value, "detach"):  # a tensor that a gradient may be asked for
        value = value.detach().cpu()
    return np.array(value) if hasattr(value, "__array__") else value
