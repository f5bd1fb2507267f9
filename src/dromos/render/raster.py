"""The canvas that draws into memory: no display, no GPU, no fonts, no environment variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dromos._core import raster as _native
from dromos.render.lettering import letters, start_of_line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dromos.render.canvas import Align, Anchor, Canvas, Colour

__all__ = ["Raster"]


class Raster(_native.Raster):
    """A picture of `width` x `height` pixels to draw on; a `Canvas`.

    The same calls give the same bytes on every machine. `pixels()` returns what has been drawn as
    a new uint8 array of shape (height, width, 3); `paste(frame)` replaces it.

    Args:
        width: Width in pixels, 1 to 16384.
        height: Height in pixels, 1 to 16384.

    Raises:
        ValueError: If a size lies outside that range.
    """

    @contextmanager
    def world(self, x: float, y: float, *, unit: float) -> Iterator[None]:
        """Within the block, the origin lies at (x, y), `unit` is 1 and y points up."""
        self.save()
        try:
            self.translate(x, y)
            self.scale(unit, -unit if self.y_down else unit)
            yield
        finally:
            self.restore()

    @contextmanager
    def placed(
        self, x: float = 0.0, y: float = 0.0, *, angle: float = 0.0, scale: float = 1.0
    ) -> Iterator[None]:
        """Within the block, the origin lies at (x, y), turned by `angle`, then scaled."""
        self.save()
        try:
            self.translate(x, y)
            if angle:
                self.rotate(angle)
            if scale != 1.0:
                self.scale(scale, scale)
            yield
        finally:
            self.restore()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Colour,
        *,
        align: Align = "left",
        anchor: Anchor = "baseline",
        weight: float = 0.08,
    ) -> None:
        """Write one line of text, as `Canvas.text` says."""
        line = letters(text)
        left, baseline = start_of_line(line, align, anchor)
        with self.placed(x, y):
            self.scale(size, -size if self.y_down else size)
            self.translate(left, baseline)
            for letter in line:
                self.strokes(letter.strokes, weight, colour)
                self.translate(letter.advance, 0.0)

    def __reduce__(self) -> tuple[object, ...]:
        return _with_pixels, (self.pixels(),)


def _with_pixels(pixels: NDArray[np.uint8]) -> Raster:
    raster = Raster(pixels.shape[1], pixels.shape[0])
    raster.paste(pixels)
    return raster


if TYPE_CHECKING:

    def _is_a_canvas(raster: Raster) -> Canvas:
        return raster
