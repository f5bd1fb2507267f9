"""Arrays and NumPy scalars as a description and the bytes of their elements."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from dromos.plain.dtypes import clear_padding, dtype_from_tree, dtype_to_tree, has_padding
from dromos.plain.errors import MalformedError, NotPlainError

__all__ = [
    "array_from_parts",
    "array_to_parts",
    "check_array",
    "copy_array",
    "scalar_from_parts",
    "scalar_to_parts",
    "view_from_parts",
]

Buffer: TypeAlias = bytes | bytearray | memoryview
Description: TypeAlias = dict[str, Any]

#: The most dimensions an array of any NumPy may have.
_MAX_DIMENSIONS = 64
#: NumPy reserves one element even for an array without any, so its size must be bounded.
_MAX_ITEMSIZE_WHEN_EMPTY = 65536
_LAST_CODE_POINT = 0x10FFFF


def check_array(array: np.ndarray) -> None:
    """Raise unless `array` is plain: exactly an ndarray, of elements that are bytes.

    Raises:
        NotPlainError: For arrays of objects and the like.
    """
    dtype = array.dtype
    if dtype.kind in "biufc":
        return
    if dtype.hasobject:
        raise NotPlainError(f"an array of dtype {dtype}", "its elements are Python objects")
    if array.size == 0 and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise NotPlainError(f"an empty array of dtype {dtype}", "its elements are too large")
    dtype_to_tree(dtype)


def copy_array(array: np.ndarray) -> np.ndarray:
    """Return a copy with the same order of axes in memory and the same writeable flag."""
    check_array(array)
    copied = array.copy(order="K")
    if not array.flags.writeable:
        copied.flags.writeable = False
    return copied


def array_to_parts(array: np.ndarray) -> tuple[Description, memoryview]:
    """Return what an array is, and its elements in the order they lie in memory."""
    check_array(array)
    description: Description = {"dtype": dtype_to_tree(array.dtype), "shape": list(array.shape)}
    laid_out = array
    if not array.flags.c_contiguous:
        axes = _axes_in_memory(array)
        laid_out = array.transpose(axes)
        if axes != sorted(axes):
            description["axes"] = axes
    if not array.flags.writeable:
        description["readonly"] = True
    return description, _bytes_of(laid_out)


def _axes_in_memory(array: np.ndarray) -> list[int]:
    """Return the axes from the one with the longest stride to that with the shortest."""
    return sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))


def _bytes_of(array: np.ndarray) -> memoryview:
    if has_padding(array.dtype):
        array = clear_padding(array)
    # A copy only if the elements do not lie side by side; 0-d arrays become one-dimensional.
    raw: Any = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return memoryview(raw).toreadonly()


def array_from_parts(description: Description, data: Buffer) -> np.ndarray:
    """Return a new array from what `array_to_parts` returned.

    Raises:
        MalformedError: If description and data do not fit together.
    """
    dtype = dtype_from_tree(description.get("dtype"))
    shape = _integers(description.get("shape"), "shape")
    if min(shape, default=0) < 0 or len(shape) > _MAX_DIMENSIONS:
        raise MalformedError(f"expected a shape, found {shape}")
    expected = math.prod(shape) * dtype.itemsize
    if expected != len(data):
        raise MalformedError(
            f"an array of dtype {dtype} and shape {tuple(shape)} has {expected} bytes, "
            f"found {len(data)}"
        )
    if expected == 0 and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise MalformedError(f"an empty array of elements of {dtype.itemsize} bytes")
    axes = _axes(description, len(shape))
    try:
        flat = np.frombuffer(data, dtype) if expected else np.empty(0, dtype)
        array = flat.copy().reshape([shape[axis] for axis in axes])
    except ValueError as reason:
        raise MalformedError(f"expected a shape, found {shape} ({reason})") from None
    array = array.transpose(np.argsort(axes)) if axes != sorted(axes) else array
    _check_values(array)
    array.flags.writeable = not description.get("readonly", False)
    return array


def _integers(tree: Any, what: str) -> list[int]:
    if type(tree) is not list or any(type(item) is not int for item in tree):
        raise MalformedError(f"expected a list of integers as {what}, found {tree!r:.60}")
    return tree


def _axes(description: Description, ndim: int) -> list[int]:
    if "axes" not in description:
        return list(range(ndim))
    axes = _integers(description["axes"], "axes")
    if sorted(axes) != list(range(ndim)):
        raise MalformedError(f"expected the axes of {ndim} dimensions, found {axes}")
    return axes


def _check_values(array: np.ndarray) -> None:
    """Refuse bytes that are no value of the dtype: NumPy trusts them to be."""
    if array.dtype.names:
        for name in array.dtype.names:
            _check_values(array[name])
    elif array.size and array.dtype.kind == "b":
        if array.view(np.uint8).max() > 1:
            raise MalformedError("an array of bools holds bytes other than 0 and 1")
    elif array.size and array.dtype.kind == "U":
        points = np.ascontiguousarray(array).reshape(-1).view(array.dtype.byteorder + "u4")
        if points.max() > _LAST_CODE_POINT:
            raise MalformedError("an array of strings holds numbers that are not characters")


def view_from_parts(description: Description, memory: np.ndarray) -> np.ndarray:
    """Return a view on `memory`, which other arrays see too.

    Args:
        description: With ``dtype``, ``shape``, ``strides`` and ``offset`` (bytes), ``readonly``.
        memory: uint8 (bytes,).

    Raises:
        MalformedError: If the view would leave the memory, or see more than there is.
    """
    dtype = dtype_from_tree(description.get("dtype"))
    shape = _integers(description.get("shape"), "shape")
    strides = _integers(description.get("strides"), "strides")
    offset = description.get("offset")
    if type(offset) is not int or len(strides) != len(shape) or min(shape, default=1) < 1:
        raise MalformedError("expected the offset, shape and strides of a view")
    reach = [(length - 1) * stride for length, stride in zip(shape, strides, strict=True)]
    first = offset + sum(step for step in reach if step < 0)
    last = offset + sum(step for step in reach if step > 0) + dtype.itemsize
    if first < 0 or last > memory.size:
        raise MalformedError("a view leaves the memory it should lie in")
    if math.prod(shape) * dtype.itemsize > last - first:
        raise MalformedError("a view repeats elements of the memory it lies in")
    try:
        view: np.ndarray = np.ndarray(tuple(shape), dtype, memory, offset, tuple(strides))
    except (ValueError, TypeError, OverflowError) as reason:
        raise MalformedError(f"expected a view, found {shape}, {strides} ({reason})") from None
    _check_values(view)
    view.flags.writeable = not description.get("readonly", False)
    return view


def scalar_to_parts(scalar: np.generic) -> tuple[Description, memoryview]:
    """Return what a NumPy scalar is, and its bytes.

    Raises:
        NotPlainError: For a void scalar, which may be a view into an array.
    """
    if isinstance(scalar, np.void):
        raise NotPlainError("a numpy.void", "it may share memory with the array it is from")
    array = np.asarray(scalar)
    check_array(array)
    return {"dtype": dtype_to_tree(array.dtype)}, _bytes_of(array)


def scalar_from_parts(description: Description, data: Buffer) -> Any:
    """Return the NumPy scalar from what `scalar_to_parts` returned.

    Raises:
        MalformedError: If description and data do not fit together.
    """
    array = array_from_parts({**description, "shape": []}, data)
    if array.dtype.kind == "V":
        raise MalformedError("a scalar that is no number, time or string")
    return array[()]
