"""What a frame is: the check that every reader of frames shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dromos.error import Error

__all__ = ["checked_frame", "fitting_columns", "tile"]


def checked_frame(frame: object, reader: str) -> NDArray[np.uint8]:
    """Return `frame` if it is a picture: uint8 of shape (height, width, 3), not empty.

    Args:
        frame: What is to be shown.
        reader: Who asks, for the message.

    Raises:
        Error: If it is anything else.
    """
    if not isinstance(frame, np.ndarray):
        raise Error(
            f"{reader} takes frames that are NumPy arrays, found {type(frame).__name__}; "
            'is the environment\'s render_mode "rgb_array"?'
        )
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or 0 in frame.shape:
        raise Error(
            f"{reader} takes frames of dtype uint8 and shape (height, width, 3), found dtype "
            f"{frame.dtype} and shape {frame.shape}"
        )
    return frame


def tile(
    frames: Iterable[NDArray[np.uint8]],
    columns: int | None = None,
    *,
    gap: int = 2,
    colour: tuple[int, int, int] = (255, 255, 255),
) -> NDArray[np.uint8]:
    """Lay frames of one size out in a grid, row by row from the top left.

    Args:
        frames: Arrays uint8 of shape (height, width, 3), or one array of shape
            (n, height, width, 3), such as a vector's frames.
        columns: How many frames a row holds; None makes the grid about as wide as high, in frames.
        gap: Pixels between frames.
        colour: Colour of the gaps and of places without a frame.

    Returns:
        One frame, uint8 of shape (rows (height + gap) - gap, columns (width + gap) - gap, 3).

    Raises:
        Error: If there is no frame, one is no picture or of another size than the first, or
            `columns` < 1 or `gap` < 0.
    """
    pictures = [checked_frame(frame, "tile()") for frame in frames]
    _check_tiles(pictures, columns, gap)
    if columns is None:
        columns = 1
        while columns * columns < len(pictures):
            columns += 1
    rows = -(-len(pictures) // columns)
    height, width = pictures[0].shape[:2]
    grid = np.empty((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), np.uint8)
    grid[:] = colour
    for i, picture in enumerate(pictures):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        grid[top : top + height, left : left + width] = picture
    return grid


@lru_cache
def fitting_columns(count: int, frame: tuple[int, int], screen: tuple[float, float]) -> int:
    """Return in how many columns frames must be tiled to be seen largest.

    Args:
        count: The number of frames, at least 1.
        frame: Their width and height in pixels.
        screen: Width and height of where they are seen, in any unit.
    """

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        return min(screen[0] / (columns * frame[0]), screen[1] / (rows * frame[1]))

    return max(range(1, count + 1), key=scale)


def _check_tiles(pictures: Sequence[NDArray[np.uint8]], columns: int | None, gap: int) -> None:
    if not pictures:
        raise Error("tile() takes at least one frame, found none")
    if columns is not None and columns < 1:
        raise Error(f"tile() takes columns >= 1, found {columns}")
    if gap < 0:
        raise Error(f"tile() takes a gap >= 0 pixels, found {gap}")
    for i, picture in enumerate(pictures):
        if picture.shape != pictures[0].shape:
            raise Error(
                "tile() takes frames of one shape, found "
                f"{pictures[0].shape} first and {picture.shape} at {i}"
            )
