"""What a frame is: the check that every reader of frames shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.error import Error

__all__ = [
    "check_grid",
    "checked_frame",
    "checked_labels",
    "checked_size",
    "fitting_columns",
    "labelled",
    "tile",
]

_LONGEST = 16384  # pixels along a side of what the canvas draws
#: Columns, and pixels of a gap: more than any picture that somebody looks at has.
_MOST = 1 << 14


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


def checked_size(name: str, size: object) -> tuple[int, int]:
    """Return a width and a height in pixels as integers.

    Raises:
        ValueError: If it is no pair of integers of 1 to 16384.
    """
    parts: tuple[Any, ...] = tuple(size) if isinstance(size, Iterable) else ()
    whole = len(parts) == 2 and all(isinstance(part, (int, np.integer)) for part in parts)
    if not whole or not all(1 <= part <= _LONGEST for part in parts):
        raise ValueError(
            f"{name}: expected a width and a height of 1 to {_LONGEST} pixels, found {size!r}"
        )
    return int(parts[0]), int(parts[1])


def checked_labels(labels: object, count: int) -> list[str] | None:
    """Return texts for so many frames, or None where `labels` is False.

    Raises:
        Error: If they are neither.
    """
    if labels is False:
        return None
    texts = list(labels) if isinstance(labels, (list, tuple)) else []
    if len(texts) != count or not all(isinstance(text, str) for text in texts):
        raise Error(f"labels: expected {count} texts, one a frame, found {labels!r:.80}")
    return texts


def labelled(frames: Iterable[NDArray[np.uint8]], labels: Sequence[str]) -> list[NDArray[np.uint8]]:
    """Return frames with a line of text each at the top left, as large as it fits.

    Raises:
        Error: If a frame is no picture.
    """
    from dromos.render.lettering import text_width
    from dromos.render.raster import Raster

    written = []
    for frame, text in zip(frames, labels, strict=True):
        picture = checked_frame(frame, "labelled()")
        height, width = picture.shape[:2]
        size = min(max(9.0, height / 16), width / (text_width(text) + 1))
        canvas = Raster(width, height)
        canvas.paste(picture)
        across = text_width(text) * size + size
        canvas.rectangle(0, 0, across, 1.6 * size, (20, 24, 32, 190))
        canvas.text(size / 2, 0.8 * size, text, size, (255, 255, 255), anchor="middle", weight=0.1)
        written.append(canvas.pixels())
    return written


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
            `columns`, `gap` or `colour` is out of range.
    """
    check_grid(columns, gap, colour)
    pictures = [checked_frame(frame, "tile()") for frame in frames]
    _check_tiles(pictures)
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


def shrunk(frame: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return a frame with one pixel, the mean, for each square of `factor` pixels a side.

    Of a frame that is narrower than a square, every `factor`-th pixel.
    """
    if factor == 1:
        return frame
    height, width = frame.shape[0] // factor, frame.shape[1] // factor
    if not (height and width):
        return frame[::factor, ::factor]
    total = np.zeros((height, width, 3), np.uint32)
    for row in range(factor):  # much faster than a mean over two axes
        for column in range(factor):
            total += frame[row : height * factor : factor, column : width * factor : factor]
    return (total // factor**2).astype(np.uint8)


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


def check_grid(columns: object, gap: object, colour: object) -> None:
    """Raise unless `tile` can lay frames out so.

    Raises:
        Error: If it cannot; the message says what was expected.
    """
    if columns is not None and not _is_count(columns, 1):
        raise Error(f"tile() takes columns >= 1, found {columns!r:.60}")
    if not _is_count(gap, 0):
        raise Error(f"tile() takes a gap >= 0 pixels, found {gap!r:.60}")
    given = np.array(colour, dtype=object)
    if given.shape != (3,) or not all(_is_count(part, 0) and part <= 255 for part in given):
        raise Error(f"tile() takes a colour of three integers of 0 to 255, found {colour!r:.60}")


def _is_count(value: object, least: int) -> bool:
    return isinstance(value, (int, np.integer)) and least <= int(value) <= _MOST


def _check_tiles(pictures: Sequence[NDArray[np.uint8]]) -> None:
    if not pictures:
        raise Error("tile() takes at least one frame, found none")
    for i, picture in enumerate(pictures):
        if picture.shape != pictures[0].shape:
            raise Error(
                "tile() takes frames of one shape, found "
                f"{pictures[0].shape} first and {picture.shape} at {i}"
            )
