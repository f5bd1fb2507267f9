"""Codes of keys, as windows report them: the letter a key types, or SDL's code for the others."""

from __future__ import annotations

__all__ = ["DOWN", "ESCAPE", "LEFT", "RIGHT", "SPACE", "UP"]

ESCAPE = 27
SPACE = 32

_NO_CHARACTER = 1 << 30  # SDL's mark for keys that type nothing; the rest is the USB scan code

RIGHT = _NO_CHARACTER | 79
LEFT = _NO_CHARACTER | 80
DOWN = _NO_CHARACTER | 81
UP = _NO_CHARACTER | 82
