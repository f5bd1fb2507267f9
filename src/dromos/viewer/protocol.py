"""What pages say and are told.

A page sends JSON objects, ``{"do": name, "value": ...}``, and gets JSON objects ``{"error": text}``
and ``{"done": name}``, and binary messages: a byte that says what it is, the length of a JSON
header (uint32, little-endian), the header, and the bytes it tells of: of an update the picture,
of a file its contents.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from dromos.error import Error, did_you_mean
from dromos.viewer.figures import number

__all__ = ["FILE", "LONGEST_MESSAGE", "UPDATE", "Command", "binary", "command_of"]

UPDATE = 1
FILE = 2

LONGEST_MESSAGE = 4096  # characters
_MOST_LANES_SHOWN = 64
_MOST_KEYS = 16
_LARGEST_SEED = 2**32 - 1
_FASTEST = 100_000.0
_SLOWEST = 0.1


class Command(NamedTuple):
    """What a page asks for."""

    do: str
    value: Any


def command_of(message: str | bytes, lanes: int) -> Command:
    """Return what a message asks for.

    Args:
        message: From anybody.
        lanes: How many lanes there are.

    Raises:
        Error: If it is no command, or one with a wrong value.
    """
    if isinstance(message, bytes):
        raise Error(f"message: expected a text of JSON, found {len(message)} bytes of binary data")
    if len(message) > LONGEST_MESSAGE:
        raise Error(f"message: expected at most {LONGEST_MESSAGE} characters, found {len(message)}")
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        raise Error(f"message: expected JSON, found {message[:60]!r}") from None
    if not isinstance(content, dict) or not isinstance(content.get("do"), str):
        raise Error(f'message: expected an object as {{"do": "pause"}}, found {message[:60]!r}')
    do, value = content["do"], content.get("value")
    check = _CHECKS.get(do)
    if check is None:
        raise Error(f"do: found {do[:40]!r}, which is no command.{did_you_mean(do[:40], _CHECKS)}")
    return Command(do, check(do, value, lanes))


def binary(kind: int, header: dict[str, Any], data: bytes = b"") -> bytes:
    """Return a binary message."""
    text = json.dumps(_finite(header), allow_nan=False).encode()
    return struct.pack("<BI", kind, len(text)) + text + data


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, (list, tuple)) else value


def _wrong(do: str, expected: str, found: Any) -> Error:
    return Error(f"{do}: expected {expected}, found {json.dumps(found)[:60]}")


def _nothing(do: str, value: Any, lanes: int) -> None:
    if value is not None:
        raise _wrong(do, "no value", value)


def _flag(do: str, value: Any, lanes: int) -> bool:
    if not isinstance(value, bool):
        raise _wrong(do, "true or false", value)
    return value


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _seed(do: str, value: Any, lanes: int) -> int | None:
    if value is not None and not _is_whole(value, 0, _LARGEST_SEED):
        raise _wrong(do, f"a seed of 0 to {_LARGEST_SEED}, or none", value)
    return value  # type: ignore[no-any-return]


def _count(do: str, value: Any, lanes: int) -> int:
    if not _is_whole(value, 1, 1_000_000_000):
        raise _wrong(do, "a number of 1 to 1000000000", value)
    return value  # type: ignore[no-any-return]


def _steps(do: str, value: Any, lanes: int) -> int:
    if not _is_whole(value, 1, 1000):
        raise _wrong(do, "a number of steps of 1 to 1000", value)
    return value  # type: ignore[no-any-return]


def _speed(do: str, value: Any, lanes: int) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not _SLOWEST <= value <= _FASTEST:
        raise _wrong(do, f"steps a second of {_SLOWEST} to {_FASTEST:g}, or none", value)
    return float(value)


def _lane(do: str, value: Any, lanes: int) -> int:
    if not _is_whole(value, 0, lanes - 1):
        raise _wrong(do, f"a lane of 0 to {lanes - 1}", value)
    return value  # type: ignore[no-any-return]


def _lanes(do: str, value: Any, lanes: int) -> list[int]:
    some = isinstance(value, list) and 1 <= len(value) <= _MOST_LANES_SHOWN
    if not some or not all(_is_whole(lane, 0, lanes - 1) for lane in value):
        raise _wrong(do, f"1 to {_MOST_LANES_SHOWN} lanes of 0 to {lanes - 1}", value)
    if len(set(value)) != len(value):
        raise _wrong(do, "each lane at most once", value)
    return value  # type: ignore[no-any-return]


def _keys(do: str, value: Any, lanes: int) -> list[list[int]]:
    parts: list[Any] = value if isinstance(value, list) and len(value) == 2 else [None]
    for part in parts:
        few = isinstance(part, list) and len(part) <= _MOST_KEYS
        if not few or not all(_is_whole(key, 0, (1 << 31) - 1) for key in part):
            raise _wrong(do, f"the keys held and tapped, {_MOST_KEYS} codes each at most", value)
    return parts


def _what(do: str, value: Any, lanes: int) -> str:
    if value not in ("video", "episode", "last video", "last episode"):
        raise _wrong(do, '"video", "episode", "last video" or "last episode"', value)
    return str(value)


_CHECKS: dict[str, Callable[[str, Any, int], Any]] = {
    "ready": _nothing,
    "pause": _nothing,
    "resume": _nothing,
    "step": _steps,
    "speed": _speed,
    "reset": _seed,
    "lanes": _lanes,
    "focus": _lane,
    "snapshot": _nothing,
    "back": _count,
    "keyboard": _flag,
    "keys": _keys,
    "branch": _nothing,
    "return": _nothing,
    "download": _what,
}
