"""Rollouts of vectors and of single environments."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.vector import VectorEnv


class Linear:
    def __init__(self, weights: NDArray[np.float64]) -> None:
        self.weights = weights

    def __call__(self, observations: NDArray[np.float32]) -> NDArray[np.int64]:
        return (observations @ self.weights > 0).astype(np.int64)


def score(envs: VectorEnv[Any, Any, Any], policy: Linear) -> float:
    envs.reset(seed=0)
    rollout = envs.rollout(policy, 20, progress=False)
    for episode in rollout.episodes():
        print(len(episode.rewards))
    return float(rollout.rewards.sum())


envs = gym.make_vec("CartPole-v1", num_envs=4)
print(score(envs, Linear(np.array([0.0, 0.1, 1.0, 1.0]))))
envs.reset(seed=0)
again = envs.rollout(np.zeros((5, 4), np.int64))
more = envs.rollout(lambda observations: np.ones(len(observations), np.int64), 3, infos=())
print(again.observations.shape, more.terminated.any(), more.valid.all(), more.num_steps)

env = gym.make("CartPole-v1")
env.reset(seed=1)
futures = env.rollout(np.zeros((3, 4), np.int64), streams="split")
best = int(futures.rewards.sum(axis=1).argmax())
print(best, futures.returns().shape)
