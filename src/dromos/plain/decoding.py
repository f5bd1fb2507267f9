"""Reading the trees that `encoding` writes. Nothing in them is trusted."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import Any

import numpy as np

from dromos.plain.arrays import Buffer, array_from_parts, scalar_from_parts, view_from_parts
from dromos.plain.copying import MAX_DEPTH
from dromos.plain.dtypes import dtype_from_tree
from dromos.plain.errors import MalformedError
from dromos.plain.generators import GENERATORS
from dromos.plain.kinds import CONTAINERS, Kind, key_label
from dromos.plain.records import RECORDS
from dromos.plain.scalars import SCALARS
from dromos.plain.spaces import SPACE

__all__ = ["decode", "from_base64"]

_KINDS: dict[str, Kind] = {
    **{kind.tag: kind for kind in (*CONTAINERS.values(), *GENERATORS.values(), SPACE)},
    **RECORDS,
}

#: Longer integers are written in hexadecimal.
_INT_LIMIT = 1 << 64


def from_base64(text: Any) -> bytes:
    """Return the bytes of a text that `encoding.in_base64` wrote.

    Raises:
        MalformedError: If `text` is not such a text.
    """
    try:
        if type(text) is str:
            data = binascii.a2b_base64(text)
            if binascii.b2a_base64(data, newline=False).decode("ascii") == text:
                return data
    except ValueError:
        pass
    raise MalformedError(f"expected bytes in base64, found {text!r:.60}")


def decode(tree: Any, load: Callable[[Any], Buffer] = from_base64) -> Any:
    """Return the value that a tree describes.

    Classes, functions and enum members come back as `Reference`, objects of such classes as
    `Record`: nothing is imported and nothing in the tree is run.

    Args:
        tree: What `encode` returned, or anything else.
        load: Returns the bytes for what `store` left in the tree.

    Raises:
        MalformedError: If the tree describes no value.
    """
    try:
        return _Decoder(load).decode(tree)
    except RecursionError:
        raise MalformedError("nested too deep for what is left of Python's stack") from None


class _Decoder:
    def __init__(self, load: Callable[[Any], Buffer]) -> None:
        self._load = load
        self._values: dict[int, Any] = {}
        self._unfinished: dict[int, Any] = {}
        self._repeated: set[int] = set()
        self._depth = 0
        self._leaves: dict[str, Callable[[dict[str, Any]], Any]] = {
            "$array": self._array,
            "$view": self._view,
            "$memory": self._memory,
            "$scalar": self._scalar,
            "$bytes": lambda node: bytes(self._bytes(node, "$bytes")),
            "$bytearray": lambda node: bytearray(self._bytes(node, "$bytearray")),
            "$dtype": lambda node: dtype_from_tree(_only(node, "$dtype")),
        }

    def decode(self, tree: Any) -> Any:
        kind = type(tree)
        if kind is str or kind is float or kind is bool or tree is None:
            return tree
        if kind is int:
            if -_INT_LIMIT < tree < _INT_LIMIT:
                return tree
            raise MalformedError("an integer of more than 64 bits that is not hexadecimal")
        if kind is not list and kind is not dict:
            raise MalformedError(f"expected JSON, found a {kind.__name__}")
        if self._depth >= MAX_DEPTH:
            raise MalformedError(f"nested deeper than {MAX_DEPTH} containers")
        self._depth += 1
        try:
            return self._list(tree) if kind is list else self._node(tree)
        finally:
            self._depth -= 1

    def _list(self, items: list[Any]) -> list[Any]:
        values: list[Any] = []
        try:
            for item in items:
                values.append(self.decode(item))
        except MalformedError as error:
            raise error.under(f"[{len(values)}]") from None
        return values

    def _node(self, node: dict[Any, Any]) -> Any:
        tag = next((key for key in node if type(key) is str and key.startswith("$")), None)
        if tag is None:
            return self._object(node)
        if tag == "$ref":
            return self._again(_only(node, tag))
        if "id" in node and _number(node) in self._values:
            return self._values[node["id"]]
        if tag in SCALARS:
            return SCALARS[tag](_only(node, tag))
        if tag in self._leaves:
            return self._known(node, self._leaves[tag](node))
        if tag in _KINDS:
            return self._parts(_KINDS[tag], node)
        raise MalformedError(f"unknown mark {tag!r:.60}")

    def _object(self, node: dict[Any, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.items():
            if type(key) is not str:
                raise MalformedError(f"expected a text as a key, found {key!r:.60}")
            try:
                found[key] = self.decode(item)
            except MalformedError as error:
                raise error.under(key_label(key)) from None
        return found

    def _again(self, number: Any) -> Any:
        if type(number) is int:
            if number in self._values:
                return self._values[number]
            if number in self._unfinished and number not in self._repeated:
                # A tuple that holds a list that holds the tuple: this time the list is known.
                self._repeated.add(number)
                return self.decode(self._unfinished[number])
        raise MalformedError(f"a reference to something unknown, {number!r:.60}")

    def _known(self, node: dict[str, Any], value: Any) -> Any:
        if "id" in node:
            self._values[_number(node)] = value
        return value

    def _parts(self, kind: Kind, node: dict[str, Any]) -> Any:
        _check_keys(node, {kind.tag, "of", "id"})
        body, arguments = node[kind.tag], node.get("of", [])
        if type(body) is not list or type(arguments) is not list:
            raise MalformedError(f"expected a list under {kind.tag}")
        if kind.grows:
            shell = self._known(node, kind.shell(arguments))
            kind.fill(shell, arguments, self._list(body))
            return shell
        number = _number(node) if "id" in node else None
        if number is not None:
            self._unfinished[number] = node
        parts = self._list(body)
        if number is not None and number in self._values:
            return self._values[number]
        return self._known(node, kind.build(arguments, parts))

    def _bytes(self, node: dict[str, Any], tag: str) -> Buffer:
        _check_keys(node, {tag, "id"})
        return self._load(node[tag])

    def _array(self, node: dict[str, Any]) -> np.ndarray:
        _check_keys(node, {"$array", "dtype", "shape", "axes", "readonly", "id"})
        return array_from_parts(node, self._load(node["$array"]))

    def _memory(self, node: dict[str, Any]) -> np.ndarray:
        return np.frombuffer(self._bytes(node, "$memory"), np.uint8).copy()

    def _view(self, node: dict[str, Any]) -> np.ndarray:
        _check_keys(node, {"$view", "dtype", "shape", "strides", "offset", "readonly", "id"})
        memory = self.decode(node["$view"])
        is_bytes = type(memory) is np.ndarray and memory.dtype == np.uint8 and memory.ndim == 1
        if not is_bytes or not memory.flags.writeable:
            raise MalformedError("a view of something that is not memory")
        return view_from_parts(node, memory)

    def _scalar(self, node: dict[str, Any]) -> Any:
        _check_keys(node, {"$scalar", "dtype"})
        data = self._load(node["$scalar"])
        if node.get("dtype") == "bytes":
            return np.bytes_(bytes(data))
        return scalar_from_parts(node, data)


def _number(node: dict[str, Any]) -> int:
    number = node["id"]
    if type(number) is not int:
        raise MalformedError(f"expected a number as id, found {number!r:.60}")
    return number


def _only(node: dict[str, Any], tag: str) -> Any:
    _check_keys(node, {tag})
    return node[tag]


def _check_keys(node: dict[str, Any], allowed: set[str]) -> None:
    unknown = node.keys() - allowed
    if unknown:
        raise MalformedError(f"unexpected {min(map(repr, unknown)):.60} beside {min(allowed)}")
