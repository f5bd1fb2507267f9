"""Arrays, NumPy scalars and dtypes as a description, and the bytes of their elements."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from dromos.plain.errors import MalformedError, NotPlainError, shown

__all__ = [
    "array_from_parts",
    "array_to_parts",
    "check_array",
    "dtype_from_tree",
    "dtype_to_tree",
    "overlaps",
    "view_from_parts",
    "view_to_parts",
]

Buffer: TypeAlias = bytes | bytearray | memoryview
Description: TypeAlias = dict[str, Any]

#: Bool, integers, floats, complex, times, bytes, text, raw bytes; no objects, no pointers.
_SIMPLE = re.compile(r"[<>|][biufcSUV]\d{1,9}|[<>][mM]8(\[\d{0,9}[a-zA-Zμ]{1,7}\])?")
_MAX_NESTING = 16
#: The most dimensions an array of any NumPy may have.
_MAX_DIMENSIONS = 64
#: NumPy reserves one element even for an array without any, so its size must be bounded.
_MAX_ITEMSIZE_WHEN_EMPTY = 65536
_LAST_CODE_POINT = 0x10FFFF
#: malloc's alignment. Keeping addresses modulo it makes offsets the same in every run.
_ALIGNMENT = 16


def dtype_to_tree(dtype: np.dtype[Any]) -> Any:
    """Return a dtype as a type string, or as lists of what `numpy.lib.format` writes.

    Raises:
        NotPlainError: If the dtype holds Python objects or pointers, or differs between machines.
    """
    found = f"of dtype {dtype}"
    if dtype.subdtype is not None:
        return [dtype_to_tree(dtype.subdtype[0]), list(dtype.subdtype[1])]
    if dtype.fields is None:
        if not _SIMPLE.fullmatch(dtype.str) or dtype.itemsize == 0 or dtype.char in "gG":
            raise NotPlainError(found, "its elements have no bytes of their own")
        return dtype.str
    tree = _as_lists(np.lib.format.dtype_to_descr(dtype))
    try:
        if dtype_from_tree(tree) == dtype:
            return tree
    except MalformedError:
        pass
    raise NotPlainError(found, "its fields overlap, or are not plain themselves")


def _as_lists(tree: Any) -> Any:
    return [_as_lists(part) for part in tree] if isinstance(tree, (list, tuple)) else tree


def dtype_from_tree(tree: Any) -> np.dtype[Any]:
    """Return the dtype that `dtype_to_tree` described.

    Raises:
        MalformedError: If `tree` describes none.
    """
    try:
        if type(tree) is str:
            dtype = _simple_dtype(tree)
        else:
            dtype = np.lib.format.descr_to_dtype(_as_description(tree, 0))
        if dtype.itemsize == 0 or dtype.char in "gG":
            raise TypeError("no bytes of its own")
    except (TypeError, ValueError, OverflowError, RuntimeError) as reason:
        found = f"{shown(tree)} ({str(reason)[:100]})"
        raise MalformedError(f"expected a dtype, found {found}") from None
    return dtype


@lru_cache(64)
def _simple_dtype(text: str) -> np.dtype[Any]:
    if not _SIMPLE.fullmatch(text):
        raise TypeError("no such form")
    return np.dtype(text)


def _as_description(tree: Any, depth: int) -> Any:
    """Return a tree with tuples where NumPy has them; only simple types are in it."""
    if depth and type(tree) is str and _SIMPLE.fullmatch(tree):
        return tree
    if type(tree) is not list or not tree or depth > _MAX_NESTING:
        raise TypeError("a part that is no dtype")
    if all(type(field) is list and len(field) in (2, 3) and _is_name(field[0]) for field in tree):
        return [
            (
                tuple(name) if type(name) is list else name,
                _as_description(form, depth + 1),
                *map(_shape, shape),
            )
            for name, form, *shape in tree
        ]
    form, shape = tree
    return _as_description(form, depth + 1), _shape(shape)


def _is_name(name: Any) -> bool:
    pair = type(name) is list and len(name) == 2 and all(type(part) is str for part in name)
    return pair or (type(name) is str and not _SIMPLE.fullmatch(name))


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or any(type(size) is not int or size < 1 for size in shape):
        raise TypeError("a shape that is none")
    return tuple(shape)


def check_array(array: np.ndarray) -> None:
    """Raise `NotPlainError` unless the elements of an array are bytes."""
    dtype = array.dtype
    if dtype.hasobject:
        raise NotPlainError(f"an array of dtype {dtype}", "its elements are Python objects")
    if array.size == 0 and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise NotPlainError(f"an empty array of dtype {dtype}", "its elements are too large")
    dtype_to_tree(dtype)


def array_to_parts(array: np.ndarray) -> tuple[Description, bytes]:
    """Return what an array is, and a copy of its elements in the order they lie in memory."""
    dtype = array.dtype
    if dtype.kind in "biufc" and dtype.char not in "gG" and array.flags.carray:
        return {"dtype": dtype.str, "shape": list(array.shape)}, array.tobytes()
    check_array(array)
    description: Description = {"dtype": dtype_to_tree(dtype), "shape": list(array.shape)}
    if not array.flags.c_contiguous:
        # The axes from the one with the longest stride to that with the shortest.
        axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
        if axes != sorted(axes):
            array = array.transpose(axes)
            description["axes"] = axes
    if not array.flags.writeable:
        description["readonly"] = True
    return description, (array if dtype.names is None else _without_padding(array)).tobytes()


def _without_padding(array: np.ndarray) -> np.ndarray:
    """Return a copy in which bytes between values are 0: equal arrays have equal bytes."""
    clean = np.zeros(array.shape, array.dtype)
    for name in array.dtype.names or ():
        clean[name] = _without_padding(array[name])
    if array.dtype.names is None:
        clean[...] = array
    return clean


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
        kind = f"an array of dtype {dtype} and shape {tuple(shape)}"
        raise MalformedError(f"{kind} has {expected} bytes, found {len(data)}")
    if expected == 0 and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise MalformedError(f"an empty array of elements of {dtype.itemsize} bytes")
    order = list(range(len(shape)))
    axes = _integers(description.get("axes", order), "axes")
    if sorted(axes) != order:
        raise MalformedError(f"expected the axes of {len(order)} dimensions, found {axes}")
    try:
        flat = np.frombuffer(data, dtype) if expected else np.empty(0, dtype)
        array = flat.copy().reshape([shape[axis] for axis in axes])
    except ValueError as reason:
        raise MalformedError(f"expected a shape, found {shape} ({reason})") from None
    array = array.transpose(np.argsort(axes)) if axes != order else array
    _check_values(array)
    array.flags.writeable = not description.get("readonly", False)
    return array


def _integers(tree: Any, what: str) -> list[int]:
    if type(tree) is not list or any(type(item) is not int for item in tree):
        raise MalformedError(f"expected a list of integers as {what}, found {shown(tree)}")
    return tree


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
    first, last = _reach(offset, shape, strides, dtype.itemsize)
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


def _reach(offset: int, shape: Any, strides: Any, itemsize: int) -> tuple[int, int]:
    """Return where the first byte of an array lies, and the byte after its last."""
    steps = [(length - 1) * stride for length, stride in zip(shape, strides, strict=True)]
    first = offset + sum(step for step in steps if step < 0)
    return first, offset + sum(step for step in steps if step > 0) + itemsize


def _address(array: np.ndarray) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _span(array: np.ndarray) -> tuple[int, int]:
    return _reach(_address(array), array.shape, array.strides, array.itemsize)


def overlaps(arrays: list[np.ndarray]) -> list[list[np.ndarray]]:
    """Return the groups of arrays that see the same memory, in the order of their first ones.

    An environment may keep a grid and a view of its first row. Two independent copies of them
    would not have the same future.

    Raises:
        NotPlainError: If one of them shows elements more often than they are there: otherwise a
            few bytes could claim to be an array of any size.
    """
    spans = sorted((*_span(array), place) for place, array in enumerate(arrays) if array.nbytes)
    groups: list[list[int]] = []
    end = 0
    for first, last, place in spans:
        if first >= end:
            groups.append([])
        groups[-1].append(place)
        end = max(end, last)
    shared = [[arrays[p] for p in sorted(g)] for g in sorted(groups, key=min) if len(g) > 1]
    for array in (array for group in shared for array in group):
        first, last = _span(array)
        if array.nbytes > last - first:
            raise NotPlainError(
                f"an array of shape {array.shape} that repeats elements of another array",
                "arrays that share memory must show each element once",
            )
    return shared


def view_to_parts(group: list[np.ndarray]) -> tuple[list[Description], Buffer]:
    """Return where each of a group of `overlaps` lies in their memory, and that memory."""
    spans = [_span(array) for array in group]
    start = min(first for first, _ in spans)
    start -= start % _ALIGNMENT
    memory = np.zeros(max(last for _, last in spans) - start, np.uint8)
    descriptions = []
    for array in group:
        offset = _address(array) - start
        view: np.ndarray = np.ndarray(array.shape, array.dtype, memory, offset, array.strides)
        view[...] = array
        shape, strides = list(array.shape), list(array.strides)
        description = {"dtype": dtype_to_tree(array.dtype), "shape": shape, "strides": strides}
        readonly = {} if array.flags.writeable else {"readonly": True}
        descriptions.append({**description, "offset": offset, **readonly})
    return descriptions, memory.tobytes()
