"""The cliff walk as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dromos.envs.toy_text.drawing.figures import (
    INK,
    INK_LIGHT,
    LABEL,
    PAPER,
    PAPER_LOW,
    SHADOW,
    draw_arrow,
    draw_flag,
    draw_walker,
)

if TYPE_CHECKING:
    from dromos.envs.toy_text.cliffwalking import Walker
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_cliff_walking"]

_ROWS, _COLUMNS = 4, 12
_MARGIN = 0.14  # cells around the map
_MEADOW: Colour = (216, 230, 221)
_MEADOW_ALTERNATE: Colour = (208, 224, 214)
_GRASS: Colour = (150, 184, 166)
_ROCK: Colour = (128, 140, 160)
_ROCK_LIGHT: Colour = (166, 177, 194)
_DEPTH: Colour = (38, 48, 70)
_MIST: Colour = (120, 140, 172, 60)
# Directions in which actions lead, in radians clockwise from right: up, right, down, left.
_ANGLES = (-math.pi / 2, 0.0, math.pi / 2, math.pi)


def draw_cliff_walking(canvas: Canvas, walker: Walker) -> None:
    """Draw the meadow, the cliff and the walker; 768 x 256 pixels is the size it was made for."""
    unit = min(canvas.width / (_COLUMNS + 2 * _MARGIN), canvas.height / (_ROWS + 2 * _MARGIN))
    left = (canvas.width - _COLUMNS * unit) / 2
    top = (canvas.height - _ROWS * unit) / 2
    canvas.background(PAPER, PAPER_LOW)
    with canvas.placed(left, top, scale=unit):
        canvas.shadow(0, 0.06, _COLUMNS, _ROWS, SHADOW, blur=0.18, corner=0.18)
        canvas.rectangle(-0.08, -0.08, _COLUMNS + 0.16, _ROWS + 0.16, _GRASS, corner=0.16)
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                _draw_meadow(canvas, row, column)
        _draw_cliff(canvas)
        _draw_start(canvas)
        draw_flag(canvas, 11.4, 3.82, 0.66)
        row, column = divmod(walker.cell, _COLUMNS)
        _draw_here(canvas, column, row, walker.action)


def _draw_meadow(canvas: Canvas, row: int, column: int) -> None:
    colour = _MEADOW if (row + column) % 2 else _MEADOW_ALTERNATE
    canvas.rectangle(column + 0.015, row + 0.015, 0.97, 0.97, colour, corner=0.06)
    if (5 * row + 3 * column) % 4 == 2:
        for blade in (-0.07, 0.0, 0.07):
            x = column + 0.7 + blade
            canvas.polyline([(x, row + 0.34), (x + 0.5 * blade, row + 0.22)], 0.03, _GRASS)


def _draw_cliff(canvas: Canvas) -> None:
    """Draw the drop from (1, 3) to (11, 4): an edge of rock above the dark."""
    canvas.rectangle(1, 3, 10, 1.08, _DEPTH)
    for layer, height in enumerate((0.62, 0.44, 0.26)):
        canvas.rectangle(1, 4.08 - height, 10, height, _MIST if layer else (78, 96, 130, 60))
    edge = [(1.0, 2.97)]
    for i in range(41):
        depth = (0.17, 0.3, 0.2, 0.36, 0.24)[i * 7 % 5]
        edge.append((1 + i / 4, 3 + depth))
    edge.append((11.0, 2.97))
    canvas.polygon(edge, _ROCK)
    canvas.polyline([(1, 3.0), (11, 3.0)], 0.07, _ROCK_LIGHT, cap="butt")
    for column in range(1, 11):
        x = column + 0.5
        canvas.polygon([(x - 0.14, 3.98), (x, 3.62), (x + 0.14, 3.98)], INK_LIGHT)
        canvas.polygon([(x, 3.62), (x + 0.14, 3.98), (x + 0.02, 3.98)], INK)


def _draw_start(canvas: Canvas) -> None:
    canvas.arc(0.5, 3.5, 0.3, 0.04, LABEL)
    canvas.text(0.5, 3.5, "S", 0.34, LABEL, align="centre", anchor="middle", weight=0.1)


def _draw_here(canvas: Canvas, column: int, row: int, action: int | None) -> None:
    x = column + (0.25 if (row, column) == (3, 11) else 0.5)
    draw_walker(canvas, x, row + 0.88, 0.72)
    if action is not None:
        angle = _ANGLES[action]
        tip = (column + 0.5 + 0.42 * math.cos(angle), row + 0.5 + 0.42 * math.sin(angle))
        draw_arrow(canvas, *tip, angle, 0.12, INK_LIGHT)
