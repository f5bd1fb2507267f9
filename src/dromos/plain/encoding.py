"""Writing plain values as trees of JSON, with their bytes beside the tree or inside it."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np

from dromos.plain.arrays import array_to_parts, check_array, scalar_to_parts
from dromos.plain.copying import ATOMS, MAX_DEPTH, kind_of
from dromos.plain.dtypes import dtype_to_tree
from dromos.plain.errors import NotPlainError, not_plain, type_name
from dromos.plain.kinds import DICT, LIST, Kind
from dromos.plain.memory import Region, shared_regions
from dromos.plain.reference import Reference, reference_to, reference_to_member
from dromos.plain.scalars import scalar_to_tree

__all__ = ["encode", "in_base64"]

_SET_TAGS = ("$set", "$frozenset")

#: Elements of a set that differ only inside this many containers keep the order they had.
_ORDER_DEPTH = 8


class _Blob:
    """Bytes that the tree mentions."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self.data = data


class _Cell:
    """The node of a value with an identity.

    Whether others refer to it is known only at the end, and with it the node's form.
    """

    def __init__(self, tag: str, arguments: list[Any]) -> None:
        self.tag = tag
        self.arguments = arguments
        self.body: Any = []
        self.extra: dict[str, Any] = {}
        self.uses = 0
        self.number = -1


def in_base64(data: bytes | bytearray | memoryview) -> str:
    """Return bytes as a text."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def encode(value: Any, store: Callable[[Any], Any] = in_base64) -> Any:
    """Return the tree of a plain value.

    Args:
        value: What to write.
        store: Called once for all bytes in it, in order; returns what the tree says in their
            place: a text that holds them, or the number by which they are found.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    encoder = _Encoder()
    root = encoder.encode(value)
    encoder.finish_arrays()
    return _Writer(store).write(root)


class _Encoder:
    def __init__(self) -> None:
        self._cells: dict[int, _Cell] = {}
        self._arrays: list[tuple[np.ndarray, _Cell]] = []
        self._originals: list[Any] = []  # kept, so that no other object gets the id of one
        self._open: list[_Cell] = []

    def encode(self, value: Any) -> Any:
        if type(value) in ATOMS and type(value) is not bytes:
            return scalar_to_tree(value)
        cell = self._cells.get(id(value))
        if cell is not None:
            self._refer(cell)
            return cell
        kind = kind_of(value)
        if kind is None:
            return self._leaf(value)
        if len(self._open) >= MAX_DEPTH:
            found = f"an instance of {type_name(value)}"
            raise NotPlainError(found, f"it lies {MAX_DEPTH} containers deep")
        return self._container(kind, value)

    def _refer(self, cell: _Cell) -> None:
        cell.uses += 1
        if cell in self._open:
            # A cycle. Were it through a tuple, the reader would come here twice, and must then
            # find what is in between by number.
            for between in self._open[self._open.index(cell) + 1 :]:
                between.uses += 1

    def _container(self, kind: Kind, value: Any) -> _Cell:
        arguments = kind.arguments(value)
        parts = kind.parts(value)
        cell = _Cell(kind.tag, arguments)
        # Tuples of scalars are shared by the compiler's whim: to the next run they are not one.
        if not (kind.by_value and all(type(part) in ATOMS for part in parts)):
            self._remember(value, cell)
        self._open.append(cell)
        try:
            for part in parts:
                cell.body.append(self.encode(part))
        except NotPlainError as error:
            raise error.under(kind.label(arguments, parts, len(cell.body))) from None
        self._open.pop()
        return cell

    def _remember(self, value: Any, cell: _Cell) -> None:
        cell.uses = 1
        self._cells[id(value)] = cell
        self._originals.append(value)

    def _leaf(self, value: Any) -> Any:
        if type(value) is np.ndarray:
            check_array(value)
            cell = _Cell("$array", [])
            self._arrays.append((value, cell))
            self._remember(value, cell)
            return cell
        if type(value) is bytearray:
            cell = _Cell("$bytearray", [])
            cell.body = _Blob(bytes(value))
            self._remember(value, cell)
            return cell
        if type(value) is bytes:
            return {"$bytes": _Blob(value)}
        if isinstance(value, np.generic):
            return _numpy_scalar(value)
        if isinstance(value, np.dtype):
            return {"$dtype": dtype_to_tree(value)}
        return scalar_to_tree(_name(value))

    def finish_arrays(self) -> None:
        """Write the arrays, which had to wait until it was known which share memory."""
        regions = shared_regions(array for array, _ in self._arrays)
        memory: dict[int, _Cell] = {}
        for array, cell in self._arrays:
            region = regions.get(id(array))
            if region is None:
                cell.extra, data = array_to_parts(array)
                cell.body = _Blob(data)
            else:
                cell.tag, cell.extra = "$view", region.describe(array)
                cell.body = memory.get(id(region)) or _memory_cell(region)
                cell.body.uses += 1
                memory[id(region)] = cell.body


