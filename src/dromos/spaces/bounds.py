"""The bounds of a `Box`: checked, and cast to its dtype exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dromos import logger

__all__ = ["Bounds", "bounds_in_place", "cast_bound", "dtype_limits", "is_bounded", "is_number"]

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


def is_number(x: object) -> bool:
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
        value = array.astype(dtype)
    else:
        value = np.where(unlimited, 0, array).astype(dtype)
        value[unlimited] = dtype_limits(dtype)[side == "high"]
    if not isinstance(given, np.ndarray):
        return np.full(shape, value, dtype), np.full(shape, ~unlimited)
    if array.shape != shape:
        raise ValueError(f"Expected {side} to have shape {shape}, found {array.shape}")
    _warn_of_lost_precision(side, array, dtype)
    return value, ~unlimited


def _as_array(side: Side, given: Any) -> npt.NDArray[Any]:
    if not isinstance(given, np.ndarray) and not is_number(given):
        raise ValueError(
            f"Expected {side} to be an integer, a float or a np.ndarray, found {type(given)}"
        )
    array = np.asarray(given)
    if array.dtype.kind == "O" and is_number(given):  # an int of more than 64 bits
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
            f"Box {side}'s precision lowered by casting to {dtype}, found {array.dtype}",
            stacklevel=4,
        )


def _number(scalar: Any) -> Any:
    """Return a NumPy scalar as the Python number equal to it; a long double stays what it is."""
    return scalar if type(scalar) is np.longdouble else scalar.item()
