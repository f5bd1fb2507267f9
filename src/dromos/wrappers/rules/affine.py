"""Affine maps between boxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.error import InvalidBound
from dromos.spaces import Box
from dromos.wrappers.rules.arrays import to_integers
from dromos.wrappers.rules.rule import Rule, require_box

__all__ = ["AffineMap", "Bound", "RescaledAction", "RescaledObservation"]

Bound = float | np.floating[Any] | np.integer[Any] | npt.NDArray[Any]


class AffineMap:
    """The increasing affine map of each element from one box onto another.

    An element with two finite bounds is stretched and shifted; one with a single finite bound is
    shifted; one with none stays as it is. Elements of the one box become elements of the other;
    what lies beyond the bounds stays beyond.

    Attributes:
        inner: The box mapped from.
        box: The box mapped onto: of the same dtype if that is one of floats, else of the floats
            that hold its integers next to float32.
        gradient: The slope of each element.
        intercept: What is added to each element.
    """

    def __init__(self, box: Box[Any], new_min: Bound, new_max: Bound) -> None:
        """Find the map from `box` onto the box between the new bounds.

        Raises:
            TypeError: If `box` is no box or a bound is no number.
            ValueError: If the bounds have another shape or order, or are infinite where those of
                `box` are finite, or the other way round.
        """
        if not isinstance(box, Box):
            raise TypeError(f"Expected box to be a Box space, got {type(box)}")
        if np.any(box.low > box.high):
            raise ValueError(
                "Expected box.low to be less than or equal to box.high, got "
                f"{box.low} and {box.high}"
            )
        low, high = _bound(box, "new_min", new_min), _bound(box, "new_max", new_max)
        _require_same_infinities("new_min", low, box.low)
        _require_same_infinities("new_max", high, box.high)
        if not np.all(low <= high):
            raise ValueError(
                f"Expected new_min to be less than or equal to new_max, got {low} and {high}"
            )
        self.inner = box
        self.box = Box(low, high, shape=box.shape, dtype=low.dtype.type)
        self.gradient, self.intercept = _coefficients(box, low, high)
        # Both maps are monotonic, rounded or not: where the bounds stay inside, all does.
        self._forward_leaves = _leaves(self._mapped, box, self.box)
        self._backward_leaves = _leaves(self._mapped_back, self.box, box)

    def forward(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return where elements of the first box go."""
        if not self._forward_leaves:
            return self._mapped(value)
        with np.errstate(over="ignore"):  # beyond the largest float is beyond the bound
            return _kept(self._mapped(value), value, self.inner, self.box)

    def backward(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return where elements of the second box come from; the nearest, if those are integers.

        Raises:
            ValueError: If the elements that come from are integers, and a value is not a number.
        """
        if self.inner.dtype.kind != "f":
            return to_integers(np.rint(self._mapped_back(value)), self.inner)
        if not self._backward_leaves:
            return self._mapped_back(value)
        with np.errstate(over="ignore"):
            return _kept(self._mapped_back(value), value, self.box, self.inner)

    def _mapped(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.asarray(self.gradient * value + self.intercept)

    def _mapped_back(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.asarray((value - self.intercept) / self.gradient)


class RescaledObservation(Rule):
    """Observations mapped onto another box."""

    def __init__(self, space: Any, min_obs: Bound, max_obs: Bound) -> None:
        self._map = AffineMap(
            require_box(space, "RescaleObservation", "observation"), min_obs, max_obs
        )
        self.space = self._map.box

    def __call__(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return observations of the environment as the wrapper shows them."""
        return self._map.forward(value)


class RescaledAction(Rule):
    """Actions from another box mapped onto the environment's."""

    def __init__(self, space: Any, min_action: Bound, max_action: Bound) -> None:
        self._map = AffineMap(require_box(space, "RescaleAction", "action"), min_action, max_action)
        self.space = box = self._map.box
        if np.any(box.low == box.high):
            raise InvalidBound(
                f"Expected min_action to be below max_action everywhere, found {min_action} and "
                f"{max_action}: actions could not be told apart where they are equal"
            )

    def __call__(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the environment's actions for the wrapper's."""
        return self._map.backward(value)


def _bound(box: Box[Any], name: str, bound: Bound) -> npt.NDArray[Any]:
    if not isinstance(bound, np.ndarray):
        if isinstance(bound, bool) or not isinstance(bound, (int, float, np.integer, np.floating)):
            raise TypeError(
                f"Expected {name} to be an integer, float, or numpy array, got {type(bound)}"
            )
        return np.full(box.shape, bound, _float_dtype(box))
    if bound.shape != box.shape:
        raise ValueError(f"Expected {name}.shape to be {box.shape}, got {bound.shape}")
    return bound.astype(_float_dtype(box))


def _float_dtype(box: Box[Any]) -> np.dtype[Any]:
    return box.dtype if box.dtype.kind == "f" else np.result_type(box.dtype, np.float32)


def _leaves(mapped: Callable[[Any], npt.NDArray[Any]], inner: Box[Any], outer: Box[Any]) -> bool:
    """Return whether rounding takes a bound of one box out of the other."""
    with np.errstate(all="ignore"):
        low, high = mapped(inner.low), mapped(inner.high)
    return not bool(np.all(low >= outer.low) and np.all(high <= outer.high))


def _kept(
    mapped: npt.NDArray[Any], value: npt.NDArray[Any], inner: Box[Any], outer: Box[Any]
) -> npt.NDArray[Any]:
    """Return `mapped` with what became of elements of the one box put back into the other."""
    within = np.asarray((inner.low <= value) & (value <= inner.high))
    clipped = np.minimum(np.maximum(mapped, outer.low), outer.high)
    return np.where(within, clipped, mapped).astype(mapped.dtype, copy=False)


def _require_same_infinities(name: str, new: npt.NDArray[Any], old: npt.NDArray[Any]) -> None:
    infinite = np.isinf(new) | np.isinf(old)
    if not np.all((new == old)[infinite]):
        raise ValueError(
            f"Expected {name} to be infinite just where the space's own bound is, found {new} for "
            f"{old}: there is no affine map between a bounded and an unbounded interval"
        )


def _coefficients(
    box: Box[Any], low: npt.NDArray[Any], high: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return gradient and intercept: numbers also where an interval is infinite or a point."""
    dtype = _float_dtype(box)
    bounded = np.isfinite(box.low) & np.isfinite(box.high)
    gradient = np.ones(box.shape, dtype)
    with np.errstate(invalid="ignore"):
        width = box.high.astype(np.longdouble) - box.low
        steep = (high.astype(np.longdouble) - low) / np.where(width > 0, width, 1)
    np.copyto(gradient, steep, where=bounded & (width > 0), casting="same_kind")
    intercept = np.zeros(box.shape, dtype)
    with np.errstate(invalid="ignore"):
        np.copyto(intercept, high - box.high, where=np.isfinite(box.high))
        np.copyto(intercept, low - gradient * box.low, where=np.isfinite(box.low))
    return gradient, intercept
