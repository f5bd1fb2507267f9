"""Arrays, NumPy scalars and dtypes: nodes that describe them, and the bytes of their elements.

What a node says is looked at as far as NumPy does not look at it itself; its own errors are caught
by `dromos.plain.trees`, as those of all kinds are.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from dromos.plain.errors import IMPOSSIBLE, MalformedError, NotPlainError, shown

if TYPE_CHECKING:
    from dromos.plain.trees import Reader, Writer

__all__ = [
    "ArrayNode",
    "dtype_from_tree",
    "dtype_to_tree",
    "memory_of_group",
    "node_of",
    "read_array",
    "read_scalar",
    "sharing_memory",
    "view_of_node",
    "write_array",
    "write_scalar",
]

Node: TypeAlias = dict[str, Any]

#: Bool, integers, floats, complex, times, bytes, text, raw bytes; no objects, no pointers.
_SIMPLE = re.compile(r"[<>|][biufcSUV]\d{1,9}|[<>][mM]8(\[\d{0,9}[a-zA-Zμ]{1,7}\])?")
#: What a node says of an array that has nothing special: bytes, dtype and shape.
_ORDINARY = 3
_MAX_NESTING = 16
#: The most dimensions an array of any NumPy may have.
_MAX_DIMENSIONS = 64
#: NumPy reserves one element even for an array without any, so its size must be bounded.
_MAX_ITEMSIZE_WHEN_EMPTY = 65536
_LAST_CODE_POINT = 0x10FFFF
#: malloc's alignment. Keeping addresses modulo it makes offsets the same in every run.
_ALIGNMENT = 16


@lru_cache(64)
def dtype_to_tree(dtype: np.dtype[Any]) -> Any:
    """Return a dtype as a type string, or as lists of what `numpy.lib.format` writes.

    Raises:
        NotPlainError: If the dtype holds Python objects or pointers, or differs between machines.
    """
    if dtype.subdtype is not None:
        return [dtype_to_tree(dtype.subdtype[0]), list(dtype.subdtype[1])]
    tree = dtype.str if dtype.fields is None else _as_lists(np.lib.format.dtype_to_descr(dtype))
    try:
        if dtype_from_tree(tree) == dtype:
            return tree
    except MalformedError:
        pass
    reason = "it has objects or pointers, fields that overlap, or another form on other machines"
    raise NotPlainError(f"of dtype {dtype}", reason)


def _as_lists(tree: Any) -> Any:
    return [_as_lists(part) for part in tree] if isinstance(tree, (list, tuple)) else tree


def dtype_from_tree(tree: Any) -> np.dtype[Any]:
    """Return the dtype that `dtype_to_tree` described; raise `MalformedError` if it is none."""
    try:
        if type(tree) is str:
            return _simple_dtype(tree)
        return np.lib.format.descr_to_dtype(_as_description(tree, 0))
    except (*IMPOSSIBLE, RuntimeError) as reason:
        found = f"{shown(tree)} ({str(reason)[:100]})"
        raise MalformedError(f"expected a dtype, found {found}") from None


@lru_cache(64)
def _simple_dtype(text: str) -> np.dtype[Any]:
    dtype = np.dtype(text) if _SIMPLE.fullmatch(text) else None
    if dtype is None or dtype.itemsize == 0 or dtype.char in "gG":
        raise ValueError("no bytes of its own")
    return dtype


def _as_description(tree: Any, depth: int) -> Any:
    """Return a tree with tuples where NumPy has them; only simple types are in it."""
    if type(tree) is str:
        return _simple_dtype(tree).str
    if type(tree) is not list or not tree or depth > _MAX_NESTING:
        raise ValueError("a part that is no dtype")
    if all(type(field) is list and len(field) in (2, 3) and _is_name(field[0]) for field in tree):
        return [
            (
                tuple(name) if type(name) is list else name,
                _as_description(form, depth + 1),
                *(tuple(_sizes(sizes, "a shape", 1)) for sizes in shape),
            )
            for name, form, *shape in tree
        ]
    form, shape = tree
    return _as_description(form, depth + 1), tuple(_sizes(shape, "a shape", 1))


def _is_name(name: Any) -> bool:
    pair = type(name) is list and len(name) == 2 and all(type(part) is str for part in name)
    return pair or (type(name) is str and not _SIMPLE.fullmatch(name))


def _sizes(tree: Any, what: str, least: float = -math.inf) -> list[int]:
    is_list = type(tree) is list and len(tree) <= _MAX_DIMENSIONS
    if not is_list or not all(type(size) is int and size >= least for size in tree):
        raise MalformedError(f"expected {what}, found {shown(tree)}")
    return list(tree)


class ArrayNode(dict[str, Any]):
    """The node of an array that was there, with its bytes: what it says need not be looked at."""

    def array(self) -> np.ndarray | None:
        """Return the array again; None if there is more to say of it than dtype and shape."""
        data, dtype, shape = self["$array"], self["dtype"], self["shape"]
        if len(self) != _ORDINARY or not data or type(dtype) is not str:
            return None
        array = np.frombuffer(data, _simple_dtype(dtype)).copy()
        return array if len(shape) == 1 else array.reshape(shape)


def write_array(writer: Writer, array: np.ndarray) -> Node:
    """Return the node of an array; `NotPlainError` if its elements are more than bytes."""
    view: Node | None = writer.view_of(array)
    if view is not None:
        return view
    node = node_of(array)
    data = writer.store(node["$array"])
    return node if data is node["$array"] else {**node, "$array": data}


def node_of(array: np.ndarray, mark: str = "$array") -> Node:
    """Return what an array is and, as bytes, its elements in the order they lie in memory.

    Raises:
        NotPlainError: If its elements are more than bytes.
    """
    dtype = array.dtype
    if not array.size and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise NotPlainError(f"an empty array of dtype {dtype}", "its elements are too large")
    node = ArrayNode({mark: None, "dtype": dtype_to_tree(dtype), "shape": list(array.shape)})
    flags = array.flags
    if not flags.c_contiguous:
        # The axes from the one with the longest stride to that with the shortest.
        axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
        if axes != sorted(axes):
            array = array.transpose(axes)
            node["axes"] = axes
    if not flags.writeable:
        node["readonly"] = True
    dense = array if dtype.names is None else _without_padding(array)
    node[mark] = dense.tobytes()
    return node


def write_scalar(writer: Writer, value: Any) -> Node:
    """Return the node of a NumPy scalar."""
    if type(value) is np.bytes_:  # NumPy would drop zeros at the end
        return {"$scalar": writer.store(b"".join([value])), "dtype": "bytes"}
    if isinstance(value, np.void):
        raise NotPlainError("a numpy.void", "it may share memory with the array it is from")
    node = node_of(np.asarray(value), "$scalar")
    return {"$scalar": writer.store(node["$scalar"]), "dtype": node["dtype"]}


def _without_padding(array: np.ndarray) -> np.ndarray:
    """Return a copy in which bytes between values are 0: equal arrays have equal bytes."""
    clean = np.zeros(array.shape, array.dtype)
    for name in array.dtype.names or ():
        clean[name] = _without_padding(array[name])
    if array.dtype.names is None:
        clean[...] = array
    return clean


def read_array(reader: Reader, node: Node, mark: str = "$array") -> np.ndarray:
    """Return the array of a node; raise `MalformedError` if it describes none."""
    data, axes = reader.load(node[mark]), node.get("axes")
    dtype, shape = dtype_from_tree(node["dtype"]), _sizes(node["shape"], "a shape", 0)
    expected = math.prod(shape) * dtype.itemsize
    if expected != len(data):
        kind = f"an array of dtype {dtype} and shape {tuple(shape)}"
        raise MalformedError(f"{kind} has {expected} bytes, found {len(data)}")
    if expected == 0 and dtype.itemsize > _MAX_ITEMSIZE_WHEN_EMPTY:
        raise MalformedError(f"an empty array of elements of {dtype.itemsize} bytes")
    array = np.frombuffer(data, dtype).copy() if expected else np.empty(0, dtype)
    if axes is None:
        return _checked(array.reshape(shape), node)
    # NumPy refuses to transpose by what are not all axes, each once.
    array = array.reshape([shape[axis] for axis in _sizes(axes, "the axes of an array", 0)])
    return _checked(array.transpose(np.argsort(axes)), node)


def read_scalar(reader: Reader, node: Node) -> Any:
    """Return the NumPy scalar of a node; raise `MalformedError` if it describes none."""
    if node["dtype"] == "bytes":
        return np.bytes_(bytes(reader.load(node["$scalar"])))
    array = read_array(reader, {**node, "shape": []}, "$scalar")
    if array.dtype.kind == "V":
        raise MalformedError("a scalar that is no number, time or string")
    return array[()]


def view_of_node(node: Node, memory: np.ndarray) -> np.ndarray:
    """Return a view on `memory`, which other arrays see too.

    Args:
        node: With ``dtype``, ``shape``, ``strides`` and ``offset`` (bytes), ``readonly``.
        memory: uint8 (bytes,).

    Raises:
        MalformedError: If the view would leave the memory, or see more than there is.
    """
    dtype, shape = dtype_from_tree(node["dtype"]), _sizes(node["shape"], "a shape", 1)
    strides, (offset,) = _sizes(node["strides"], "strides"), _sizes([node["offset"]], "an offset")
    first, last = _reach(offset, shape, strides, dtype.itemsize)
    if first < 0 or last > memory.size:
        raise MalformedError("a view leaves the memory it should lie in")
    if math.prod(shape) * dtype.itemsize > last - first:
        raise MalformedError("a view repeats elements of the memory it lies in")
    return _checked(np.ndarray(tuple(shape), dtype, memory, offset, tuple(strides)), node)


def _checked(array: np.ndarray, node: Node) -> np.ndarray:
    """Return an array whose bytes are values of its dtype: NumPy trusts them to be."""
    waiting = [array] if array.dtype.kind in "bUV" else []
    while waiting:
        part = waiting.pop()
        waiting += [part[name] for name in part.dtype.names or ()]
        if part.dtype.kind == "b" and part.view(np.uint8).max(initial=0) > 1:
            raise MalformedError("an array of bools holds bytes other than 0 and 1")
        if part.dtype.kind == "U":
            points = np.ascontiguousarray(part).reshape(-1).view(part.dtype.byteorder + "u4")
            if points.max(initial=0) > _LAST_CODE_POINT:
                raise MalformedError("an array of strings holds numbers that are not characters")
    array.flags.writeable = not node.get("readonly", False)
    return array


def _reach(offset: int, shape: Any, strides: Any, itemsize: int) -> tuple[int, int]:
    """Return where the first byte of an array lies, and the byte after its last."""
    steps = [(length - 1) * stride for length, stride in zip(shape, strides, strict=True)]
    first = offset + sum(step for step in steps if step < 0)
    return first, offset + sum(step for step in steps if step > 0) + itemsize


def _span(array: np.ndarray) -> tuple[int, int]:
    address: int = array.__array_interface__["data"][0]
    return _reach(address, array.shape, array.strides, array.itemsize)


def sharing_memory(arrays: list[np.ndarray]) -> list[list[np.ndarray]]:
    """Return the groups of arrays that see the same memory, in the order of their first ones.

    An environment may keep a grid and a view of its first row. Two independent copies of them
    would not have the same future.

    Raises:
        NotPlainError: If one of them shows elements more often than they are there: otherwise a
            few bytes could claim to be an array of any size.
    """
    owners = [array if array.base is None else array.base for array in arrays]
    if len(set(map(id, owners))) == len(owners) and all(map(_owns_memory, owners)):
        return []
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


def _owns_memory(owner: Any) -> bool:
    return type(owner) is np.ndarray and owner.flags.owndata


def memory_of_group(group: list[np.ndarray]) -> tuple[list[Node], bytes]:
    """Return where each of a group of `sharing_memory` lies in their memory, and that memory."""
    spans = [_span(array) for array in group]
    start = min(first for first, _ in spans)
    start -= start % _ALIGNMENT
    memory = np.zeros(max(last for _, last in spans) - start, np.uint8)
    nodes = []
    for array in group:
        offset = array.__array_interface__["data"][0] - start
        view: np.ndarray = np.ndarray(array.shape, array.dtype, memory, offset, array.strides)
        view[...] = array
        shape, strides = list(array.shape), list(array.strides)
        node = {"dtype": dtype_to_tree(array.dtype), "shape": shape, "strides": strides}
        readonly = {} if array.flags.writeable else {"readonly": True}
        nodes.append({**node, "offset": offset, **readonly})
    return nodes, memory.tobytes()
