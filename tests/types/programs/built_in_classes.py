"""Environments of the library, by class: arguments, attributes, spaces."""

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

from dromos.envs.classic_control import (
    AcrobotEnv,
    CartPoleEnv,
    CartPoleVectorEnv,
    MountainCarEnv,
    PendulumEnv,
)
from dromos.envs.toy_text import BlackjackEnv, CliffWalkingEnv, FrozenLakeEnv, TaxiEnv
from dromos.spaces import Box, Discrete
from dromos.wrappers import FrameStackObservation, RecordEpisodeStatistics, TimeLimit

pole = CartPoleEnv(render_mode="rgb_array")
pole.gravity = 3.7
observation, _ = pole.reset(seed=0, options={"low": -0.1})
assert_type(observation, NDArray[np.float32])
pole.step(1)
pole.step(pole.action_space.sample())
pole.step(np.int64(0))
assert isinstance(pole.action_space, Discrete)
assert isinstance(pole.observation_space, Box)
print(pole.gravity * 2, int(pole.action_space.n), pole.observation_space.high[0])

swing = PendulumEnv(g=9.81)
swing.reset(seed=0)
swing.step(np.zeros(1, np.float32))
limited = RecordEpisodeStatistics(TimeLimit(swing, 20))
assert_type(limited.reset()[0], NDArray[np.float32])
stacked = FrameStackObservation(swing, 3)
assert_type(stacked.reset()[0], NDArray[np.float32])
print(stacked.reset()[0].shape)

table = BlackjackEnv(natural=True)
hand, _ = table.reset(seed=1)
print(hand[0] + 1)
lake = FrozenLakeEnv(map_name="4x4", is_slippery=False)
state, _ = lake.reset(seed=0)
taxi, cliff = TaxiEnv(), CliffWalkingEnv()
print(lake.step(2)[0], state, taxi.reset(seed=0)[1], cliff.reset()[0])
for env in (AcrobotEnv(), MountainCarEnv()):
    env.reset(seed=0)
    print(env.step(0)[1])
lanes = CartPoleVectorEnv(num_envs=3)
batch, _ = lanes.reset(seed=0)
assert_type(batch, NDArray[np.float32])
print(lanes.step(np.zeros(3, np.int64))[1].sum())
