"""Vectors of a user's environments."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv


def maker(index: int) -> Callable[[], gym.Env[NDArray[np.float32], int]]:
    def make() -> gym.Env[NDArray[np.float32], int]:
        env = gym.make("CartPole-v1", max_episode_steps=10 + index)
        return gym.wrappers.RecordEpisodeStatistics(env)

    return make


def play(envs: VectorEnv[Any, Any, NDArray[Any]]) -> float:
    observations, infos = envs.reset(seed=[1, 2], options={})
    total = np.zeros(envs.num_envs)
    for _ in range(3):
        actions = envs.action_space.sample()
        observations, rewards, terminations, truncations, infos = envs.step(actions)
        total += rewards * ~(terminations | truncations)
    print(envs.single_observation_space.shape, observations.shape, infos.keys())
    return float(total.mean())


print(play(SyncVectorEnv([maker(0), maker(1)])))
print(play(SyncVectorEnv([lambda: gym.make("CartPole-v1") for _ in range(2)])))
if __name__ == "__main__":
    workers = AsyncVectorEnv(
        [maker(0), maker(1)], context="fork", autoreset_mode=AutoresetMode.SAME_STEP
    )
    print(play(workers), workers.call("has_wrapper_attr", "spec"), workers.get_attr("spec"))
    workers.set_attr("name", ["a", "b"])
    workers.close()
typed: SyncVectorEnv[NDArray[np.float32], NDArray[np.int64]] = SyncVectorEnv([maker(0)])
batch, _ = typed.reset(seed=1)
print(batch.mean() < 1, typed.final_obs.shape, typed.valid_transition.any())
