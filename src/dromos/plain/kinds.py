"""The table of kinds of values: how each is written as a node of a tree, and read from one.

A node is an object of JSON with a *mark*, a key that begins with ``$`` and says of what kind the
value is. `dromos.plain.trees` walks through values and trees and knows no kind but those that JSON
has itself. What a reader here does not look at, and that cannot be, ends in an error of Python's or
NumPy's own (`errors.IMPOSSIBLE`), of which the walk makes a `MalformedError`.
"""

from __future__ import annotations

import math
import random
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from enum import Enum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dromos.plain import arrays, randomness
from dromos.plain.errors import (
    IMPOSSIBLE,
    MalformedError,
    NotPlainError,
    key_label,
    shown,
    type_name,
)
from dromos.plain.names import (
    Record,
    Reference,
    attributes_of,
    instance_of,
    is_dataclass,
    is_namedtuple,
    member_of,
    name_of_member,
    path_of,
)
from dromos.plain.spaces import is_space, read_space, write_space

if TYPE_CHECKING:
    from dromos.plain.trees import Reader, Writer

    Node = dict[str, Any]

__all__ = [
    "BY_MARK",
    "BY_TEST",
    "BY_TYPE",
    "Kind",
    "PlainList",
    "record_kind",
    "text_of_node",
]

#: Containers in containers that the node of a bit generator is made of.
_DEPTH_OF_BITS = 3
_NEVER_SHARED = frozenset({bool, float, int, str})
#: More values with one hash than this are made to collide; honest ones do so in pairs.
_MAX_COLLISIONS = 64
_NAMED_FLOATS = {"inf": math.inf, "-inf": -math.inf}
_NAN_BITS = "7ff8000000000000"
#: Default factories that may be named: calling them without arguments does nothing but that.
_FACTORIES: dict[Any, Any] = {
    None: None,
    **{kind.__name__: kind for kind in (bool, dict, float, int, list, set, str, tuple)},
}


class PlainList(list[Any]):
    """A list that nobody changes, of what stands for itself in a tree: small integers, None, texts.

    It is written and read as a whole: a thousand seeds would take longer to look at than all else.
    """


class Kind(NamedTuple):
    """How the values of a kind are written and read.

    Attributes:
        mark: The key that says in a node what the value is.
        write: Gives the node of a value; raises `NotPlainError` if it has none.
        read: Makes the value of a node; raises `IMPOSSIBLE` if it is that of none.
        shares: Whether two places may hold one and the same: it can change.
        holds: Whether it holds other values, which `write` passes on to the writer.
    """

    mark: str
    write: Callable[[Writer, Any], Any]
    read: Callable[[Reader, Node], Any]
    shares: bool = False
    holds: bool = False


def _leaf(mark: str, write: Callable[[Any], Any], read: Callable[[Any], Any]) -> Kind:
    """Return the kind of values without parts, of which texts and numbers tell all."""
    return Kind(mark, lambda _, value: {mark: write(value)}, lambda _, node: read(node[mark]))


def _read_int(text: str) -> int:
    if not text.lstrip("-").startswith("0x"):  # long decimals take quadratic time to read
        raise ValueError("no hexadecimal number")
    return int(text, 16)


