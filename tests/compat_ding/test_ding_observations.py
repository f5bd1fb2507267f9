"""DI-engine's wrappers that put more into observations: actions, rewards, missions."""

import numpy as np
import pytest
from ding_fakes import CountingEnv, MissionEnv

from dromos import spaces
from dromos.compat import ding


@pytest.mark.parametrize(
    ("actions", "none"),
    [
        (spaces.Discrete(3), -1),
        (spaces.Discrete(3, start=5), -1),
        (spaces.MultiDiscrete([3, 4]), [-1, -1]),
        (spaces.Box(0, 1, (2,), np.float32), [-1, -1]),
    ],
)
def test_previous_action_and_reward(actions, none):
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv(actions=actions))
    obs, _ = env.reset()
    assert np.asarray(obs["prev_action"]).tolist() == none
    assert obs["prev_reward_extrinsic"].tolist() == [0]
    assert obs in env.observation_space
    action = actions.sample()
    obs, reward, *_ = env.step(action)
    assert np.asarray(obs["prev_action"]).tolist() == none  # of before this step
    obs = env.step(actions.sample())[0]
    assert np.array_equal(obs["prev_action"], action)
    assert obs["prev_reward_extrinsic"] == np.float32(reward)
    assert obs in env.observation_space
    obs, _ = env.reset()  # DI-engine shows the episode before
    assert np.asarray(obs["prev_action"]).tolist() == none
    assert obs["prev_reward_extrinsic"].tolist() == [0]


def test_the_previous_action_is_a_copy():
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv())
    env.reset()
    action = np.ones(1, np.float32)
    env.step(action)
    action[:] = 9
    assert env.step(action)[0]["prev_action"].tolist() == [1]


def test_what_a_reset_showed_stays_as_it_was():
    env = ding.ObsPlusPrevActRewWrapper(CountingEnv())
    first, _ = env.reset()
    second = env.step(np.ones(1, np.float32))[0]
    for key in ("prev_action", "prev_reward_extrinsic"):
        assert not np.shares_memory(first[key], second[key])


def test_previous_actions_of_other_spaces_are_refused():
    with pytest.raises(TypeError, match="needs Discrete, MultiDiscrete or Box"):
        ding.ObsPlusPrevActRewWrapper(CountingEnv(actions=spaces.MultiBinary(2)))


def test_reward_in_the_observation():
    env = ding.AllinObsWrapper(CountingEnv())
    obs, _ = env.reset()
    assert obs in env.observation_space
    assert obs["reward"].tolist() == [0]
    obs = env.step(3)[0]
    assert obs["reward"].tolist() == [3]
    assert obs in env.observation_space


def test_image_and_mission_as_one_array():
    env = ding.FlatObsWrapper(MissionEnv("Go a, z"), maxStrLen=9)
    obs, _ = env.reset()
    assert obs in env.observation_space
    np.testing.assert_array_equal(obs[:27], np.arange(27))
    letters = obs[27:].reshape(9, 28)
    assert letters[:7].argmax(axis=1).tolist() == [6, 14, 26, 0, 27, 26, 25]
    assert letters[:7].sum(axis=1).tolist() == [1] * 7
    assert not letters[7:].any()
    env.unwrapped.mission = "other"
    assert env.step(0)[0][27:].reshape(9, 28)[:5].argmax(axis=1).tolist() == [14, 19, 7, 4, 17]


def test_missions_that_do_not_fit():
    with pytest.raises(ValueError, match=r"has 5 letters, and there is room for 3"):
        ding.FlatObsWrapper(MissionEnv("right"), maxStrLen=3).reset()
    with pytest.raises(ValueError, match="has the letter '7'"):
        ding.FlatObsWrapper(MissionEnv("room 7")).reset()
