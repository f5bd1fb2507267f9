"""The pictures of classic control: functions of a canvas, a state and a few parameters."""

from dromos.envs.classic_control.drawing.acrobot import LinkShape, draw_acrobot
from dromos.envs.classic_control.drawing.cart_pole import CartPoleShape, draw_cart_pole
from dromos.envs.classic_control.drawing.mountain_car import HillShape, draw_mountain_car
from dromos.envs.classic_control.drawing.pendulum import RodShape, draw_pendulum

__all__ = [
    "CartPoleShape",
    "HillShape",
    "LinkShape",
    "RodShape",
    "draw_acrobot",
    "draw_cart_pole",
    "draw_mountain_car",
    "draw_pendulum",
]
