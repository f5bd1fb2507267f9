"""A notebook's habit: all names of a module at once."""
# ruff: noqa: F403, F405

from typing_extensions import assert_type

import dromos as gym
from dromos.wrappers import *
from dromos.wrappers.vector import RecordEpisodeStatistics as OfLanes

env = RecordEpisodeStatistics(TimeLimit(gym.make("CartPole-v1"), 10), buffer_length=5)
env.reset(seed=0)
assert_type(env.episode_lengths, int)
print(env.step(0)[1], ClipReward(env, max_reward=0.5).step(1)[1])

envs = OfLanes(gym.make_vec("CartPole-v1", num_envs=2))
observations, infos = envs.reset(seed=0)
print(observations, infos)
