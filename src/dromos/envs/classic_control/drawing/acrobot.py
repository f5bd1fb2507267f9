"""The acrobot as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dromos.envs.classic_control.drawing.palette import (
    BODY,
    BODY_LIGHT,
    GOAL,
    GOAL_FAINT,
    GRID,
    HUB,
    POLE,
    POLE_LIGHT,
    RAIL,
    SKY,
    SKY_LOW,
    TYRE,
)

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas, Colour

__all__ = ["LinkShape", "draw_acrobot"]

# What the picture shows beside the reach of the links, as a part of it.
_MARGIN = 0.12
# Width of a link, as a part of both links' length.
_LINK_WIDTH = 0.09

# The tip has to get this high above the bar in the task, where both links are 1 m long.
_GOAL_HEIGHT = 1.0


class LinkShape(Protocol):
    """What the picture needs to know of the task besides the state."""

    @property
    def LINK_LENGTH_1(self) -> float:
        """Length of the upper link, m."""
        ...

    @property
    def LINK_LENGTH_2(self) -> float:
        """Length of the lower link, m."""
        ...


def draw_acrobot(canvas: Canvas, state: Sequence[float], params: LinkShape) -> None:
    """Draw two links that hang from a bar, and the line that the tip has to cross.

    Args:
        canvas: What to draw on; 500 x 500 pixels is the size the picture was made for.
        state: Angle of the upper link from hanging, angle of the lower link from the upper one
            (rad, counter-clockwise), and their rates, which are not seen.
        params: The lengths of the links.

    Raises:
        ValueError: If an angle is not finite, or a length is not finite and positive.
    """
    theta1, theta2 = float(state[0]), float(state[1])
    upper, lower = params.LINK_LENGTH_1, params.LINK_LENGTH_2
    if not all(map(math.isfinite, (theta1, theta2))) or not (
        0 < upper < math.inf and 0 < lower < math.inf
    ):
        raise ValueError(
            "an acrobot is drawn with finite angles and lengths > 0, found "
            f"angles {theta1} and {theta2}, lengths {upper} and {lower}"
        )
    reach = upper + lower
    unit = min(canvas.width, canvas.height) / (2 * reach * (1 + _MARGIN))
    width = _LINK_WIDTH * reach
    height = -upper * math.cos(theta1) - lower * math.cos(theta1 + theta2)
    canvas.background(SKY, SKY_LOW)
    with canvas.world(canvas.width / 2, canvas.height / 2, unit=unit):
        _draw_space(canvas, reach, unit, arrived=height > _GOAL_HEIGHT)
        with canvas.placed(angle=theta1):
            _draw_link(canvas, upper, width, BODY, BODY_LIGHT)
            with canvas.placed(0, -upper, angle=theta2):
                _draw_link(canvas, lower, width, POLE, POLE_LIGHT)
                canvas.disc(0, -lower, 0.32 * width, TYRE)
            _draw_joint(canvas, -upper, 0.5 * width)
        _draw_joint(canvas, 0.0, 0.42 * width)


def _draw_space(canvas: Canvas, reach: float, unit: float, *, arrived: bool) -> None:
    """Draw the bar, the circle within the links' reach, and the line to cross."""
    half_width, half_height = canvas.width / unit / 2, canvas.height / unit / 2
    pixel = 1 / unit
    canvas.arc(0, 0, reach, 1.5 * pixel, GRID)
    if half_height > _GOAL_HEIGHT:
        room = half_height - _GOAL_HEIGHT
        canvas.rectangle(-half_width, _GOAL_HEIGHT, 2 * half_width, room, GOAL_FAINT)
    canvas.rectangle(
        -half_width, _GOAL_HEIGHT - pixel, 2 * half_width, (4 if arrived else 2) * pixel, GOAL
    )
    bar = 0.28 * reach
    canvas.rectangle(-bar / 2, -0.012 * reach, bar, 0.024 * reach, RAIL, corner=0.012 * reach)


def _draw_link(canvas: Canvas, length: float, width: float, body: Colour, light: Colour) -> None:
    canvas.polyline([(0, 0), (0, -length)], width, body)
    edge = -0.2 * width
    canvas.polyline([(edge, -0.15 * length), (edge, -0.85 * length)], 0.16 * width, light)


def _draw_joint(canvas: Canvas, y: float, radius: float) -> None:
    canvas.disc(0, y, radius, TYRE)
    canvas.disc(0, y, 0.45 * radius, HUB)
