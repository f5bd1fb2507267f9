"""What wrappers refuse, and how they say it."""

import numpy as np
import pytest
from wrapper_twins import OURS, arrays, dicts, half_bounded, images, make_twin, numbers, texts

import dromos as gym
from dromos import wrappers
from dromos.error import InvalidBound, InvalidProbability
from dromos.vector import SyncVectorEnv
from dromos.wrappers import vector


def twin(observations=arrays, actions=arrays):
    return make_twin(OURS, observations, actions)


@pytest.mark.parametrize(
    ("name", "kwargs", "observations", "error", "message"),
    [
        ("DelayObservation", {"delay": 1.5}, arrays, TypeError, "delay is expected to be an integ"),
        ("DelayObservation", {"delay": -1}, arrays, ValueError, "at least 0, actual value: -1"),
        ("DiscretizeObservation", {"bins": 3}, half_bounded, ValueError, "bounded space"),
        ("DiscretizeObservation", {"bins": 3}, numbers, TypeError, "needs a Box observation space"),
        ("DiscretizeObservation", {"bins": (2, 2)}, arrays, ValueError, "each of 3 elements"),
        ("DiscretizeObservation", {"bins": 0}, arrays, ValueError, "at least one bin"),
        ("DiscretizeObservation", {"bins": 2.5}, arrays, TypeError, "an int or a tuple of ints"),
        ("DtypeObservation", {"dtype": float}, dicts, TypeError, "found Dict"),
        ("FilterObservation", {"filter_keys": ["x"]}, dicts, ValueError, r"\['x'\] are not"),
        ("FilterObservation", {"filter_keys": [0]}, dicts, TypeError, "of type str"),
        ("FilterObservation", {"filter_keys": []}, dicts, ValueError, "would be empty"),
        ("FilterObservation", {"filter_keys": ["a", "a"]}, dicts, ValueError, "once"),
        ("FilterObservation", {"filter_keys": "a"}, dicts, ValueError, "sequence of keys"),
        ("FilterObservation", {"filter_keys": ["a"]}, arrays, ValueError, "`Dict` and `Tuple`"),
        ("FrameStackObservation", {"stack_size": 0}, arrays, ValueError, "at least 1"),
        ("FrameStackObservation", {"stack_size": 2.0}, arrays, TypeError, "integer"),
        (
            "FrameStackObservation",
            {"stack_size": 2, "padding_type": "none"},
            arrays,
            ValueError,
            '"reset", "zero" or an element',
        ),
        ("FrameStackObservation", {"stack_size": 2, "lazy": True}, texts, TypeError, "made of arr"),
        ("GrayscaleObservation", {}, arrays, ValueError, "images of"),
        ("NormalizeObservation", {}, dicts, ValueError, "FlattenObservation"),
        ("RescaleObservation", {"min_obs": "0", "max_obs": 1}, arrays, TypeError, "min_obs|new_m"),
        ("RescaleObservation", {"min_obs": 2, "max_obs": 1}, arrays, ValueError, "less than or eq"),
        ("RescaleObservation", {"min_obs": 0, "max_obs": 1}, half_bounded, ValueError, "infinite"),
        ("ReshapeObservation", {"shape": (2, 2)}, arrays, ValueError, r"\(2, 2\) with 4"),
        ("ReshapeObservation", {"shape": "ab"}, arrays, TypeError, "tuple of ints"),
        ("ResizeObservation", {"shape": (0, 4)}, images, ValueError, "at least 1"),
        ("ResizeObservation", {"shape": 4}, images, TypeError, "two integers"),
        ("ResizeObservation", {"shape": (4, 4)}, arrays, ValueError, "images of"),
        ("TimeAwareObservation", {}, arrays, ValueError, "limit of steps"),
    ],
)
def test_observation_wrappers(name, kwargs, observations, error, message):
    with pytest.raises(error, match=message):
        getattr(wrappers, name)(twin(observations), **kwargs)
    if hasattr(vector, name) and name != "FrameStackObservation":
        with pytest.raises(error, match=message):
            getattr(vector, name)(SyncVectorEnv([lambda: twin(observations)] * 2), **kwargs)


@pytest.mark.parametrize(
    ("name", "kwargs", "actions", "error", "message"),
    [
        ("ClipAction", {}, numbers, TypeError, "needs a Box action space"),
        ("DiscretizeAction", {"bins": 3}, half_bounded, ValueError, "bounded space"),
        ("RepeatAction", {"num_repeats": 0}, arrays, ValueError, "at least 1"),
        ("RepeatAction", {"num_repeats": True}, arrays, TypeError, "integer"),
        ("RescaleAction", {"min_action": 1, "max_action": 1}, arrays, InvalidBound, "below"),
        ("StickyAction", {"repeat_action_probability": 1}, arrays, InvalidProbability, "interval"),
        (
            "StickyAction",
            {"repeat_action_probability": 0.1, "repeat_action_duration": (3, 2)},
            arrays,
            InvalidBound,
            "not a valid bound",
        ),
        (
            "StickyAction",
            {"repeat_action_probability": 0.1, "repeat_action_duration": 0},
            arrays,
            ValueError,
            "at least 1",
        ),
        (
            "StickyAction",
            {"repeat_action_probability": 0.1, "repeat_action_duration": "long"},
            arrays,
            ValueError,
            "pair of integers",
        ),
    ],
)
def test_action_wrappers(name, kwargs, actions, error, message):
    with pytest.raises(error, match=message):
        getattr(wrappers, name)(twin(actions=actions), **kwargs)


@pytest.mark.parametrize("bounds", [{}, {"min_reward": 1, "max_reward": 0}])
def test_reward_bounds(bounds):
    with pytest.raises(InvalidBound):
        wrappers.ClipReward(twin(), **bounds)
    with pytest.raises(InvalidBound):
        vector.ClipReward(SyncVectorEnv([twin]), **bounds)


@pytest.mark.parametrize("name", ["DelayObservation", "FrameStackObservation"])
def test_vectors_of_texts_are_told_to_wrap_the_single_environments(name):
    with pytest.raises(TypeError, match="wrap the single environments"):
        getattr(vector, name)(SyncVectorEnv([lambda: twin(texts)] * 2), 2)


def test_the_key_of_the_time_must_be_free():
    env = wrappers.TimeLimit(twin(dicts), 5)
    with pytest.raises(ValueError, match=r"'a'.*already exists"):
        wrappers.TimeAwareObservation(env, dict_time_key="a")


def test_statistics_of_an_inner_wrapper_are_not_overwritten():
    for make, wrap in (
        (lambda: gym.make("CartPole-v1", max_episode_steps=1), wrappers.RecordEpisodeStatistics),
        (
            lambda: gym.make_vec("CartPole-v1", 2, max_episode_steps=1),
            vector.RecordEpisodeStatistics,
        ),
    ):
        envs = wrap(wrap(make()))
        envs.reset(seed=0)
        with pytest.raises(gym.error.Error, match="stats_key"):
            envs.step(envs.action_space.sample())


def test_not_a_number_passes_a_clipped_reward():
    env = wrappers.ClipReward(twin(), -1, 1)
    assert np.isnan(env.reward(float("nan")))
    assert env.reward(np.float64(3)) == 1
    assert env.reward(-7) == -1
