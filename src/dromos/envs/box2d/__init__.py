"""Bodies of the plane: a lander, a walker and a car, with the physics of Box2D and none of it."""

from dromos.envs.box2d.bipedal_walker import (
    BipedalWalker,
    BipedalWalkerHardcore,
    BipedalWalkerVectorEnv,
)
from dromos.envs.box2d.car_racing import CarRacing, CarRacingVectorEnv
from dromos.envs.box2d.lunar_lander import (
    LunarLander,
    LunarLanderContinuous,
    LunarLanderVectorEnv,
)

__all__ = [
    "BipedalWalker",
    "BipedalWalkerHardcore",
    "BipedalWalkerVectorEnv",
    "CarRacing",
    "CarRacingVectorEnv",
    "LunarLander",
    "LunarLanderContinuous",
    "LunarLanderVectorEnv",
]
