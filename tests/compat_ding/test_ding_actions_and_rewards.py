"""DI-engine's wrappers of actions and rewards: done several times, as dicts, clipped, delayed."""

import numpy as np
import pytest
from ding_fakes import CountingEnv, HybridEnv, play

from dromos import spaces
from dromos.compat import ding

REPEATING = [ding.MaxAndSkipWrapper, ding.ActionRepeatWrapper]


def test_max_and_skip():
    env = ding.MaxAndSkipEnv(CountingEnv(), skip=4)
    env.reset()
    obs, reward, *_ = env.step(1)
    assert (obs.tolist(), reward) == ([4, 40], 4)


def test_the_maximum_is_of_the_last_two_frames():
    class Flickering(CountingEnv):
        def observe(self):
            return np.array([self.count, -self.count], np.float32)

    env = ding.MaxAndSkipWrapper(Flickering())
    env.reset()
    assert env.step(1)[0].tolist() == [4, -3]


@pytest.mark.parametrize(("end", "shown"), [(1, [1, 10]), (2, [2, 20])])
def test_an_early_end_shows_no_frame_of_before(end, shown):
    env = ding.MaxAndSkipWrapper(CountingEnv(terminate_at=end), skip=4)
    env.reset()
    obs, reward, terminated, *_ = env.step(1)
    assert (obs.tolist(), reward, terminated) == (shown, end, True)


def test_action_repeat():
    env = ding.ActionRepeatWrapper(CountingEnv(truncate_at=3), action_repeat=2)
    env.reset()
    obs, reward, terminated, truncated, _ = env.step(5)
    assert (obs.tolist(), reward, terminated, truncated) == ([2, 20], 10, False, False)
    obs, reward, terminated, truncated, _ = env.step(5)
    assert (obs.tolist(), reward, terminated, truncated) == ([3, 30], 5, False, True)


@pytest.mark.parametrize("wrapper", REPEATING)
def test_a_reward_of_none_counts_nothing(wrapper):
    class Unpaid(CountingEnv):
        def step(self, action):
            obs, _, *rest = super().step(action)
            return obs, None, *rest

    env = wrapper(Unpaid(), 3)
    env.reset()
    assert env.step(5)[1] == 0


@pytest.mark.parametrize("wrapper", REPEATING)
def test_actions_are_done_at_least_once(wrapper):
    with pytest.raises(ValueError, match="at least 1, actual value: 0"):
        wrapper(CountingEnv(), 0)
    with pytest.raises(TypeError, match="expected to be an integer"):
        wrapper(CountingEnv(), 2.5)


def test_hybrid_actions_as_dicts():
    env = ding.GymHybridDictActionWrapper(HybridEnv())
    env.reset()
    assert env.action_space["type"] == spaces.Discrete(3)
    assert env.action_space["mask"] == spaces.Box(0, 1, (2,), np.int64)
    assert env.action_space["args"].low.tolist() == [0, -1]
    action = env.action_space.sample()
    env.step(action)
    kind, arguments = env.unwrapped.last_action
    assert kind == action["type"]
    assert arguments is action["args"]
    with pytest.raises(TypeError, match=r"Tuple\(Discrete, Box\), found Box"):
        ding.GymHybridDictActionWrapper(CountingEnv())


@pytest.mark.parametrize(("reward", "clipped"), [(7, 1), (0, 0), (-0.5, -1)])
def test_clip_reward(reward, clipped):
    env = ding.ClipRewardEnv(CountingEnv())
    env.reset()
    assert env.step(reward)[1] == clipped
    assert env.reward_range == (-1, 1)


@pytest.mark.parametrize(
    ("delay", "paid"), [(0, [1, 1, 1, 1, 1]), (2, [0, 2, 0, 2, 1]), (9, [0, 0, 0, 0, 5])]
)
def test_delay_reward(delay, paid):
    env = ding.DelayRewardWrapper(CountingEnv(truncate_at=5), delay)
    env.reset()
    env.step(100)
    env.reset()  # what was kept is gone
    assert [step[1] for step in play(env, 1, 5)] == paid
