"""Writing plain values as trees of JSON, with their bytes beside the tree, and reading them.

Reading is one pass: a value is made when all its parts are there, so that nothing can contain
itself, and nothing that could be larger than the bytes it was read from is hashed, compared or
shown.
"""

from __future__ import annotations

import binascii
import math
import struct
from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np

from dromos.error import Error
from dromos.plain import arrays
from dromos.plain.errors import (
    LocatedError,
    MalformedError,
    NotPlainError,
    key_label,
    shown,
    type_name,
)
from dromos.plain.kinds import DICTS, KIND_OF_MARK, KINDS, LEAF_OF_MARK, LEAVES, SETS, Kind
from dromos.plain.names import (
    Record,
    Reference,
    attributes_of,
    find_loaded,
    instance_of,
    is_dataclass,
    is_namedtuple,
    member_of,
    name_of_member,
    reference_to,
)
from dromos.plain.spaces import (
    MAX_ELEMENTS,
    is_space,
    parts_of_space,
    space_from_text,
    space_to_text,
)

__all__ = ["Decoder", "Encoder", "copied", "decode", "in_base64", "resolved", "without_bytes"]

#: Containers inside containers. Each takes up to five of the 1000 calls Python allows.
MAX_DEPTH = 64
#: JSON has them, and they are written as they are.
_ITSELF = frozenset({type(None), bool, str})
_SMALL = 1 << 63
_INT_BITS = 64
#: A tuple that holds another twice, which holds another twice, … is written out in full.
_MAX_NODES = 1 << 24
#: How many nodes may be seen again by being shared: some, and so many times those that are there.
_SPARE_NODES = 1 << 16
_SPARE_FACTOR = 16


