"""An environment whose spaces stand in the class."""

from typing import Any

import numpy as np

import dromos as gym
from dromos import spaces


class Coin(gym.Env[np.int64, int]):
    action_space = spaces.Discrete(2)
    observation_space = spaces.Discrete(2)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        super().reset(seed=seed)
        return self.np_random.integers(2), {}

    def step(self, action: int) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        face = self.np_random.integers(2)
        return face, float(face == action), True, False, {}


with Coin() as env:
    env.reset(seed=0)
    print(env.step(1)[1], env.action_space.sample() < 2)
