"""An environment of Gym 0.21 converted by Shimmy, which imports ``gym`` beside ``gymnasium``."""

import json

import gym
import gymnasium
import numpy as np
from shimmy import GymV21CompatibilityV0


class Old(gym.Env):
    observation_space = gym.spaces.Box(-1, 1, (2,))
    action_space = gym.spaces.Discrete(2)
    metadata = {"render.modes": []}  # noqa: RUF012
    reward_range = (0, 1)

    def seed(self, seed):
        self.seeded = seed

    def reset(self):
        return np.zeros(2, np.float32)

    def step(self, action):
        return np.ones(2, np.float32), 1.0, True, {"TimeLimit.truncated": True}


env = GymV21CompatibilityV0(env=Old())
first, _ = env.reset(seed=3)
_, reward, terminated, truncated, _ = env.step(0)
said = {
    "first": first.tolist(),
    "seed": env.gym_env.seeded,
    "end": [terminated, truncated],
    "space": isinstance(env.observation_space, gymnasium.spaces.Box),
}
print(json.dumps(said))
