"""Classic control: small mechanical systems from the literature."""

from dromos.envs.classic_control.acrobot import AcrobotEnv, AcrobotVectorEnv
from dromos.envs.classic_control.cartpole import CartPoleEnv, CartPoleVectorEnv
from dromos.envs.classic_control.continuous_mountain_car import (
    Continuous_MountainCarEnv,
    Continuous_MountainCarVectorEnv,
)
from dromos.envs.classic_control.mountain_car import MountainCarEnv, MountainCarVectorEnv
from dromos.envs.classic_control.pendulum import PendulumEnv, PendulumVectorEnv

__all__ = [
    "AcrobotEnv",
    "AcrobotVectorEnv",
    "CartPoleEnv",
    "CartPoleVectorEnv",
    "Continuous_MountainCarEnv",
    "Continuous_MountainCarVectorEnv",
    "MountainCarEnv",
    "MountainCarVectorEnv",
    "PendulumEnv",
    "PendulumVectorEnv",
]
