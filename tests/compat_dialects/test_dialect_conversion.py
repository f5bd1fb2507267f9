"""Old environments under today's interface and today's under the old ones."""

import copy
import importlib
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor, Corridor09, Corridor21

import dromos
from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25
from dromos.error import Error
from dromos.utils.env_checker import check_env

quiet = pytest.mark.filterwarnings(QUIET)
dialects = pytest.mark.parametrize(
    "module", [legacy, gym_v21, gym_v23, gym_v25], ids=["0.9", "0.21", "0.23", "0.25"]
)


MODULES = [
    *("gym_v09", "gym_v09.core", "gym_v09.envs", "gym_v09.wrappers", "old_errors", "old_names"),
    *("gym_v21", "gym_v21.core", "gym_v21.envs", "gym_v21.vector", "gym_v21.utils"),
    *("gym_v23", "gym_v23.envs", "gym_v23.vector", "old_rendering", "old_vector_utils"),
    *("gym_v25", "gym_v25.core", "gym_v25.envs", "gym_v25.vector", "gym_v25.wrappers"),
]


@pytest.mark.parametrize("module", MODULES)
def test_exported_names_exist_once(module):
    found = importlib.import_module(f"dromos.compat.{module}")
    assert len(set(found.__all__)) == len(found.__all__)
    assert all(hasattr(found, name) for name in found.__all__)


@dialects
def test_what_a_conversion_changes_is_told(module):
    with pytest.warns(DeprecationWarning, match="today's interface runs under that of Gym before"):
        module.from_new(Corridor())
    with pytest.warns(DeprecationWarning, match="Gym before 0.26 runs under today's interface"):
        module.to_new(Corridor09())


TWICE = """
from dromos import legacy
from dialect_cases import Corridor, Corridor09
for _ in range(3):
    legacy.from_new(Corridor())
    legacy.to_new(Corridor09())
"""

WORKERS = """
from dromos import legacy
if __name__ == "__main__":
    envs = legacy.vector.make("CartPole-v1", 2)
    envs.reset()
    envs.close()
"""


@pytest.mark.parametrize(("code", "times"), [(TWICE, 2), (WORKERS, 0)])
def test_each_change_is_told_once_by_one_process(code, times):
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True
    )
    assert done.stderr.count("DeprecationWarning") == times


@quiet
@dialects
def test_only_what_is_to_be_converted_is(module):
    with pytest.raises(Error, match="speaks today's interface already: use it as it is"):
        module.to_new(Corridor())
    with pytest.raises(Error, match="Expected an environment of today's interface, found"):
        module.from_new(Corridor21())


@quiet
@pytest.mark.parametrize("env_class", [Corridor09, Corridor21])
def test_an_old_environment_keeps_todays_contract(env_class):
    env = legacy.to_new(env_class())
    if env_class is Corridor09:
        env.observation_space.n = 5
    check_env(env, skip_render_check=True)
    wrapped = dromos.wrappers.RecordEpisodeStatistics(dromos.wrappers.TimeLimit(env, 50))
    wrapped.reset(seed=1)
    over = False
    while not over:
        *_, terminated, truncated, info = wrapped.step(1)
        over = terminated or truncated
    assert info["episode"]["l"] >= 1


@quiet
def test_both_ways_and_back_nothing_is_lost():
    back = legacy.to_new(legacy.from_new(Corridor()))
    plain = Corridor()
    assert back.reset(seed=4, options={"position": 1}) == plain.reset(
        seed=4, options={"position": 1}
    )
    for _ in range(2):
        assert back.step(1) == plain.step(1)
    assert back.length == plain.length


@quiet
def test_seeds_reach_the_oldest_environments():
    first, again = (legacy.to_new(Corridor09(length=50)) for _ in range(2))
    starts = [first.reset(seed=seed)[0] for seed in (3, 4, 5)]
    assert [again.reset(seed=seed)[0] for seed in (3, 4, 5)] == starts
    assert len(set(starts)) > 1


