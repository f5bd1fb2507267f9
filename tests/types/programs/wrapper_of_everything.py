"""Wrappers of steps and resets, with and without type parameters."""

from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType


class Counting(gym.Wrapper[ObsType, ActType, ObsType, ActType]):
    def __init__(self, env: gym.Env[ObsType, ActType]) -> None:
        super().__init__(env)
        self.steps = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        self.steps = 0
        return super().reset(seed=seed, options=options)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.steps += 1
        return observation, float(reward) - 0.1, terminated, truncated, {**info, "n": self.steps}


class Passing(gym.Wrapper[WrapperObsType, WrapperActType, ObsType, ActType]):
    pass


class Plain(gym.Wrapper):
    def step(self, action: Any) -> Any:
        return self.env.step(action)


class Sighted(gym.Wrapper[NDArray[np.float32], int, NDArray[np.float32], int]):
    @property
    def height(self) -> float:
        gravity: float = self.get_wrapper_attr("gravity")
        return gravity


env = Counting(gym.make("CartPole-v1"))
env.reset(seed=0)
env.step(1)
print(env.steps, env.unwrapped, Sighted(Plain(env)).height, env.render_mode)
