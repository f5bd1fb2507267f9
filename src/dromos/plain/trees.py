"""Writing plain values as trees of JSON, with their bytes beside the tree, and reading them.

Reading is one pass: a value is made when all its parts are there, so that nothing can contain
itself, and nothing that could be larger than the bytes it was read from is hashed, compared or
shown. What the kinds of values are, `dromos.plain.kinds` tells.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dromos.plain import arrays
from dromos.plain.errors import (
    IMPOSSIBLE,
    LocatedError,
    MalformedError,
    NotPlainError,
    key_label,
    shown,
    type_name,
)
from dromos.plain.kinds import (
    BY_MARK,
    BY_TEST,
    BY_TYPE,
    Kind,
    PlainList,
    record_kind,
    text_of_node,
)
from dromos.plain.names import Record

__all__ = ["MAX_NODES", "Reader", "Writer", "are_themselves", "unchanged"]

#: Containers inside containers. Each takes up to five of the 1000 calls Python allows.
MAX_DEPTH = 64
#: JSON has them, and they are written as they are.
_ITSELF = frozenset({type(None), bool, str})
_INT_BITS = 64
#: A tuple that holds another twice, which holds another twice, … is written out in full.
MAX_NODES = 1 << 24
#: How many nodes may be seen again by being shared: some, and so many times those that are there.
_SPARE_NODES = 1 << 16
_SPARE_FACTOR = 16


def unchanged(data: Any) -> Any:
    """Return what was passed: bytes that stand in the tree as they are."""
    return data


def are_themselves(values: list[Any]) -> bool:
    """Return whether all stand for themselves in a tree: a seed or a number for each of many lanes.

    Looked at one by one, they would be most of the work of a vector's snapshot.
    """
    kinds = set(map(type, values))
    if kinds == {int}:
        return all(end.bit_length() <= _INT_BITS for end in (min(values), max(values)))
    return kinds <= _ITSELF


def _are_names(keys: Any) -> bool:
    """Return whether all keys are texts that cannot be taken for marks."""
    if not {*map(type, keys)} <= {str}:
        return False
    return "$" not in "".join(keys) or not any(key[:1] == "$" for key in keys)


class Writer:
    """Writes plain values.

    Args:
        store: Gives what stands in the tree for bytes.
    """

    store: Callable[[bytes], Any]
    by_type: Mapping[type, Kind] = BY_TYPE

    def __init__(self, store: Callable[[bytes], Any] = unchanged) -> None:
        self.store = store
        self._views: dict[int, tuple[Any, list[Any]]] = {}
        self._texts: dict[int, tuple[Any, str]] = {}
        self._begin()

    def _begin(self) -> None:
        self._places: dict[int, tuple[Any, Any]] = {}  # the parent and the key of each node
        self._kept: list[Any] = []  # values, so that no other object gets the id of one
        self._open: set[int] = set()
        self._arrays: list[np.ndarray] = []
        self._numbers = self._nodes = 0

    def run(self, value: Any) -> Any:
        """Return the tree of a value; that is walked through again if arrays in it share memory.

        Raises:
            NotPlainError: If something in it is not plain data.
        """
        root = [None]
        root[0] = self.node(value, root, 0)
        if groups := arrays.sharing_memory(self._arrays):
            kept = self._kept
            self._begin()
            self._kept.append(kept)
            for group in groups:
                nodes, memory = arrays.memory_of_group(group)
                place = [memory]  # or, once that is written, where
                for array, node in zip(group, nodes, strict=True):
                    self._views[id(array)] = (node, place)
            root[0] = self.node(value, root, 0)
        return root[0]

    def text_of(self, element: Any) -> str:
        """Return a text that the elements of a set can be put in order by: the order is no state.

        Nodes cannot be put in order, since others may refer to what lies in them by its place.
        """
        if id(element) not in self._texts:  # sets in sets in sets would ask again and again
            writer = copy.copy(self)
            writer._begin()
            writer.store, writer._views = unchanged, {}
            writer._open |= self._open
            node = writer.node(element, [None], 0)
            self._texts[id(element)] = element, text_of_node(node)
        return self._texts[id(element)][1]

    def node(self, value: Any, parent: Any, key: Any) -> Any:
        """Return the node of a value, which the caller puts at ``parent[key]``."""
        cls = type(value)
        if cls in _ITSELF or (cls is float and math.isfinite(value)):
            return value
        if cls is int and value.bit_length() <= _INT_BITS:
            return value
        kind = self.by_type.get(cls) or self.kind_of(value)
        if kind.shares and id(value) in self._places:
            return self._reference(*self._places[id(value)])
        node = self._holder(value, kind) if kind.holds else kind.write(self, value)
        if kind.shares:  # another place that holds this too will refer to it
            self._places[id(value)] = (parent, key)
            self._kept.append(value)
        return node

    def _holder(self, value: Any, kind: Kind) -> Any:
        """Return the node of a value that holds others."""
        if id(value) in self._open:
            raise NotPlainError(f"a {type_name(value)}", "it contains itself")
        if not self.has_room_for(1):
            found = f"an instance of {type_name(value)}"
            raise NotPlainError(found, f"it lies {MAX_DEPTH} containers deep")
        self._open.add(id(value))
        try:
            if kind.mark == "$list":
                return self.nodes(value, "[{}]".format)
            if kind.mark == "$dict":
                return self.members(value)
            return kind.write(self, value)
        finally:
            self._open.discard(id(value))

    def kind_of(self, value: Any) -> Kind:
        """Return the kind of a value that its type alone does not tell.

        Raises:
            NotPlainError: If it is none of plain data.
        """
        if type(value) is Record:
            return record_kind(value.form)
        kind = next((kind for fits, kind in BY_TEST if fits(value)), None)
        if kind is None:
            raise NotPlainError(f"an instance of {type_name(value)}")
        return kind

    def _reference(self, parent: Any, key: Any) -> Any:
        if isinstance(parent[key], list):
            parent[key] = {"$list": parent[key]}
        elif not any(name[:1] == "$" for name in parent[key]):
            parent[key] = {"$dict": parent[key]}
        node = parent[key]
        if "id" not in node:
            node["id"] = self._numbers
            self._numbers += 1
        return {"$ref": node["id"]}

    def members(self, value: dict[Any, Any], label: Callable[[str], str] = key_label) -> Any:
        """Return the node of a dict; `label` gives errors the names of keys that are texts."""
        if not _are_names(value):
            return BY_TYPE[dict].write(self, value)
        self._count(len(value))
        node: dict[str, Any] = {}
        name = ""
        try:
            for name, part in value.items():
                node[name] = None  # keeps the order if the part asks for its place
                if part is not None:
                    node[name] = self.node(part, node, name)
        except LocatedError as error:
            raise error.under(label(name)) from None
        return node

    def nodes(self, parts: list[Any], label: Callable[[int], str]) -> list[Any]:
        """Return the nodes of some values; `label` says what errors call that at a place."""
        self._count(len(parts))
        if type(parts) is PlainList:
            return parts
        if are_themselves(parts):
            return parts.copy()
        nodes: list[Any] = [None] * len(parts)
        place = 0
        try:
            for place, part in enumerate(parts):
                nodes[place] = self.node(part, nodes, place)
        except LocatedError as error:
            raise error.under(label(place)) from None
        return nodes

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise NotPlainError("one of too many values", f"a value has at most {MAX_NODES}")

    def has_room_for(self, containers: int) -> bool:
        """Return whether what is being written may hold as many containers in containers."""
        return len(self._open) + containers <= MAX_DEPTH

    def view_of(self, array: np.ndarray) -> Any:
        """Return the node of an array that shares memory with others; None if it does not."""
        view = self._views.get(id(array))
        if view is None:
            self._arrays.append(array)
            return None
        description, place = view
        node: dict[str, Any] = {"$view": None, **description}
        if type(place[0]) is bytes:
            node["$view"] = {"$memory": self.store(place[0])}
            place[0] = node
        else:
            node["$view"] = self._reference(place[0], "$view")
        return node


class Reader:
    """Makes values of trees.

    Args:
        load: Gives the bytes of which something stands in the tree.
        find: Gives what ``"module:qualname"`` names, or None to leave it a name.
        spare: How many nodes may be seen again by being shared, however few there are.
        kinds: The kinds of values there are, by their marks.

    Attributes:
        elements: How many elements the spaces that were read have.
    """

    load: Callable[[Any], Any]
    find: Callable[[str], Any]

    def __init__(
        self,
        load: Callable[[Any], Any] = unchanged,
        find: Callable[[str], Any] = lambda _: None,
        spare: int = _SPARE_NODES,
        kinds: Mapping[str, Kind] = BY_MARK,
    ) -> None:
        self.load, self.find = load, find
        self.elements = 0
        self._kinds, self._spare = kinds, spare
        self._shared: dict[int, tuple[Any, int]] = {}
        self._memory: dict[int, np.ndarray] = {}
        self._nodes = self._again_nodes = self._depth = 0

    def value(self, node: Any) -> Any:
        """Return the value of a node.

        Raises:
            MalformedError: If it describes none.
        """
        cls = type(node)
        self._nodes += 1
        if cls in _ITSELF or cls is float:
            return node
        if cls is int:
            if node.bit_length() > _INT_BITS:
                raise MalformedError(f"an integer of {node.bit_length()} bits")
            return node
        if cls is arrays.ArrayNode and (array := node.array()) is not None:
            return array
        if not isinstance(node, (dict, list)):
            raise MalformedError(f"expected a tree of JSON, found {shown(node)}")
        if self._depth > MAX_DEPTH:
            raise MalformedError(f"values nested deeper than {MAX_DEPTH} containers")
        self._depth += 1
        value = self._object(node) if isinstance(node, dict) else self.values(node)
        self._depth -= 1
        return value

    def values(self, nodes: Any) -> list[Any]:
        """Return the values of a list of nodes."""
        if not isinstance(nodes, list):
            raise MalformedError(f"expected a list of values, found {shown(nodes)}")
        if type(nodes) is PlainList or are_themselves(nodes):
            self._nodes += len(nodes)
            return nodes.copy()
        values: list[Any] = []
        try:
            for node in nodes:
                values.append(self.value(node))
        except MalformedError as error:
            raise error.under(f"[{len(values)}]") from None
        return values

    def members(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return the dict of the values of an object."""
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, part in node.items():
                values[name] = self.value(part)
        except MalformedError as error:
            raise error.under(key_label(name)) from None
        return values

    def _object(self, node: dict[str, Any]) -> Any:
        try:
            names = "".join(node)
        except TypeError:
            raise MalformedError("an object with a key that is no text") from None
        if "$" not in names:
            return self.members(node)
        for mark in node:
            if mark[:1] == "$":
                break
        else:
            return self.members(node)
        if mark == "$ref":
            return self._again(node[mark])
        kind, before = self._kinds.get(mark), self._nodes
        if kind is None:
            raise MalformedError(f"unknown mark {shown(mark)}")
        try:
            value = kind.read(self, node)
        except LocatedError:
            raise
        except IMPOSSIBLE as reason:
            found = f"{shown(node[mark])} ({str(reason)[:200]})"
            raise MalformedError(f"expected the body of {mark}, found {found}") from None
        if "id" in node:
            number = node["id"]
            if type(number) is not int or number in self._shared or not kind.shares:
                raise MalformedError(
                    f"expected the number of a shared value, found {shown(number)}"
                )
            self._shared[number] = value, self._nodes - before
        return value

    def _again(self, number: Any) -> Any:
        if type(number) is not int or number not in self._shared:
            raise MalformedError(f"{shown(number)} is the number of no value before")
        value, size = self._shared[number]
        self._nodes += size
        self._again_nodes += size
        read = self._nodes - self._again_nodes
        if self._again_nodes > self._spare + _SPARE_FACTOR * read:
            raise MalformedError("parts that are shared make the value too large")
        return value

    def view(self, node: dict[str, Any]) -> np.ndarray:
        """Return a view on memory that comes with it, or has come with another one."""
        match node["$view"]:
            case {"$ref": int(number)} if number in self._memory:
                pass
            case {"$memory": data, "id": int(number)} if number not in self._memory:
                self._memory[number] = np.frombuffer(bytearray(self.load(data)), np.uint8)
            case other:
                raise MalformedError(f"expected the memory of a view, found {shown(other)}")
        return arrays.view_of_node(node, self._memory[number])
