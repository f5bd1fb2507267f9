"""Steps of the old API and back, and old spellings that still work."""

import numpy as np

import dromos as gym
from dromos import error, logger
from dromos.utils import seeding
from dromos.utils.ezpickle import EzPickle
from dromos.utils.step_api_compatibility import (
    convert_to_done_step_api,
    convert_to_terminated_truncated_step_api,
    step_api_compatibility,
)

env = gym.make("CartPole-v1")
env.reset(seed=0)
old = convert_to_done_step_api(env.step(0))
print(len(old), len(convert_to_terminated_truncated_step_api(old)))
print(len(step_api_compatibility(env.step(1), output_truncation_bool=False)))
rng, used = seeding.np_random(3)
print(rng.random() < 1, used)
logger.set_level(logger.ERROR)
logger.warn("nobody reads this: %s", "quiet")
try:
    gym.make("CartPool-v1")
except error.NameNotFound as absent:
    print(type(absent).__name__)
except error.Error as other:
    print(other)


class Kept(EzPickle):
    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.grid = np.zeros(size)


print(Kept(3).grid.sum())
