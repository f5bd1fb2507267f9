"""`make_vec` with arguments of every kind."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

import dromos as gym
from dromos.wrappers import TimeLimit

envs = gym.make_vec("CartPole-v1", num_envs=3)
envs.reset(seed=0)
observations, rewards, terminations, truncations, infos = envs.step(envs.action_space.sample())
assert_type(rewards, NDArray[Any])
assert_type(terminations, NDArray[Any])
print(rewards.sum(), np.logical_or(terminations, truncations).any(), observations.shape)

gym.make_vec("CartPole-v1", 2, "sync", wrappers=(lambda env: TimeLimit(env, 5),)).close()
gym.make_vec(
    "CartPole-v1",
    num_envs=2,
    vectorization_mode=gym.VectorizeMode.SYNC,
    vector_kwargs={"copy": False},
    render_mode="rgb_array",
).close()
heavy = gym.make_vec("CartPole-v1", 2, params={"gravity": np.array([9.8, 3.7])})
heavy.reset(seed=1, options={"low": -0.1, "high": 0.1})
heavy.reset(options={"reset_mask": np.array([True, False])})
pictures = gym.make_vec("CartPole-v1", 2, render_mode="rgb_array")
pictures.reset(seed=0)
grid = pictures.render_grid(columns=2, labels=True)
print(grid.shape, len(pictures.render() or ()))
