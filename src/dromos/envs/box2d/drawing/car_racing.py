"""The car on its road as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas, Colour

__all__ = ["draw_car_racing"]

_FIELD = 2000 / 6  # m, half the side of the playfield
_PATCH = _FIELD / 20
_ROAD_HALF = 40 / 6
_KERB = 8 / 6
_REACH = 52.0  # m: what is farther from the car's middle of view is not seen
_HULL_PARTS = 4

_BEYOND: Colour = (24, 32, 28)
_WHITE: Colour = (250, 250, 250)
_RED: Colour = (214, 52, 44)
_LINE: Colour = (240, 240, 240, 90)
_HULL: Colour = (206, 40, 38)
_HULL_RIM: Colour = (120, 16, 18)
_TYRE: Colour = (22, 22, 26)
_TREAD: Colour = (92, 92, 98)
_SHADOW: Colour = (10, 14, 12, 80)
_PANEL: Colour = (16, 20, 30, 225)
_LABEL: Colour = (168, 178, 198)
_SPEED: Colour = (236, 240, 250)
_WHEEL: Colour = (92, 142, 250)
_STEER: Colour = (92, 220, 128)
_GYRO: Colour = (246, 96, 84)


def draw_car_racing(canvas: Canvas, scene: Any) -> None:
    """Draw the car on its road, and the instruments.

    Args:
        canvas: What to draw on; 600 x 400 pixels is the size the picture was made for.
        scene: Poses and shapes of tiles, hull and wheels; the fields that tell of track, wheels,
            colours, time and score.
    """
    values = scene.values
    tiles = int(values["tile_count"])
    x, y, angle = scene.poses[tiles]
    # The first second zooms in. The car is in the lower part and points up.
    t = float(values["t"])
    zoom = (0.6 * max(1 - t, 0.0) + 16.2 * min(t, 1.0)) * canvas.width / 1000
    canvas.background(_BEYOND)
    with (
        canvas.world(canvas.width / 2, canvas.height * 0.72, unit=zoom),
        canvas.placed(angle=-angle),
        canvas.placed(-x, -y),
    ):
        reach = canvas.width / zoom
        _draw_field(canvas, values, x, y, reach)
        _draw_road(canvas, scene, tiles, (x, y), reach)
        _draw_car(canvas, scene, tiles)
    _draw_panel(canvas, scene, tiles)


def _colour(values: Any, name: str) -> tuple[int, int, int]:
    red, green, blue = (min(int(value), 255) for value in values[name])
    return red, green, blue


def _draw_field(canvas: Canvas, values: Any, x: float, y: float, reach: float) -> None:
    canvas.rectangle(-_FIELD, -_FIELD, 2 * _FIELD, 2 * _FIELD, _colour(values, "bg_color"))
    grass = _colour(values, "grass_color")
    for column in range(-20, 20, 2):
        for row in range(-20, 20, 2):
            left, low = _PATCH * column, _PATCH * row
            if abs(left - x) < reach + _PATCH and abs(low - y) < reach + _PATCH:
                canvas.rectangle(left, low, _PATCH, _PATCH, grass)


def _draw_road(
    canvas: Canvas, scene: Any, tiles: int, at: tuple[float, float], reach: float
) -> None:
    """Draw the tiles near the car, a little wider than they are: no seams between them."""
    values = scene.values
    track = values["track"].reshape(-1, 4)[:tiles].tolist()
    red, green, blue = _colour(values, "road_color")
    near = [i for i in range(tiles) if math.dist(at, track[i][2:]) < max(reach, _REACH)]
    for i in near:
        shade = 0 if values["touched"][i] else int(0.01 * (i % 3) * 255)
        colour = min(red + shade, 255), min(green + shade, 255), min(blue + shade, 255)
        corners = scene.shapes[i][3]
        canvas.polygon(corners, colour)
        canvas.polyline(corners, 0.08, colour, closed=True)
    for i in near:
        if values["kerbs"][i]:
            _draw_kerb(canvas, track, i, int(values["kerbs"][i]))
        (_, _, x1, y1), (_, _, x2, y2) = track[i], track[i - 1]
        if i % 2 == 0:
            canvas.polyline([(x1, y1), (x2, y2)], 0.22, _LINE, cap="butt")


def _draw_kerb(canvas: Canvas, track: Any, i: int, side: int) -> None:
    def corner(tile: int, away: float) -> tuple[float, float]:
        _, beta, x, y = track[tile]
        return x + side * away * math.cos(beta), y + side * away * math.sin(beta)

    inner, outer = _ROAD_HALF, _ROAD_HALF + _KERB
    corners = [corner(i, inner), corner(i, outer), corner(i - 1, outer), corner(i - 1, inner)]
    canvas.polygon(corners, _WHITE if i % 2 == 0 else _RED)


def _draw_car(canvas: Canvas, scene: Any, tiles: int) -> None:
    x, y, angle = scene.poses[tiles]
    with canvas.placed(x + 0.35, y - 0.35, angle=angle):
        for _, _, _, corners in scene.shapes[tiles : tiles + _HULL_PARTS]:
            canvas.polygon(corners, _SHADOW)
    for number, phase in enumerate(scene.values["phase"]):
        wheel_x, wheel_y, wheel_angle = scene.poses[tiles + 1 + number]
        with canvas.placed(wheel_x, wheel_y, angle=wheel_angle):
            _, _, _, corners = scene.shapes[tiles + _HULL_PARTS + number]
            canvas.polygon(corners, _TYRE)
            rolled = 0.46 * math.cos(float(phase))
            canvas.polyline([(-0.26, rolled), (0.26, rolled)], 0.12, _TREAD, cap="butt")
    with canvas.placed(x, y, angle=angle):
        for _, _, _, corners in scene.shapes[tiles : tiles + _HULL_PARTS]:
            canvas.polygon(corners, _HULL)
            canvas.polyline(corners, 0.06, _HULL_RIM, closed=True)
        canvas.disc(0.0, -0.55, 0.3, _TYRE)


def _draw_panel(canvas: Canvas, scene: Any, tiles: int) -> None:
    """Draw score, speed, the wheels' speeds, steering and gyroscope."""
    values = scene.values
    top = canvas.height * 35 / 40
    cell = canvas.width / 40
    high = canvas.height - top
    canvas.rectangle(0, top, canvas.width, high, _PANEL)
    size = high * 0.5
    middle = (top + canvas.height) / 2
    score = f"{float(values['shown_reward']):04.0f}"
    canvas.text(cell * 0.8, middle, score, size, _SPEED, anchor="middle", weight=0.1)
    floor = canvas.height - 0.12 * high
    tall = 0.76 * high
    speeds: list[tuple[float, float, Colour]] = [(5.6, 0.01 * values["speed"], _SPEED)]
    speeds += [(7.6 + i, 0.01 * float(w), _WHEEL) for i, w in enumerate(values["omega"])]
    for place, value, colour in speeds:
        part = min(max(float(value), 0.0), 1.0)
        canvas.rectangle(place * cell, floor - part * tall, cell * 0.75, part * tall, colour)
    for place, label, value, colour in (
        (20.0, "steer", -10.0 * values["steering"], _STEER),
        (31.0, "turn", -0.8 * values["spin"], _GYRO),
    ):
        reach = min(max(value, -5.5), 5.5) * cell
        left = place * cell + min(reach, 0.0)
        where = (place * cell, top + 0.2 * high)
        canvas.text(*where, label, 0.18 * high, _LABEL, align="centre", anchor="middle")
        canvas.rectangle(left, middle, abs(reach), tall * 0.4, colour)
        canvas.polyline([(place * cell, middle - 0.04 * high), (place * cell, floor)], 1.0, _LABEL)
