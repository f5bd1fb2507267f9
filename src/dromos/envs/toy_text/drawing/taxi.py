"""The town of the taxi as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dromos.envs.toy_text.drawing.figures import (
    COAT,
    COAT_LIGHT,
    INK,
    INK_LIGHT,
    PAPER,
    PAPER_LOW,
    SHADOW,
    draw_flag,
    draw_walker,
)
from dromos.envs.toy_text.taxi import MAP, STANDS

if TYPE_CHECKING:
    from dromos.envs.toy_text.taxi import Ride
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_taxi"]

_SIDE = 5  # cells
_MARGIN = 0.3  # cells
_IN_TAXI = 4
_STREET: Colour = (205, 214, 225)
_TILE: Colour = (221, 228, 237)
_TILE_ALTERNATE: Colour = (214, 222, 232)
_WALL: Colour = (96, 110, 130)
_WALL_TOP: Colour = (128, 142, 162)
_STANDS: tuple[Colour, ...] = ((222, 92, 78), (96, 165, 120), (238, 196, 84), (92, 132, 200))
_WINDOW: Colour = (190, 208, 226)
_LAMP: Colour = (255, 244, 214)
_TAIL: Colour = (222, 92, 78)
_HEAD: Colour = (247, 221, 196)
# Headings in radians clockwise from right: south, north, east, west.
_ANGLES = (math.pi / 2, -math.pi / 2, 0.0, math.pi)


def draw_taxi(canvas: Canvas, ride: Ride) -> None:
    """Draw the town, the taxi, and where the passenger is and wants to go.

    Args:
        canvas: What to draw on; 536 x 456 pixels is the size the picture was made for.
        ride: The state. A flag marks the destination.
    """
    unit = min(canvas.width, canvas.height) / (_SIDE + 2 * _MARGIN)
    left, top = (canvas.width - _SIDE * unit) / 2, (canvas.height - _SIDE * unit) / 2
    canvas.background(PAPER, PAPER_LOW)
    with canvas.placed(left, top, scale=unit):
        canvas.shadow(-0.1, 0, 5.2, 5.1, SHADOW, blur=0.16, corner=0.16)
        canvas.rectangle(-0.12, -0.12, 5.24, 5.24, _WALL, corner=0.14)
        canvas.rectangle(0, 0, _SIDE, _SIDE, _STREET)
        _draw_tiles(canvas)
        for stand in range(len(STANDS)):
            _draw_stand(canvas, stand)
        _draw_walls(canvas)
        row, column = STANDS[ride.destination]
        draw_flag(canvas, column + 0.24, row + 0.84, 0.62, INK)
        if ride.passenger < _IN_TAXI:
            row, column = STANDS[ride.passenger]
            draw_walker(canvas, column + 0.76, row + 0.9, 0.48)
        with canvas.placed(ride.column + 0.5, ride.row + 0.5, angle=_ANGLES[ride.heading]):
            _draw_car(canvas, ride.passenger == _IN_TAXI)


def _draw_tiles(canvas: Canvas) -> None:
    for row in range(_SIDE):
        for column in range(_SIDE):
            colour = _TILE if (row + column) % 2 else _TILE_ALTERNATE
            canvas.rectangle(column + 0.02, row + 0.02, 0.96, 0.96, colour, corner=0.06)


def _draw_stand(canvas: Canvas, stand: int) -> None:
    row, column = STANDS[stand]
    colour = _STANDS[stand]
    canvas.rectangle(column + 0.06, row + 0.06, 0.88, 0.88, (*colour[:3], 90), corner=0.1)
    corners = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)]
    canvas.polyline([(column + x, row + y) for x, y in corners], 0.05, colour, closed=True)
    where = (column + 0.84, row + 0.16)
    canvas.text(*where, "RGYB"[stand], 0.24, INK, align="right", anchor="top", weight=0.14)


def _draw_walls(canvas: Canvas) -> None:
    for colour, width in ((_WALL, 0.12), (_WALL_TOP, 0.05)):
        for row in range(_SIDE):
            for column in range(1, _SIDE):
                if MAP[1 + row][2 * column] == "|":
                    canvas.polyline([(column, row), (column, row + 1)], width, colour)


def _draw_car(canvas: Canvas, taken: bool) -> None:
    """Draw a car from above that points to the right."""
    canvas.shadow(-0.38, -0.2, 0.78, 0.46, SHADOW, blur=0.07, corner=0.1)
    for x in (-0.24, 0.22):
        for y in (-0.23, 0.23):
            canvas.rectangle(x - 0.08, y - 0.04, 0.16, 0.08, INK, corner=0.03)
    canvas.rectangle(-0.38, -0.22, 0.76, 0.44, COAT, corner=0.11)
    canvas.rectangle(-0.34, -0.19, 0.68, 0.05, COAT_LIGHT, corner=0.02)
    canvas.polygon([(0.08, -0.16), (0.2, -0.13), (0.2, 0.13), (0.08, 0.16)], _WINDOW)
    canvas.polygon([(-0.2, -0.16), (-0.29, -0.13), (-0.29, 0.13), (-0.2, 0.16)], _WINDOW)
    canvas.rectangle(-0.19, -0.16, 0.26, 0.32, COAT_LIGHT, corner=0.05)
    for y in (-0.15, 0.15):
        canvas.disc(0.35, y, 0.035, _LAMP)
        canvas.disc(-0.36, y, 0.03, _TAIL)
    if taken:
        canvas.disc(-0.06, 0, 0.12, INK)
        canvas.disc(-0.06, 0, 0.085, _HEAD)
    else:
        for i in range(4):
            colour = INK if i % 2 else INK_LIGHT
            canvas.rectangle(-0.1, -0.12 + 0.06 * i, 0.08, 0.06, colour)
