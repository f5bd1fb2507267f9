"""Frames as text: two pixels a character, in the colours of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dromos.error import Error
from dromos.render.frames import checked_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["frame_to_text"]

_UPPER_HALF = "▀"
_RESET = "\x1b[0m"


def frame_to_text(frame: NDArray[np.uint8], columns: int = 80) -> str:
    """Return a picture for terminals that show 24-bit colours.

    A character is two pixels: the upper is its foreground, the lower its background. Pixels are
    means over the part of the frame they stand for, and about square.

    Args:
        frame: uint8 of shape (height, width, 3).
        columns: The width in characters; a narrower frame keeps its own width.

    Returns:
        Lines of text, each ending in a reset of the colours and a newline.

    Raises:
        Error: If `frame` is no picture or `columns` < 1.
    """
    pixels = checked_frame(frame, "frame_to_text()")
    if columns < 1:
        raise Error(f"frame_to_text() takes columns >= 1, found {columns}")
    height, width = pixels.shape[:2]
    columns = min(columns, width)
    rows = max(1, round(height * columns / width))
    small = _shrunk(_shrunk(pixels.astype(np.float64), rows, 0), columns, 1)
    small = np.rint(small).astype(np.uint8)
    if rows % 2:
        small = np.concatenate([small, small[-1:]])
    return "".join(_line(small[i], small[i + 1]) for i in range(0, len(small), 2))


def _shrunk(pixels: NDArray[np.float64], size: int, axis: int) -> NDArray[np.float64]:
    """Take means over `size` stretches of one axis, none longer than needed by a pixel."""
    edges = np.arange(size + 1) * pixels.shape[axis] // size
    counts = np.diff(edges).reshape([-1 if i == axis else 1 for i in range(3)])
    means: NDArray[np.float64] = np.add.reduceat(pixels, edges[:-1], axis) / counts
    return means


def _line(upper: NDArray[np.uint8], lower: NDArray[np.uint8]) -> str:
    """Colour codes are written only where the colours change."""
    parts = []
    before = None
    for colours in zip(map(tuple, upper.tolist()), map(tuple, lower.tolist()), strict=True):
        if colours != before:
            (red, green, blue), (red_below, green_below, blue_below) = colours
            parts.append(
                f"\x1b[38;2;{red};{green};{blue};48;2;{red_below};{green_below};{blue_below}m"
            )
            before = colours
        parts.append(_UPPER_HALF)
    return "".join(parts) + _RESET + "\n"
