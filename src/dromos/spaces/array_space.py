"""`ArraySpace`: what the spaces have in common whose elements are arrays of one shape and dtype."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos._core import spaces as native
from dromos.spaces import shared_arrays
from dromos.spaces.space import Space, T_cov

__all__ = ["ArraySpace", "array_of", "cast_exactly", "repeated", "stack"]


class ArraySpace(Space[T_cov]):
    """A space of arrays of one shape and dtype; scalars are arrays of shape ()."""

    dtype: np.dtype[Any]  # pyright: ignore[reportIncompatibleVariableOverride]
    _shape: tuple[int, ...]  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the elements."""
        return self._shape

    # An attribute, not a property, since every flattening asks for it.
    is_np_flattenable = True  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]

    def _flatdim(self) -> int:
        return math.prod(self.shape)

    def _flat_dtype(self) -> np.dtype[Any]:
        return self.dtype

    def _flatten(self, x: Any) -> npt.NDArray[Any]:
        flat = native.flatten_array(x, self.dtype, self._shape)
        if flat is not None:
            return flat
        array = np.asarray(x, self.dtype)
        if array.shape != self._shape and array.size != math.prod(self._shape):
            raise _wrong_shape("x", self._shape, array)
        return array.flatten()

    def _unflatten(self, x: Any) -> Any:
        return np.asarray(x, self.dtype).reshape(self._shape)

    def _iterate(self, items: Any) -> Iterator[Any]:
        try:
            return native.rows(items)
        except TypeError:
            raise TypeError(f"Unable to iterate over the following elements: {items}") from None

    _unbatch = _iterate

    def _concatenate(self, items: Iterable[Any], out: Any) -> Any:
        listed = items if isinstance(items, (list, tuple)) else list(items)
        return out if native.stack(listed, out) else stack(listed, out)

    def _misfits(self, x: Any) -> Iterable[str]:
        # A scalar of NumPy is as good as an array without axes, which reductions turn into it.
        is_scalar = self.shape == () and isinstance(x, np.generic)
        return () if is_scalar or isinstance(x, np.ndarray) else ("array",)

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> Any:
        return fn((n, *self.shape), dtype=self.dtype)

    def _batches_to_arrays(self) -> bool:
        cls = type(self)  # a subclass may make batches of its own
        return (cls._concatenate, cls._create_empty) == _BATCHES

    def _create_shared(self, n: int, ctx: Any) -> Any:
        return shared_arrays.create_array(ctx, np.dtype(self.dtype), n * math.prod(self.shape))

    def _read_shared(self, memory: Any, n: int) -> Any:
        return shared_arrays.view(memory, self.dtype, (n, *self.shape))

    def _write_shared(self, index: int, value: Any, memory: Any) -> None:
        shared_arrays.write(memory, self.dtype, self.shape, index, value)


_BATCHES = (ArraySpace._concatenate, ArraySpace._create_empty)


def cast_exactly(x: Any, dtype: Any) -> npt.NDArray[Any] | None:
    """Return `x` as an array of `dtype`, or None if it is none, or of no integers if they must be.

    Rounding to a floating dtype is no loss here: a list of Python floats can be a float32 element.
    """
    try:
        given = np.asarray(x)
        if given.dtype.kind not in "biuf":
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            array = given.astype(dtype)
    except (ValueError, TypeError, OverflowError):
        return None
    is_exact = array.dtype.kind == "f" or bool((array == given).all())
    return array if is_exact else None


def stack(items: Sequence[Any], out: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Write `items`, arrays of one shape, to the rows of `out` and return `out`.

    Raises:
        ValueError: If there are more or fewer items than rows, or one has another shape.
        TypeError: If `out` is not an array, or its dtype cannot hold the items'.
    """
    if not isinstance(out, np.ndarray):
        raise TypeError(f"Expected `out` to be a np.ndarray, found {type(out)}")
    if len(items) != len(out):
        raise ValueError(f"Expected {len(out)} items, as many as `out` has rows, got {len(items)}")
    if not items:
        return out
    try:
        return np.stack(items, axis=0, out=out)
    except ValueError:
        for index, item in enumerate(items):
            if np.shape(item) != out.shape[1:]:
                raise _wrong_shape(f"item {index}", out.shape[1:], item) from None
        raise


def repeated(array: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Return `n` copies of `array` along a new first axis."""
    return np.repeat(array[np.newaxis], n, axis=0)


def array_of(x: Any) -> npt.NDArray[Any] | None:
    """Return a sequence as an array, or None if it is ragged."""
    try:
        return np.asarray(x)
    except ValueError:
        return None


def _wrong_shape(what: str, expected: tuple[int, ...], found: Any) -> ValueError:
    return ValueError(f"Expected {what} to have shape {expected}, found {np.shape(found)}")
