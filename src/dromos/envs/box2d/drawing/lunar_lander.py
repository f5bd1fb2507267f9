"""The lander as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_lunar_lander"]

_UNIT = 30.0  # pixels a meter of a picture 600 wide
_WIDTH, _HEIGHT = 20.0, 400 / 30  # m
_PAD = (8.0, 12.0, _HEIGHT / 4)  # left, right, height, m
_HULL_BODY = 1

_SPACE: Colour = (13, 17, 33)
_SPACE_LOW: Colour = (44, 52, 86)
_STAR: Colour = (214, 224, 255, 170)
_EARTH: Colour = (86, 132, 196)
_EARTH_SHADE: Colour = (44, 76, 130)
_GROUND: Colour = (150, 152, 164)
_GROUND_LOW: Colour = (112, 114, 128)
_RIM: Colour = (206, 208, 218)
_PAD_LINE: Colour = (242, 190, 78)
_POLE: Colour = (230, 232, 240)
_HULL: Colour = (206, 196, 236)
_HULL_RIM: Colour = (122, 104, 176)
_WINDOW: Colour = (72, 96, 160)
_LEG: Colour = (160, 148, 204)
_FLAME: Colour = (255, 176, 66, 210)
_FLAME_CORE: Colour = (255, 240, 190, 240)

#: Places of stars, from multiples of two irrational numbers: even, but not regular.
_STARS = [
    ((i * 0.754877666) % 1 * _WIDTH, (0.25 + (i * 0.569840291) % 1 * 0.75) * _HEIGHT)
    for i in range(1, 70)
]


def draw_lunar_lander(canvas: Canvas, scene: Any) -> None:
    """Draw the craft over the ground.

    Args:
        canvas: What to draw on; 600 x 400 pixels is the size the picture was made for.
        scene: Poses of moon, craft and legs; their shapes; ``main_power`` and ``side_power``.
    """
    canvas.background(_SPACE, _SPACE_LOW)
    unit = canvas.width / _WIDTH
    with canvas.world(0, canvas.height, unit=unit):
        _draw_sky(canvas)
        _draw_ground(canvas, scene)
        _draw_flags(canvas)
        _draw_flames(canvas, scene)
        for body in (2, 3, _HULL_BODY):
            _draw_part(canvas, scene, body)


def _draw_sky(canvas: Canvas) -> None:
    for i, (x, y) in enumerate(_STARS):
        canvas.disc(x, y, 0.018 + 0.012 * (i % 3), _STAR)
    canvas.disc(16.6, 11.3, 0.72, _EARTH)
    canvas.disc(16.8, 11.15, 0.55, _EARTH_SHADE)


def _draw_ground(canvas: Canvas, scene: Any) -> None:
    edges = [corners for body, kind, _, corners in scene.shapes if body == 0 and kind == "edge"]
    surface = [edges[1][0], *(edge[1] for edge in edges[1:])]  # the first edge is the bottom
    canvas.polygon([(0.0, 0.0), *surface, (_WIDTH, 0.0)], _GROUND)
    low = [(x, y * 0.62) for x, y in surface]
    canvas.polygon([(0.0, 0.0), *low, (_WIDTH, 0.0)], _GROUND_LOW)
    canvas.polyline(surface, 0.08, _RIM)
    left, right, height = _PAD
    canvas.polyline([(left, height), (right, height)], 0.1, _PAD_LINE)


def _draw_flags(canvas: Canvas) -> None:
    left, right, height = _PAD
    for x in (left, right):
        top = height + 50 / _UNIT
        canvas.polyline([(x, height), (x, top)], 0.05, _POLE)
        canvas.polygon([(x, top), (x, top - 0.36), (x + 0.85, top - 0.18)], _PAD_LINE)


def _draw_flames(canvas: Canvas, scene: Any) -> None:
    x, y, angle = scene.poses[_HULL_BODY]
    main, side = float(scene.values["main_power"]), float(scene.values["side_power"])
    with canvas.placed(x, y, angle=angle):
        if main > 0:
            for width, reach, colour in ((0.22, 1.3, _FLAME), (0.12, 0.75, _FLAME_CORE)):
                tip = -0.33 - reach * main
                canvas.polygon([(-width, -0.32), (width, -0.32), (0.0, tip)], colour)
        if side != 0:
            out = -1.0 if side < 0 else 1.0
            rim = 0.52 * out
            for width, reach, colour in ((0.1, 0.6, _FLAME), (0.05, 0.35, _FLAME_CORE)):
                tip = rim + out * reach * abs(side)
                canvas.polygon([(rim, 0.4 - width), (rim, 0.4 + width), (tip, 0.4)], colour)


def _draw_part(canvas: Canvas, scene: Any, body: int) -> None:
    x, y, angle = scene.poses[body]
    with canvas.placed(x, y, angle=angle):
        for owner, _, _, corners in scene.shapes:
            if owner != body:
                continue
            canvas.polygon(corners, _HULL if body == _HULL_BODY else _LEG)
            canvas.polyline(corners, 0.05, _HULL_RIM, closed=True)
        if body == _HULL_BODY:
            canvas.rectangle(-0.24, 0.12, 0.48, 0.28, _WINDOW, corner=0.08)
            canvas.polyline([(-0.5, -0.1), (0.5, -0.1)], 0.04, _HULL_RIM)
