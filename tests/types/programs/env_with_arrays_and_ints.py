"""An environment whose class says what it shows and takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos import Env
from dromos.spaces import Box, Discrete


class Grid(Env[NDArray[np.float32], int]):
    def __init__(self, size: int = 5) -> None:
        self.size = size
        self.action_space = Discrete(4)
        self.observation_space = Box(0, size - 1, (2,))
        self.place = np.zeros(2, np.float32)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        super().reset(seed=seed)
        self.place = self.np_random.integers(self.size, size=2).astype(np.float32)
        return self.place.copy(), {}

    def step(self, action: int) -> tuple[NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        self.place[action // 2] += 1 if action % 2 else -1
        self.place.clip(0, self.size - 1, self.place)
        return self.place.copy(), -1.0, not self.place.any(), False, {}


env = Grid()
observation, info = env.reset(seed=1)
for _ in range(3):
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
print(observation.mean())