def _memory_cell(region: Region) -> _Cell:
    cell = _Cell("$memory", [])
    memory: Any = region.copy()
    cell.body = _Blob(memoryview(memory))
    return cell


def _numpy_scalar(value: np.generic) -> Any:
    if type(value) is np.str_:
        return scalar_to_tree(value)
    if type(value) is np.bytes_:
        return {"$scalar": _Blob(bytes(value)), "dtype": "bytes"}
    description, data = scalar_to_parts(value)
    return {"$scalar": _Blob(data), **description}


def _name(value: Any) -> Reference:
    if isinstance(value, Enum):
        reference = reference_to_member(value)
    else:
        reference = reference_to(value) if callable(value) else None
    if reference is None:
        raise not_plain(value)
    return reference


class _Writer:
    """Cells as JSON. Those that are referred to again get numbers, in the order of the text."""

    def __init__(self, store: Callable[[Any], Any]) -> None:
        self._store = store
        self._numbers = 0

    def write(self, node: Any) -> Any:
        kind = type(node)
        if kind is list:
            return [self.write(item) for item in node]
        if kind is dict:
            return {name: self.write(item) for name, item in node.items()}
        if kind is _Blob:
            return self._store(node.data)
        if kind is not _Cell:
            return node
        if node.number >= 0:
            return {"$ref": node.number}
        return self._first(node)

    def _first(self, cell: _Cell) -> Any:
        shared = cell.uses > 1
        if shared:
            cell.number = self._numbers
            self._numbers += 1
        if cell.tag in _SET_TAGS:
            cell.body.sort(key=_canonical)
        elif not shared and cell.tag == LIST.tag:
            return self.write(cell.body)
        elif not shared and cell.tag == DICT.tag and _is_object(cell.body):
            pairs = zip(cell.body[::2], cell.body[1::2], strict=True)
            return {key: self.write(item) for key, item in pairs}
        node = {cell.tag: self.write(cell.body), **cell.extra}
        if cell.arguments:
            node["of"] = cell.arguments
        if shared:
            node["id"] = cell.number
        return node


def _is_object(body: list[Any]) -> bool:
    """Return whether a JSON object can say these keys and values, and not be taken for a tag."""
    return all(type(key) is str and not key.startswith("$") for key in body[::2])


def _canonical(node: Any, depth: int = 0) -> str:
    """Return a text that puts the elements of a set in order, the same in every run."""
    if type(node) is _Cell:
        parts = [node.body] if type(node.body) is _Blob else node.body
        texts = [_canonical(part, depth + 1) for part in parts] if depth < _ORDER_DEPTH else ["..."]
        if node.tag in _SET_TAGS:
            texts.sort()
        return f"{node.tag} {node.arguments} [{', '.join(texts)}]"
    if type(node) is dict:
        return ", ".join(f"{key}: {_canonical(item, depth)}" for key, item in node.items())
    if type(node) is _Blob:
        return bytes(node.data).hex()
    return repr(node)
