"""Ways of calling of old releases, over the dialects that had them."""

import gc
import os
import subprocess
import sys

import numpy as np
import pytest
from dialect_cases import QUIET

import dromos
from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25, gymnasium_v029
from dromos.error import Error

pytestmark = pytest.mark.filterwarnings(QUIET)

OLD = [legacy, gym_v21, gym_v23, gym_v25]
old = pytest.mark.parametrize("gym", OLD, ids=["0.9", "0.21", "0.23", "0.25"])
vectors = pytest.mark.parametrize(
    "gym", [gym_v21, gym_v23, gym_v25, gymnasium_v029], ids=["0.21", "0.23", "0.25", "0.29"]
)


def closing_class(gym, closed):
    class Door(gym.Env):
        action_space = observation_space = dromos.spaces.Discrete(2)
        metadata = {"render.modes": ["human"]}  # noqa: RUF012

        def reset(self, **kwargs):
            return 0

        def step(self, action):
            return 0, 0.0, True, {}

        def close(self):
            closed.append(self.number)

    return Door


@old
def test_what_nobody_closed_is_closed_when_it_is_forgotten(gym):
    closed = []
    door_class = closing_class(gym, closed)
    for number in range(3):
        door = door_class()
        door.number = number
        wrapped = gym.Wrapper(door)
        if number == 1:
            wrapped.close()  # by hand, through a wrapper
        del door, wrapped
        gc.collect()
    assert closed == [0, 1, 2]


@old
def test_a_wrapper_that_is_forgotten_leaves_its_environment_open(gym):
    closed = []
    door = closing_class(gym, closed)()
    door.number = 0
    gym.Wrapper(door)
    gc.collect()
    assert closed == []
    door.close()
    del door
    assert closed == [0]


