"""Subclasses of the vector's `RecordEpisodeStatistics` that add up in a way of their own."""

import numpy as np
import pytest

import dromos as gym
from dromos.vector import SyncVectorEnv
from dromos.wrappers.vector import RecordEpisodeStatistics


def one():
    return gym.make("CartPole-v1")


class OwnSums(RecordEpisodeStatistics):
    """Lengths, counted by the flags that Gymnasium's wrapper keeps for its subclasses."""

    def step(self, actions):
        result = self.env.step(actions)
        self.episode_lengths[self.prev_dones] = 0
        self.episode_lengths[~self.prev_dones] += 1
        self.prev_dones = np.logical_or(result[2], result[3])
        return result


@pytest.mark.parametrize("make", [lambda: gym.make_vec("CartPole-v1", 3), lambda: foreign(3)])
def test_the_flags_of_ended_episodes_can_be_read_and_set(make):
    plain, own = RecordEpisodeStatistics(make()), OwnSums(make())
    for envs in (plain, own):
        envs.reset(seed=0)
        assert not envs.prev_dones.any()
    ended = 0
    for _ in range(100):
        actions = plain.action_space.sample()
        *_, terminations, truncations, _ = plain.step(actions)
        own.step(actions)
        assert np.array_equal(plain.prev_dones, terminations | truncations)
        assert np.array_equal(plain.prev_dones, own.prev_dones)
        assert np.array_equal(plain.episode_lengths, own.episode_lengths)
        ended += int(plain.prev_dones.sum())
    assert ended > 3
    own.reset(seed=1, options={"reset_mask": np.array([True, True, True])})
    assert not own.prev_dones.any()


def foreign(num_envs):
    """Return a vector that does not say which lanes moved."""

    class Silent(SyncVectorEnv):
        @property
        def valid_transition(self):
            raise AttributeError("valid_transition")

    return Silent([one] * num_envs)
