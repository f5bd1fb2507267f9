"""Arrays in another shape or dtype, or kept between bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from dromos.wrappers.rules.rule import Rule, require_box

__all__ = ["CastObservation", "ClippedAction", "ReshapedObservation", "to_integers"]


class ReshapedObservation(Rule):
    """Observations in another shape with the same elements."""

    def __init__(self, space: Any, shape: int | tuple[int, ...]) -> None:
        box = require_box(space, "ReshapeObservation", "observation")
        try:
            self._shape = (int(shape),) if isinstance(shape, (int, np.integer)) else tuple(shape)
            fits = all(isinstance(axis, (int, np.integer)) for axis in self._shape)
        except TypeError:
            fits = False
        if not fits:
            raise TypeError(f"Expected shape to be an int or a tuple of ints, got {shape!r}")
        if int(np.prod(self._shape)) != int(np.prod(box.shape)):
            raise ValueError(
                f"Expected a shape with the {int(np.prod(box.shape))} elements of {box.shape}, got "
                f"{self._shape} with {int(np.prod(self._shape))}"
            )
        self._ndim = len(box.shape)
        self.space = Box(
            box.low.reshape(self._shape), box.high.reshape(self._shape), dtype=box.dtype.type
        )

    def __call__(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return observations in the new shape."""
        return value.reshape(value.shape[: value.ndim - self._ndim] + self._shape)


class CastObservation(Rule):
    """Observations in another dtype."""

    def __init__(self, space: Any, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._saturates = False
        if isinstance(space, Box):
            is_unbounded = space.dtype.kind == "f" and not space.is_bounded()
            self._saturates = is_unbounded and self._dtype.kind in "iu"
            self.space = Box(space.low, space.high, shape=space.shape, dtype=self._dtype.type)
        elif isinstance(space, Discrete):
            first, last = space.start, space.start + space.n - 1
            self.space = Box(first, last, shape=(), dtype=self._dtype.type)
        elif isinstance(space, MultiDiscrete):
            if self._dtype.kind in "iu":
                self.space = MultiDiscrete(space.nvec, dtype=self._dtype.type, start=space.start)
            else:
                last = space.start + space.nvec - 1
                self.space = Box(space.start, last, shape=space.shape, dtype=self._dtype.type)
        elif isinstance(space, MultiBinary):
            self.space = Box(0, 1, shape=space.shape, dtype=self._dtype.type)
        else:
            raise TypeError(
                "DtypeObservation needs a Box, Discrete, MultiDiscrete or MultiBinary observation "
                f"space, found {space}"
            )

    def __call__(self, value: Any) -> Any:
        """Return observations in the new dtype."""
        if self._saturates:
            return to_integers(np.asarray(value), self.space)[()]  # type: ignore[arg-type]
        return np.asarray(value, dtype=self._dtype)[()]


class ClippedAction(Rule):
    """Actions of any size, cut off at the environment's bounds."""

    def __init__(self, space: Any) -> None:
        box = require_box(space, "ClipAction", "action")
        self.low, self.high = box.low.copy(), box.high.copy()
        self.space = Box(*_limits(box.dtype), shape=box.shape, dtype=box.dtype.type)

    def __call__(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the actions, each element between its bounds."""
        # The ufuncs themselves: np.clip takes twice their time on small arrays.
        return np.asarray(np.minimum(np.maximum(value, self.low), self.high))


def to_integers(values: npt.NDArray[Any], box: Box[Any]) -> npt.NDArray[Any]:
    """Return floats as elements of a box of integers, cut off and kept between its bounds.

    Raises:
        ValueError: If a value is not a number.
    """
    if np.any(np.isnan(values)):
        raise ValueError(f"Expected numbers that can become elements of {box}, found {values}")
    # Compared as floats, a bound of 64 bits may be the next larger power of two.
    above, below = values >= box.high, values <= box.low
    within = np.where(above | below, 0, values).astype(box.dtype)
    return np.where(above, box.high, np.where(below, box.low, within))


def _limits(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """Return the least and the largest number of a dtype."""
    if dtype.kind == "f":
        return -np.inf, np.inf
    return (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
