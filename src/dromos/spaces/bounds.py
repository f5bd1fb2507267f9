"""What spaces of arrays are made of: dtypes, shapes and bounds, checked and cast exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dromos import logger

__all__ = [
    "Bounds",
    "bounds_in_place",
    "box_dtype",
    "box_shape",
    "cast_bound",
    "dtype_limits",
    "exact_integers",
    "is_bounded",
]

Side = Literal["low", "high"]


class Bounds(NamedTuple):
    """The bounds of a box, each an array of its shape.

    An integer dtype cannot hold infinity: where an element has no bound, `low` and `high` hold the
    dtype's own limit and `limited_below` and `limited_above` are False. In a floating dtype the
    bounds speak for themselves.
    """

    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    limited_below: npt.NDArray[np.bool_]
    limited_above: npt.NDArray[np.bool_]

    @classmethod
    def all_limited(cls, low: npt.NDArray[Any], high: npt.NDArray[Any]) -> Bounds:
        """Return bounds that hold on both sides of every element."""
        return cls(low, high, np.ones(low.shape, bool), np.ones(low.shape, bool))

    def map(self, function: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Bounds:
        """Return the bounds with `function` applied to all four arrays."""
        return Bounds(*map(function, self))


def _is_number(x: object) -> bool:
    """Return whether `x` is an int or a float, of Python or NumPy, and no bool."""
    return isinstance(x, (int, float, np.integer, np.floating)) and not isinstance(x, bool)


def dtype_limits(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """Return the smallest and the largest finite value of a dtype, as Python numbers."""
    if dtype.kind == "b":
        return 0, 1
    if dtype.kind == "f":
        return _number(np.finfo(dtype).min), _number(np.finfo(dtype).max)
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def is_bounded(
    bound: npt.NDArray[Any], limited: npt.NDArray[np.bool_], side: Side
) -> npt.NDArray[np.bool_]:
    """Return where a bound is one, of the arrays of a `Bounds`, which may have been assigned to."""
    if bound.dtype.kind == "f":
        return bound > -math.inf if side == "low" else bound < math.inf
    is_off_limit = bound != dtype_limits(bound.dtype)[side == "high"]
    return is_off_limit | limited if limited.shape == bound.shape else np.ones(bound.shape, bool)


def bounds_in_place(
    low: Any, high: Any, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Bounds | None:
    """Return the bounds if they are arrays of the box's own floating dtype and shape, in order.

    That is how most environments give them, and then there is little to check. None otherwise:
    `cast_bound` says what is wrong, or mends it.
    """
    if not (
        type(low) is type(high) is np.ndarray
        and low.dtype == high.dtype == dtype
        and dtype.kind == "f"
        and low.shape == high.shape == shape
        and (low <= high).all()  # False where one is NaN
    ):
        return None
    return Bounds(low.copy(), high.copy(), low > -math.inf, high < math.inf)


def cast_bound(
    side: Side, given: Any, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Return the bound of a box, and where it is limited, as arrays of its shape.

    Args:
        side: Which bound this is.
        given: A number for all elements, or an array of the box's shape. It is not changed.
        shape: The shape of the box.
        dtype: The dtype of the box.

    Raises:
        ValueError: If `given` is neither, has another shape, holds NaN, lies outside the dtype's
            range, or is infinite where the dtype is unsigned or bool.
    """
    array = _as_array(side, given)
    unlimited = array == (-math.inf if side == "low" else math.inf)
    _check_range(side, array, unlimited, dtype)
    if dtype.kind == "f" or not unlimited.any():
        value = array.astype(dtype, order="C")
    else:
        value = np.where(unlimited, 0, array).astype(dtype, order="C")
        value[unlimited] = dtype_limits(dtype)[side == "high"]
    if not isinstance(given, np.ndarray):
        return np.full(shape, value, dtype), np.full(shape, ~unlimited)
    if array.shape != shape:
        raise ValueError(f"Expected {side} to have shape {shape}, found {array.shape}")
    _warn_of_lost_precision(side, array, dtype)
    return value, ~unlimited


def box_dtype(dtype: Any) -> np.dtype[Any]:
    """Return a dtype of integers, floats or bools; raise `ValueError` if it is none."""
    found: np.dtype[Any] | None = None if dtype is None else np.dtype(dtype)
    if found is None or found.kind not in "iufb":
        raise ValueError(
            f"Expected the dtype of a Box to be an integer, floating or bool dtype, found {found}"
        )
    return found


