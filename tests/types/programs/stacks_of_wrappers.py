"""One variable around which wrappers grow, as most programs write it."""

import numpy as np

import dromos as gym

env = gym.make("CartPole-v1", render_mode="rgb_array")
env = gym.wrappers.TimeLimit(env, max_episode_steps=100)
env = gym.wrappers.RecordEpisodeStatistics(env)
env = gym.wrappers.FlattenObservation(env)
env = gym.wrappers.TransformObservation(env, lambda obs: np.clip(obs, -10, 10))
env = gym.wrappers.NormalizeObservation(env)
env = gym.wrappers.FrameStackObservation(env, 4)
env = gym.wrappers.TimeAwareObservation(env)
env = gym.wrappers.DtypeObservation(env, np.float64)
env = gym.wrappers.ReshapeObservation(env, (1, 17))
env = gym.wrappers.DelayObservation(env, delay=2)
env = gym.wrappers.Autoreset(env)
env = gym.wrappers.OrderEnforcing(env)
env = gym.wrappers.PassiveEnvChecker(env)
env = gym.wrappers.RepeatAction(env, 2)
observation, info = env.reset(seed=0)
for _ in range(5):
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
print(observation.shape)
env.close()
