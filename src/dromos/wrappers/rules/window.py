"""The last observations of every lane, in place."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.snapshot import StatePart, Writes, at, rules
from dromos.spaces import (
    Dict,
    Discrete,
    GraphInstance,
    MultiBinary,
    MultiDiscrete,
    Space,
    Tuple,
)
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.vector.utils.space_utils import concatenate, create_empty_array
from dromos.wrappers.rules.rule import Begun
from dromos.wrappers.rules.trees import Lanes, map_tree
from dromos.wrappers.zero_element import create_zero_array

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


class ArrayWindow(StatePart):
    """The last observations, if they are arrays or dicts and tuples of arrays."""

    snapshot_fields = {"_strips": rules.Part()}  # noqa: RUF012

    def __init__(
        self, space: Space[Any], size: int, padding: Any, batch_shape: tuple[int, ...]
    ) -> None:
        empty = create_empty_array(space, 1)
        paddings = map_tree(lambda _: None, empty) if padding is None else padding
        self._strips: Any = map_tree(
            lambda leaf, own, bounds: _Strip(
                leaf.shape[1:], leaf.dtype, size, own, batch_shape, bounds
            ),
            empty,
            paddings,
            _bounds(space),
        )
        self._zero = create_zero_array(space)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observations of episodes."""
        map_tree(lambda strip, rows: strip.begin(rows, lanes), self._strips, observations)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observations of a step; those of rows that have `begun` as the first."""
        if type(self._strips) is _Strip:
            self._strips.advance(observations, lanes, begun)
            return
        if lanes is ...:  # what does not fit is refused before the first strip has moved
            map_tree(_Strip.write_next, self._strips, observations)
        map_tree(lambda strip, rows: strip.advance(rows, lanes, begun), self._strips, observations)

    def stacks(self, out: Any = None) -> Any:
        """Return arrays (…, size, …) of each lane's last observations, the newest last.

        New ones, or, where observations are single arrays of one lane, `out`.
        """
        if type(self._strips) is _Strip:
            return self._strips.stacks(out)
        return map_tree(lambda strip: strip.stacks(), self._strips)

    def oldest(self) -> Any:
        """Return new arrays of the oldest observations in the window."""
        return map_tree(_shown, self._strips, self._zero)


def _shown(strip: _Strip, zero: Any) -> Any:
    """Return a copy of the oldest row, without axes as an array or a number as the space has it."""
    row = strip.oldest()
    return row.copy() if row.ndim or isinstance(zero, np.ndarray) else row[()]


class _Strip(StatePart):
    """One array of every observation, along a strip with more room than the window needs.

    The window moves along the strip with each step and is taken back to its start when it comes
    to the end, so that a step writes one row.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        size: int,
        padding: npt.NDArray[Any] | None,
        batch_shape: tuple[int, ...],
        bounds: tuple[Any, Any] | None,
    ) -> None:
        self._bounds = bounds
        self._size = size
        self._padding = padding
        self._batched = bool(batch_shape)
        self._rows: npt.NDArray[Any] = np.zeros((2 * size, *batch_shape, *shape), dtype)
        self._newest = size - 1

    def snapshot_state(self, lanes: Any = None) -> dict[str, Any]:
        """Return what the window shows, wherever on the strip that is."""
        window = self._window()
        return {"window": window if lanes is None else window[:, lanes]}

    def judge_state(self, state: dict[str, Any], lanes: Any = None) -> Writes:
        """Return what puts observations of the right shape and dtype into the window."""
        window = self._window()
        with at(".window"):
            rule = rules.LaneArray(axis=1, finite=False)
            rows: Any = state.get("window")
            writes: Writes = []
            if lanes is None:
                rule.checked(rows, window.dtype, window.shape)
                writes = [lambda: window.__setitem__(..., rows)]
            else:
                rule.judge_lanes(rows, window, self, lanes, writes)
            if self._bounds is not None:
                low, high = self._bounds
                if ((rows < low) | (rows > high)).any() and rows.any():  # zeros before a reset
                    raise rules.expected("elements of the space", rows)
            return writes

    def _window(self) -> npt.NDArray[Any]:
        return self._rows[self._newest - self._size + 1 : self._newest + 1]

    def begin(self, rows: Any, lanes: Lanes) -> None:
        newest = self._newest
        first = newest - self._size + 1
        self._rows[first : newest + 1, lanes] = rows if self._padding is None else self._padding
        self._rows[newest, lanes] = rows

    def advance(self, rows: Any, lanes: Lanes, begun: Begun) -> None:
        if lanes is ...:
            self._newest = self.write_next(rows)
        else:
            newest = self._newest
            first = newest - self._size + 1
            self._rows[first:newest, lanes] = self._rows[first + 1 : newest + 1, lanes]
            self._rows[newest, lanes] = rows
        if begun is not None:
            self.begin(rows[begun], np.flatnonzero(begun) if lanes is ... else lanes[begun])

    def write_next(self, rows: Any) -> int:
        """Write what comes after the window, which has not moved yet, and return where it is."""
        place = self._newest + 1
        if place < len(self._rows):
            self._rows[place] = rows
            return place
        kept = self._size - 1
        self._rows[kept] = rows
        self._rows[:kept] = self._rows[len(self._rows) - kept :]
        return kept

    def stacks(self, out: npt.NDArray[Any] | None = None) -> npt.NDArray[Any]:
        window = self._window()
        if out is not None and not self._batched:
            out[...] = window
            return out
        return window.swapaxes(0, 1).copy() if self._batched else window.copy()

    def oldest(self) -> npt.NDArray[Any]:
        return self._rows[self._newest - self._size + 1, ...]


def _bounds(space: Space[Any]) -> Any:
    """Return the least and the greatest element of each space of integers; else None."""
    if isinstance(space, Dict):
        return {key: _bounds(part) for key, part in space.spaces.items()}
    if isinstance(space, Tuple):
        return tuple(map(_bounds, space.spaces))
    if isinstance(space, Discrete):
        return space.start, space.start + space.n - 1
    if isinstance(space, MultiDiscrete):
        return space.start, space.start + space.nvec - 1
    return (0, 1) if isinstance(space, MultiBinary) else None


class ObjectWindow(StatePart):
    """The last observations of a single environment, whatever they are."""

    snapshot_types = (GraphInstance,)
    snapshot_fields = {  # noqa: RUF012
        "_items": rules.Queue(rules.Item(lambda window: window._space)),
    }

    def __init__(self, space: Space[Any], size: int, padding: Any) -> None:
        self._space = space
        self._size = size
        self._padding = padding
        self._items: deque[Any] = deque(maxlen=size)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observation of an episode."""
        before = observations if self._padding is None else self._padding
        self._items.extend([copy.deepcopy(before)] * (self._size - 1))
        self._items.append(copy.deepcopy(observations))

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observation of a step."""
        self._items.append(copy.deepcopy(observations))

    def stacks(self, out: Any = None) -> Any:
        """Return the last observations, batched, in new arrays."""
        items = [copy.deepcopy(item) for item in self._items]
        return concatenate(self._space, items, create_empty_array(self._space, self._size))

    def oldest(self) -> Any:
        """Return the oldest observation in the window."""
        return copy.deepcopy(self._items[0])
