"""A native environment in the serial vector runs as in its own native vector."""

import numpy as np
import pytest
from vector_cases import MODES, assert_same

import dromos as gym
from dromos.vector import SyncVectorEnv


@pytest.mark.parametrize("mode", MODES)
def test_trajectories_are_equal(mode):
    serial = SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 4, autoreset_mode=mode)
    native = gym.make_vec("CartPole-v1", 4, vector_kwargs={"autoreset_mode": mode})
    assert_same(serial.reset(seed=3), native.reset(seed=3))
    serial.action_space.seed(0)
    for _ in range(150):
        actions = serial.action_space.sample()
        result = serial.step(actions)
        assert_same(native.step(actions), result)
        assert_same(native.final_obs, serial.final_obs)
        assert_same(native.valid_transition, serial.valid_transition)
        ended = result[2] | result[3]
        if mode == "Disabled" and ended.any():
            options = {"reset_mask": ended}
            assert_same(native.reset(options=options), serial.reset(options=options))


def test_snapshots_of_lanes_with_the_default_wrappers():
    vector = SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 3)
    vector.reset(seed=0)
    actions = np.array([0, 1, 0])
    for _ in range(6):
        vector.step(actions)
    vector.restore(vector.snapshot(lanes=[2]), lanes=[0, 1])
    for _ in range(30):
        obs = vector.step(np.zeros(3, dtype=np.int64))[0]
        assert_same(obs[0], obs[1])
        assert_same(obs[0], obs[2])
