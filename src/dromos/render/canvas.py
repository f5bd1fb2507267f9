"""What a drawing may ask of the thing it is drawn on.

A drawing is a function of a canvas and a state. It knows no backend and never steps::

    def draw_pendulum(canvas: Canvas, theta: float) -> None:
        canvas.background((250, 250, 252))
        with canvas.world(250, 250, unit=100), canvas.placed(angle=theta):
            canvas.polyline([(0, 0), (0, 1)], 0.2, (200, 80, 60))

Lengths are in units of the current coordinates, angles in radians from the x axis towards the y
axis. A new canvas has its origin in the top left corner, a pixel for a unit, and y down; `world`
gives coordinates with y up. Coordinates beyond the canvas are clipped. What is not finite, not a
colour, or negative where a size is asked for, raises `ValueError` before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Align", "Anchor", "Canvas", "Cap", "Colour", "Join", "Points"]

#: (red, green, blue), or (red, green, blue, alpha) to blend over what is there: 0 to 255 each.
Colour: TypeAlias = "tuple[int, int, int] | tuple[int, int, int, int]"
#: Pairs (x, y), or an array of shape (n, 2).
Points: TypeAlias = "Iterable[Sequence[float]] | NDArray[np.float64]"

Join: TypeAlias = Literal["round", "mitre"]
Cap: TypeAlias = Literal["round", "butt"]
Align: TypeAlias = Literal["left", "centre", "right"]
Anchor: TypeAlias = Literal["baseline", "middle", "top"]

FULL_TURN = 6.283185307179586  # radians


class Canvas(Protocol):
    """A surface with a stack of coordinate systems."""

    @property
    def width(self) -> int:
        """Width in pixels."""
        ...

    @property
    def height(self) -> int:
        """Height in pixels."""
        ...

    def world(self, x: float, y: float, *, unit: float) -> AbstractContextManager[None]:
        """Within the block, the origin lies at (x, y), `unit` is 1 and y points up."""
        ...

    def placed(
        self, x: float = 0.0, y: float = 0.0, *, angle: float = 0.0, scale: float = 1.0
    ) -> AbstractContextManager[None]:
        """Within the block, the origin lies at (x, y), turned by `angle`, then scaled."""
        ...

    def background(self, colour: Colour, bottom: Colour | None = None) -> None:
        """Fill the whole canvas, with a vertical gradient if `bottom` is given."""
        ...

    def polygon(self, points: Points, colour: Colour) -> None:
        """Fill a closed polygon; what it winds around more than once is filled as well."""
        ...

    def polyline(
        self,
        points: Points,
        width: float,
        colour: Colour,
        *,
        closed: bool = False,
        join: Join = "round",
        cap: Cap = "round",
    ) -> None:
        """Draw a line through `points`, and back to the first if `closed`."""
        ...

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        ...

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        colour: Colour,
        *,
        start: float = 0.0,
        sweep: float = FULL_TURN,
        cap: Cap = "butt",
    ) -> None:
        """Draw part of a circle's line, `sweep` radians from `start`; by default all of it."""
        ...

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        *,
        corner: float = 0.0,
    ) -> None:
        """Fill the rectangle from (x, y) to (x + width, y + height).

        `corner` is the radius of its corners, at most half the shorter side.
        """
        ...

    def shadow(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        *,
        blur: float,
        corner: float = 0.0,
    ) -> None:
        """Fill a rectangle whose rim fades, from `blur` within it to `blur` outside."""
        ...

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
        """Write one line of text, upright whichever way y points.

        Args:
            x: Where the text starts, has its middle or ends, as `align` says.
            y: Where its baseline, the middle or the top of its capitals lies, as `anchor` says.
            text: Printable ASCII; other characters show as a box.
            size: Height of a line; capitals are 0.7 of it.
            colour: Colour of the strokes.
            align: "left", "centre" or "right".
            anchor: "baseline", "middle" or "top".
            weight: Width of the strokes, as a part of `size`.
        """
        ...
