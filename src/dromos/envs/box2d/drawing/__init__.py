"""The pictures of bodies of the plane: functions of a canvas and a scene."""

from dromos.envs.box2d.drawing.bipedal_walker import draw_bipedal_walker
from dromos.envs.box2d.drawing.car_racing import draw_car_racing
from dromos.envs.box2d.drawing.lunar_lander import draw_lunar_lander

__all__ = ["draw_bipedal_walker", "draw_car_racing", "draw_lunar_lander"]
