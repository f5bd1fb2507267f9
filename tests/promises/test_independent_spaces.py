"""Environments of one id share no space: what is done to one's does not show in another's."""

import dromos as gym
from dromos.spaces import Box


def test_spaces_are_independent(env_id):
    one, other = gym.make(env_id).unwrapped, gym.make(env_id).unwrapped
    assert one.observation_space == other.observation_space
    assert one.action_space is not other.action_space
    assert one.observation_space is not other.observation_space
    one.action_space.seed(3)
    assert other.action_space._np_random is None
    for name in ("action_space", "observation_space"):
        space = getattr(one, name)
        if isinstance(space, Box):
            before = getattr(other, name).low.copy()
            space.low -= 1
            assert (getattr(other, name).low == before).all()
            assert (getattr(gym.make(env_id).unwrapped, name).low == before).all()
