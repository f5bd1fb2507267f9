"""Codes of keys, as windows report them: the letter a key types, or SDL's code for the others."""

from __future__ import annotations

__all__ = ["DOWN", "ESCAPE", "LEFT", "RIGHT", "SPACE", "UP", "name_of"]

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