@quiet
def test_an_old_environment_is_rendered_in_its_mode():
    silent, loud, frames = (
        legacy.to_new(Corridor09(), mode) for mode in (None, "human", "rgb_array")
    )
    for env in (silent, loud, frames):
        env.reset(seed=1)
        env.step(0)
    assert silent.render() is None
    assert silent.env.rendered == []
    assert loud.env.rendered == ["human", "human"]
    assert loud.render() is None
    assert frames.render().shape == (16, 16, 3)
    assert frames.metadata["render_modes"] == ["human", "rgb_array", "ansi"]
    assert frames.metadata["render_fps"] == 10
    frames.close()
    assert frames.env.viewer is None


@quiet
def test_the_specification_of_a_converted_environment_makes_it_again():
    gym_v25.register("Spec21-v0", entry_point="dialect_cases:Corridor21", kwargs={"length": 6})
    env = gym_v25.to_new(gym_v25.make("Spec21-v0"))
    spec = dromos.envs.registration.EnvSpec.from_json(env.spec.to_json())
    again = dromos.make(spec)
    assert str(again) == str(env) == "<EnvCompatibility<OrderEnforcing<Corridor21<Spec21-v0>>>>"
    assert again.get_wrapper_attr("length") == 6
    stack = dromos.wrappers.TimeLimit(env, 9)
    assert dromos.make(stack.spec).spec.max_episode_steps == 9
    assert legacy.to_new(Corridor09()).spec is None


@quiet
def test_attributes_go_through():
    env = legacy.to_new(Corridor09(length=7))
    assert env.length == 7
    with pytest.raises(AttributeError, match="no attribute '_secret'"):
        _ = env._secret
    old = legacy.from_new(dromos.make("CartPole-v1"))
    old.np_random = generator = np.random.default_rng(2)
    assert old.env.unwrapped.np_random is generator
    assert old.np_random._bit_generator is generator.bit_generator
    old._max_episode_steps = 3
    assert old.env._max_episode_steps == 3
    with pytest.raises(AttributeError):
        _ = old.no_such_attribute


@quiet
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_go_on_alike(duplicate):
    env = legacy.make("CartPole-v1")
    env.seed(1)
    env.reset()
    env.step(0)
    twin = duplicate(env)
    assert type(twin.unwrapped) is type(env.unwrapped)
    assert twin.unwrapped.env is not env.unwrapped.env
    np.testing.assert_array_equal(twin.step(1)[0], env.step(1)[0])


@quiet
@pytest.mark.parametrize(
    "make",
    [
        lambda: legacy.wrappers.TimeLimit(Corridor09(length=50), max_episode_steps=3),
        lambda: gym_v25.wrappers.TimeLimit(Corridor21(length=50), 3),
        lambda: gym_v25.make("CartPole-v1", max_episode_steps=3),
        lambda: gym_v25.wrappers.NormalizeObservation(
            gym_v25.make("CartPole-v1", max_episode_steps=3)
        ),
    ],
)
def test_snapshots_give_the_same_future(make):
    env = gym_v25.to_new(make())
    env.reset(seed=1)
    env.step(1)

    def future():
        steps = [env.step(1) for _ in range(2)]
        return [step[0] for step in steps] + [step[3] for step in steps] + [env.reset()[0]]

    saved = env.snapshot()
    first = future()
    env.restore(saved)
    for left, right in zip(first, future(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert first[2:4] == [False, True]


@quiet
def test_a_reset_that_does_not_tell_its_arguments_is_called_plainly():
    class Opaque(Corridor21):
        class Reset:
            __signature__ = "none"

            def __init__(self, env):
                self.env = env

            def __call__(self):
                return Corridor21.reset(self.env)

        def __init__(self):
            super().__init__()
            self.reset = Opaque.Reset(self)

    observation, info = gym_v25.to_new(Opaque()).reset(seed=2)
    assert observation.shape == (1,)
    assert info == {}
