"""A report as a picture: bars on a logarithmic scale, drawn on our own canvas."""

from __future__ import annotations

import math
import os

from dromos.bench.contestants import DROMOS, ENVPOOL, GYMNASIUM, NAMES
from dromos.bench.measuring import Cell, Report
from dromos.error import Error
from dromos.render import Raster, write_png

__all__ = ["draw", "human"]

_COLOURS = {DROMOS: (38, 110, 190), GYMNASIUM: (232, 140, 60), ENVPOOL: (120, 130, 145)}
_INK, _FAINT, _PAPER = (30, 36, 48), (205, 211, 220), (255, 255, 255)
_WIDTH, _LEFT, _RIGHT, _TOP = 1100, 250, 130, 100  # pixels
_BAR, _GAP, _BELOW = 18, 22, 60
_THOUSAND = 1000.0


def draw(report: Report, path: str | os.PathLike[str]) -> None:
    """Write a picture of a report to a PNG file.

    Raises:
        Error: If nothing was measured.
        OSError: If the file cannot be written.
    """
    speeds = [speed for cell in report.cells for speed in cell.steps_per_second.values()]
    if not speeds:
        raise Error("Expected measurements to draw, found none")
    low, high = math.floor(math.log10(min(speeds))), math.ceil(math.log10(max(speeds)))
    bars = sum(_height(cell) for cell in report.cells)
    canvas = Raster(_WIDTH, _TOP + bars + _BELOW)
    canvas.background(_PAPER)
    canvas.text(20, 34, "Environment steps per second", 24, _INK, anchor="middle", weight=0.1)
    canvas.text(20, 66, report.machine, 14, _INK, anchor="middle")
    _legend(canvas)
    _grid(canvas, low, max(high, low + 1), _TOP + bars)
    top = _TOP
    for cell in report.cells:
        _bars(canvas, cell, top, low, max(high, low + 1))
        top += _height(cell)
    write_png(path, canvas.pixels())


def human(number: float) -> str:
    """Return a number with three digits and a unit: ``"12.3 M"``."""
    for unit in ("", " k", " M", " G"):
        if number < _THOUSAND or unit == " G":
            return f"{number:.3g}{unit}" if number < _THOUSAND else f"{number:.0f}{unit}"
        number /= _THOUSAND
    raise AssertionError(number)


def _height(cell: Cell) -> int:
    return _BAR * max(1, len(cell.steps_per_second)) + _GAP


def _x(speed: float, low: int, high: int) -> float:
    share = (math.log10(speed) - low) / (high - low)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _legend(canvas: Raster) -> None:
    x = _WIDTH - 380.0
    for name in NAMES:
        canvas.rectangle(x, 26, 16, 16, _COLOURS[name], corner=3)
        canvas.text(x + 22, 34, name, 15, _INK, anchor="middle")
        x += 120


def _grid(canvas: Raster, low: int, high: int, bottom: int) -> None:
    for power in range(low, high + 1):
        x = _x(10.0**power, low, high)
        canvas.polyline([(x, _TOP - 8), (x, bottom)], 1, _FAINT)
        canvas.text(x, bottom + 18, human(10.0**power), 14, _INK, align="centre", anchor="middle")


def _bars(canvas: Raster, cell: Cell, top: int, low: int, high: int) -> None:
    middle = top + _BAR * max(1, len(cell.steps_per_second)) / 2
    canvas.text(_LEFT - 12, middle - 8, cell.env_id, 14, _INK, align="right", anchor="middle")
    canvas.text(_LEFT - 12, middle + 9, cell.what, 13, _INK, align="right", anchor="middle")
    for row, (who, speed) in enumerate(cell.steps_per_second.items()):
        y, x = top + row * _BAR, _x(speed, low, high)
        canvas.rectangle(_LEFT, y + 2, max(2.0, x - _LEFT), _BAR - 4, _COLOURS[who], corner=3)
        ratio = cell.ratio(who)
        behind = "" if who == DROMOS or ratio is None else f"  (1/{ratio:.3g})"
        canvas.text(x + 6, y + _BAR / 2, human(speed) + behind, 13, _INK, anchor="middle")
