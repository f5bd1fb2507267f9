"""Coloured text for terminals that understand ANSI escape sequences."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["color2num", "colorize"]

#: The foreground code of each colour name; ten more is the background of that colour.
color2num: Final = MappingProxyType(
    {
        "gray": 30,
        "red": 31,
        "green": 32,
        "yellow": 33,
        "blue": 34,
        "magenta": 35,
        "cyan": 36,
        "white": 37,
        "crimson": 38,
    }
)

_BACKGROUND = 10


def colorize(string: str, color: str, bold: bool = False, highlight: bool = False) -> str:
    """Return `string` between the escape sequences that colour it and that end the colour.

    Args:
        string: The text.
        color: One of the names in `color2num`.
        bold: Whether the text is bold.
        highlight: Whether the colour is the background's instead of the text's.

    Raises:
        KeyError: If the colour is not in `color2num`.
    """
    code = color2num[color] + (_BACKGROUND if highlight else 0)
    return f"\x1b[{code}{';1' if bold else ''}m{string}\x1b[0m"
