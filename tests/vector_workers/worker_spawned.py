"""An environment that a fresh interpreter can import, with random episodes and infos."""

import os

import numpy as np

from dromos.core import Env
from dromos.spaces import Box, Dict, Discrete


class SpawnedEnv(Env):
    """Draws observations, lengths and infos from its generator."""

    def __init__(self):
        self.observation_space = Dict(place=Box(0, 1, (3,), np.float16), cell=Discrete(5))
        self.action_space = Box(-1, 1, (2,), np.float32)
        self.left = 0

    def observe(self):
        place = self.np_random.random(3).astype(np.float16)
        return {"place": place, "cell": self.np_random.integers(5)}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.left = int(self.np_random.integers(1, 6))
        return self.observe(), {"length": self.left}

    def step(self, action):
        self.left -= 1
        info = {"thing": object} if self.left % 2 else {}
        return self.observe(), float(action.sum()), self.left == 0, False, info

    def math_threads(self):
        return os.environ["OMP_NUM_THREADS"]
