"""`check_environments_match`: equal environments pass, each difference is found and named."""

import numpy as np
import pytest

import dromos as gym
from dromos.envs.classic_control import Continuous_MountainCarEnv
from dromos.error import Error
from dromos.utils.env_match import check_environments_match


class Altered(gym.Wrapper):
    """CartPole with changes to what it returns."""

    def __init__(self, obs=0.0, reward=0.0, ends=None, info=None, frame=0):
        super().__init__(gym.make("CartPole-v1", render_mode="rgb_array"))
        self.shift, self.bonus, self.ends, self.told = np.float32(obs), reward, ends, info or {}
        self.frame = np.uint8(frame)

    def reset(self, *, seed=None, options=None):
        obs, info = self.env.reset(seed=seed, options=options)
        return obs, {**info, **self.told}

    def step(self, action):
        obs, reward, terminated, truncated, info = self.env.step(action)
        ended = self.ends or (terminated, truncated)
        return obs + self.shift, reward + self.bonus, *ended, {**info, **self.told}

    def render(self):
        return self.env.render() + self.frame


def test_the_same_environment_matches_itself_over_episodes():
    check_environments_match(Altered(), Altered(), 300)
    check_environments_match(gym.make("FrozenLake-v1"), gym.make("FrozenLake-v1"), 200, seed=3)


class Coasting(Continuous_MountainCarEnv):
    """A subclass with a step of its own, which returns what `state` reads as."""

    def step(self, action):
        self.state = np.array([self.state[0] + 0.01, 0.0], np.float32)
        return self.state, 0.0, False, False, {}


class CoastingByCopies(Coasting):
    def step(self, action):
        state, *rest = super().step(action)
        return np.array(state), *rest


def test_a_state_that_is_returned_as_it_is_matches_a_plain_array():
    check_environments_match(CoastingByCopies(), Coasting(), 20)


@pytest.mark.parametrize(
    ("change", "skip", "text"),
    [
        ({"obs": 0.1}, "skip_obs", r"stepping obs .* in step = 0, obs_a = "),
        ({"reward": 1}, "skip_rew", r"reward is not equivalent in step = 0, reward_a = 1\.0"),
        ({"ends": (True, False)}, "skip_terminal", "stepping terminated is not equivalent"),
        ({"ends": (False, True)}, "skip_truncated", "stepping truncated is not equivalent"),
        ({"frame": 1}, "skip_render", "stepping render is not equivalent in step = 0"),
    ],
)
def test_each_difference_is_found_and_can_be_skipped(change, skip, text):
    with pytest.raises(AssertionError, match=text):
        check_environments_match(Altered(), Altered(**change), 3)
    check_environments_match(Altered(), Altered(**change), 3, **{skip: True})


A1, A2, AB = {"a": 1}, {"a": 2}, {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("comparison", "fits", "differs", "text"),
    [
        ("equivalence", [(A1, A1)], [(A1, A2), (A1, AB)], "resetting info is not equivalent"),
        ("superset", [(A1, A1), (A1, AB)], [(AB, A1), (A2, AB)], "info is not a superset"),
        ("keys-equivalence", [(A1, A2)], [(A1, AB)], "info keys are not equivalent"),
        ("keys-superset", [(A2, AB)], [(AB, A1)], "info keys are not a superset"),
        ("skip", [(A1, AB), (AB, A2)], [], ""),
    ],
)
def test_infos(comparison, fits, differs, text):
    for a, b in fits:
        check_environments_match(Altered(info=a), Altered(info=b), 2, info_comparison=comparison)
    for a, b in differs:
        with pytest.raises(AssertionError, match=text):
            check_environments_match(
                Altered(info=a), Altered(info=b), 2, info_comparison=comparison
            )


def test_other_spaces_and_comparisons_are_refused():
    with pytest.raises(AssertionError, match="action_space is not equivalent"):
        check_environments_match(gym.make("CartPole-v1"), gym.make("Pendulum-v1"), 1)
    with pytest.raises(Error, match="info_comparison: expected one of"):
        check_environments_match(Altered(), Altered(), 1, info_comparison="loosely")
