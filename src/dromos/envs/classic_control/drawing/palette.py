"""The colours that the pictures of classic control share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos.render.canvas import Colour

__all__: list[str] = []

SKY: Colour = (247, 249, 252)
SKY_LOW: Colour = (226, 233, 241)
GROUND: Colour = (205, 214, 225)
GROUND_LOW: Colour = (188, 199, 213)
RAIL: Colour = (96, 110, 130)
GRID: Colour = (96, 110, 130, 22)
LABEL: Colour = (110, 123, 141)
LIMIT: Colour = (222, 92, 78)
LIMIT_FAINT: Colour = (222, 92, 78, 26)
SHADOW: Colour = (30, 41, 59, 90)
BODY: Colour = (51, 65, 92)
BODY_LIGHT: Colour = (78, 96, 130)
TYRE: Colour = (33, 42, 60)
HUB: Colour = (190, 200, 214)
GLASS: Colour = (158, 190, 214)
POLE: Colour = (240, 160, 75)
POLE_LIGHT: Colour = (250, 196, 130)
GAUGE: Colour = (120, 170, 160, 46)
GAUGE_RIM: Colour = (96, 150, 140, 120)
GOAL: Colour = (64, 148, 132)
GOAL_FAINT: Colour = (64, 148, 132, 30)
