"""From text to strokes: the stroke font's shapes as points, and where a line of text begins."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dromos.render.font import (
    BOX,
    CAPITAL_HEIGHT,
    DIGIT_WIDTH,
    GLYPHS,
    LETTER_GAP,
    LINE_HEIGHT,
    WORD_GAP,
)

if TYPE_CHECKING:
    from dromos.render.canvas import Align, Anchor

__all__ = ["Letter", "letters", "start_of_line", "text_width"]

_PIECES_PER_CURVE = 5

_Point = tuple[float, float]


class Letter(NamedTuple):
    """One character in units of the text's size, its baseline at y = 0, y up."""

    strokes: tuple[tuple[_Point, ...], ...]
    advance: float  # to where the next letter starts


def letters(text: str) -> list[Letter]:
    """Return the shapes of the characters of `text`."""
    return [_letter(character) for character in text]


def text_width(text: str) -> float:
    """Return the width of a line of `text`, in units of its size."""
    return sum(letter.advance for letter in letters(text))


def start_of_line(line: list[Letter], align: Align, anchor: Anchor) -> _Point:
    """Return where a line of text starts when it is anchored at the origin.

    Raises:
        ValueError: If `align` or `anchor` is not one of its names.
    """
    width = sum(letter.advance for letter in line)
    capital = CAPITAL_HEIGHT / LINE_HEIGHT
    lefts = {"left": 0.0, "centre": -width / 2, "right": -width}
    baselines = {"baseline": 0.0, "middle": -capital / 2, "top": -capital}
    if align not in lefts:
        raise ValueError(f"align must be one of {list(lefts)}, found {align!r}")
    if anchor not in baselines:
        raise ValueError(f"anchor must be one of {list(baselines)}, found {anchor!r}")
    return lefts[align], baselines[anchor]


@cache
def _letter(character: str) -> Letter:
    if character == " ":
        return Letter((), WORD_GAP / LINE_HEIGHT)
    description = GLYPHS.get(character, BOX)
    strokes = [_stroke(part) for part in description.split("|")]
    right = DIGIT_WIDTH if character.isdigit() else max(x for line in strokes for x, _ in line)
    return Letter(
        tuple(tuple(_placed(point) for point in stroke) for stroke in strokes),
        (right + LETTER_GAP) / LINE_HEIGHT,
    )


def _placed(point: _Point) -> _Point:
    """Move half the gap to the left of the letter and divide by the line's height."""
    return (point[0] + LETTER_GAP / 2) / LINE_HEIGHT, point[1] / LINE_HEIGHT


def _stroke(description: str) -> list[_Point]:
    """Read ``x,y`` as a corner and ``~x,y`` as the control point between two corners."""
    points: list[_Point] = []
    control: _Point | None = None
    for word in description.split():
        x, y = map(float, word.lstrip("~").split(","))
        if word.startswith("~"):
            control = (x, y)
        elif control is None:
            points.append((x, y))
        else:
            points.extend(_curve(points[-1], control, (x, y)))
            control = None
    return points


def _curve(start: _Point, control: _Point, end: _Point) -> list[_Point]:
    """Return points on a quadratic Bezier curve, without its start."""
    curve = []
    for i in range(1, _PIECES_PER_CURVE + 1):
        t = i / _PIECES_PER_CURVE
        before, middle, after = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
        curve.append(
            (
                before * start[0] + middle * control[0] + after * end[0],
                before * start[1] + middle * control[1] + after * end[1],
            )
        )
    return curve
