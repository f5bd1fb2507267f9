"""Codes of keys, as windows report them: the letter a key types, or SDL's code for the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dromos.error import Error

__all__ = ["DOWN", "ESCAPE", "LEFT", "RIGHT", "SPACE", "UP", "key_codes", "name_of"]

ESCAPE = 27
SPACE = 32

_NO_CHARACTER = 1 << 30  # SDL's mark for keys that type nothing; the rest is the USB scan code

RIGHT = _NO_CHARACTER | 79
LEFT = _NO_CHARACTER | 80
DOWN = _NO_CHARACTER | 81
UP = _NO_CHARACTER | 82

_NAMES = {
    DOWN: "down",
    ESCAPE: "escape",
    LEFT: "left",
    RIGHT: "right",
    SPACE: "space",
    UP: "up",
}


def name_of(key: int) -> str:
    """Return what a person calls the key with this code."""
    if key in _NAMES:
        return _NAMES[key]
    return chr(key) if SPACE < key < 0x110000 else f"key {key}"


def key_codes(keys_to_action: Mapping[Any, Any]) -> dict[tuple[int, ...], Any]:
    """Return a mapping from keys to actions with ascending codes.

    Args:
        keys_to_action: Each key of it is what is held down at once: a text with one character a
            key (``"wa"``), a tuple of characters (``("w", " ")``) or of codes
            (``(ord("w"), LEFT)``), or one code. The empty tuple is no key.

    Raises:
        Error: If one of them is none of these.
    """
    return {tuple(sorted(_codes(keys))): action for keys, action in keys_to_action.items()}


def _codes(keys: Any) -> list[int]:
    parts: Iterable[Any] = keys if isinstance(keys, (str, tuple)) else (keys,)
    codes = []
    for key in parts:
        if isinstance(key, str) and len(key) == 1:
            codes.append(ord(key))
        elif isinstance(key, int):
            codes.append(int(key))
        else:
            raise Error(
                f"keys_to_action: expected keys as a str, a tuple of characters or of codes, found "
                f"{keys!r}. Arrows and others have codes in dromos.render.keys."
            )
    return codes
