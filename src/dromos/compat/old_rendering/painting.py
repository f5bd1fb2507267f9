"""What shapes are painted with, and the attributes that hold while they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.error import Error
from dromos.render.raster import Raster

__all__ = [
    "Attr",
    "Color",
    "LineStyle",
    "LineWidth",
    "Painter",
    "Transform",
    "Where",
    "painter",
    "painters",
]

Where = Sequence[float]


class Painter:
    """What the shapes of a frame are painted with: where, in which colour, how wide.

    Attributes:
        raster: The picture.
        matrices: Transformations of points, (2, 3) each; the last one holds.
        colour: Red, green, blue and alpha, 0 to 255 each.
        width: Of lines, in pixels.
        stipple: Which of 16 pixels of a line are drawn, lowest bit first.
    """

    def __init__(self, raster: Raster) -> None:
        self.raster = raster
        self.matrices = [np.array([[1.0, 0.0, 0.0], [0.0, -1.0, raster.height]])]
        self.colour: tuple[int, int, int, int] = (0, 0, 0, 255)
        self.width = 1.0
        self.stipple = 0xFFFF

    def placed(self, points: Iterable[Where]) -> NDArray[np.float64]:
        """Return points (n, 2) in pixels."""
        array = np.array([tuple(point)[:2] for point in points], np.float64).reshape(-1, 2)
        matrix = self.matrices[-1]
        placed: NDArray[np.float64] = array @ matrix[:, :2].T + matrix[:, 2]
        return placed

    def fill(self, points: Iterable[Where]) -> None:
        """Fill a polygon."""
        placed = self.placed(points)
        if len(placed) > 2:
            self.raster.polygon(placed, self.colour)

    def line(self, points: Iterable[Where], closed: bool = False) -> None:
        """Draw a line through points."""
        placed = self.placed(points)
        if self.stipple == 0xFFFF:
            self.raster.polyline(placed, self.width, self.colour, closed=closed, cap="butt")
            return
        ends = [*placed, placed[0]] if closed else list(placed)
        for start, end in _dashes(ends, self.stipple):
            self.raster.polyline([start, end], self.width, self.colour, cap="butt")


def _dashes(points: Sequence[Any], stipple: int) -> Iterable[tuple[Any, Any]]:
    """Yield the parts of a line, a pixel each, that a pattern draws."""
    along = 0
    for start, end in pairwise(points):
        pixels = max(int(np.hypot(*(end - start))), 1)
        step = (end - start) / pixels
        for pixel in range(pixels):
            if stipple >> (along % 16) & 1:
                yield start + pixel * step, start + (pixel + 1) * step
            along += 1


#: The painters of frames that are being painted; shapes and attributes use the last one.
painters: list[Painter] = []


def painter() -> Painter:
    """Return the painter of the frame that is being painted.

    Raises:
        Error: If none is.
    """
    if not painters:
        raise Error("Shapes are rendered by a Viewer: add them to one and call its `render`")
    return painters[-1]


class Attr:
    """Something that holds while a shape is drawn."""

    def enable(self) -> None:
        """Begin to hold."""
        raise NotImplementedError

    def disable(self) -> None:
        """End to hold."""


class Transform(Attr):
    """Scale, then turn, then move.

    Attributes:
        translation: How far, to the right and up.
        rotation: By how much, radians, counter-clockwise.
        scale: Factors of x and y.
    """

    def __init__(
        self,
        translation: Where = (0.0, 0.0),
        rotation: float = 0.0,
        scale: Where = (1, 1),
    ) -> None:
        self.set_translation(*translation)
        self.set_rotation(rotation)
        self.set_scale(*scale)

    def enable(self) -> None:
        """Begin to hold."""
        matrices = painter().matrices
        cos, sin = math.cos(self.rotation), math.sin(self.rotation)
        (sx, sy), (x, y) = self.scale, self.translation
        own = np.array([[cos * sx, -sin * sy, x], [sin * sx, cos * sy, y], [0.0, 0.0, 1.0]])
        matrices.append(matrices[-1] @ own)

    def disable(self) -> None:
        """End to hold."""
        painter().matrices.pop()

    def set_translation(self, newx: float, newy: float) -> None:
        """Set how far to move."""
        self.translation = (float(newx), float(newy))

    def set_rotation(self, new: float) -> None:
        """Set by how many radians to turn."""
        self.rotation = float(new)

    def set_scale(self, newx: float, newy: float) -> None:
        """Set the factors of x and y."""
        self.scale = (float(newx), float(newy))


class Color(Attr):
    """A colour: red, green, blue and alpha, 0 to 1 each."""

    def __init__(self, vec4: Sequence[float]) -> None:
        self.vec4 = vec4

    def enable(self) -> None:
        """Begin to hold, until another colour does."""
        red, green, blue, alpha = (round(255 * min(max(c, 0.0), 1.0)) for c in (*self.vec4, 1)[:4])
        painter().colour = (red, green, blue, alpha)


class LineStyle(Attr):
    """Which of 16 pixels of a line are drawn: 0x5555 draws every other one."""

    def __init__(self, style: int) -> None:
        self.style = style

    def enable(self) -> None:
        """Begin to hold."""
        painter().stipple = self.style

    def disable(self) -> None:
        """End to hold."""
        painter().stipple = 0xFFFF


class LineWidth(Attr):
    """The width of lines, in pixels."""

    def __init__(self, stroke: float) -> None:
        self.stroke = stroke

    def enable(self) -> None:
        """Begin to hold, until another width does."""
        painter().width = float(self.stroke)