class Encoder:
    """Writes plain values. Bytes stand in the tree as `bytes` objects.

    A subclass may write what is not plain (`other`).
    """

    def __init__(self) -> None:
        self._views: dict[int, tuple[Any, list[Any]]] = {}
        self._begin()

    def _begin(self) -> None:
        self._places: dict[int, tuple[Any, Any]] = {}  # the parent and the key of each node
        self._kept: list[Any] = []  # values, so that no other object gets the id of one
        self._open: set[int] = set()
        self._arrays: list[np.ndarray] = []
        self._has_views = False
        self._numbers = self._nodes = 0

    def run(self, value: Any) -> Any:
        """Return the tree of a value; that is walked through again if arrays in it share memory.

        Raises:
            NotPlainError: If something in it is not plain data.
        """
        root = [None]
        root[0] = self.node(value, root, 0)
        if self._has_views and (groups := arrays.overlaps(self._arrays)):
            kept = self._kept
            self._begin()
            self._kept.append(kept)
            for group in groups:
                descriptions, memory = arrays.view_to_parts(group)
                place = [memory]  # or, once that is written, where
                for array, description in zip(group, descriptions, strict=True):
                    self._views[id(array)] = (description, place)
            root[0] = self.node(value, root, 0)
        return root[0]

    def node(self, value: Any, parent: Any, key: Any) -> Any:
        """Return the node of a value, which the caller puts at ``parent[key]``."""
        cls = type(value)
        if cls in _ITSELF or (cls is int and -_SMALL < value < _SMALL):
            return value
        if cls is float and math.isfinite(value):
            return value
        leaf = LEAVES.get(cls)
        if leaf is not None:
            big = cls is not int or value.bit_length() > _INT_BITS
            return {leaf.mark: leaf.write(value)} if big else value
        if cls is bytes:
            return {"$bytes": value}
        kind = KINDS.get(cls)
        if kind is not None and not kind.shares:
            return self._container(value, kind)
        known = self._places.get(id(value))
        if known is not None:
            return self._reference(*known)
        if cls is np.ndarray:
            node = self._array(value)
        elif kind is not None:
            node = self._container(value, kind)
        elif cls is bytearray:
            node = {"$bytearray": bytes(value)}
        else:
            return self.other(value, parent, key)
        return self.remember(node, value, parent, key)

    def remember(self, node: Any, value: Any, parent: Any, key: Any) -> Any:
        """Return the node of a value; another place that holds that too will refer to it."""
        self._places[id(value)] = (parent, key)
        self._kept.append(value)
        return node

    def _reference(self, parent: Any, key: Any) -> Any:
        node = parent[key]
        if type(node) is list:
            parent[key] = node = {"$list": node}
        elif not any(name[:1] == "$" for name in node):
            parent[key] = node = {"$dict": node}
        if "id" not in node:
            node["id"] = self._numbers  # pyright: ignore[reportArgumentType]
            self._numbers += 1
        return {"$ref": node["id"]}

    def _container(self, value: Any, kind: Kind) -> Any:
        if len(self._open) >= MAX_DEPTH:
            found = f"an instance of {type_name(value)}"
            raise NotPlainError(found, f"it lies {MAX_DEPTH} containers deep")
        self._enter(value)
        try:
            if type(value) is dict and all(type(k) is str and k[:1] != "$" for k in value):
                return self.dict_node(value)
            return self._parts(value, kind)
        finally:
            self._open.discard(id(value))

    def _enter(self, value: Any) -> None:
        if id(value) in self._open:
            raise NotPlainError(f"a {type_name(value)}", "it contains itself")
        self._open.add(id(value))

    def dict_node(self, value: dict[str, Any], label: Callable[[str], str] = key_label) -> Any:
        """Return the node of a dict with plain texts as keys."""
        node: dict[str, Any] = {}
        name = ""
        try:
            for name, part in value.items():
                node[name] = None  # keeps the order if the part asks for its place
                node[name] = self.node(part, node, name)
        except LocatedError as error:
            raise error.under(label(name)) from None
        return node

    def _parts(self, value: Any, kind: Kind) -> Any:
        parts = kind.parts(value)
        hashed = parts if kind.mark in SETS else parts[::2] if kind.mark in DICTS else ()
        if any(is_dataclass(type(key)) for key in hashed):
            raise NotPlainError(f"a {type_name(value)}", "it has instances of dataclasses as keys")
        self._nodes += len(parts)
        if self._nodes > _MAX_NODES:
            raise NotPlainError("one of too many values", f"a value has at most {_MAX_NODES}")
        nodes = self.list_node(parts, lambda place: _label(kind, parts, place))
        if kind.mark in SETS:  # the order of a set is not part of it
            nodes.sort(key=_order)
        if kind.mark == "$list":
            return nodes
        return {kind.mark: nodes} if kind.of is None else {kind.mark: nodes, "of": kind.of(value)}

    def list_node(self, parts: list[Any], label: Callable[[int], str]) -> list[Any]:
        """Return the nodes of some values; `label` says what stands at a place."""
        nodes: list[Any] = [None] * len(parts)
        place = 0
        try:
            for place, part in enumerate(parts):
                nodes[place] = self.node(part, nodes, place)
        except LocatedError as error:
            raise error.under(label(place)) from None
        return nodes

    def _array(self, value: np.ndarray) -> Any:
        view = self._views.get(id(value))
        if view is None:
            self._arrays.append(value)
            self._has_views = self._has_views or value.base is not None
            description, data = arrays.array_to_parts(value)
            return {"$array": data, **description}
        description, place = view
        node: dict[str, Any] = {"$view": None, **description}
        if type(place[0]) is bytes:
            node["$view"] = {"$memory": place[0]}
            place[0] = node
        else:
            node["$view"] = self._reference(place[0], "$view")
        return node

    def other(self, value: Any, parent: Any, key: Any) -> Any:
        """Return the node of a value that is no container, array or generator.

        Raises:
            NotPlainError: If it is not plain data.
        """
        cls = type(value)
        if isinstance(value, np.void):
            raise NotPlainError("a numpy.void", "it may share memory with the array it is from")
        if cls is np.bytes_:
            return {"$scalar": b"".join([value]), "dtype": "bytes"}  # NumPy would drop zeros
        if isinstance(value, np.generic):
            arrays.check_array(np.asarray(value))
            description, data = arrays.array_to_parts(np.asarray(value))
            return {"$scalar": data, "dtype": description["dtype"]}
        if isinstance(value, np.dtype):
            return {"$dtype": arrays.dtype_to_tree(value)}
        if isinstance(value, Enum):
            name = name_of_member(value)
            if name is not None:
                return {"$reference": [_path(cls), name]}
        elif is_namedtuple(cls):
            return self.record(Record("namedtuple", _path(cls), value._asdict()), value)
        elif is_dataclass(cls) and not isinstance(value, type):
            _require_only_fields(value)
            record = Record("dataclass", _path(cls), attributes_of(value))
            return self.remember(self.record(record, value), value, parent, key)
        elif cls is Record:
            node = self.record(value, value)  # pyright: ignore[reportArgumentType]
            is_shared = value.form not in ("namedtuple", "same")  # pyright: ignore[reportAttributeAccessIssue]
            return self.remember(node, value, parent, key) if is_shared else node
        elif is_space(value):
            generators = [getattr(part, "_np_random", None) for part in parts_of_space(value)]
            node = {"$space": self.list_node(generators, lambda _: ".np_random")}
            node["of"] = [space_to_text(value)]
            return self.remember(node, value, parent, key)
        elif callable(value) and (reference := reference_to(value)) is not None:
            return {"$reference": reference.path}
        if callable(value) and hasattr(value, "__qualname__"):
            reason = "no import finds it by its name; define it at the top of a module"
            raise NotPlainError(f"the function or class {value.__qualname__}", reason)
        raise NotPlainError(f"an instance of {type_name(value)}")

    def record(self, record: Record, value: Any) -> Any:
        """Return the node of a value whose class is named: its fields."""
        self._enter(value)
        names = list(record.fields)
        try:
            nodes = self.list_node([*record.fields.values()], lambda place: f".{names[place]}")
        finally:
            self._open.discard(id(value))
        return {f"${record.form}": nodes, "of": [record.path, *names]}


