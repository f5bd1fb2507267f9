"""The base environment: its defaults, its seeds, its strings."""

import inspect
import pickle

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dromos import error
from dromos.core import ActType, Env, ObsType, RenderFrame
from dromos.registration import EnvSpec
from dromos.spaces import Discrete


class Walk(Env[int, int]):
    """A random walk on the integers."""

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.position = int(self.np_random.integers(10))
        return self.position, {}

    def step(self, action):
        self.position += action + int(self.np_random.integers(2))
        return self.position, 1.0, False, False, {}


def test_class_attributes_are_gymnasiums():
    for name in ("metadata", "render_mode", "spec", "_np_random", "_np_random_seed"):
        assert getattr(Env, name) == getattr(gymnasium.Env, name)
    assert not hasattr(Env, "reward_range")
    assert not hasattr(Env, "seed")


@pytest.mark.parametrize("method", ["step", "reset", "render", "close"])
def test_signatures_are_gymnasiums(method):
    ours, theirs = (inspect.signature(getattr(base, method)) for base in (Env, gymnasium.Env))
    assert list(ours.parameters) == list(theirs.parameters)
    assert [p.kind for p in ours.parameters.values()] == [
        p.kind for p in theirs.parameters.values()
    ]


def test_step_and_render_are_for_subclasses():
    with pytest.raises(NotImplementedError):
        Env().step(0)
    with pytest.raises(NotImplementedError):
        Env().render()


def test_a_render_mode_given_to_render_is_answered_with_where_it_belongs():
    with pytest.raises(TypeError, match=r"mode='rgb_array'.*make\(id, render_mode="):
        Env().render(mode="rgb_array")


def test_base_reset_only_seeds():
    env = Env()
    assert env.reset() is None
    assert env._np_random is None
    assert env.reset(seed=5) is None
    assert env.np_random_seed == 5


def test_a_seed_starts_the_numbers_anew_and_none_lets_them_run_on():
    env = Walk()
    first = env.reset(seed=3)[0], env.np_random.random()
    second = env.reset()[0], env.np_random.random()
    assert (env.reset(seed=3)[0], env.np_random.random()) == first
    assert first != second
    assert env.np_random_seed == 3


@given(st.integers(0, 2**130))
def test_the_stream_of_a_seed_is_gymnasiums(seed):
    ours, theirs = Env(), gymnasium.Env()
    ours.reset(seed=seed)
    theirs.reset(seed=seed)
    assert ours.np_random.integers(2**60) == theirs.np_random.integers(2**60)
    assert ours.np_random_seed == theirs.np_random_seed == seed


@pytest.mark.parametrize("seed", [-1, 1.0, "1", True, np.float64(2)])
def test_bad_seeds_are_refused_and_the_generator_stays(seed):
    env = Walk()
    env.reset(seed=1)
    expected = np.random.Generator(np.random.PCG64(1))
    expected.integers(10)
    with pytest.raises(error.Error, match="Seed must be"):
        env.reset(seed=seed)
    assert env.np_random.random() == expected.random()


def test_numpy_integers_are_seeds():
    env = Env()
    env.reset(seed=np.int64(7))
    assert env.np_random_seed == 7
    assert type(env.np_random_seed) is int


def test_the_generator_is_made_once_from_entropy():
    env = Env()
    assert env.np_random is env.np_random
    assert env.np_random_seed >= 0
    again = np.random.Generator(np.random.PCG64(env.np_random_seed))
    assert again.random() == env.np_random.random()


def test_a_generator_of_the_users_has_an_unknown_seed():
    env = Env()
    generator = np.random.default_rng(1)
    env.np_random = generator
    assert env.np_random is generator
    assert env.np_random_seed == -1


def test_a_generator_assigned_under_its_private_name_is_kept():
    env = Env()
    env._np_random = generator = np.random.default_rng(1)
    assert env.np_random_seed == -1
    assert env.np_random is generator


def test_strings():
    env = Walk()
    assert str(env) == "<Walk instance>"
    env.spec = EnvSpec("Walk-v0", Walk)
    assert str(env) == "<Walk<Walk-v0>>"
    assert env.unwrapped is env


def test_with_closes_and_lets_exceptions_pass():
    class Closing(Env):
        closed = 0

        def close(self):
            self.closed += 1

    env = Closing()
    with pytest.raises(ZeroDivisionError), env as entered:
        _ = 1 / entered.closed
    assert entered is env
    assert env.closed == 1


def test_attributes_by_name():
    env = Walk()
    env.reset(seed=0)
    assert env.has_wrapper_attr("position")
    assert not env.has_wrapper_attr("speed")
    assert env.get_wrapper_attr("position") == env.position
    with pytest.raises(AttributeError, match="'Walk' object has no attribute 'speed'"):
        env.get_wrapper_attr("speed")
    assert env.set_wrapper_attr("speed", 1, force=False) is False
    assert not hasattr(env, "speed")
    assert env.set_wrapper_attr("speed", 1) is True
    assert env.set_wrapper_attr("speed", 2, force=False) is True
    assert env.speed == 2


def test_generic_parameters():
    assert Env[int, int] is not None
    assert Env[np.ndarray].__args__[0] is np.ndarray  # the action type defaults to Any
    assert ObsType.__name__ == "ObsType"
    assert ActType.__name__ == "ActType"
    assert list[RenderFrame] | None


def future(env):
    return [env.step(1)[0] for _ in range(20)]


@pytest.mark.parametrize("copied", [Env.clone, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_have_the_same_future_and_are_independent(copied):
    env = Walk()
    env.reset(seed=4)
    env.step(1)
    twin = copied(env)
    expected = future(env)
    assert future(twin) == expected
    assert twin is not env


def test_a_snapshot_leads_back():
    env = Walk()
    env.reset(seed=4)
    env.step(1)
    before = env.snapshot()
    expected = future(env)
    env.restore(before)
    assert future(env) == expected
    other = Walk()
    other.restore(before)
    assert future(other) == expected


def test_a_clone_keeps_views_of_arrays():
    class Windowed(Env):
        def __init__(self):
            self.action_space = self.observation_space = Discrete(100)
            self.track = np.zeros(10, dtype=np.int64)
            self.window = self.track[2:5]
            self.helper = None

        def step(self, action):
            self.window += action
            return int(self.track.sum()), 0.0, False, False, {}

    env = Windowed()
    env.step(1)
    twin = env.clone()
    assert twin.step(2)[0] == env.step(2)[0] == 9
    env.helper = lambda: None  # not plain data: still a clone, by deep copy
    assert env.clone().track.tolist() == env.track.tolist()
