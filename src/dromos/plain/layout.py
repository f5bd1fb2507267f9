r"""The byte format: a prelude, a JSON tree, and the bytes it mentions, each aligned.

    offset  size  content
    0       8     magic b"\x89DROMOS\n"
    8       2     format version
    10      2     zero
    12      4     CRC-32 of everything from offset 16 to the end
    16      8     length of everything, in bytes
    24      8     length of the JSON text that follows the prelude, in bytes
    32      …     JSON (UTF-8): {"content": what it is, "sizes": [bytes of each blob], "tree": …}
    …       …     the blobs, each at the next multiple of 64, zeros between

Integers are unsigned and little-endian. In the tree, bytes are numbers of blobs.
"""

from __future__ import annotations

import struct
from typing import Any

from dromos.plain.arrays import Buffer
from dromos.plain.decoding import decode
from dromos.plain.encoding import encode
from dromos.plain.errors import MalformedError

__all__ = ["FORMAT_VERSION", "checksum", "pack", "packed_parts", "size", "unpack"]

FORMAT_VERSION = 1

_MAGIC = b"\x89DROMOS\n"
_START = struct.Struct("<8sHHI")
_LENGTHS = struct.Struct("<QQ")
_PRELUDE = _START.size + _LENGTHS.size
_ALIGNMENT = 64

#: Decimal digits of the longest integer in a tree, with its sign.
_MAX_DIGITS = 21


def pack(value: Any, content: str) -> bytes:
    """Return `value` in the byte format; the arrays in it are copied once.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    parts = packed_parts(value, content)
    return b"".join([_START.pack(_MAGIC, FORMAT_VERSION, 0, checksum(parts)), *parts])


def checksum(parts: list[bytes | memoryview]) -> int:
    """Return the CRC-32 of the parts one after the other."""
    import zlib

    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return crc


def size(parts: list[bytes | memoryview]) -> int:
    """Return how many bytes `pack` makes of these parts."""
    return _START.size + sum(map(len, parts))


def packed_parts(value: Any, content: str) -> list[bytes | memoryview]:
    """Return what follows the checksum, without putting it together.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    import json

    blobs: list[Buffer] = []

    def store(data: Buffer) -> int:
        blobs.append(data)
        return len(blobs) - 1

    tree = encode(value, store)
    head = {"content": content, "sizes": [len(blob) for blob in blobs], "tree": tree}
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode("ascii")
    parts: list[bytes | memoryview] = [text]
    length = _PRELUDE + len(text)
    for blob in blobs:
        gap = -length % _ALIGNMENT
        parts += [bytes(gap), memoryview(blob)]
        length += gap + len(blob)
    return [_LENGTHS.pack(length, len(text)), *parts]


def unpack(data: Any, content: str) -> Any:
    """Return the value that `pack` wrote; nothing in `data` is imported or run.

    Args:
        data: Bytes from anywhere.
        content: What they should be.

    Raises:
        MalformedError: If they are damaged, of another format version, or something else.
    """
    view = _checked(data, content)
    head, blobs = _head(view, content)

    def load(number: Any) -> Buffer:
        if type(number) is int and 0 <= number < len(blobs):
            return blobs[number]
        raise MalformedError(
            f"expected the number of one of {len(blobs)} blobs, found {number!r:.60}"
        )

    return decode(head["tree"], load)


def _checked(data: Any, content: str) -> memoryview:
    """Return the bytes if they are whole, undamaged and of a version that is understood."""
    import zlib

    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise MalformedError(f"expected the bytes of a {content}, found a {type(data).__name__}")
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
            f"this {content} has format version {version}, this dromos understands version "
            f"{FORMAT_VERSION}: read it with the dromos that wrote it, or take a new one"
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


def _head(view: memoryview, content: str) -> tuple[dict[str, Any], list[memoryview]]:
    """Return the JSON head and the blobs after it."""
    _, text_size = _LENGTHS.unpack_from(view, _START.size)
    end = _PRELUDE + text_size
    if end > len(view):
        raise MalformedError(f"the head of this {content} is longer than all of it")
    head = _json(bytes(view[_PRELUDE:end]), content)
    if type(head) is not dict or head.keys() != {"content", "sizes", "tree"}:
        raise MalformedError(f"the head of this {content} does not describe one")
    if head["content"] != content:
        raise MalformedError(f"expected a {content}, these bytes are a {head['content']!r:.60}")
    sizes, blobs = head["sizes"], []
    if type(sizes) is not list or any(type(n) is not int or n < 0 for n in sizes):
        raise MalformedError(f"the head of this {content} does not say how long its blobs are")
    for blob_size in sizes:
        start = end + -end % _ALIGNMENT
        end = start + blob_size
        blobs.append(view[start:end])
    if end != len(view):
        raise MalformedError(f"the blobs of this {content} end at {end}, its bytes at {len(view)}")
    return head, blobs


def _json(text: bytes, content: str) -> Any:
    import json

    def integer(digits: str) -> int:
        if len(digits) > _MAX_DIGITS:
            raise ValueError(f"an integer of {len(digits)} digits")
        return int(digits)

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(text.decode("utf-8"), parse_int=integer, parse_constant=constant)
    except (ValueError, RecursionError) as reason:
        raise MalformedError(f"the head of this {content} is not JSON: {reason}") from None
