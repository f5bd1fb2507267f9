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

import binascii
from typing import Any

from dromos.plain.errors import MalformedError, NotPlainError, shown
from dromos.plain.kinds import BY_MARK, Kind
from dromos.plain.layout import each_once, pack, unpack
from dromos.plain.names import Record, Reference, find_loaded, reference_to
from dromos.plain.trees import MAX_NODES, Reader, Writer, unchanged

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
    return Reader(find=find_loaded, spare=MAX_NODES).value(Writer().run(value))


def to_tree(value: Any) -> Any:
    """Return a plain value as lists, dicts and scalars that `json.dumps` takes.

    Raises:
        NotPlainError: If something in it is not plain data; the message says where.
    """
    return Writer(_to_base64).run(value)


def from_tree(tree: Any) -> Any:
    """Return the value of which `to_tree` made `tree`.

    Raises:
        MalformedError: If `tree` describes no value.
    """
    return Reader(_from_base64).value(tree)


def to_bytes(value: Any) -> bytes:
    """Return a plain value in the versioned byte format of `docs/snapshots.md`.

    Equal values that share alike have equal bytes.

    Raises:
        NotPlainError: If something in it is not plain data; the message says where.
    """
    return pack(Writer().run(value), _CONTENT)


def from_bytes(data: bytes | bytearray | memoryview) -> Any:
    """Return the value of which `to_bytes` made `data`.

    Raises:
        MalformedError: If `data` are damaged, of another version, or something else.
    """
    tree, blobs = unpack(data, _CONTENT)
    return Reader(each_once(blobs)).value(tree)


def resolve(value: Any) -> Any:
    """Return `value` with the real things in place of every `Reference` and `Record`.

    This imports the modules they name, so only for data whose origin is trusted. What is not plain
    stays the object it is.

    Raises:
        Error: If something does not exist under its name.
    """
    writer = _Keeper()
    tree = writer.run(value)
    kept = Kind("$kept", lambda *_: None, lambda _, node: writer.kept[node["$kept"]])
    kinds = {**BY_MARK, kept.mark: kept}
    return Reader(unchanged, lambda path: Reference(path).resolve(), MAX_NODES, kinds).value(tree)


class _Keeper(Writer):
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


def _to_base64(data: Any) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def _from_base64(text: Any) -> bytes:
    data = binascii.a2b_base64(text)
    if _to_base64(data) != text:
        raise MalformedError(f"expected bytes in base64, found {shown(text)}")
    return data
