"""Colours and figures that several toy texts share. Coordinates are pixels, y points down."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas, Colour

__all__ = [
    "COAT",
    "COAT_LIGHT",
    "INK",
    "INK_LIGHT",
    "LABEL",
    "PAPER",
    "PAPER_LOW",
    "RED",
    "SHADOW",
    "TEAL",
    "draw_arrow",
    "draw_flag",
    "draw_walker",
]

PAPER: Colour = (247, 249, 252)
PAPER_LOW: Colour = (226, 233, 241)
INK: Colour = (51, 65, 92)
INK_LIGHT: Colour = (78, 96, 130)
LABEL: Colour = (110, 123, 141)
SHADOW: Colour = (30, 41, 59, 70)
RED: Colour = (222, 92, 78)
TEAL: Colour = (96, 150, 140)
COAT: Colour = (240, 160, 75)
COAT_LIGHT: Colour = (250, 196, 130)

_SKIN: Colour = (247, 221, 196)
_SCARF: Colour = (222, 92, 78)


def draw_walker(canvas: Canvas, x: float, y: float, size: float, *, sunk: bool = False) -> None:
    """Draw a figure in a coat whose feet stand at (x, y).

    Args:
        canvas: What to draw on.
        x: The middle of the feet, pixels.
        y: The ground, pixels.
        size: Height of the figure, pixels.
        sunk: Whether only head and shoulders are seen.
    """
    with canvas.placed(x, y, scale=size):
        if not sunk:
            canvas.shadow(-0.3, -0.06, 0.6, 0.12, SHADOW, blur=0.06, corner=0.06)
            for side in (-0.11, 0.11):
                canvas.polyline([(side, -0.16), (side, -0.04)], 0.12, INK)
        hem = -0.4 if sunk else -0.14
        coat = [(-0.17, -0.6), (0.17, -0.6), (0.27, hem), (-0.27, hem)]
        canvas.polygon(coat, COAT)
        canvas.polyline(coat, 0.06, COAT, closed=True)
        canvas.polyline([(-0.12, -0.56), (-0.2, hem - 0.04)], 0.05, COAT_LIGHT)
        canvas.disc(0, -0.76, 0.19, _SKIN)
        canvas.polygon([(-0.2, -0.8), (-0.16, -0.95), (0, -1.0), (0.16, -0.95), (0.2, -0.8)], INK)
        canvas.polyline([(-0.2, -0.81), (0.2, -0.81)], 0.06, INK_LIGHT)
        canvas.polyline([(-0.14, -0.58), (0.14, -0.58)], 0.09, _SCARF)
        canvas.polyline([(0.1, -0.56), (0.14, -0.4)], 0.08, _SCARF)


def draw_flag(canvas: Canvas, x: float, y: float, size: float, colour: Colour = TEAL) -> None:
    """Draw a flag on a pole that stands at (x, y) and is `size` pixels high."""
    with canvas.placed(x, y, scale=size):
        canvas.shadow(-0.16, -0.05, 0.32, 0.1, SHADOW, blur=0.05, corner=0.05)
        canvas.polyline([(0, 0), (0, -1)], 0.07, INK)
        canvas.polygon([(0.03, -1), (0.62, -0.8), (0.03, -0.58)], colour)
        canvas.disc(0, -1, 0.06, INK_LIGHT)


def draw_arrow(
    canvas: Canvas, x: float, y: float, angle: float, size: float, colour: Colour
) -> None:
    """Draw an arrow head at (x, y) that points along `angle` (radians, clockwise from right)."""
    with canvas.placed(x, y, angle=angle, scale=size):
        canvas.polyline([(-0.35, -0.5), (0.2, 0), (-0.35, 0.5)], 0.26, colour)