AT_END = """
from dromos.compat import gym_v21 as gym

class Door(gym.Env):
    def __init__(self, name):
        self.name = name
    def close(self):
        print("closed", self.name, flush=True)

left, shut = Door("left"), Door("shut")
shut.close()
import os
if (child := os.fork()) == 0:
    raise SystemExit  # closes nothing of its parent's
os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_the_end_of_the_program_closes_what_is_left_once():
    done = subprocess.run([sys.executable, "-c", AT_END], capture_output=True, text=True)
    assert done.stdout == "closed shut\nclosed left\n"


@old
def test_a_converted_environment_stays_its_users(gym):
    today = dromos.make("CartPole-v1", render_mode="rgb_array")
    today.reset(seed=0)
    gym.from_new(today)
    gc.collect()
    assert today.render().shape == (400, 600, 3)


@old
def test_the_registry_is_a_dict_with_the_methods_of_then(gym):
    registry = gym.envs.registration.registry
    assert "CartPole-v1" in registry
    assert {spec.id for spec in registry.all()} == set(registry) == set(registry.env_specs)
    assert len(registry) == len(list(registry))
    assert registry["CartPole-v1"].max_episode_steps == 500
    gym.register(id="Own-v3", entry_point="dialect_cases:Corridor21")
    assert registry.spec("Own").id == "Own-v3"
    del registry["Own-v3"]
    assert "Own-v3" not in registry
    with pytest.raises(KeyError):
        del registry["Own-v3"]
    with pytest.raises(KeyError):
        registry["Own-v3"]


@pytest.mark.parametrize("gym", [gym_v21, gym_v23, gym_v25], ids=["0.21", "0.23", "0.25"])
def test_attributes_through_wrappers(gym):
    assert gym.make("CartPole-v1").gravity == 9.8
    lake = gym.make("FrozenLake-v1")
    assert lake.desc.shape == (4, 4)
    assert lake.P[0][0]
    assert lake.reward_range == (0, 1)


def test_029_forwards_attributes_with_its_warning():
    env = gymnasium_v029.make("CartPole-v1")
    with pytest.warns(UserWarning, match=r"env\.gravity to get variables from other wrappers"):
        assert env.gravity == 9.8
    with pytest.warns(UserWarning, match="env.desc"):
        assert gymnasium_v029.make("FrozenLake-v1").desc.shape == (4, 4)
    assert env.get_wrapper_attr("gravity") == 9.8  # without a word
    assert env.has_wrapper_attr("gravity")
    assert not env.has_wrapper_attr("levity")
    assert env.set_wrapper_attr("gravity", 1.5)
    assert env.unwrapped.gravity == 1.5
    with pytest.raises(AttributeError, match="private attribute '_secret'"):
        _ = env._secret
    with pytest.raises(AttributeError):
        _ = dromos.make("CartPole-v1").gravity
    env.reward_range = (0, 1)
    assert env.reward_range == (0, 1)


def test_029_counts_todays_environments_and_wrappers_as_its_own():
    env = dromos.make("CartPole-v1")
    assert isinstance(env, gymnasium_v029.Env)
    assert isinstance(env, gymnasium_v029.Wrapper)
    assert issubclass(type(env), gymnasium_v029.Wrapper)
    assert not isinstance(3, gymnasium_v029.Env)

    class Own(gymnasium_v029.Env):
        pass

    assert not isinstance(env, Own)
    with pytest.raises(TypeError, match="Expected env to be"):
        gymnasium_v029.Wrapper(3)


def cartpoles(gym, number=2):
    return gym.vector.SyncVectorEnv([lambda: gym.make("CartPole-v1")] * number)


def rewards_of(vector, steps=1):
    for _ in range(steps):
        result = vector.step(np.ones(2, int))
    return result[1]


@vectors
def test_a_vector_was_an_environment(gym):
    envs = cartpoles(gym)
    assert isinstance(envs, gym.Env)
    first = envs.reset()
    first = first[0] if isinstance(first, tuple) else first
    np.testing.assert_array_equal(envs.observations, first)
    doubled = gym.wrappers.TransformReward(envs, lambda reward: 2 * reward)
    doubled.reset()
    assert rewards_of(doubled).tolist() == [2.0, 2.0]
    assert doubled.num_envs == 2
    zero = gym.wrappers.TransformObservation(envs, lambda observation: 0 * observation)
    observation = zero.reset()
    observation = observation[0] if isinstance(observation, tuple) else observation
    assert not observation.any()


@vectors
def test_frames_of_vectors_are_stacked(gym):
    stacked = gym.wrappers.FrameStack(cartpoles(gym), 3)
    assert stacked.observation_space.shape == (3, 2, 4)
    observation = stacked.reset()
    observation = observation[0] if isinstance(observation, tuple) else observation
    assert np.asarray(observation).shape == (3, 2, 4)


@vectors
def test_statistics_of_vectors(gym):
    envs = gym.wrappers.RecordEpisodeStatistics(cartpoles(gym))
    assert isinstance(envs, gym.Env)
    envs.reset()
    returns = []
    for _ in range(30):
        infos = envs.step(np.ones(2, int))[-1]
        rows = infos if isinstance(infos, list) else [infos]
        returns += [np.asarray(row["episode"]["r"]) for row in rows if "episode" in row]
    assert returns
    assert max(value.max() for value in returns) > 5


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_five_values_of_vectors(kind):
    envs = gym_v25.vector.make("CartPole-v1", 2, asynchronous=kind == "async", new_step_api=True)
    observations, infos = envs.reset(seed=0, return_info=True)
    assert (observations.shape, infos) == ((2, 4), {})
    assert len(envs.step(np.ones(2, int))) == 5
    listed = gym_v25.wrappers.VectorListInfo(envs)
    listed.reset()
    assert listed.step(np.ones(2, int))[-1] == [{}, {}]
    envs.close()


def test_a_worker_of_ones_own_is_refused():
    with pytest.raises(Error, match="takes no worker"):
        gym_v25.vector.AsyncVectorEnv([lambda: gym_v25.make("CartPole-v1")], worker=print)


def test_autoreset_of_make():
    env = gym_v25.make("CartPole-v1", max_episode_steps=1, autoreset=True)
    env.reset(seed=0)
    observation, _, done, info = env.step(0)
    assert done
    assert info["final_info"]["TimeLimit.truncated"]
    assert not np.array_equal(observation, info["final_observation"])


def test_goals_are_checked():
    class Aimless(gym_v21.GoalEnv):
        observation_space = dromos.spaces.Dict(observation=dromos.spaces.Discrete(2))

    with pytest.raises(Error, match='requires the "achieved_goal" key'):
        Aimless().reset()
    Aimless.observation_space = dromos.spaces.Discrete(2)
    with pytest.raises(Error, match="requires an observation space of type"):
        Aimless().reset()


def test_states_of_then_can_be_put_in_place():
    env = gym_v21.make("CartPole-v1")
    state, _ = gym_v21.utils.seeding.np_random(3)
    env.unwrapped.np_random = state
    twin, _ = gym_v21.utils.seeding.np_random(3)
    expected = twin.uniform(-0.05, 0.05, 4)
    np.testing.assert_allclose(env.reset(), expected, rtol=1e-6)


SUBMODULES = """
import {name} as gym
gym.envs.registration.register(id="Anything-v0", entry_point="nowhere:Nothing")
assert gym.spec("Anything-v0").id == "Anything-v0"
print(gym.wrappers.{wrapper}.__name__, gym.vector.async_vector_env.AsyncState.DEFAULT.value)
"""


@pytest.mark.parametrize(
    ("api", "name", "wrapper"),
    [
        ("1.4", "gymnasium", "common.TimeLimit"),
        ("1.1", "gymnasium", "common.TimeLimit"),
        ("0.29", "gymnasium", "frame_stack.FrameStack"),
        ("0.26", "gym", "normalize.RunningMeanStd"),
        ("0.25", "gym", "record_video.RecordVideo"),
        ("0.23", "gym", "frame_stack.LazyFrames"),
        ("0.21", "gym", "monitor.Monitor"),
        ("0.9", "gym", "monitor.Monitor"),
    ],
)
def test_importing_the_root_is_enough(api, name, wrapper):
    code = f"from dromos.compat.gymnasium import install\ninstall({api!r}, {name!r})\n"
    code += SUBMODULES.format(name=name, wrapper=wrapper)
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.split() == [wrapper.partition(".")[2], "default"], done.stderr
