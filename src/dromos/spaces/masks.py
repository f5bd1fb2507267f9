"""Masks and probabilities that steer sampling: their checks, and the draws under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "MaskError",
    "check_array",
    "check_binary",
    "check_distribution",
    "check_probabilities",
    "expect",
    "mask_entries",
    "only_one",
    "steering",
    "weighted_indices",
]

#: How far from 1 the sum of probabilities may lie, for rounding: that of NumPy's `isclose`.
_SUM_TOLERANCE = 1e-5 + 1e-8


class MaskError(ValueError, AssertionError):
    """A mask or a probability does not fit the space.

    It is an `AssertionError` too, since that is what Gymnasium raises here.
    """


def expect(condition: bool, what: str, expected: object, found: object) -> None:
    """Raise `MaskError` naming `what`, unless `condition` holds."""
    if not condition:
        raise MaskError(f"Expected {what} to be {expected}, found {found}")


def only_one(mask: object, probability: object) -> None:
    """Raise `ValueError` if both a mask and a probability are given."""
    if mask is not None and probability is not None:
        raise ValueError(
            "Only one of `mask` or `probability` can be provided, "
            f"found mask={mask} and probability={probability}"
        )


def steering(mask: Any, probability: Any) -> tuple[str, Any]:
    """Return the name and the value of the argument that steers sampling; one must be None."""
    only_one(mask, probability)
    return ("mask", mask) if probability is None else ("probability", probability)


def check_array(
    what: str, array: Any, shape: tuple[int, ...], dtype: npt.DTypeLike
) -> npt.NDArray[Any]:
    """Return `array` after checking that it is one of this shape and dtype."""
    expect(isinstance(array, np.ndarray), f"the type of the {what}", "np.ndarray", type(array))
    expect(array.dtype == dtype, f"the dtype of the {what}", np.dtype(dtype), array.dtype)
    expect(array.shape == shape, f"the shape of the {what}", shape, array.shape)
    checked: npt.NDArray[Any] = array
    return checked


def check_binary(what: str, array: npt.NDArray[Any]) -> None:
    """Raise unless all of `array` is 0 or 1."""
    expect(bool(((array == 0) | (array == 1)).all()), f"all values of the {what}", "0 or 1", array)


def check_distribution(what: str, array: npt.NDArray[np.float64]) -> None:
    """Raise unless `array` holds probabilities whose sum is 1."""
    check_probabilities(what, array)
    total = array.sum()
    expect(bool(abs(total - 1) <= _SUM_TOLERANCE), f"the sum of the {what}", 1, total)


def check_probabilities(what: str, array: npt.NDArray[np.float64]) -> None:
    """Raise unless all of `array` lies in [0, 1]."""
    inside = bool(((array >= 0) & (array <= 1)).all())
    expect(inside, f"all values of the {what}", "between 0 and 1", array)


def weighted_indices(
    rng: np.random.Generator, weights: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.intp]:
    """Draw `size` indices, index i with a probability proportional to ``weights[i]``.

    The numbers are those of ``rng.choice(len(weights), size, p=weights)``.
    """
    cumulative = weights.cumsum()
    cumulative /= cumulative[-1]
    return cumulative.searchsorted(rng.random(size), side="right")


def mask_entries(shape: tuple[int, ...], nested: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield the entries of nested tuples of this shape, each with its index, in C order."""
    if not shape:
        yield (), nested
        return
    expect(isinstance(nested, tuple), "the mask of an axis", "a tuple", type(nested))
    expect(len(nested) == shape[0], "the length of a mask's tuple", shape[0], len(nested))
    for index, entry in enumerate(nested):
        for rest, leaf in mask_entries(shape[1:], entry):
            yield (index, *rest), leaf
