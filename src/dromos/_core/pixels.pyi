"""Pictures, uint8, made grey and resized.

Other dtypes are a TypeError, other shapes a ValueError. Any memory layout is read; `out` must be
C-contiguous, of the shape and dtype of the result, and share no memory with the picture. The
result is `out`, or a new array where it is None.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

def grayscale(rgb: ArrayLike, out: NDArray[np.uint8] | None = None, /) -> NDArray[np.uint8]:
    """Return pictures (..., 3) as luminance (...): 0.2125 R + 0.7154 G + 0.0721 B, cut off.

    Equal to ``(rgb * [0.2125, 0.7154, 0.0721]).sum(-1).astype(np.uint8)`` in every colour.
    """

def luma(rgb: ArrayLike, out: NDArray[np.uint8] | None = None, /) -> NDArray[np.uint8]:
    """Return pictures (..., 3) as luma (...): 0.299 R + 0.587 G + 0.114 B, rounded.

    Equal to OpenCV's ``COLOR_RGB2GRAY`` in every colour.
    """

def resize_area(
    image: ArrayLike,
    height: int,
    width: int,
    has_channels: Any,
    out: NDArray[np.uint8] | None = None,
    /,
) -> NDArray[np.uint8]:
    """Return pictures of another size, each pixel the mean over the area under it.

    Equal to OpenCV's ``INTER_AREA`` in every bit, also in that pictures that grow in a direction
    are interpolated linearly instead.

    Args:
        image: Pictures (..., h, w, channels) if `has_channels`, else (..., h, w).
        height: New height, 1 to 32768 pixels.
        width: New width, 1 to 32768 pixels.
        has_channels: Whether the last axis is that of the channels.
        out: Where to write (..., height, width[, channels]).
    """

class Palette:
    """What each byte of a console's screens stands for, learnt from pictures of them."""

    def __init__(self) -> None: ...
    def learn(self, screen: ArrayLike, grey: ArrayLike, rgb: ArrayLike) -> None:
        """Learn the bytes of a screen (h, w) that is `grey` (h, w) and `rgb` (h, w, 3)."""

    def grey(
        self, screen: ArrayLike, out: NDArray[np.uint8] | None = None
    ) -> NDArray[np.uint8] | None:
        """Return a screen (h, w) in grey (h, w); None if it has a byte that was not learnt."""

    def rgb(
        self, screen: ArrayLike, out: NDArray[np.uint8] | None = None
    ) -> NDArray[np.uint8] | None:
        """Return a screen (h, w) in colour (h, w, 3); None if it has a byte that was not learnt."""

    def shrunk(
        self,
        screen: ArrayLike,
        other: ArrayLike | None,
        coloured: bool,
        height: int,
        width: int,
    ) -> NDArray[np.uint8] | None:
        """Return a screen painted and resized; None if it has a byte that was not learnt.

        Before it is resized, as by `resize_area`, it is laid over `other`, a screen painted
        before, by the maximum of both.
        """