def _path(cls: type) -> str:
    reference = reference_to(cls)
    if reference is None:
        reason = "its class cannot be imported by name; define the class at the top of a module"
        raise NotPlainError(f"an instance of {cls.__qualname__}", reason)
    return reference.path


def _require_only_fields(value: Any) -> None:
    try:
        instance_of("dataclass", type(value), {})
    except MalformedError:
        reason = "it is a dataclass with more to it than its fields"
        raise NotPlainError(f"an instance of {type_name(value)}", reason) from None


def _order(node: Any) -> str:
    import json

    return json.dumps(node, default=bytes.hex, sort_keys=True)


def _label(kind: Kind, parts: list[Any], place: int) -> str:
    if kind.mark in DICTS:
        return key_label(parts[place - place % 2])
    if kind.mark in SETS:
        return f"{{{shown(parts[place])}}}"
    return ".state" if kind.mark in ("$bits", "$generator", "$randomstate") else f"[{place}]"


class Decoder:
    """Makes values of trees.

    Args:
        load: Gives the bytes that stand in the tree, or that the tree names.
        find: Gives what ``"module:qualname"`` names, or None to leave it a name.
        spare: How many nodes may be seen again by being shared, however few there are.
    """

    #: The records that there are.
    forms: tuple[str, ...] = ("namedtuple", "dataclass")

    def __init__(
        self,
        load: Callable[[Any], Any],
        find: Callable[[str], Any] = lambda _: None,
        spare: int = _SPARE_NODES,
    ) -> None:
        self._load, self._find, self._spare = load, find, spare
        self._shared: dict[int, tuple[Any, int]] = {}
        self._memory: dict[int, np.ndarray] = {}
        self._nodes = self._again_nodes = self._depth = 0
        self._elements = MAX_ELEMENTS

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
        if cls is not list and cls is not dict:
            raise MalformedError(f"expected a tree of JSON, found {shown(node)}")
        if self._depth > MAX_DEPTH:
            raise MalformedError(f"values nested deeper than {MAX_DEPTH} containers")
        self._depth += 1
        value = self._values(node) if cls is list else self._object(node)
        self._depth -= 1
        return value

    def _values(self, nodes: Any) -> list[Any]:
        if type(nodes) is not list:
            raise MalformedError(f"expected a list of values, found {shown(nodes)}")
        values: list[Any] = []
        try:
            for node in nodes:
                values.append(self.value(node))
        except MalformedError as error:
            raise error.under(f"[{len(values)}]") from None
        return values

    def _object(self, node: dict[str, Any]) -> Any:
        mark = None
        for name in node:
            if type(name) is not str:
                raise MalformedError("an object with a key that is no text")
            if mark is None and name[:1] == "$":
                mark = name
        if mark is None:
            return self._dict(node)
        if mark == "$ref":
            return self._again(node[mark])
        before = self._nodes
        value = self.marked(mark, node)
        if "id" in node:
            self._share(node["id"], value, self._nodes - before)
        return value

    def _dict(self, node: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, part in node.items():
                values[name] = self.value(part)
        except MalformedError as error:
            raise error.under(key_label(name)) from None
        return values

    def _share(self, number: Any, value: Any, size: int) -> None:
        is_fixed = isinstance(value, (str, int, float, tuple, frozenset))
        is_fixed = is_fixed or (type(value) is Record and value.form == "namedtuple")
        if type(number) is not int or number in self._shared or is_fixed:
            raise MalformedError(f"expected the number of a shared value, found {shown(number)}")
        self._shared[number] = value, size

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

    def marked(self, mark: str, node: dict[str, Any]) -> Any:
        """Return the value of an object with a mark."""
        body = node[mark]
        leaf = LEAF_OF_MARK.get(mark)
        if leaf is not None:
            value = _leaf(leaf.read, mark, body)
            return self._named(value) if mark == "$reference" else value
        if mark in ("$bytes", "$bytearray"):
            return bytes(self._load(body)) if mark == "$bytes" else bytearray(self._load(body))
        if mark == "$array":
            return arrays.array_from_parts(node, self._load(body))
        if mark == "$scalar":
            return _scalar(node, self._load(body))
        if mark == "$dtype":
            return arrays.dtype_from_tree(body)
        if mark == "$view":
            return arrays.view_from_parts(node, self._memory_of(body))
        if mark == "$dict" and type(body) is dict:
            return self._dict(body)
        kind, of = KIND_OF_MARK.get(mark), node.get("of", [])
        if type(of) is not list or (of and kind is not None and kind.of is None):
            raise MalformedError(f'expected a list as "of", found {shown(of)}')
        if mark == "$space":
            text = of[0] if len(of) == 1 else None
            space, elements = space_from_text(text, self._values(body), self._elements)
            self._elements -= elements
            return space
        if kind is not None:
            parts = self._values(body)
            return kind.build(parts) if kind.of is None else kind.build(parts, of)
        if mark[1:] not in self.forms:
            raise MalformedError(f"unknown mark {shown(mark)}")
        return self.record(mark[1:], of, self._values(body))

    def _memory_of(self, node: Any) -> np.ndarray:
        match node:
            case {"$ref": int(number)} if number in self._memory:
                return self._memory[number]
            case {"$memory": data, "id": int(number)} if number not in self._memory:
                self._memory[number] = np.frombuffer(bytearray(self._load(data)), np.uint8)
                return self._memory[number]
        raise MalformedError(f"expected the memory of a view, found {shown(node)}")

    def _named(self, name: Reference) -> Any:
        found = self._find(name.path)
        if found is None or name.member is None:
            return name if found is None else found
        try:
            return member_of(found, name.member, name.path)
        except Error as reason:
            raise MalformedError(str(reason)) from None

    def record(self, form: str, of: list[Any], values: list[Any]) -> Any:
        """Return a record of a class and its fields, or what the class makes of them.

        Raises:
            MalformedError: If they do not fit together.
        """
        if len(of) != len(values) + 1 or any(type(name) is not str for name in of):
            raise MalformedError(f"expected a class and {len(values)} names, found {shown(of)}")
        if len(set(of[1:])) != len(values):
            raise MalformedError("a record with the same field twice")
        Reference(of[0])  # raises unless it could be one
        fields = dict(zip(of[1:], values, strict=True))
        found = self._find(of[0])
        return Record(form, of[0], fields) if found is None else instance_of(form, found, fields)


def _leaf(read: Callable[[Any], Any], mark: str, body: Any) -> Any:
    try:
        return read(body)
    except MalformedError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error):
        raise MalformedError(f"expected the body of {mark}, found {shown(body)}") from None


