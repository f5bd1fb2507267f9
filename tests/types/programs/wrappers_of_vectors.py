"""Wrappers of vectors, of the library and of a user's own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.vector import (
    VectorActionWrapper,
    VectorEnv,
    VectorObservationWrapper,
    VectorRewardWrapper,
    VectorWrapper,
)
from dromos.wrappers import vector as wrappers

Floats = NDArray[np.float32]


class Negated(VectorObservationWrapper):
    def observations(self, observations: Floats) -> Floats:
        return -observations


class Costly(VectorRewardWrapper):
    def rewards(self, rewards: NDArray[Any]) -> NDArray[Any]:
        return rewards - 0.5


class Swapped(VectorActionWrapper):
    def actions(self, actions: NDArray[np.int64]) -> NDArray[np.int64]:
        return 1 - actions


class Counting(VectorWrapper[Any, Any, Any, Any, NDArray[Any]]):
    def __init__(self, env: VectorEnv[Any, Any, NDArray[Any]]) -> None:
        super().__init__(env)
        self.steps = 0

    def step(
        self, actions: Any
    ) -> tuple[Any, NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]:
        self.steps += 1
        return self.env.step(actions)


envs = gym.make_vec("CartPole-v1", num_envs=2)
envs = wrappers.RecordEpisodeStatistics(envs)
envs = wrappers.NormalizeObservation(envs)
envs = wrappers.NormalizeReward(envs, gamma=0.9)
envs = wrappers.ClipReward(envs, -1, 1)
envs = wrappers.TransformReward(envs, lambda rewards: 2 * rewards)
envs = wrappers.TransformObservation(envs, lambda batch: batch)
envs = wrappers.FlattenObservation(envs)
envs = wrappers.DtypeObservation(envs, np.float64)
envs = Swapped(Costly(Negated(envs)))
counting = Counting(envs)
counting.reset(seed=0)
observations, rewards, *_, infos = counting.step(counting.action_space.sample())
print(counting.steps, rewards.shape, observations.dtype)
lists = wrappers.DictInfoToList(gym.make_vec("CartPole-v1", num_envs=2))
lists.reset(seed=0)
