"""Actions changed by functions and by classes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.spaces import Box, Discrete
from dromos.wrappers import (
    ClipAction,
    DiscretizeAction,
    RescaleAction,
    StickyAction,
    TransformAction,
)

Floats = NDArray[np.float32]


class ThreeForces(gym.ActionWrapper[Floats, int, Floats]):
    def __init__(self, env: gym.Env[Floats, Floats]) -> None:
        super().__init__(env)
        self.action_space = Discrete(3)

    def action(self, action: int) -> Floats:
        return np.array([action - 1], np.float32)


env = ThreeForces(gym.make("Pendulum-v1"))
env.reset(seed=0)
print(env.step(2)[0].shape)

scaled: gym.Env[Any, Any] = gym.make("Pendulum-v1")
scaled = RescaleAction(scaled, min_action=-1, max_action=np.ones(1, np.float32))
scaled = ClipAction(scaled)
scaled = StickyAction(scaled, 0.1)
scaled.reset(seed=0)
scaled.step(np.array([0.5], np.float32))

halved = TransformAction(gym.make("Pendulum-v1"), lambda a: a / 2, Box(-4, 4, (1,)))
halved.reset(seed=0)
print(halved.step(np.ones(1, np.float32))[1] < 0)
few = DiscretizeAction(gym.make("Pendulum-v1"), bins=5)
few.reset(seed=0)
few.step(few.action_space.sample())
