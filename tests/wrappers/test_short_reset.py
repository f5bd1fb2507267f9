"""A reset that goes straight to the core: the same episodes, and whoever is on the way is heard."""

import copy
import gc
import weakref
from unittest import mock

import numpy as np
import pytest

import dromos as gym
from dromos.core import Wrapper
from dromos.envs.classic_control import CartPoleEnv
from dromos.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit


class Shown(Wrapper):
    """Stands in the way, so that every reset takes the long path."""


def started(env, seed=0):
    env.reset(seed=seed)
    env.step(env.action_space.sample())
    return env


@pytest.fixture
def env():
    return started(gym.make("CartPole-v1"))


def short(env):
    """Whether the last reset, without arguments, could go past the wrappers."""
    return env._reset_path is not None and env._reset_path() is not None


ROWS = ["CartPole-v1", "Pendulum-v1", "Acrobot-v1", "Blackjack-v1", "FrozenLake-v1", "Taxi-v4"]


@pytest.mark.parametrize("env_id", ROWS)
def test_episodes_are_those_of_the_long_path(env_id):
    ours = gym.make(env_id, max_episode_steps=5)
    longer = TimeLimit(Shown(gym.make(env_id, max_episode_steps=-1)), 5)
    for env in (ours, longer):
        env.action_space.seed(1)
        started(env, seed=3)
    assert short(ours.env if ours._reset_path is None else ours)
    assert longer._reset_path is None
    longer.reset()
    for _ in range(20):
        (first, info), (second, other) = ours.reset(), longer.reset()
        np.testing.assert_equal((first, info), (second, other))
        ended = False
        while not ended:
            result = ours.step(ours.action_space.sample())
            np.testing.assert_equal(result, longer.step(longer.action_space.sample()))
            ended = result[2] or result[3]
        assert ours._elapsed_steps == longer._elapsed_steps


def test_options_and_seeds_take_the_long_path_and_hold_for_one_reset(env):
    assert short(env)
    observation, _ = env.reset(options={"low": 1.0, "high": 1.5})
    assert (observation >= 1).all()
    assert (np.abs(env.reset()[0]) <= 0.05).all()
    env.reset()
    assert short(env)
    first = env.reset(seed=5)[0]
    np.testing.assert_array_equal(env.reset(seed=5)[0], first)


def test_the_generator_that_a_user_puts_in_place_is_drawn_from(env):
    for assign in ("np_random", "_np_random"):
        setattr(env.unwrapped, assign, np.random.Generator(np.random.MT19937(3)))
        twin = np.random.Generator(np.random.MT19937(3))
        expected = twin.uniform(-0.05, 0.05, 4).astype(np.float32)
        np.testing.assert_array_equal(env.reset()[0], expected)
    env.unwrapped._np_random = None
    env.reset()
    assert env.np_random.random() != twin.random()


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("name", ["reset", "step"])
def test_what_is_put_into_a_layer_is_called(env, depth, name):
    layer = env
    for _ in range(depth):
        layer = layer.env
    seen = []
    original = getattr(layer, name)

    def spy(*args, **kwargs):
        seen.append(name)
        return original(*args, **kwargs)

    setattr(layer, name, spy)
    env.reset()
    env.step(0)
    assert seen == [name]
    delattr(layer, name) if depth < 3 else setattr(layer, name, original)
    env.reset()
    env.step(0)
    env.reset()
    assert seen == [name]
    assert short(env)


@pytest.mark.parametrize("cls", [TimeLimit, OrderEnforcing, PassiveEnvChecker, CartPoleEnv])
def test_a_patched_class_is_called(env, cls):
    with mock.patch.object(cls, "reset", autospec=True, side_effect=cls.reset) as spy:
        env.reset()
    assert spy.call_count == (cls is not CartPoleEnv)  # whose reset the instance has from before
    env.reset()
    env.reset()
    assert short(env)


def test_a_subclass_that_overrides_reset_is_called():
    seen = []

    class Spy(OrderEnforcing):
        def reset(self, *, seed=None, options=None):
            seen.append(seed)
            return super().reset(seed=seed, options=options)

    env = started(TimeLimit(Spy(PassiveEnvChecker(CartPoleEnv())), 5))
    env.reset()
    assert seen == [0, None]


def test_another_environment_inside_is_reset(env):
    other = CartPoleEnv()
    env.env.env.env = other
    observation = env.reset()[0]
    np.testing.assert_array_equal(other.state.astype(np.float32), observation)


def test_copies_and_restored_ones_find_their_own_way(env):
    snapshot = env.snapshot()
    for other in (copy.deepcopy(env), env.clone()):
        other.reset()
        assert env.snapshot() == snapshot
    expected = [env.reset()[0].tolist() for _ in range(3)]
    env.restore(snapshot)
    assert [env.reset()[0].tolist() for _ in range(3)] == expected


def test_wrong_arguments_are_told(env):
    for bad in ({"seeds": 1}, {"seed": -1}, {"options": {"low": "x"}}):
        with pytest.raises((TypeError, gym.error.Error)):
            env.reset(**bad)
        with pytest.raises((TypeError, gym.error.Error)):
            env.unwrapped.reset(**bad)
    with pytest.raises(TypeError):
        env.unwrapped.reset(3)


def test_a_stack_nobody_holds_goes_at_once():
    gc.collect()
    gc.disable()
    try:
        env = started(gym.make("CartPole-v1"))
        env.reset()
        ref, inner = weakref.ref(env), weakref.ref(env.unwrapped)
        reset = env.unwrapped.reset
        del env
        assert ref() is None
        assert inner() is None
        with pytest.raises(ReferenceError, match="gone"):
            reset(seed=1)
    finally:
        gc.enable()
