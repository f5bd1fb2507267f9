"""The table of kinds of values: how each is written, and how it is read and judged.

Writing and reading each walk through values once, whatever their kinds (`dromos.plain.trees`);
what differs between kinds is here. A value is made when all its parts are there, so nothing
contains itself.
"""

from __future__ import annotations

import math
import random
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dromos.plain import randomness
from dromos.plain.errors import MalformedError, NotPlainError, shown
from dromos.plain.names import Reference, is_dataclass

__all__ = ["DICTS", "KINDS", "KIND_OF_MARK", "LEAF_OF_MARK", "LEAVES", "SETS", "Kind", "Leaf"]

#: More values with one hash than this are made to collide; honest ones do so in pairs.
_MAX_COLLISIONS = 64
_NAMED = {"inf": math.inf, "-inf": -math.inf}
_NAN_BITS = "7ff8000000000000"


class Leaf(NamedTuple):
    """How values without parts are written and read.

    Attributes:
        mark: The key that says in a tree what the value is.
        write: Gives a text, or a list of texts and numbers.
        read: Makes the value of that; raises `ValueError` or the like if that cannot be.
    """

    mark: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _read_int(text: str) -> int:
    if not text.lstrip("-").startswith("0x"):  # long decimals take quadratic time to read
        raise ValueError
    return int(text, 16)


