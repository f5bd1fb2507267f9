"""The second environment of a kind is a copy of the first as it was made: nothing is shared."""

import numpy as np
import pytest

import dromos as gym
from dromos.envs.classic_control.cartpole import CartPoleEnv
from dromos.spaces import Box


def test_parameters_are_independent():
    for _ in range(2):
        env = gym.make("CartPole-v1", gravity=5.0).unwrapped
        assert env.gravity == 5.0
        env.gravity = 7.0
    assert gym.make("CartPole-v1").unwrapped.gravity == 9.8


def test_no_episode_is_inherited():
    gym.make("CartPole-v1", length=0.7).reset(seed=0)
    env = gym.make("CartPole-v1", length=0.7).unwrapped
    assert env.state is None
    assert env.length == 0.7


def test_arguments_that_may_change_are_read_again():
    rows = ["SF", "FG"]
    assert gym.make("FrozenLake-v1", desc=rows).observation_space.n == 4
    rows[:] = ["SFF", "FFG"]
    assert gym.make("FrozenLake-v1", desc=rows).observation_space.n == 6


def test_a_bad_argument_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(ValueError, match="masscart: expected a finite float > 0, got -1"):
            gym.make("CartPole-v1", masscart=-1)


def test_a_class_of_a_users_own_has_its_own_spaces():
    class Far(CartPoleEnv):
        def make_spaces(self):
            actions, _ = super().make_spaces()
            return actions, Box(-9, 9, (4,), np.float32)

    assert CartPoleEnv().observation_space.high[0] != 9
    assert [Far().observation_space.high[0] for _ in range(2)] == [9, 9]
