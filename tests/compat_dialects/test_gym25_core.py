"""Rows E01 to E20: `Env` of Gym 0.25, here and today."""

import gc
import importlib
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor, Corridor21

import dromos
from dromos import legacy
from dromos.compat import gym_v25 as gym
from dromos.envs.classic_control.cartpole import CartPoleEnv

pytestmark = pytest.mark.filterwarnings(QUIET)

dialects = pytest.mark.parametrize("module", [dromos, gym, legacy], ids=["today", "0.25", "0.9"])


def test_e01_names_to_import():
    from dromos.logger import deprecation, warn
    from dromos.utils import seeding

    assert callable(deprecation)
    assert callable(warn)
    for module in (seeding, gym.utils.seeding, legacy.utils.seeding):
        generator, seed = module.np_random(3)
        assert seed == 3
        assert 0 <= generator.uniform() < 1
    assert gym.spaces is dromos.spaces
    assert gym.logger is dromos.logger


def test_e02_the_least_python_is_told():
    root = Path(__file__).parents[2]
    assert 'requires-python = ">=3.10"' in (root / "pyproject.toml").read_text()
    assert "Python 3.10 or newer" in (root / "docs" / "getting-started.md").read_text()


@pytest.mark.parametrize("path", ["dromos.core", "dromos.compat.gym_v25.core"])
def test_e03_type_variables_are_exported(path):
    core = importlib.import_module(path)
    assert {"ObsType", "ActType", "RenderFrame"} <= set(core.__all__)


@dialects
def test_e04_env_takes_type_parameters(module):
    assert module.Env[int, int]


def test_e05_spaces_are_declared():
    for env_class in (dromos.Env, gym.Env):
        assert {"action_space", "observation_space"} <= env_class.__annotations__.keys()


@pytest.mark.parametrize("module", [gym, legacy], ids=["0.25", "0.9"])
def test_e06_the_range_of_rewards(module):
    assert module.Env.reward_range == (-float("inf"), float("inf"))
    env = module.make("CartPole-v1")
    assert env.reward_range == (-float("inf"), float("inf"))


@dialects
def test_e07_defaults_of_the_class(module):
    assert module.Env.metadata == {"render_modes": []}
    assert module.Env.spec is None
    assert module.Env.render_mode is None


@dialects
def test_e08_the_generator_is_made_when_it_is_asked_for(module):
    env = module.Env()
    assert env._np_random is None
    assert env.np_random is env.np_random
    own = np.random.default_rng(5)
    env.np_random = own
    assert env.np_random is own


def test_e08_the_generator_answers_to_old_and_new_names():
    generator, _ = gym.utils.seeding.np_random(4)
    twin = np.random.default_rng(4)
    assert generator.randint(10) == twin.integers(10)
    assert generator.rand() == twin.random()
    assert generator.random_sample(2).tolist() == twin.random(2).tolist()
    assert generator.rand(2, 3).shape == generator.randn(2, 3).shape == (2, 3)
    again = pickle.loads(pickle.dumps(generator))
    assert again.randint(1000) == generator.randint(1000)


def test_e09_four_values_become_five():
    env = gym.to_new(Corridor21(start=2))
    with pytest.warns(DeprecationWarning, match="runs under today's interface: its `done`"):
        gym.to_new(Corridor21())
    assert env.reset(seed=1) == (2.0, {"drawn": 1})
    assert env.step(1) == (3.0, 1.0, True, False, {"position": 3})


def test_e10_what_ends_an_episode():
    env = gym.to_new(gym.wrappers.TimeLimit(Corridor21(length=99, start=0), 1))
    env.reset()
    assert env.step(1)[2:] == (False, True, {"position": 1})
    at_once = gym.to_new(gym.wrappers.TimeLimit(Corridor21(length=2, start=0), 1))
    at_once.reset()
    assert at_once.step(1)[2:4] == (True, False)
    today = dromos.make("CartPole-v1", max_episode_steps=1)
    today.reset(seed=0)
    assert today.step(0)[2:4] == (False, True)


@dialects
def test_e11_what_is_not_defined_is_not_implemented(module):
    with pytest.raises(NotImplementedError):
        module.Env().step(0)


@pytest.mark.parametrize("module", [dromos, gym], ids=["today", "0.25"])
def test_e11_nor_is_render(module):
    with pytest.raises(NotImplementedError):
        module.Env().render()


def test_e12_seeds_of_reset():
    env = gym.make("CartPole-v1")
    first = env.reset(seed=1)
    np.testing.assert_array_equal(env.reset(seed=1), first)
    assert not np.array_equal(env.reset(), first)
    with pytest.raises(TypeError):
        env.reset(1)
    today = dromos.make("CartPole-v1")
    observation, info = today.reset(seed=1)
    np.testing.assert_array_equal(observation, first)
    assert info == {}


def test_e12_infos_are_returned_if_asked():
    env = gym.from_new(Corridor())
    observation, info = env.reset(seed=3, return_info=True)
    assert info == {"start": observation}
    assert env.reset(seed=3) == observation


def test_e13_options_go_through_the_wrappers():
    options = {"low": -0.01, "high": 0.01}
    for env in (gym.make("CartPole-v1"), dromos.make("CartPole-v1")):
        observation = env.reset(seed=1, options=options)
        observation = observation[0] if isinstance(observation, tuple) else observation
        assert np.abs(observation).max() <= 0.01


