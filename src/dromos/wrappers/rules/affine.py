"""Affine maps between boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.error import InvalidBound
from dromos.spaces import Box
from dromos.wrappers.rules.rule import Rule, require_box

__all__ = ["AffineMap", "Bound", "RescaledAction", "RescaledObservation"]

Bound = float | np.floating[Any] | np.integer[Any] | npt.NDArray[Any]


class AffineMap:
    """The increasing affine map of each element from one box onto another.

    An element with two finite bounds is stretched and shifted; one with a single finite bound is
    shifted; one with none stays as it is.

    Attributes:
        box: The box mapped onto.
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
        low, high = _bound(box, "new_min", new_min), _bound(box, "new_max", new_max)
        _require_same_infinities("new_min", low, box.low)
        _require_same_infinities("new_max", high, box.high)
        if not np.all(low <= high):
            raise ValueError(
                f"Expected new_min to be less than or equal to new_max, got {low} and {high}"
            )
        self.box = Box(low, high, shape=box.shape, dtype=box.dtype.type)
        self.gradient, self.intercept = _coefficients(box, low, high)

    def forward(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return where elements of the first box go."""
        return np.asarray(self.gradient * value + self.intercept)

    def backward(self, value: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return where elements of the second box come from."""
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
    return bound.astype(_float_dtype(box), copy=False)


def _float_dtype(box: Box[Any]) -> np.dtype[Any]:
    return box.dtype if box.dtype.kind == "f" else np.dtype(np.float64)


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
