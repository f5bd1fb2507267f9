"""The byte format of ``docs/snapshots.md``: a prelude, a JSON tree, and the bytes it mentions.

In the tree, bytes are numbers of blobs.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Any

from dromos.plain.errors import MalformedError, shown

__all__ = ["FORMAT_VERSION", "each_once", "pack", "unpack"]

FORMAT_VERSION = 2

#: Versions of dromos that wrote formats this one does not read.
_WRITERS = {1: "dromos 0.1"}

_MAGIC = b"\x89DROMOS\n"
_START = struct.Struct("<8sHHI")
_LENGTHS = struct.Struct("<QQ")
_PRELUDE = _START.size + _LENGTHS.size
_ALIGNMENT = 64

#: Bytes of a head that is read by Python's own reader of JSON: C's would not hear Ctrl-C.
_LONG = 1 << 24

#: Decimal digits of the longest integer in a tree, with its sign.
_MAX_DIGITS = 21


def pack(tree: Any, content: str) -> bytes:
    """Return a tree with `bytes` in it, as a `Writer` makes it, in the byte format."""
    import json
    import zlib

    blobs: list[bytes] = []

    def number(data: bytes) -> int:
        blobs.append(data)
        return len(blobs) - 1

    write = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=number).encode
    body = write(tree)
    sizes = write([len(blob) for blob in blobs])
    text = f'{{"content":"{content}","sizes":{sizes},"tree":{body}}}'.encode("ascii")
    parts = [text]
    length = _PRELUDE + len(text)
    for blob in blobs:
        gap = -length % _ALIGNMENT
        parts += [bytes(gap), blob]
        length += gap + len(blob)
    rest = b"".join([_LENGTHS.pack(length, len(text)), *parts])
    return _START.pack(_MAGIC, FORMAT_VERSION, 0, zlib.crc32(rest)) + rest


def unpack(data: Any, content: str) -> tuple[Any, list[memoryview]]:
    """Return the tree that `pack` wrote, and the blobs, for whose numbers `each_once` gives them.

    Args:
        data: Bytes from anywhere.
        content: What they should be.

    Raises:
        MalformedError: If they are damaged, of another format version, or something else.
    """
    view = _checked(data, content)
    end = _PRELUDE + _LENGTHS.unpack_from(view, _START.size)[1]
    if end > len(view):
        raise MalformedError(f"the head of this {content} is longer than all of it")
    head = _json(bytes(view[_PRELUDE:end]), content)
    if type(head) is not dict or head.keys() != {"content", "sizes", "tree"}:
        raise MalformedError(f"the head of this {content} does not describe one")
    if head["content"] != content:
        raise MalformedError(f"expected a {content}, these bytes are a {shown(head['content'])}")
    sizes, blobs = head["sizes"], []
    if type(sizes) is not list or any(type(n) is not int or n < 0 for n in sizes):
        raise MalformedError(f"the head of this {content} does not say how long its blobs are")
    for size in sizes:
        start = end + -end % _ALIGNMENT
        end = start + size
        blobs.append(view[start:end])
    if end != len(view):
        raise MalformedError(f"the blobs of this {content} end at {end}, its bytes at {len(view)}")
    return head["tree"], blobs


def each_once(blobs: list[memoryview]) -> Callable[[Any], memoryview]:
    """Return what gives blobs by their numbers, each once: otherwise few could become many."""
    left = dict(enumerate(blobs))

    def load(number: Any) -> memoryview:
        if type(number) is not int or number not in left:
            known = f"one of {len(blobs)} blobs, each once"
            raise MalformedError(f"expected the number of {known}, found {shown(number)}")
        return left.pop(number)

    return load


def _checked(data: Any, content: str) -> memoryview:
    """Return the bytes if they are whole, undamaged and of a version that is understood."""
    import zlib

    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise MalformedError(f"expected the bytes of a {content}, found {shown(data)}")
    view = memoryview(data).toreadonly()
    if not view.c_contiguous:
        view = memoryview(bytes(view))
    view = view.cast("B")
    if bytes(view[: len(_MAGIC)]) != _MAGIC[: len(view)] or not len(view):
        raise MalformedError(f"these bytes are not a {content} of dromos: {bytes(view[:8])!r}")
    if len(view) < _PRELUDE:
        raise MalformedError(f"the bytes of this {content} are cut off after {len(view)}")
    _, version, reserved, expected = _START.unpack_from(view)
    if version != FORMAT_VERSION:
        raise MalformedError(
            f"this {content} has format version {version}, written by "
            f"{_WRITERS.get(version, 'a later dromos')}; this dromos understands version "
            f"{FORMAT_VERSION}. Read it with the dromos that wrote it, or take a new one"
        )
    length, _ = _LENGTHS.unpack_from(view, _START.size)
    if length != len(view):
        raise MalformedError(
            f"this {content} should have {length} bytes, found {len(view)}: "
            "it is cut off or damaged"
        )
    if reserved or zlib.crc32(view[_START.size :]) != expected:
        raise MalformedError(f"the checksum of this {content} is wrong: its bytes are damaged")
    return view


def _json(text: bytes, content: str) -> Any:
    import json

    def integer(digits: str) -> int:
        if len(digits) > _MAX_DIGITS:
            raise ValueError(f"an integer of {len(digits)} digits")
        return int(digits)

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    # Only where there are as many digits in a row, as in hexadecimal texts, need they be counted.
    has_long = re.search(rb"\d{%d}" % _MAX_DIGITS, text) is not None
    decoder: Any = json.JSONDecoder(
        parse_int=integer if has_long else None, parse_constant=constant
    )
    if len(text) > _LONG:
        in_python: Any = json
        decoder.parse_array = in_python.decoder.JSONArray
        decoder.parse_object = in_python.decoder.JSONObject
        decoder.scan_once = in_python.scanner.py_make_scanner(decoder)
    try:
        return decoder.decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as reason:
        message = str(reason)[:200]
        raise MalformedError(f"the head of this {content} is not JSON: {message}") from None