@pytest.mark.parametrize("module", [dromos, gym], ids=["today", "0.25"])
def test_e14_the_reset_of_the_base_class_only_seeds(module):
    env = module.Env()
    assert env.reset(seed=3) is None
    assert env.np_random.random() == np.random.default_rng(3).random()


def test_e15_rgb_array_is_a_list_of_frames():
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    assert env.render_mode == "rgb_array"
    env.reset()
    env.step(0)
    frames = env.render()
    assert isinstance(frames, list)
    assert [frame.shape for frame in frames] == [(400, 600, 3)] * 2
    assert env.render() == []


def test_e15_single_rgb_array_is_one_frame():
    env = gym.make("CartPole-v1", render_mode="single_rgb_array")
    env.reset()
    assert env.render().shape == (400, 600, 3)
    assert env.render_mode == "single_rgb_array"


def test_e15_ansi_is_a_list_of_texts():
    env = gym.make("FrozenLake-v1", render_mode="ansi")
    env.reset()
    (text,) = env.render()
    assert isinstance(text, str)


def test_e15_no_mode_and_the_modes_of_today():
    assert gym.make("CartPole-v1").render_mode is None
    env = dromos.make("CartPole-v1", render_mode="rgb_array")
    env.reset()
    assert env.render().shape == (400, 600, 3)
    assert gym.from_new(env).render_mode == "single_rgb_array"


def test_e15_a_call_with_a_mode_returns_one_frame():
    env = gym.make("CartPole-v1")
    env.reset()
    assert env.render(mode="rgb_array").shape == (400, 600, 3)
    assert env.render(mode="single_rgb_array").shape == (400, 600, 3)
    lake = gym.make("FrozenLake-v1")
    lake.reset()
    assert lake.render(mode="single_ansi") == lake.render(mode="ansi") != ""


def test_e16_a_mode_that_is_not_there_is_told():
    with pytest.warns(UserWarning, match=r"render_mode='ansi.*' that is not in the possible"):
        gym.make("CartPole-v1", render_mode="ansi")
    env = gym.make("CartPole-v1")
    env.reset()
    with pytest.raises(gym.error.UnsupportedMode, match="has no render mode 'ansi'"):
        env.render(mode="ansi")


@dialects
def test_e17_closing_twice_is_harmless(module):
    env = module.make("CartPole-v1")
    env.reset()
    env.close()
    env.close()


def test_e17_nothing_is_left_of_an_environment_that_is_forgotten():
    import multiprocessing

    before = set(multiprocessing.active_children())
    envs = gym.vector.make("CartPole-v1", 2)
    envs.reset()
    workers = set(multiprocessing.active_children()) - before
    assert len(workers) == 2
    del envs
    gc.collect()
    assert workers.isdisjoint(multiprocessing.active_children())


@dialects
def test_e18_a_bare_environment_is_unwrapped(module):
    env = module.Env()
    assert env.unwrapped is env


@dialects
def test_e19_how_environments_are_shown(module):
    assert str(CartPoleEnv()) == "<CartPoleEnv instance>"
    assert str(module.Env()) == "<Env instance>"
    assert str(module.make("CartPole-v1").unwrapped) == "<CartPoleEnv<CartPole-v1>>"


def test_e19_a_stack_is_shown_from_outside():
    assert str(gym.make("CartPole-v1")) == "<TimeLimit<OrderEnforcing<CartPoleEnv<CartPole-v1>>>>"


@dialects
def test_e20_a_with_statement_closes(module):
    class Closing(module.Env):
        closed = False

        def close(self):
            self.closed = True

    with pytest.raises(ZeroDivisionError), Closing() as env:
        _ = 1 / 0
    assert env.closed
    with module.make("CartPole-v1") as env:
        env.reset()


def test_order_is_enforced():
    with pytest.raises(gym.error.ResetNeeded, match=re.escape("before calling reset()")):
        gym.wrappers.OrderEnforcing(Corridor21()).step(0)


def test_registering_twice_replaces_with_a_warning():
    gym.register("Twice21-v0", entry_point=Corridor21, max_episode_steps=5)
    with pytest.warns(UserWarning, match="Overriding environment Twice21-v0"):
        gym.register("Twice21-v0", entry_point=Corridor21)
    assert str(gym.make("Twice21-v0")) == "<OrderEnforcing<Corridor21<Twice21-v0>>>"
    assert gym.make("Twice21-v0", max_episode_steps=3)._max_episode_steps == 3


def test_wrappers_change_what_they_say():
    class Halved(gym.ObservationWrapper):
        def observation(self, observation):
            return observation / 2

    class Negative(gym.RewardWrapper):
        def reward(self, reward):
            return -reward

    class Turned(gym.ActionWrapper):
        def action(self, action):
            return 1 - action

    env = Turned(Negative(Halved(Corridor21(start=2))))
    assert env.reset() == 1.0
    assert env.reset(seed=1, return_info=True) == (1.0, {"drawn": 1})
    assert env.step(0) == (1.5, -1.0, True, {"position": 3})
    env.metadata = {"render_modes": ["mine"]}
    assert env.env.metadata != env.metadata
    assert env.start == 2
    env.np_random = generator = np.random.default_rng(1)
    assert env.unwrapped.np_random is generator


def test_seed_seeds_at_once():
    env = Corridor21()
    assert env.seed(4) == [4]
    assert env.np_random.random() == np.random.default_rng(4).random()
