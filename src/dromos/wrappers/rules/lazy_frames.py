"""`LazyFrames`: a stack of observations that shares its frames with the stacks before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["LazyFrames"]

Array = npt.NDArray[Any]


class LazyFrames:
    """A stack whose array is only made when it is asked for.

    `numpy.asarray` gives the array. Until then each frame is kept once for all the stacks it is
    in, so that a replay buffer of stacks of 4 needs a quarter of the memory. The frames are never
    written to: a stack stays what it was.

    Attributes:
        shape: (size, …) of a single environment, (n, size, …) of n lanes.
        dtype: That of the frames.
    """

    __slots__ = ("_ages", "_frames", "_padding", "_size", "dtype", "shape")

    def __init__(
        self,
        frames: Sequence[Array],
        ages: npt.NDArray[np.int64],
        size: int,
        padding: Array | None,
    ) -> None:
        """Keep the frames.

        Args:
            frames: The last observations, oldest first; no array has a lane's frame twice.
            ages: The steps since each lane's reset; () or (n,).
            size: How many frames are in a stack.
            padding: What stands before the first frame of an episode; None for that frame again.
        """
        self._frames = tuple(frames[-size:])
        self._ages = ages
        self._size = size
        self._padding = padding
        newest = self._frames[-1]
        lead = ages.ndim
        self.shape: tuple[int, ...] = (*newest.shape[:lead], size, *newest.shape[lead:])
        self.dtype: np.dtype[Any] = newest.dtype

    def stacked(self) -> Array:
        """Return the stack as an array of its own."""
        batched = self._ages.ndim == 1
        stack = np.empty(self.shape, self.dtype)
        lanes = stack if batched else stack[np.newaxis]
        known = len(self._frames)
        for place in range(max(self._size - known, 0), self._size):
            lanes[:, place] = self._frames[place - self._size]
        young = self._ages < self._size - 1
        if young.any():
            self._pad(lanes, np.flatnonzero(young), self._ages.reshape(-1))
        return stack

    def _pad(self, lanes: Array, young: npt.NDArray[np.intp], ages: npt.NDArray[np.int64]) -> None:
        for lane in young.tolist():
            first = self._size - 1 - int(ages[lane])
            lanes[lane, :first] = lanes[lane, first] if self._padding is None else self._padding

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return the stack as an array; it is always a new one.

        Raises:
            ValueError: If a copy is forbidden.
        """
        if copy is False:
            raise ValueError("The array of LazyFrames is made when it is asked for: allow a copy.")
        stack = self.stacked()
        return stack if dtype is None else stack.astype(dtype, copy=False)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        """Return a part of the array; a lane or several of a vector's stay lazy."""
        if self._ages.ndim == 1 and not isinstance(index, tuple):
            frames = [frame[index] for frame in self._frames]
            return LazyFrames(frames, np.asarray(self._ages[index]), self._size, self._padding)
        return self.stacked()[index]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> Any:
        return self.stacked() == np.asarray(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"LazyFrames(shape={self.shape}, dtype={self.dtype})"
