"""Boxes cut into bins: indices of bins for numbers, and numbers for indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Box, Discrete, MultiDiscrete
from dromos.wrappers.rules.rule import Rule, require_box

__all__ = ["BinnedAction", "BinnedObservation", "Bins"]

Indices = npt.NDArray[np.int64]


class Bins:
    """A bounded box whose every element's interval is cut into bins of equal width.

    Attributes:
        space: The indices: a `MultiDiscrete` with one of each element, or a `Discrete` of the
            whole grid in C order.
        low: The lower bounds, flat.
        high: The upper bounds, flat.
        counts: The number of bins of each element; int64 (d,).
        multidiscrete: Whether indices are kept apart.
    """

    def __init__(self, box: Box[Any], bins: int | Sequence[int], multidiscrete: bool) -> None:
        """Cut `box`.

        Raises:
            TypeError: If a number of bins is not an integer.
            ValueError: If the box is unbounded, or there is a wrong number of bins.
        """
        self.low, self.high = np.ravel(box.low), np.ravel(box.high)
        if not box.is_bounded():
            raise ValueError(
                f"Only a bounded space can be cut into bins, found low={self.low}, "
                f"high={self.high}; give it bounds first, for example with a wrapper that clips."
            )
        if not self.low.size:
            raise ValueError(f"Only a space with elements can be cut into bins, found {box}")
        self._shape, self._dtype = box.shape, box.dtype
        self.counts = _counts(bins, self.low.size)
        self.multidiscrete = multidiscrete
        with np.errstate(over="ignore"):  # in a last element, which is then set to the bound
            self.edges = [
                2 * np.linspace(low / 2, high / 2, count + 1)  # halves: their difference is finite
                for low, high, count in zip(self.low, self.high, self.counts, strict=True)
            ]
        self._centers = [
            _within(edges[:-1] / 2 + edges[1:] / 2, low, high)
            for edges, low, high in zip(self.edges, self.low, self.high, strict=True)
        ]
        self.space: Any = (
            MultiDiscrete(self.counts) if multidiscrete else Discrete(int(np.prod(self.counts)))
        )

    def indices_of(self, values: npt.NDArray[Any]) -> Any:
        """Return the bins that elements of the box lie in; the outer ones reach to infinity."""
        lead = values.shape[: values.ndim - len(self._shape)]
        flat = values.reshape(*lead, -1)
        indices = np.stack(
            [np.digitize(flat[..., i], edges[1:-1]) for i, edges in enumerate(self.edges)], axis=-1
        )
        return self._joined(indices)

    def centers_of(self, indices: Any) -> npt.NDArray[Any]:
        """Return the elements of the box in the middle of bins."""
        apart = self._apart(indices)
        columns = [
            centers[np.clip(apart[..., i], 0, len(centers) - 1)]
            for i, centers in enumerate(self._centers)
        ]
        values = np.stack(columns, axis=-1)
        return values.reshape(apart.shape[:-1] + self._shape)

    def bounds_of(self, indices: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the lower and the upper edges of bins; each (…, d)."""
        apart = self._apart(indices)
        lows = [edges[apart[..., i]] for i, edges in enumerate(self.edges)]
        highs = [edges[apart[..., i] + 1] for i, edges in enumerate(self.edges)]
        low, high = (np.stack(side, axis=-1).astype(self._dtype) for side in (lows, highs))
        return low, high

    def nearest_to(self, values: npt.NDArray[Any]) -> Any:
        """Return the bins whose centers are nearest; values out of bounds have the outer ones."""
        return self.indices_of(np.asarray(values).reshape(self._shape))

    def _joined(self, indices: Indices) -> Any:
        if self.multidiscrete:
            return indices.astype(np.int64, copy=False)
        return np.ravel_multi_index(tuple(np.moveaxis(indices, -1, 0)), tuple(self.counts))

    def _apart(self, indices: Any) -> Indices:
        if self.multidiscrete:
            return np.asarray(indices, dtype=np.int64)
        flat = np.clip(np.asarray(indices, dtype=np.int64), 0, int(np.prod(self.counts)) - 1)
        return np.stack(np.unravel_index(flat, tuple(self.counts)), axis=-1)


class BinnedObservation(Rule):
    """Observations as the indices of bins."""

    def __init__(self, space: Any, bins: int | Sequence[int], multidiscrete: bool) -> None:
        self.bins = Bins(
            require_box(space, "DiscretizeObservation", "observation"), bins, multidiscrete
        )
        self.space = self.bins.space

    def __call__(self, value: npt.NDArray[Any]) -> Any:
        """Return the bins that observations lie in."""
        indices = self.bins.indices_of(np.asarray(value))
        return int(indices) if indices.ndim == 0 else indices


class BinnedAction(Rule):
    """Actions from the centers of bins."""

    def __init__(self, space: Any, bins: int | Sequence[int], multidiscrete: bool) -> None:
        self.bins = Bins(require_box(space, "DiscretizeAction", "action"), bins, multidiscrete)
        self.space = self.bins.space

    def __call__(self, value: Any) -> npt.NDArray[Any]:
        """Return the environment's actions for the indices of bins."""
        return self.bins.centers_of(value)


def _within(centers: npt.NDArray[Any], low: Any, high: Any) -> npt.NDArray[Any]:
    """Return centers in the dtype of the bounds, between them; those of integers cut off."""
    if low.dtype.kind == "f":
        return np.clip(centers.astype(low.dtype), low, high)  # type: ignore[no-any-return]
    least, most = int(low), int(high)
    return np.array([min(max(int(c), least), most) for c in centers], low.dtype)


def _counts(bins: int | Sequence[int], num_elements: int) -> Indices:
    counts = np.full(num_elements, bins) if isinstance(bins, (int, np.integer)) else np.array(bins)
    if counts.dtype.kind not in "iu":
        raise TypeError(f"Expected bins to be an int or a tuple of ints, got {bins!r}")
    if counts.shape != (num_elements,):
        raise ValueError(f"Expected bins for each of {num_elements} elements, got {bins!r}")
    if np.any(counts < 1):
        raise ValueError(f"Expected at least one bin for each element, got {bins!r}")
    return counts.astype(np.int64)
