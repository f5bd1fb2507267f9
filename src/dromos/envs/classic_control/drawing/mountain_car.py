"""The car in the valley as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dromos.envs.classic_control.drawing.palette import (
    BODY,
    BODY_LIGHT,
    GLASS,
    GOAL,
    GOAL_FAINT,
    GRID,
    GROUND,
    HUB,
    LABEL,
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

__all__ = ["HillShape", "draw_mountain_car"]

# The hill's height above the lowest ground, in units of the position. The dynamics know only its
# slope's sign and proportion; steepness is a matter of the picture.
_AMPLITUDE = 0.38
_FREQUENCY = 3.0  # radians a unit of position

# Above the hills and below the valley, as parts of the picture's height.
_HEADROOM = 0.3
_FOOTROOM = 0.18

# What the picture shows beyond the ends of the world, as a part of its height: half a car and more.
_MARGIN = 0.1

# How many straight pieces the line of the hills has.
_PIECES = 160

# Sizes of the car and the flag as parts of the picture's height.
_CAR_LENGTH = 0.15
_FLAG_HEIGHT = 0.24


class HillShape(Protocol):
    """What the picture needs to know of the task besides the state."""

    @property
    def min_position(self) -> float:
        """Where the wall stands."""
        ...

    @property
    def max_position(self) -> float:
        """Where the world ends on the right."""
        ...

    @property
    def goal_position(self) -> float:
        """Where the flag stands."""
        ...


def draw_mountain_car(canvas: Canvas, state: Sequence[float], params: HillShape) -> None:
    """Draw a car on its hill.

    Args:
        canvas: What to draw on; 600 x 400 pixels is the size the picture was made for.
        state: Position and velocity; the velocity is not seen.
        params: The ends of the world and the flag's place.

    Raises:
        ValueError: If the position is not finite, or the world has no width.
    """
    position = float(state[0])
    low, high = params.min_position, params.max_position
    if not low < high < math.inf or low == -math.inf or not math.isfinite(position):
        raise ValueError(
            "a mountain car is drawn with min_position < max_position and a position, all finite; "
            f"found min_position={low}, max_position={high}, position={position}"
        )
    ground = _Ground(canvas, low, high)
    canvas.background(SKY, SKY_LOW)
    # A flag out of sight may be far out, or nowhere.
    goal = min(max(params.goal_position, low - (high - low)), high + (high - low))
    x = ground.x(goal)
    canvas.rectangle(x, 0, max(canvas.width - x, 0.0), canvas.height, GOAL_FAINT)
    _draw_hills(canvas, ground)
    _draw_flag(canvas, ground, goal)
    # A car outside of the world stands at its end: pixels have bounds, recorded states may not.
    _draw_car(canvas, ground, min(max(position, low), high))


class _Ground:
    """Where the ground lies in pixels, and how steep it is."""

    def __init__(self, canvas: Canvas, low: float, high: float) -> None:
        self.low = low
        self.margin = min(_MARGIN * canvas.height, canvas.width / 4)
        # Pixels a unit of position.
        self.across = (canvas.width - 2 * self.margin) / (high - low)
        room = (1 - _HEADROOM - _FOOTROOM) * canvas.height
        self.unit = min(self.across, room / (2 * _AMPLITUDE))  # pixels a unit of height
        self.middle = (_HEADROOM * canvas.height) + room / 2

    def x(self, position: float) -> float:
        return self.margin + (position - self.low) * self.across

    def y(self, position: float) -> float:
        return self.middle - self.unit * _AMPLITUDE * math.sin(_FREQUENCY * position)

    def slope(self, position: float) -> float:
        """Return the angle of the ground, radians, positive where it rises to the right."""
        rise = self.unit * _AMPLITUDE * _FREQUENCY * math.cos(_FREQUENCY * position)
        return math.atan2(rise, self.across)


def _draw_hills(canvas: Canvas, ground: _Ground) -> None:
    width, height = canvas.width, canvas.height
    beyond = ground.margin / ground.across
    first, last = ground.low - beyond, ground.low - beyond + width / ground.across
    positions = [first + (last - first) * i / _PIECES for i in range(_PIECES + 1)]
    line = [(ground.x(p), ground.y(p)) for p in positions]
    for fraction in (0.25, 0.5, 0.75):
        canvas.rectangle(0, fraction * height, width, 1, GRID)
    # The wall that stops the car's bumper.
    bumper = _CAR_LENGTH / 2 * height * math.cos(ground.slope(ground.low))
    wall = max(ground.margin - bumper, 0.0)
    canvas.rectangle(0, 0, wall, height, GROUND)
    canvas.rectangle(wall - 3, 0, 3, height, LIMIT)
    canvas.polygon([(0, height), *line, (width, height)], GROUND)
    canvas.polyline(line, 0.008 * height, RAIL)


def _draw_flag(canvas: Canvas, ground: _Ground, goal: float) -> None:
    size = _FLAG_HEIGHT * canvas.height
    x, y = ground.x(goal), ground.y(goal)
    canvas.rectangle(x - 0.01 * size, y - size, 0.03 * size, size, RAIL)
    canvas.polygon(
        [(x, y - size), (x + 0.42 * size, y - 0.85 * size), (x, y - 0.7 * size)],
        GOAL,
    )
    canvas.disc(x + 0.005 * size, y - size, 0.03 * size, RAIL)
    canvas.text(x, y + 0.1 * size, f"{goal:g}", 0.16 * size, LABEL, align="centre", anchor="top")


def _draw_car(canvas: Canvas, ground: _Ground, position: float) -> None:
    length = _CAR_LENGTH * canvas.height
    with (
        canvas.world(ground.x(position), ground.y(position), unit=length),
        canvas.placed(angle=ground.slope(position)),
        canvas.placed(y=0.02),
    ):
        cabin = [(-0.3, 0.38), (-0.2, 0.6), (0.12, 0.6), (0.28, 0.38)]
        canvas.polygon(cabin, BODY)
        canvas.polyline(cabin, 0.06, BODY)
        canvas.polygon([(-0.22, 0.4), (-0.16, 0.55), (-0.05, 0.55), (-0.05, 0.4)], GLASS)
        canvas.polygon([(0.0, 0.4), (0.0, 0.55), (0.1, 0.55), (0.2, 0.4)], GLASS)
        canvas.rectangle(-0.5, 0.13, 1.0, 0.27, POLE, corner=0.1)
        canvas.rectangle(-0.44, 0.32, 0.88, 0.03, POLE_LIGHT, corner=0.015)
        canvas.rectangle(-0.5, 0.13, 1.0, 0.06, BODY_LIGHT, corner=0.03)
        for x in (-0.28, 0.28):
            canvas.disc(x, 0.14, 0.14, TYRE)
            canvas.disc(x, 0.14, 0.06, HUB)