def box_shape(low: Any, high: Any, shape: Any) -> tuple[int, ...]:
    """Return the shape of a box with these constructor arguments.

    Raises:
        TypeError: If `shape` is neither None nor an iterable of integers.
        ValueError: If there is none, or the bounds have different ones.
    """
    if shape is not None:
        sizes: tuple[Any, ...] | None = tuple(shape) if isinstance(shape, Iterable) else None
        if sizes is None or not all(isinstance(size, (int, np.integer)) for size in sizes):
            raise TypeError(f"Expected shape to be an iterable of integers, found {shape!r}")
        return tuple([int(size) for size in sizes])
    shapes: list[tuple[int, ...]] = [
        bound.shape for bound in (low, high) if isinstance(bound, np.ndarray)
    ]
    if len(shapes) == 2 and shapes[0] != shapes[1]:
        raise ValueError(f"Expected low and high to have one shape, found {shapes[0]}, {shapes[1]}")
    if shapes:
        return shapes[0]
    if _is_number(low) and _is_number(high):
        return (1,)
    raise ValueError(
        "Expected low and high to be an integer, a float or a np.ndarray where no shape is given, "
        f"found {type(low)} and {type(high)}"
    )


def exact_integers(name: str, values: Any, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return `values` as a new array of `dtype`; raise `ValueError` if they are none exactly."""
    # Objects, since NumPy's dtype for a list of small and large integers is float64.
    given = values if isinstance(values, np.ndarray) else np.asarray(values, object)
    try:
        integers = [int(value) for value in given.flat]
    except (TypeError, ValueError, OverflowError):
        integers = None
    if integers is None or any(i != value for i, value in zip(integers, given.flat, strict=True)):
        raise ValueError(f"Expected {name} to be integers, found {values}")
    smallest, largest = dtype_limits(dtype)
    if not all(smallest <= integer <= largest for integer in integers):
        raise ValueError(
            f"Expected {name} to be in the range of {dtype}, "
            f"[{smallest}, {largest}], found {values}"
        )
    return np.array(integers, dtype).reshape(given.shape)


def _as_array(side: Side, given: Any) -> npt.NDArray[Any]:
    if not isinstance(given, np.ndarray) and not _is_number(given):
        raise ValueError(
            f"Expected {side} to be an integer, a float or a np.ndarray, found {type(given)}"
        )
    array = np.asarray(given)
    if array.dtype.kind == "O" and _is_number(given):  # an int of more than 64 bits
        array = array.astype(np.float64)
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"Expected {side} to have an integer, floating or bool dtype, found {array.dtype}"
        )
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"Expected no {side} to be `np.nan`, found {given}")
    return array


def _check_range(
    side: Side, array: npt.NDArray[Any], unlimited: npt.NDArray[np.bool_], dtype: np.dtype[Any]
) -> None:
    """Raise unless every bound lies in the range of `dtype`, or is none where that may be."""
    if dtype.kind in "ub" and unlimited.any():
        raise ValueError(f"Expected {side} to be finite, as {dtype} has no infinity, found {array}")
    smallest, largest = dtype_limits(dtype)
    values = array[~unlimited]
    if dtype.kind == "f":
        values = values[np.isfinite(values)]
    # Python numbers compare exactly, where NumPy's would first be rounded to a common dtype.
    if values.size and not (smallest <= _number(values.min()) <= _number(values.max()) <= largest):
        raise ValueError(
            f"Expected {side} to be in the range of {dtype}, [{smallest}, {largest}], found {array}"
        )


def _warn_of_lost_precision(side: Side, array: npt.NDArray[Any], dtype: np.dtype[Any]) -> None:
    is_float = array.dtype.kind == dtype.kind == "f"
    if is_float and np.finfo(dtype).precision < np.finfo(array.dtype).precision:
        logger.warn(
            f"Box {side}'s precision lowered by casting to {dtype}, current "
            f"{side}.dtype={array.dtype}",
            stacklevel=4,
        )


def _number(scalar: Any) -> Any:
    """Return a NumPy scalar as the Python number equal to it; a long double stays what it is."""
    return scalar if type(scalar) is np.longdouble else scalar.item()
