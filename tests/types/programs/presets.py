"""Named preprocessing and conversion between array libraries."""

import dromos as gym
from dromos import presets
from dromos.wrappers import NumpyToTorch

print(sorted(presets.manifest("dqn-nature"))[:1])
env = NumpyToTorch(gym.make("CartPole-v1"))
observation, info = env.reset(seed=0)
print(observation.mean() < 1)