def _write_float(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    bits = struct.pack(">d", value).hex()
    return "nan" if bits == _NAN_BITS else bits


def _read_float(text: str) -> float:
    bits = _NAN_BITS if text == "nan" else text
    return _NAMED_FLOATS.get(text) or struct.unpack(">d", bytes.fromhex(bits))[0]


def _write_complex(value: complex) -> list[Any]:
    parts = value.real, value.imag
    return [x if math.isfinite(x) else {"$float": _write_float(x)} for x in parts]


def _read_complex(parts: list[Any]) -> complex:
    real, imaginary = (_read_float(p["$float"]) if type(p) is dict else p for p in parts)
    if not type(real) is type(imaginary) is float:
        raise ValueError("parts that are no floats")
    return complex(real, imaginary)


def _read_text(text: Any) -> np.str_:
    if type(text) is not str:
        raise ValueError("no text")
    return np.str_(text)


def _container(
    mark: str,
    read: Callable[..., Any],
    parts: Callable[[Any], list[Any]] = list,
    label: Callable[[list[Any], int], str] = lambda _, place: f"[{place}]",
    of: Callable[[Any], list[Any]] | None = None,
    shares: bool = True,
) -> Kind:
    """Return the kind of values that consist of other values.

    Args:
        mark: The mark.
        read: Makes the value of its parts and, if there is any, of `of`.
        parts: Gives the parts.
        label: What errors call the part at a place.
        of: Gives what else makes the value: scalars of JSON.
        shares: Whether two places may hold one and the same.
    """

    def write(writer: Writer, value: Any) -> Node:
        inside = parts(value)
        node: Node = {mark: writer.nodes(inside, partial(label, inside))}
        return node if of is None else {**node, "of": of(value)}

    def make(reader: Reader, node: Node) -> Any:
        return read(reader.values(node[mark]), *node.get("of", ()))

    return Kind(mark, write, make, shares, holds=True)


def _hashable(parts: list[Any]) -> list[Any]:
    """Return values that can be keys or elements; hashing them takes no more than linear time.

    Nothing that is shared can be hashed, so each has been written out in full.
    """
    if any(map(_holds_dataclass, parts)):
        raise ValueError("an instance of a dataclass as a key or element")
    hashes = len({hash(part) for part in parts})
    if len(parts) - hashes > _MAX_COLLISIONS:
        raise MalformedError(f"{len(parts)} elements of a set or dict have {hashes} hashes")
    return parts


def _holds_dataclass(key: Any) -> bool:
    """Return whether hashing a key would run the code of a dataclass."""
    return any(map(_holds_dataclass, key)) if isinstance(key, tuple) else is_dataclass(type(key))


def _refuse_dataclasses(value: Any) -> None:
    if any(is_dataclass(type(key)) for key in value):
        raise NotPlainError(f"a {type_name(value)}", "it has instances of dataclasses as keys")


def _set(mark: str, cls: type[Any], shares: bool) -> Kind:
    def read(elements: list[Any]) -> Any:
        made = cls(_hashable(elements))
        if len(made) != len(elements):
            raise MalformedError("a set with the same element twice")
        return made

    label = lambda elements, place: f"{{{shown(elements[place])}}}"  # noqa: E731
    in_order = _container(mark, read, list, label, shares=shares)

    def write(writer: Writer, value: Any) -> Node:
        _refuse_dataclasses(value)
        node: Node
        if {*map(type, value)} <= _NEVER_SHARED:
            node = in_order.write(writer, value)
            node[mark].sort(key=text_of_node)
            return node
        try:
            parts = sorted(value, key=writer.text_of)
        except NotPlainError:  # raised again where it is written, and told where that is
            parts = list(value)
        node = in_order.write(writer, parts)
        return node

    return in_order._replace(write=write)


def text_of_node(node: Any) -> str:
    """Return a text of a tree, with its bytes in it."""
    import json

    return json.dumps(node, default=bytes.hex, sort_keys=True)


def _mapping(mark: str, cls: Callable[..., Any], of: Any = None) -> Kind:
    """Return a kind of dicts; the parts are key, value, key, value, …, in order."""

    def parts(value: Any) -> list[Any]:
        _refuse_dataclasses(value)
        return [part for item in value.items() for part in item]

    def read(parts: Any, *of: Any) -> Any:
        if len(parts) % 2:
            raise MalformedError("a dict with a key that has no value")
        made, keys = cls(*of), _hashable(parts[::2])
        for key, value in zip(keys, parts[1::2], strict=True):
            made[key] = value
        if len(made) != len(keys):
            raise MalformedError("a dict with the same key twice")
        return made

    return _container(mark, read, parts, lambda p, place: key_label(p[place - place % 2]), of)


def _read_dict(reader: Reader, node: Node) -> Any:
    """Return a dict: also one whose keys are texts, if another place refers to it."""
    body = node["$dict"]
    return reader.members(body) if type(body) is dict else _DICT.read(reader, node)


def _factory_name(value: Any) -> list[Any]:
    for name, known in _FACTORIES.items():
        if value.default_factory is known:
            return [name]
    raise NotPlainError(
        f"a defaultdict of {value.default_factory!r}",
        f"only {', '.join(map(str, _FACTORIES))} can be its default factory",
    )


def _deque(parts: list[Any], length: Any) -> Any:
    if length is not None and (type(length) is not int or len(parts) > length):
        raise MalformedError(f"expected the greatest length of a deque of {len(parts)}")
    return deque(parts, length)


def _generator(mark: str, to_parts: Callable[[Any], Any], from_parts: Callable[..., Any]) -> Kind:
    """Return a kind of random generators."""
    return _container(mark, lambda parts: from_parts(*parts), to_parts, lambda *_: ".state")


def _write_bits(writer: Writer, bits: Any) -> Node:
    name, state, seed = randomness.bits_to_parts(bits)
    is_usual = name == "PCG64" and type(seed["entropy"]) is int and seed["spawn_key"] == ()
    if not is_usual or not writer.has_room_for(_DEPTH_OF_BITS):
        node: Node = _BITS.write(writer, bits)
        return node
    # Integers in dicts that nobody else holds: what shares them need not be looked for.
    words = {key: writer.node(word, None, key) for key, word in state.pop("state").items()}
    entropy = writer.node(seed["entropy"], None, "entropy")
    fields = {**seed, "entropy": entropy, "spawn_key": {"$tuple": []}}
    return {"$bits": [name, {"state": words, **state}, fields]}


@cache
def record_kind(form: str) -> Kind:
    """Return the kind of objects of a class that is only named, and of records of these."""
    mark, shares = f"${form}", form not in ("namedtuple", "same")

    def write(writer: Writer, value: Any) -> Node:
        record = value
        if type(value) is not Record:
            if form == "dataclass":
                _require_only_fields(value)
            fields = attributes_of(value) if form == "dataclass" else value._asdict()
            path = path_of(type(value), f"an instance of {type(value).__qualname__}")
            record = Record(form, path, fields)
        names = [*record.fields]
        nodes = writer.nodes([*record.fields.values()], lambda place: f".{names[place]}")
        return {mark: nodes, "of": [record.path, *names]}

    def read(reader: Reader, node: Node) -> Any:
        (path, *names), values = node["of"], reader.values(node[mark])
        if any(type(name) is not str for name in names) or len(set(names)) < len(names):
            raise ValueError("names of fields that are none, or one twice")
        fields = dict(zip(names, values, strict=True))
        found = reader.find(Reference(path).path)  # raises unless it could be one
        return Record(form, path, fields) if found is None else instance_of(form, found, fields)

    return Kind(mark, write, read, shares, holds=True)


def _require_only_fields(value: Any) -> None:
    try:
        instance_of("dataclass", type(value), {})
    except IMPOSSIBLE:
        reason = "it is a dataclass with more to it than its fields"
        raise NotPlainError(f"an instance of {type_name(value)}", reason) from None


def _write_reference(_: Writer, value: Any) -> Node:
    if type(value) is Reference:
        return {"$reference": value.path if value.member is None else [value.path, value.member]}
    if not isinstance(value, Enum):
        name = getattr(value, "__qualname__", type_name(value))
        return {"$reference": path_of(value, f"the function or class {name}")}
    name = name_of_member(value)
    if name is None:
        raise NotPlainError(f"an instance of {type_name(value)}", "it is no member of its enum")
    path = path_of(type(value), f"an instance of {type(value).__qualname__}")
    return {"$reference": [path, name]}


def _read_reference(reader: Reader, node: Node) -> Any:
    body = node["$reference"]
    path, member = (body, None) if type(body) is str else body
    if type(member) not in (str, type(None)):
        raise ValueError("a member without a name")
    name = Reference(path, member)
    found = reader.find(path)
    if found is None:
        return name
    return found if member is None else member_of(found, member, path)


_BITS = _generator("$bits", randomness.bits_to_parts, randomness.bits_from_parts)
_DICT = _mapping("$dict", dict)
_LIST = _container("$list", list)
_REFERENCE = Kind("$reference", _write_reference, _read_reference)
_SCALAR = Kind("$scalar", arrays.write_scalar, arrays.read_scalar)
_DTYPE = _leaf("$dtype", arrays.dtype_to_tree, arrays.dtype_from_tree)
_SPACE = Kind("$space", write_space, read_space, shares=True, holds=True)
_NAMEDTUPLE, _DATACLASS = record_kind("namedtuple"), record_kind("dataclass")

#: By the exact type: an instance of a subclass is not plain. Small integers, finite floats, and
#: dicts and lists of which no other place knows stand for themselves.
BY_TYPE: dict[type, Kind] = {
    int: _leaf("$int", hex, _read_int),
    float: _leaf("$float", _write_float, _read_float),
    complex: _leaf("$complex", _write_complex, _read_complex),
    range: _leaf(
        "$range",
        lambda value: [*map(hex, (value.start, value.stop, value.step))],
        lambda bounds: range(*map(_read_int, bounds)),
    ),
    np.str_: _leaf("$text", "".join, _read_text),  # str() would drop zeros at the end
    bytes: Kind(
        "$bytes",
        lambda writer, value: {"$bytes": writer.store(value)},
        lambda reader, node: bytes(reader.load(node["$bytes"])),
    ),
    bytearray: Kind(
        "$bytearray",
        lambda writer, value: {"$bytearray": writer.store(bytes(value))},
        lambda reader, node: bytearray(reader.load(node["$bytearray"])),
        shares=True,
    ),
    np.ndarray: Kind("$array", arrays.write_array, arrays.read_array, shares=True),
    np.bytes_: _SCALAR,
    list: _LIST,
    PlainList: _LIST,
    tuple: _container("$tuple", tuple, shares=False),
    dict: _DICT._replace(read=_read_dict),
    set: _set("$set", set, shares=True),
    frozenset: _set("$frozenset", frozenset, shares=False),
    deque: _container("$deque", _deque, of=lambda value: [value.maxlen]),
    OrderedDict: _mapping("$ordered", OrderedDict),
    Counter: _mapping("$counter", Counter),
    defaultdict: _mapping(
        "$defaultdict", lambda name: defaultdict(_FACTORIES[name]), _factory_name
    ),
    np.random.Generator: _generator(
        "$generator", lambda value: [value.bit_generator], np.random.Generator
    ),
    np.random.RandomState: _generator(
        "$randomstate", randomness.legacy_to_parts, randomness.legacy_from_parts
    ),
    random.Random: _generator("$random", randomness.python_to_parts, randomness.python_from_parts),
    **dict.fromkeys(randomness.BITS.values(), _BITS._replace(write=_write_bits)),
    Reference: _REFERENCE,
}

#: Kinds of values of many types; the first of which this holds.
BY_TEST: list[tuple[Callable[[Any], bool], Kind]] = [
    (lambda value: isinstance(value, np.generic), _SCALAR),
    (lambda value: isinstance(value, np.dtype), _DTYPE),
    (lambda value: isinstance(value, Enum), _REFERENCE),
    (lambda value: is_namedtuple(type(value)), _NAMEDTUPLE),
    (lambda value: is_dataclass(type(value)), _DATACLASS),
    (is_space, _SPACE),
    (lambda value: callable(value) and hasattr(value, "__qualname__"), _REFERENCE),
]

_VIEW = Kind("$view", arrays.write_array, lambda reader, node: reader.view(node), shares=True)

BY_MARK: dict[str, Kind] = {
    kind.mark: kind for kind in (*BY_TYPE.values(), *(kind for _, kind in BY_TEST), _VIEW)
}
