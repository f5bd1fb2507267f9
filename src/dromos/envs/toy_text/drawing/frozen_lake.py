"""The frozen lake as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dromos.envs.toy_text.drawing.figures import (
    INK,
    INK_LIGHT,
    LABEL,
    PAPER,
    PAPER_LOW,
    RED,
    SHADOW,
    draw_arrow,
    draw_flag,
    draw_walker,
)

if TYPE_CHECKING:
    from dromos.envs.toy_text.frozen_lake import Walk
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_frozen_lake"]

_SHORE: Colour = (178, 196, 214)
_ICE: Colour = (233, 243, 250)
_ICE_ALTERNATE: Colour = (223, 236, 247)
_GLOSS: Colour = (255, 255, 255, 150)
_CRACK: Colour = (170, 194, 216, 150)
_WATER: Colour = (70, 98, 140)
_RIPPLE: Colour = (150, 178, 212)
# Around the map, as a part of the picture's shorter side.
_MARGIN = 0.035
# Directions in which actions lead, in radians clockwise from right: left, down, right, up.
_ANGLES = (math.pi, math.pi / 2, 0.0, -math.pi / 2)


def draw_frozen_lake(canvas: Canvas, walk: Walk) -> None:
    """Draw the map, and the walker on it.

    Args:
        canvas: What to draw on; the map fills it but for a margin.
        walk: The map, the walker's cell and the last action.
    """
    rows, columns = len(walk.rows), len(walk.rows[0])
    margin = _MARGIN * min(canvas.width, canvas.height)
    cell = min((canvas.width - 2 * margin) / columns, (canvas.height - 2 * margin) / rows)
    width, height = columns * cell, rows * cell
    left, top = (canvas.width - width) / 2, (canvas.height - height) / 2
    canvas.background(PAPER, PAPER_LOW)
    canvas.shadow(left, top + margin / 4, width, height, SHADOW, blur=margin, corner=margin / 2)
    rim = 0.45 * margin
    canvas.rectangle(
        left - rim, top - rim, width + 2 * rim, height + 2 * rim, _SHORE, corner=margin / 2
    )
    for row, letters in enumerate(walk.rows):
        for column, letter in enumerate(letters):
            with canvas.placed(left + column * cell, top + row * cell, scale=cell):
                _draw_cell(canvas, letter, row, column)
    row, column = divmod(walk.cell, columns)
    with canvas.placed(left + column * cell, top + row * cell, scale=cell):
        _draw_here(canvas, walk.rows[row][column], walk.action)


def _draw_cell(canvas: Canvas, letter: str, row: int, column: int) -> None:
    """Draw a cell from (0, 0) to (1, 1)."""
    ice = _ICE if (row + column) % 2 else _ICE_ALTERNATE
    canvas.rectangle(0.015, 0.015, 0.97, 0.97, ice, corner=0.06)
    if letter == "H":
        canvas.disc(0.5, 0.52, 0.37, _CRACK)
        canvas.disc(0.5, 0.52, 0.33, INK)
        canvas.disc(0.5, 0.55, 0.29, _WATER)
        canvas.arc(0.5, 0.55, 0.17, 0.025, _RIPPLE, start=0.3, sweep=1.6, cap="round")
        return
    canvas.polyline([(0.14, 0.3), (0.3, 0.14)], 0.035, _GLOSS)
    canvas.polyline([(0.14, 0.42), (0.24, 0.32)], 0.025, _GLOSS)
    if letter == "F" and (3 * row + 5 * column) % 4 == 1:
        canvas.polyline([(0.62, 0.86), (0.72, 0.74), (0.69, 0.66), (0.84, 0.57)], 0.018, _CRACK)
    if letter == "S":
        canvas.arc(0.5, 0.5, 0.3, 0.04, LABEL)
        canvas.text(0.5, 0.5, "S", 0.34, LABEL, align="centre", anchor="middle", weight=0.1)
    if letter == "G":
        draw_flag(canvas, 0.44, 0.82, 0.62)


def _draw_here(canvas: Canvas, letter: str, action: int | None) -> None:
    """Draw the walker in the cell from (0, 0) to (1, 1), and where the last action pointed."""
    if letter == "H":
        draw_walker(canvas, 0.5, 0.9, 0.62, sunk=True)
        canvas.polyline([(0.33, 0.67), (0.67, 0.67)], 0.03, _RIPPLE)
        canvas.polyline([(0.41, 0.75), (0.59, 0.75)], 0.025, _RIPPLE)
        canvas.arc(0.5, 0.52, 0.35, 0.04, RED)
    else:
        shift = 0.2 if letter == "G" else 0
        draw_walker(canvas, 0.5 + shift, 0.86, 0.66)
    if action is not None:
        angle = _ANGLES[action]
        x, y = 0.5 + 0.42 * math.cos(angle), 0.5 + 0.42 * math.sin(angle)
        draw_arrow(canvas, x, y, angle, 0.11, INK_LIGHT)
