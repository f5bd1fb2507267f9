"""Plain data: values that can be copied, compared and written down, whoever made them.

Plain are None, bool, int, float, complex, str, bytes, bytearray, range; NumPy arrays of any dtype
without objects, NumPy scalars and dtypes; list, tuple, dict, set, frozenset, deque and the rest of
`collections`; namedtuples and dataclasses; enum members, classes and functions that can be
imported by name; the random generators of NumPy and Python; spaces. What two places share, and
memory that arrays share, they share again after a round trip; nothing may contain itself.

Reading never imports, unpickles or runs anything: classes, functions and enum members come back
as `Reference`, namedtuples and dataclasses as `Record`. `resolve` makes the real things of them.
"""

from __future__ import annotations

from typing import Any

from dromos.plain.errors import MalformedError, NotPlainError
from dromos.plain.layout import pack, unpack
from dromos.plain.names import Record, Reference, reference_to
from dromos.plain.trees import Encoder, copied, decode, in_base64, resolved, without_bytes

__all__ = [
    "MalformedError",
    "NotPlainError",
    "Record",
    "Reference",
    "copy",
    "from_bytes",
    "from_tree",
    "reference_to",
    "resolve",
    "to_bytes",
    "to_tree",
]

_CONTENT = "value"


def copy(value: Any) -> Any:
    """Return a copy of a plain value that shares nothing with it that can change.

    Raises:
        NotPlainError: If something in it is not plain data; the message says where.
    """
    return copied(value)


def to_tree(value: Any) -> Any:
    """Return a plain value as lists, dicts and scalars that `json.dumps` takes.

    Raises:
        NotPlainError: If something in it is not plain data; the message says where.
    """
    return without_bytes(Encoder().run(value), in_base64)


def from_tree(tree: Any) -> Any:
    """Return the value of which `to_tree` made `tree`.

    Raises:
        MalformedError: If `tree` describes no value.
    """
    return decode(tree)


def to_bytes(value: Any) -> bytes:
    """Return a plain value in the versioned byte format of `docs/snapshots.md`.

    Equal values that share alike have equal bytes.

    Raises:
        NotPlainError: If something in it is not plain data; the message says where.
    """
    return pack(Encoder().run(value), _CONTENT)


def from_bytes(data: bytes | bytearray | memoryview) -> Any:
    """Return the value of which `to_bytes` made `data`.

    Raises:
        MalformedError: If `data` are damaged, of another version, or something else.
    """
    return decode(*unpack(data, _CONTENT))


def resolve(value: Any) -> Any:
    """Return `value` with the real things in place of every `Reference` and `Record`.

    This imports the modules they name, so only for data whose origin is trusted.

    Raises:
        Error: If something does not exist under its name.
    """
    return resolved(value)
