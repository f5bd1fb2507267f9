"""The last observations of every lane, in place."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Space
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.vector.utils.space_utils import concatenate, create_empty_array
from dromos.wrappers.rules.memory import Begun, Memory
from dromos.wrappers.rules.trees import Lanes, copy_tree, map_tree, shown_tree

__all__ = ["ArrayWindow", "ObjectWindow", "window_of"]


def window_of(
    space: Space[Any], size: int, padding: Any, batch_shape: tuple[int, ...]
) -> ArrayWindow | ObjectWindow:
    """Return an empty window on the observations of `space`.

    Args:
        space: The observations of one lane.
        size: The number of observations in the window.
        padding: What stands before the first observation of an episode; None for that one again.
        batch_shape: () for a single environment, (n,) for n lanes of observations that are arrays.
    """
    if batches_to_arrays(space):
        return ArrayWindow(space, size, padding, batch_shape)
    return ObjectWindow(space, size, padding)


class ArrayWindow(Memory):
    """The last observations, if they are arrays or dicts and tuples of arrays."""

    def __init__(
        self, space: Space[Any], size: int, padding: Any, batch_shape: tuple[int, ...]
    ) -> None:
        empty = create_empty_array(space, 1)
        paddings = map_tree(lambda _: None, empty) if padding is None else padding
        self._strips: Any = map_tree(
            lambda leaf, own: _Strip(leaf.shape[1:], leaf.dtype, size, own, batch_shape),
            empty,
            paddings,
        )

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observations of episodes."""
        map_tree(lambda strip, rows: strip.begin(rows, lanes), self._strips, observations)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observations of a step; those of rows that have `begun` as the first."""
        if type(self._strips) is _Strip:
            self._strips.advance(observations, lanes, begun)
        else:
            map_tree(
                lambda strip, rows: strip.advance(rows, lanes, begun), self._strips, observations
            )

    def stacks(self) -> Any:
        """Return new arrays (…, size, …) of each lane's last observations, the newest last."""
        if type(self._strips) is _Strip:
            return self._strips.stacks()
        return map_tree(lambda strip: strip.stacks(), self._strips)

    def oldest(self) -> Any:
        """Return new arrays of the oldest observations in the window."""
        return shown_tree(map_tree(lambda strip: strip.oldest(), self._strips))


class _Strip(Memory):
    """One array of every observation, along a strip with more room than the window needs.

    The window moves along the strip with each step and is taken back to its start when it comes
    to the end, so that a step writes one row.
    """

    snapshot_exclude = frozenset({"_size", "_padding", "_batched"})

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        size: int,
        padding: npt.NDArray[Any] | None,
        batch_shape: tuple[int, ...],
    ) -> None:
        self._size = size
        self._padding = padding
        self._batched = bool(batch_shape)
        self._rows: npt.NDArray[Any] = np.zeros((2 * size, *batch_shape, *shape), dtype)
        self._newest = size - 1

    def begin(self, rows: Any, lanes: Lanes) -> None:
        newest = self._newest
        first = newest - self._size + 1
        self._rows[first : newest + 1, lanes] = rows if self._padding is None else self._padding
        self._rows[newest, lanes] = rows

    def advance(self, rows: Any, lanes: Lanes, begun: Begun) -> None:
        if lanes is ...:
            self._move_on()
            self._rows[self._newest] = rows
        else:
            newest = self._newest
            first = newest - self._size + 1
            self._rows[first:newest, lanes] = self._rows[first + 1 : newest + 1, lanes]
            self._rows[newest, lanes] = rows
        if begun is not None:
            self.begin(rows[begun], np.flatnonzero(begun) if lanes is ... else lanes[begun])

    def _move_on(self) -> None:
        self._newest += 1
        if self._newest == len(self._rows):
            kept = self._size - 1
            self._rows[:kept] = self._rows[len(self._rows) - kept :]
            self._newest = kept

    def stacks(self) -> npt.NDArray[Any]:
        window = self._rows[self._newest - self._size + 1 : self._newest + 1]
        return np.ascontiguousarray(window.swapaxes(0, 1)) if self._batched else window.copy()

    def oldest(self) -> npt.NDArray[Any]:
        return self._rows[self._newest - self._size + 1, ...]


class ObjectWindow(Memory):
    """The last observations of a single environment, whatever they are."""

    snapshot_exclude = frozenset({"_space", "_size", "_padding"})

    def __init__(self, space: Space[Any], size: int, padding: Any) -> None:
        self._space = space
        self._size = size
        self._padding = padding
        self._items: deque[Any] = deque(maxlen=size)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observation of an episode."""
        before = observations if self._padding is None else self._padding
        self._items.extend([copy_tree(before)] * (self._size - 1))
        self._items.append(copy_tree(observations))

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observation of a step."""
        self._items.append(copy_tree(observations))

    def stacks(self) -> Any:
        """Return the last observations, batched."""
        items = [shown_tree(item) for item in self._items]
        return concatenate(self._space, items, create_empty_array(self._space, self._size))

    def oldest(self) -> Any:
        """Return the oldest observation in the window."""
        return shown_tree(self._items[0])