def _write_float(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    bits = struct.pack(">d", value).hex()
    return "nan" if bits == _NAN_BITS else bits


def _read_float(text: str) -> float:
    bits = _NAN_BITS if text == "nan" else text
    return _NAMED[text] if text in _NAMED else struct.unpack(">d", bytes.fromhex(bits))[0]


def _write_complex(value: complex) -> list[Any]:
    parts = value.real, value.imag
    return [x if math.isfinite(x) else {"$float": _write_float(x)} for x in parts]


def _read_complex(parts: list[Any]) -> complex:
    real, imaginary = (_read_float(p["$float"]) if type(p) is dict else p for p in parts)
    if not type(real) is type(imaginary) is float:
        raise ValueError
    return complex(real, imaginary)


def _read_range(bounds: list[str]) -> range:
    start, stop, step = map(_read_int, bounds)
    return range(start, stop, step)


def _read_reference(names: Any) -> Reference:
    path, member = (names, None) if type(names) is str else names
    if type(path) is not str or type(member) not in (str, type(None)):
        raise ValueError
    return Reference(path, member)


def _read_text(text: str) -> np.str_:
    if type(text) is not str:
        raise ValueError
    return np.str_(text)


#: By the exact type. Small integers and finite floats stand for themselves.
LEAVES: dict[type, Leaf] = {
    int: Leaf("$int", hex, _read_int),
    float: Leaf("$float", _write_float, _read_float),
    complex: Leaf("$complex", _write_complex, _read_complex),
    range: Leaf("$range", lambda r: [*map(hex, (r.start, r.stop, r.step))], _read_range),
    Reference: Leaf(
        "$reference", lambda r: r.path if r.member is None else [r.path, r.member], _read_reference
    ),
    np.str_: Leaf("$text", "".join, _read_text),  # str() would drop zeros at the end
}
LEAF_OF_MARK = {leaf.mark: leaf for leaf in LEAVES.values()}


class Kind(NamedTuple):
    """How values that consist of other values are written and made.

    Attributes:
        mark: The key that says in a tree what the value is.
        parts: Gives the values it consists of.
        build: Makes it of the parts and, if there is any, of `of`; raises `MalformedError` if
            that cannot be.
        of: Gives what, besides the parts, makes the value: JSON-able scalars, or None.
        shares: Whether two places may hold one and the same: it can change.
    """

    mark: str
    parts: Callable[[Any], list[Any]]
    build: Callable[..., Any]
    of: Callable[[Any], list[Any]] | None = None
    shares: bool = True


def _distinct(parts: list[Any]) -> list[Any]:
    """Return values that can be elements of a set; hashing them takes no more than linear time.

    Nothing that is shared can be hashed, so each has been written out in full.
    """
    try:
        if any(map(_holds_dataclass, parts)):
            raise TypeError("an instance of a dataclass")
        hashes = {hash(part) for part in parts}
    except (TypeError, ValueError) as reason:
        raise MalformedError(f"a set or dict with an impossible element ({reason})") from None
    if len(parts) - len(hashes) > _MAX_COLLISIONS:
        raise MalformedError(f"{len(parts)} elements of a set or dict have {len(hashes)} hashes")
    return parts


def _holds_dataclass(key: Any) -> bool:
    """Return whether hashing a key would run the code of a dataclass."""
    return any(map(_holds_dataclass, key)) if isinstance(key, tuple) else is_dataclass(type(key))


def _set(make: Callable[[list[Any]], Any], parts: list[Any]) -> Any:
    made = make(_distinct(parts))
    if len(made) != len(parts):
        raise MalformedError("a set with the same element twice")
    return made


def _mapping(made: Any, parts: list[Any]) -> Any:
    """Fill a dict. Parts are key, value, key, value, …: their order is part of the value."""
    keys = _distinct(parts[::2])
    if len(parts) % 2:
        raise MalformedError("a dict with a key that has no value")
    for key, value in zip(keys, parts[1::2], strict=True):
        made[key] = value
    if len(made) != len(keys):
        raise MalformedError("a dict with the same key twice")
    return made


def _items(value: dict[Any, Any]) -> list[Any]:
    return [part for item in value.items() for part in item]


#: Default factories that may be named: calling them without arguments does nothing but that.
_FACTORIES: dict[Any, Any] = {
    None: None,
    **{kind.__name__: kind for kind in (bool, dict, float, int, list, set, str, tuple)},
}


def _factory_name(value: Any) -> list[Any]:
    for name, known in _FACTORIES.items():
        if value.default_factory is known:
            return [name]
    raise NotPlainError(
        f"a defaultdict of {value.default_factory!r}",
        f"only {', '.join(map(str, _FACTORIES))} can be its default factory",
    )


def _defaultdict(parts: list[Any], of: list[Any]) -> Any:
    if len(of) != 1 or type(of[0]) not in (str, type(None)) or of[0] not in _FACTORIES:
        raise MalformedError(f"expected the default factory of a dict, found {shown(of)}")
    return _mapping(defaultdict(_FACTORIES[of[0]]), parts)


def _deque(parts: list[Any], of: list[Any]) -> Any:
    match of:
        case [None]:
            return deque(parts)
        case [int(length)] if type(length) is int and len(parts) <= length < 1 << 63:
            return deque(parts, length)
    raise MalformedError(f"expected the greatest length of a deque of {len(parts)}")


def _made_of(count: int, make: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    def build(parts: list[Any]) -> Any:
        if len(parts) != count:
            raise MalformedError(f"expected {count} parts of a generator, found {len(parts)}")
        return make(*parts)

    return build


_BITS = Kind("$bits", randomness.bits_to_parts, _made_of(3, randomness.bits_from_parts))

#: By the exact type: an instance of a subclass is not plain.
KINDS: dict[type, Kind] = {
    list: Kind("$list", list, list),
    tuple: Kind("$tuple", list, tuple, shares=False),
    dict: Kind("$dict", _items, lambda parts: _mapping({}, parts)),
    set: Kind("$set", list, lambda parts: _set(set, parts)),
    frozenset: Kind("$frozenset", list, lambda parts: _set(frozenset, parts), shares=False),
    deque: Kind("$deque", list, _deque, lambda value: [value.maxlen]),
    OrderedDict: Kind("$ordered", _items, lambda parts: _mapping(OrderedDict(), parts)),
    Counter: Kind("$counter", _items, lambda parts: _mapping(Counter(), parts)),
    defaultdict: Kind("$defaultdict", _items, _defaultdict, _factory_name),
    np.random.Generator: Kind(
        "$generator", lambda g: [g.bit_generator], _made_of(1, randomness.generator_from_parts)
    ),
    np.random.RandomState: Kind(
        "$randomstate", randomness.legacy_to_parts, _made_of(3, randomness.legacy_from_parts)
    ),
    random.Random: Kind(
        "$random", randomness.python_to_parts, _made_of(2, randomness.python_from_parts)
    ),
    **dict.fromkeys(randomness.BITS.values(), _BITS),
}
KIND_OF_MARK = {kind.mark: kind for kind in KINDS.values()}
DICTS = frozenset({"$dict", "$ordered", "$counter", "$defaultdict"})
SETS = frozenset({"$set", "$frozenset"})
