"""The walker on its way as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dromos.envs.box2d.bodies import Vec2

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_bipedal_walker"]

_WIDTH = 20.0  # m, of the view
_CLOUD_CORNERS = 5

_SKY: Colour = (198, 220, 246)
_SKY_LOW: Colour = (240, 246, 252)
_CLOUD: Colour = (250, 252, 255)
_HILL: Colour = (176, 206, 184)
_GRASS: Colour = (112, 168, 98)
_GRASS_RIM: Colour = (74, 128, 66)
_EARTH: Colour = (148, 120, 92)
_STONE: Colour = (152, 156, 168)
_STONE_RIM: Colour = (108, 112, 126)
_RAY: Colour = (222, 82, 70, 70)
_RAY_END: Colour = (222, 82, 70, 200)
_POLE: Colour = (72, 82, 100)
_FLAG: Colour = (226, 92, 62)
_HULL: Colour = (126, 92, 200)
_RIM: Colour = (62, 46, 110)
_EYE: Colour = (240, 236, 250)
#: Of the far and of the near leg.
_LEGS: tuple[Colour, Colour] = ((150, 116, 176), (188, 140, 214))


def draw_bipedal_walker(canvas: Canvas, scene: Any) -> None:
    """Draw the robot on its way.

    Args:
        canvas: What to draw on; 600 x 400 pixels is the size the picture was made for.
        scene: Poses and shapes of ground and robot; the number of its ``hull``, the ``clouds`` and
            what the ``lidar`` has seen.
    """
    hull = int(scene.values["hull"])
    x, y, _ = scene.poses[hull]
    left = x - _WIDTH / 5
    unit = canvas.width / _WIDTH
    canvas.background(_SKY, _SKY_LOW)
    with canvas.world(-left * unit, canvas.height, unit=unit):
        _draw_distance(canvas, scene, left)
        _draw_ground(canvas, scene, hull, left)
        _draw_flag(canvas)
        _draw_lidar(canvas, scene, Vec2(x, y))
        # The far leg, the hull, the near leg.
        for body, colour in (
            (hull + 1, _LEGS[0]),
            (hull + 2, _LEGS[0]),
            (hull, _HULL),
            (hull + 3, _LEGS[1]),
            (hull + 4, _LEGS[1]),
        ):
            _draw_part(canvas, scene, body, colour)
        with canvas.placed(*scene.poses[hull][:2], angle=scene.poses[hull][2]):
            canvas.disc(0.72, 0.02, 0.1, _EYE)


def _draw_distance(canvas: Canvas, scene: Any, left: float) -> None:
    """Draw hills and clouds, which move half as fast as the ground."""
    hills = [
        (left + step, 3.9 + 0.7 * math.sin(0.31 * (left / 2 + step)) + 0.3 * math.sin(left + step))
        for step in range(int(_WIDTH) + 2)
    ]
    canvas.polygon([(left, 0.0), *hills, (left + _WIDTH + 1, 0.0)], _HILL)
    numbers = [float(value) for value in scene.values["clouds"]]
    points = list(zip(numbers[0::2], numbers[1::2], strict=True))
    for first in range(0, len(points), _CLOUD_CORNERS):
        cloud = [(x + left / 2, y) for x, y in points[first : first + _CLOUD_CORNERS]]
        if max(x for x, _ in cloud) > left and min(x for x, _ in cloud) < left + _WIDTH:
            canvas.polygon(cloud, _CLOUD)
            canvas.polyline(cloud, 0.7, _CLOUD, closed=True)


def _draw_ground(canvas: Canvas, scene: Any, hull: int, left: float) -> None:
    surface: list[Any] = []
    blocks: list[Any] = []
    for body, kind, _, corners in scene.shapes:
        near = max(x for x, _ in corners) > left - 1 and min(x for x, _ in corners) < left + 21
        if body < hull and near:
            (surface if kind == "edge" else blocks).append(corners)
    if surface:
        line = [surface[0][0], *(edge[1] for edge in surface)]
        canvas.polygon([(line[0][0], 0.0), *line, (line[-1][0], 0.0)], _EARTH)
        turf = [(x, y - 0.35) for x, y in reversed(line)]
        canvas.polygon([*line, *turf], _GRASS)
        canvas.polyline(line, 0.07, _GRASS_RIM)
    for corners in blocks:
        canvas.polygon(corners, _STONE)
        canvas.polyline(corners, 0.05, _STONE_RIM, closed=True)


def _draw_flag(canvas: Canvas) -> None:
    x, height = 1.4, 400 / 30 / 4
    top = height + 5 / 3
    canvas.polyline([(x, height), (x, top)], 0.05, _POLE)
    canvas.polygon([(x, top), (x, top - 0.36), (x + 0.85, top - 0.18)], _FLAG)


def _draw_lidar(canvas: Canvas, scene: Any, start: Vec2) -> None:
    from dromos.envs.box2d.bipedal_walker import rays

    for _, end, fraction in rays(start, scene.values["lidar"]):
        canvas.polyline([start, end], 0.025, _RAY)
        if fraction < 1:
            canvas.disc(end.x, end.y, 0.06, _RAY_END)


def _draw_part(canvas: Canvas, scene: Any, body: int, colour: Colour) -> None:
    x, y, angle = scene.poses[body]
    with canvas.placed(x, y, angle=angle):
        for owner, _, _, corners in scene.shapes:
            if owner == body:
                canvas.polygon(corners, colour)
                canvas.polyline(corners, 0.05, _RIM, closed=True)
