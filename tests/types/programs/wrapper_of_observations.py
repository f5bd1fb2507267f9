"""Observations changed by functions and by classes."""

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.envs.classic_control import CartPoleEnv
from dromos.spaces import Box
from dromos.wrappers import TransformObservation

Floats = NDArray[np.float32]


class Angle(gym.ObservationWrapper[Floats, int, Floats]):
    def __init__(self, env: gym.Env[Floats, int]) -> None:
        super().__init__(env)
        self.observation_space = Box(-1, 1, (1,))

    def observation(self, observation: Floats) -> Floats:
        return observation[2:3]


class Relative(gym.ObservationWrapper):
    def __init__(self, env: gym.Env) -> None:
        super().__init__(env)

    def observation(self, observation: Floats) -> Floats:
        return -observation


angle = Angle(gym.make("CartPole-v1"))
first, _ = angle.reset(seed=1)
print(abs(first[0]) < 1)

env = Relative(gym.make("CartPole-v1"))
env.reset(seed=1)

first_two = TransformObservation(CartPoleEnv(), lambda x: x[:2], Box(-5, 5, (2,)))
seen, _ = first_two.reset(seed=2)
print(seen.shape, first_two.observation_space.shape)
same_space = TransformObservation(CartPoleEnv(), lambda x: x * 0)
print(same_space.reset(seed=0)[0].sum())
