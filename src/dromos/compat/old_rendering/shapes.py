"""Shapes, in coordinates with y up."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import numpy as np

from dromos.compat.old_rendering import painting
from dromos.compat.old_rendering.painting import Attr, Color, LineWidth, Transform, Where
from dromos.render.window import load_picture

__all__ = [
    "Compound",
    "FilledPolygon",
    "Geom",
    "Image",
    "Line",
    "Point",
    "PolyLine",
    "make_capsule",
    "make_circle",
    "make_polygon",
    "make_polyline",
]


class Geom:
    """A shape with attributes; a subclass draws it in `render1`."""

    def __init__(self) -> None:
        self._color = Color((0, 0, 0, 1.0))
        self.attrs: list[Attr] = [self._color]

    def render(self) -> None:
        """Draw the shape with its attributes, the last one applied first."""
        for attr in reversed(self.attrs):
            attr.enable()
        self.render1()
        for attr in self.attrs:
            attr.disable()

    def render1(self) -> None:
        """Draw the shape."""
        raise NotImplementedError

    def add_attr(self, attr: Attr) -> None:
        """Add an attribute."""
        self.attrs.append(attr)

    def set_color(self, r: float, g: float, b: float, alpha: float = 1) -> None:
        """Set the colour, 0 to 1 each."""
        self._color.vec4 = (r, g, b, alpha)


class Point(Geom):
    """A pixel at the origin."""

    def render1(self) -> None:
        """Draw the pixel."""
        painter = painting.painter()
        ((x, y),) = painter.placed([(0.0, 0.0)])
        painter.raster.rectangle(float(x) - 0.5, float(y) - 0.5, 1, 1, painter.colour)


class FilledPolygon(Geom):
    """A filled polygon.

    Attributes:
        v: Its corners.
    """

    def __init__(self, v: Sequence[Where]) -> None:
        super().__init__()
        self.v = v

    def render1(self) -> None:
        """Fill the polygon."""
        painting.painter().fill(self.v)


class Compound(Geom):
    """Several shapes, in the colour of the whole."""

    def __init__(self, gs: Sequence[Geom]) -> None:
        super().__init__()
        self.gs = gs
        for shape in gs:
            shape.attrs = [attr for attr in shape.attrs if not isinstance(attr, Color)]

    def render1(self) -> None:
        """Draw the shapes."""
        for shape in self.gs:
            shape.render()


class PolyLine(Geom):
    """A line through points.

    Attributes:
        v: The points.
        close: Whether it leads back to the first.
    """

    def __init__(self, v: Sequence[Where], close: bool) -> None:
        super().__init__()
        self.v = v
        self.close = close
        self.linewidth = LineWidth(1)
        self.add_attr(self.linewidth)

    def render1(self) -> None:
        """Draw the line."""
        painting.painter().line(self.v, self.close)

    def set_linewidth(self, x: float) -> None:
        """Set the width in pixels."""
        self.linewidth.stroke = x


class Line(PolyLine):
    """A line from one point to another, which may be assigned.

    Attributes:
        start: The one.
        end: The other.
    """

    def __init__(self, start: Where = (0.0, 0.0), end: Where = (0.0, 0.0)) -> None:
        super().__init__((), False)
        self.start, self.end = start, end

    def render1(self) -> None:
        """Draw the line."""
        painting.painter().line((self.start, self.end))


class Image(Geom):
    """A picture file, its middle at the origin.

    Attributes:
        img: The picture, uint8 (height, width, 4).
        width: Its width, in units of the coordinates.
        height: Its height.
    """

    def __init__(self, fname: str | os.PathLike[str], width: float, height: float) -> None:
        """Read the file.

        Raises:
            DependencyNotInstalled: If pygame-ce is missing.
            Error: If the file cannot be read.
        """
        super().__init__()
        self.set_color(1.0, 1.0, 1.0)
        self.width, self.height = width, height
        self.img = load_picture(fname)
        self.flip = False

    def render1(self) -> None:
        """Draw the picture: for each pixel under it, the nearest pixel of the file."""
        painter = painting.painter()
        half_width, half_height = self.width / 2, self.height / 2
        corners = [(x, y) for x in (-half_width, half_width) for y in (-half_height, half_height)]
        placed = painter.placed(corners)
        size = (painter.raster.width, painter.raster.height)
        left, top = np.clip(np.floor(placed.min(0)), 0, size).astype(int)
        right, bottom = np.clip(np.ceil(placed.max(0)), 0, size).astype(int)
        matrix = np.vstack([painter.matrices[-1], (0.0, 0.0, 1.0)])
        if right <= left or bottom <= top or abs(np.linalg.det(matrix)) < 1e-12:
            return
        ys, xs = np.mgrid[top:bottom, left:right] + 0.5
        back = np.linalg.inv(matrix)
        rows, columns = self.img.shape[:2]
        u = (back[0, 0] * xs + back[0, 1] * ys + back[0, 2] + half_width) / self.width
        v = (half_height - (back[1, 0] * xs + back[1, 1] * ys + back[1, 2])) / self.height
        inside = (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
        found = self.img[(v[inside] * rows).astype(int), (u[inside] * columns).astype(int)]
        alpha = found[:, 3:] / 255.0
        frame = painter.raster.pixels()
        area = frame[top:bottom, left:right]
        area[inside] = np.round(found[:, :3] * alpha + area[inside] * (1 - alpha))
        painter.raster.paste(frame)


def make_circle(radius: float = 10, res: int = 30, filled: bool = True) -> Geom:
    """Return a circle as a polygon of `res` corners, or its outline."""
    turns = (2 * math.pi * i / res for i in range(res))
    points = [(math.cos(turn) * radius, math.sin(turn) * radius) for turn in turns]
    return make_polygon(points, filled)


def make_polygon(v: Sequence[Where], filled: bool = True) -> Geom:
    """Return a polygon, or its outline."""
    return FilledPolygon(v) if filled else PolyLine(v, True)


def make_polyline(v: Sequence[Where]) -> PolyLine:
    """Return a line through points."""
    return PolyLine(v, False)


def make_capsule(length: float, width: float) -> Compound:
    """Return a bar along the x axis with round ends."""
    half = width / 2
    bar = make_polygon([(0, -half), (0, half), (length, half), (length, -half)])
    ends = [make_circle(half), make_circle(half)]
    ends[1].add_attr(Transform(translation=(length, 0)))
    return Compound([bar, *ends])
