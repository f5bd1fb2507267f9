"""The pendulum as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dromos.envs.classic_control.drawing.palette import (
    BODY,
    GAUGE,
    GAUGE_RIM,
    GOAL,
    GRID,
    HUB,
    LIMIT,
    POLE,
    POLE_LIGHT,
    RAIL,
    SKY,
    SKY_LOW,
    TYRE,
)

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = ["RodShape", "draw_pendulum"]

_QUARTER_TURN = math.pi / 2

# The picture in lengths of the rod: it shows this much to each side of the hinge.
_REACH = 1.5
_ROD_WIDTH = 0.17
_DIAL = 1.22  # radius of the ring of marks

# The arrow that shows the torque: its radius, width and the sweep of the strongest torque.
_ARROW_RADIUS = 0.42
_ARROW_WIDTH = 0.05
_ARROW_SWEEP = 0.75 * math.pi


class RodShape(Protocol):
    """What the picture needs to know of the task besides the state."""

    @property
    def max_torque(self) -> float:
        """The strongest torque of the motor, N m."""
        ...


def draw_pendulum(canvas: Canvas, state: Sequence[float], params: RodShape) -> None:
    """Draw a rod on its hinge, and an arrow for the torque.

    Args:
        canvas: What to draw on; 500 x 500 pixels is the size the picture was made for.
        state: Angle (rad, counter-clockwise from upright), angular velocity (not seen) and, if an
            arrow is wanted, torque (N m).
        params: The strongest torque.

    Raises:
        ValueError: If the angle or the torque is not finite.
    """
    theta = float(state[0])
    torque = float(state[2]) if len(state) > 2 else 0.0
    if not math.isfinite(theta) or not math.isfinite(torque):
        raise ValueError(
            f"angle and torque of a pendulum must be finite, found {theta} and {torque}"
        )
    unit = min(canvas.width, canvas.height) / (2 * _REACH)
    canvas.background(SKY, SKY_LOW)
    with canvas.world(canvas.width / 2, canvas.height / 2, unit=unit):
        _draw_dial(canvas)
        _draw_rod(canvas, theta)
        _draw_torque(canvas, torque / params.max_torque if params.max_torque > 0 else 0.0)
        canvas.disc(0, 0, 0.4 * _ROD_WIDTH, TYRE)
        canvas.disc(0, 0, 0.18 * _ROD_WIDTH, HUB)


def _draw_dial(canvas: Canvas) -> None:
    """Mark every twelfth of a turn, and the upright that is wanted."""
    canvas.arc(0, 0, _DIAL, 0.012, GRID)
    canvas.arc(0, 0, _DIAL / 2, _DIAL, GAUGE, start=_QUARTER_TURN - 0.12, sweep=0.24)
    canvas.arc(0, 0, _DIAL, 0.02, GAUGE_RIM, start=_QUARTER_TURN - 0.12, sweep=0.24, cap="round")
    for mark in range(12):
        with canvas.placed(angle=mark * math.pi / 6):
            long = mark % 3 == 0
            width, colour = (0.024, RAIL) if long else (0.014, HUB)
            canvas.polyline([(0, _DIAL), (0, _DIAL + (0.1 if long else 0.06))], width, colour)
    canvas.disc(0, _DIAL + 0.05, 0.045, GOAL)


def _draw_rod(canvas: Canvas, theta: float) -> None:
    with canvas.placed(angle=theta):
        canvas.polyline([(0, 0), (0, 1)], _ROD_WIDTH, POLE)
        edge = -0.22 * _ROD_WIDTH
        canvas.polyline([(edge, 0.12), (edge, 1)], 0.18 * _ROD_WIDTH, POLE_LIGHT)
        canvas.disc(0, 0, 0.75 * _ROD_WIDTH, BODY)


def _draw_torque(canvas: Canvas, part: float) -> None:
    """Draw an arrow around the hinge whose length shows `part` of the strongest torque."""
    sweep = _ARROW_SWEEP * min(max(part, -1.0), 1.0)
    if abs(sweep) < 0.02:
        return
    direction = math.copysign(1.0, sweep)
    start = -_QUARTER_TURN - sweep / 2
    canvas.arc(0, 0, _ARROW_RADIUS, _ARROW_WIDTH, LIMIT, start=start, sweep=sweep, cap="round")
    head = 2.2 * _ARROW_WIDTH
    with canvas.placed(angle=start + sweep), canvas.placed(x=_ARROW_RADIUS):
        canvas.polygon([(-head, 0), (head, 0), (0, 1.5 * head * direction)], LIMIT)
