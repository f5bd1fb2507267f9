"""The cart-pole as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dromos.envs.classic_control.drawing.palette import (
    BODY,
    BODY_LIGHT,
    GAUGE,
    GAUGE_RIM,
    GRID,
    GROUND,
    HUB,
    LABEL,
    LIMIT,
    LIMIT_FAINT,
    POLE,
    POLE_LIGHT,
    RAIL,
    SHADOW,
    SKY,
    SKY_LOW,
    TYRE,
)

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = ["CartPoleShape", "draw_cart_pole"]

# What the picture shows beside the track's ends, metres.
_MARGIN = 0.45
# Of a longer track only the middle is shown, metres from there.
_FARTHEST = 12.0
# The greatest part of the picture's height that cart and pole may take.
_TALLEST = 0.6
# Where the rail lies, as a part of the picture's height from the top.
_HORIZON = 0.7

# Sizes of the cart and what belongs to it, metres.
_CART_WIDTH = 0.6
_CART_HEIGHT = 0.27
_WHEEL = 0.1  # radius
_POLE_WIDTH = 0.09
_INFINITE = float("inf")
_QUARTER_TURN = 1.5707963267948966  # radians
_AXLE_HEIGHT = _WHEEL + _CART_HEIGHT

# How many pixels a label of the scale needs.
_ROOM_FOR_LABEL = 32.0


class CartPoleShape(Protocol):
    """What the picture needs to know of the task besides the state."""

    @property
    def x_threshold(self) -> float:
        """Where the track ends, metres from its middle."""
        ...

    @property
    def theta_threshold_radians(self) -> float:
        """The angle at which the pole counts as fallen."""
        ...

    @property
    def length(self) -> float:
        """Half the pole's length, metres."""
        ...


def draw_cart_pole(canvas: Canvas, state: Sequence[float], params: CartPoleShape) -> None:
    """Draw a cart on its track and the pole it balances.

    Args:
        canvas: What to draw on; 600 x 400 pixels is the size the picture was made for.
        state: Position (m), velocity (m/s), angle (rad, clockwise from upright) and angular
            velocity (rad/s); only position and angle are seen.
        params: The ends of the track and the length of the pole.

    Raises:
        ValueError: If the position, the angle or the length is not finite, or the track has no end
            to the right of its middle.
    """
    if not params.x_threshold > 0 or not 0 <= params.length < _INFINITE:
        raise ValueError(
            "a cart-pole is drawn with x_threshold > 0 and a finite length >= 0, found "
            f"x_threshold={params.x_threshold}, length={params.length}"
        )
    x, theta = float(state[0]), float(state[2])
    height = _AXLE_HEIGHT + 2 * params.length
    across = 2 * (min(params.x_threshold, _FARTHEST) + _MARGIN)
    unit = min(canvas.width / across, _TALLEST * canvas.height / height)
    canvas.background(SKY, SKY_LOW)
    with canvas.world(canvas.width / 2, _HORIZON * canvas.height, unit=unit):
        _draw_track(canvas, params.x_threshold, unit)
        with canvas.placed(x):
            _draw_gauge(canvas, theta, params)
            _draw_cart(canvas)
            _draw_pole(canvas, theta, 2 * params.length)


def _draw_track(canvas: Canvas, end: float, unit: float) -> None:
    half = canvas.width / unit / 2
    depth = (1 - _HORIZON) * canvas.height / unit
    pixel = 1 / unit
    canvas.rectangle(-half, -depth, 2 * half, depth, GROUND)
    _draw_scale(canvas, min(end, half), unit)
    if end < half:
        for side in (-1, 1):
            edge = side * end
            canvas.rectangle(min(edge, side * half), -depth, half - end, depth, LIMIT_FAINT)
            canvas.rectangle(edge - 1.5 * pixel, -18 * pixel, 3 * pixel, 32 * pixel, LIMIT)
    canvas.rectangle(-half, -2 * pixel, 2 * half, 3 * pixel, RAIL)


def _draw_scale(canvas: Canvas, end: float, unit: float) -> None:
    """Mark the metres, or every fifth where they would crowd."""
    sky = _HORIZON * canvas.height / unit
    pixel = 1 / unit
    step = 1 if unit > _ROOM_FOR_LABEL else 5
    last = int(end / step) * step if unit * 5 > _ROOM_FOR_LABEL else 0
    for metre in range(-last, last + 1, step):
        canvas.rectangle(metre - pixel / 2, 0, pixel, sky, GRID)
        canvas.rectangle(metre - pixel / 2, -12 * pixel, pixel, 12 * pixel, RAIL)
        canvas.text(metre, -16 * pixel, str(metre), 14 * pixel, LABEL, align="centre", anchor="top")


def _draw_gauge(canvas: Canvas, theta: float, params: CartPoleShape) -> None:
    """Show the angles within which the pole must stay, red when it does not."""
    limit = min(params.theta_threshold_radians, 2 * _QUARTER_TURN)
    radius = 1.5 * params.length
    start, sweep = _QUARTER_TURN - limit, 2 * limit
    fill, rim = (LIMIT_FAINT, LIMIT) if abs(theta) > limit else (GAUGE, GAUGE_RIM)
    canvas.arc(0, _AXLE_HEIGHT, radius / 2, radius, fill, start=start, sweep=sweep)
    canvas.arc(0, _AXLE_HEIGHT, radius, 0.02, rim, start=start, sweep=sweep, cap="round")


def _draw_cart(canvas: Canvas) -> None:
    half = _CART_WIDTH / 2
    canvas.shadow(-half, -0.035, _CART_WIDTH, 0.05, SHADOW, blur=0.05, corner=0.025)
    canvas.rectangle(-half, _WHEEL, _CART_WIDTH, _CART_HEIGHT, BODY, corner=0.06)
    canvas.rectangle(
        -half + 0.05, _AXLE_HEIGHT - 0.06, _CART_WIDTH - 0.1, 0.025, BODY_LIGHT, corner=0.0125
    )
    for side in (-0.62 * half, 0.62 * half):
        canvas.disc(side, _WHEEL, _WHEEL, TYRE)
        canvas.disc(side, _WHEEL, 0.4 * _WHEEL, HUB)


def _draw_pole(canvas: Canvas, theta: float, length: float) -> None:
    with canvas.placed(0, _AXLE_HEIGHT, angle=-theta):
        canvas.polyline([(0, 0), (0, length)], _POLE_WIDTH, POLE)
        canvas.polyline(
            [(-0.2 * _POLE_WIDTH, 0), (-0.2 * _POLE_WIDTH, length)], 0.25 * _POLE_WIDTH, POLE_LIGHT
        )
        canvas.disc(0, 0, 0.75 * _POLE_WIDTH, TYRE)
        canvas.disc(0, 0, 0.35 * _POLE_WIDTH, HUB)