def _scalar(node: dict[str, Any], data: Any) -> Any:
    if node.get("dtype") == "bytes":
        return np.bytes_(bytes(data))
    array = arrays.array_from_parts({**node, "shape": []}, data)
    if array.dtype.kind == "V":
        raise MalformedError("a scalar that is no number, time or string")
    return array[()]


def without_bytes(tree: Any, text: Callable[[bytes], Any]) -> Any:
    """Return a tree with something else in the place of the `bytes` in it."""
    cls = type(tree)
    if cls is bytes:
        return text(tree)
    if cls is list:
        return [without_bytes(node, text) for node in tree]
    return {k: without_bytes(node, text) for k, node in tree.items()} if cls is dict else tree


def in_base64(data: Any) -> str:
    """Return bytes as a text."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _from_base64(text: Any) -> bytes:
    try:
        if type(text) is str and in_base64(data := binascii.a2b_base64(text)) == text:
            return data
    except ValueError:
        pass
    raise MalformedError(f"expected bytes in base64, found {shown(text)}")


def decode(node: Any, load: Callable[[Any], Any] = _from_base64) -> Any:
    """Return the value of a tree; see `Decoder`."""
    return Decoder(load).value(node)


def copied(value: Any) -> Any:
    """Return a copy of a plain value; see `dromos.plain.copy`."""
    return Decoder(lambda data: data, find_loaded, _MAX_NODES).value(Encoder().run(value))


class _Keeper(Encoder):
    """Writes values of any kind; for those that are not plain stand their numbers in `kept`."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        super().__init__()

    def node(self, value: Any, parent: Any, key: Any) -> Any:
        try:
            return super().node(value, parent, key)
        except NotPlainError:
            self.kept.append(value)
            return {"$kept": len(self.kept) - 1}


class _Importer(Decoder):
    """Reads what `_Keeper` wrote, and imports what is named in it."""

    def __init__(self, kept: list[Any]) -> None:
        super().__init__(lambda data: data, lambda path: Reference(path).resolve(), _MAX_NODES)
        self._kept = kept

    def marked(self, mark: str, node: dict[str, Any]) -> Any:
        return self._kept[node[mark]] if mark == "$kept" else super().marked(mark, node)


def resolved(value: Any) -> Any:
    """Return `value` with the real things in it; see `dromos.plain.resolve`."""
    keeper = _Keeper()
    tree = keeper.run(value)
    return _Importer(keeper.kept).value(tree)
