"""Numbers and texts that JSON cannot say, and names of things, as small tagged dicts."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

from dromos.plain.errors import MalformedError
from dromos.plain.reference import Reference

__all__ = ["SCALARS", "float_from_tree", "float_to_tree", "int_from_tree", "int_to_tree"]

#: Integers from here on are written in hexadecimal: long decimals take quadratic time to read.
_JSON_INT_BITS = 64

_NAMED = {"inf": math.inf, "-inf": -math.inf}
_NAN_BITS = "7ff8000000000000"


def int_to_tree(value: int) -> Any:
    """Return an int, or ``{"$int": hexadecimal}`` for one of more than 64 bits."""
    return value if value.bit_length() <= _JSON_INT_BITS else {"$int": hex(value)}


def int_from_tree(text: Any) -> int:
    """Return the integer that a hexadecimal text says."""
    try:
        if type(text) is str and text.lstrip("-").startswith("0x"):
            return int(text, 16)
    except ValueError:
        pass
    raise MalformedError(f"expected a hexadecimal integer, found {text!r:.60}")


def float_to_tree(value: float) -> Any:
    """Return a float, or ``{"$float": …}`` with ``inf``, ``-inf``, ``nan`` or a NaN's 64 bits."""
    if math.isfinite(value):
        return value
    if math.isinf(value):
        return {"$float": "inf" if value > 0 else "-inf"}
    bits = struct.pack(">d", value).hex()
    return {"$float": "nan" if bits == _NAN_BITS else bits}


def float_from_tree(text: Any) -> float:
    """Return the float that `float_to_tree` wrote as a text."""
    if type(text) is not str:
        raise MalformedError(f"expected a float's name or bits, found {text!r:.60}")
    if text in _NAMED:
        return _NAMED[text]
    try:
        (value,) = struct.unpack(">d", bytes.fromhex(_NAN_BITS if text == "nan" else text))
    except (ValueError, struct.error):
        raise MalformedError(f"expected a float's name or bits, found {text!r:.60}") from None
    return float(value)


def _complex_from_tree(parts: Any) -> complex:
    if type(parts) is not list or len(parts) != 2:
        raise MalformedError(f"expected the two parts of a complex number, found {parts!r:.60}")
    real, imaginary = (
        float_from_tree(part.get("$float")) if type(part) is dict else part for part in parts
    )
    if type(real) is not float or type(imaginary) is not float:
        raise MalformedError(f"expected the two parts of a complex number, found {parts!r:.60}")
    return complex(real, imaginary)


def _range_from_tree(bounds: Any) -> range:
    if type(bounds) is list and len(bounds) == 3 and all(type(bound) is str for bound in bounds):
        start, stop, step = map(int_from_tree, bounds)
        if step:
            return range(start, stop, step)
    raise MalformedError(f"expected the start, stop and step of a range, found {bounds!r:.60}")


def _reference_from_tree(names: Any) -> Reference:
    if type(names) is str:
        return Reference(names)
    match names:
        case [str(path), str(member)]:
            return Reference(path, member)
    raise MalformedError(f"expected a reference, found {names!r:.60}")


def _text_from_tree(text: Any) -> np.str_:
    if type(text) is not str:
        raise MalformedError(f"expected a text, found {text!r:.60}")
    return np.str_(text)


#: By the tag: what reads the value beside it.
SCALARS: dict[str, Any] = {
    "$int": int_from_tree,
    "$float": float_from_tree,
    "$complex": _complex_from_tree,
    "$range": _range_from_tree,
    "$reference": _reference_from_tree,
    "$text": _text_from_tree,
}


def scalar_to_tree(value: Any) -> Any:
    """Return the tree of a value without parts and without bytes of its own.

    Raises:
        KeyError: If it is not one.
    """
    return _WRITERS[type(value)](value)


def _same(value: Any) -> Any:
    return value


def _reference_to_tree(reference: Reference) -> Any:
    if reference.member is None:
        return {"$reference": reference.path}
    return {"$reference": [reference.path, reference.member]}


_WRITERS: dict[type, Any] = {
    type(None): _same,
    bool: _same,
    str: _same,
    int: int_to_tree,
    float: float_to_tree,
    complex: lambda z: {"$complex": [float_to_tree(z.real), float_to_tree(z.imag)]},
    range: lambda r: {"$range": [hex(r.start), hex(r.stop), hex(r.step)]},
    Reference: _reference_to_tree,
    np.str_: lambda text: {"$text": "".join(text)},  # str() would drop zeros at the end
}
