"""Gymnasium 0.29: the infos of its vectors, the names and arguments of its wrappers."""

import importlib
import subprocess
import sys

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor, Corridor21

import dromos
from dromos.compat import gymnasium_v029 as gym
from dromos.compat.gymnasium_v029.old_infos import old_infos
from dromos.error import Error
from dromos.spaces import Discrete
from dromos.vector.infos import batch_infos

pytestmark = pytest.mark.filterwarnings(QUIET)

both = pytest.mark.parametrize(
    "kind", [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv], ids=["sync", "async"]
)


def episodes(make_one=Corridor, **kwargs):
    return lambda: gym.wrappers.RecordEpisodeStatistics(make_one(**kwargs))


@pytest.mark.parametrize(
    "module",
    [
        "",
        ".envs",
        ".envs.registration",
        ".vector",
        ".wrappers",
        ".wrappers.frame_stack",
        ".wrappers.normalize",
        ".wrappers.record_video",
        ".experimental",
        ".experimental.vector",
        ".experimental.wrappers",
        ".experimental.vector_wrappers",
    ],
)
def test_exported_names_exist_once(module):
    found = importlib.import_module(f"dromos.compat.gymnasium_v029{module}")
    assert len(set(found.__all__)) == len(found.__all__)
    assert all(hasattr(found, name) for name in found.__all__)


@both
def test_final_observations_and_infos_are_arrays_of_objects(kind):
    envs = kind([episodes(length=3), episodes(length=3)])
    _, infos = envs.reset(seed=0, options={"position": 0})
    assert infos["start"].tolist() == [0, 0]
    observations, _, terminated, truncated, infos = envs.step(np.array([1, 0]))
    assert infos["position"].tolist() == [1, 0]
    assert infos["_position"].tolist() == [True, True]
    assert "final_info" not in infos
    observations, rewards, terminated, truncated, infos = envs.step(np.array([1, 1]))
    assert (terminated.tolist(), truncated.tolist()) == ([True, False], [False, False])
    assert observations[0] in (0, 1)  # of the next episode
    assert infos["final_observation"].tolist() == [2, None]
    assert infos["_final_observation"].tolist() == [True, False]
    assert infos["_final_info"].tolist() == [True, False]
    assert infos["final_info"].dtype == object
    final, other = infos["final_info"]
    assert other is None
    assert final["position"] == 2
    assert final["episode"]["r"].tolist() == [2.0]
    assert final["episode"]["l"].tolist() == [2]
    assert rewards.tolist() == [1.0, 1.0]
    envs.close()


def test_a_loop_in_the_manner_of_single_file_scripts():
    def make_env():
        env = gym.make("CartPole-v1")
        env = gym.wrappers.RecordEpisodeStatistics(env)
        env = gym.wrappers.TransformObservation(env, lambda obs: np.clip(obs, -1, 1))
        return gym.wrappers.TransformReward(env, lambda reward: np.clip(reward, -10, 10))

    envs = gym.vector.SyncVectorEnv([make_env for _ in range(4)])
    assert isinstance(envs.single_action_space, gym.spaces.Discrete)
    observations, _ = envs.reset(seed=1)
    returns, replaced = [], 0
    for _ in range(200):
        actions = np.array([envs.single_action_space.sample() for _ in range(envs.num_envs)])
        following, _, terminations, truncations, infos = envs.step(actions)
        if "final_info" in infos:
            returns += [info["episode"]["r"] for info in infos["final_info"] if info is not None]
        real = following.copy()
        for lane, truncated in enumerate(np.logical_or(terminations, truncations)):
            if truncated:
                real[lane] = infos["final_observation"][lane]
                replaced += 1
        observations = following
    assert observations.shape == (4, 4)
    assert len(returns) == replaced > 4
    assert all(value.shape == (1,) for value in returns)


def test_columns_of_infos():
    lanes = [{"a": 1, "b": True, "c": {"d": 2}, "e": 1}, {"a": 3, "f": np.ones(2), "e": "x"}]
    old = old_infos(batch_infos(lanes, range(2), 2), 2)
    assert (old["a"].dtype, old["a"].tolist()) == (np.dtype(int), [1, 3])
    assert (old["b"].dtype, old["_b"].tolist()) == (np.dtype(bool), [True, False])
    assert old["c"].tolist() == [{"d": 2}, None]
    assert old["e"].tolist() == [1, "x"]
    np.testing.assert_array_equal(old["f"][1], np.ones(2))
    assert old_infos({}, 2) == {}


@both
def test_spaces_may_be_given(kind):
    space = Discrete(9)
    envs = kind([Corridor] * 2, observation_space=space, action_space=Discrete(3))
    assert envs.single_observation_space == space
    assert envs.single_action_space == Discrete(3)
    assert envs.action_space.shape == (2,)
    assert str(envs) == f"{kind.__name__}(2)"
    envs.close()


def test_asynchronous_calls():
    envs = gym.vector.AsyncVectorEnv([episodes(length=2)] * 2)
    envs.reset_async(seed=3)
    assert envs.reset_wait()[0].shape == (2,)
    envs.step_async(np.array([1, 1]))
    assert envs.step_wait()[-1]["final_observation"].tolist() == [1, 1]
    assert envs.get_attr("length") == (2, 2)
    assert len(envs.processes) == 2
    envs.close()


def test_first_ready_results_have_the_infos_too():
    envs = gym.vector.SyncVectorEnv([episodes(length=2)] * 2)
    envs.reset(seed=3)
    envs.send(np.array([1, 1]))
    *_, infos = envs.recv()
    assert infos["lane_ids"].tolist() == [0, 1]
    assert infos["final_observation"].tolist() == [1, 1]


@pytest.mark.parametrize("wrappers", [None, gym.wrappers.RecordEpisodeStatistics])
def test_vector_make(wrappers):
    envs = gym.vector.make(
        "CartPole-v1", 2, asynchronous=False, wrappers=wrappers, disable_env_checker=True
    )
    assert isinstance(envs, gym.vector.SyncVectorEnv)
    assert isinstance(envs, gym.vector.VectorEnv)
    assert str(envs.envs[0]).count("RecordEpisodeStatistics") == (wrappers is not None)
    assert "PassiveEnvChecker" not in str(envs.envs[0])
    envs = gym.vector.make("CartPole-v1", 1)
    assert isinstance(envs, gym.vector.AsyncVectorEnv)
    envs.close()


def test_make_vec():
    envs = gym.make_vec("CartPole-v1", 2, "sync", wrappers=[gym.wrappers.FlattenObservation])
    assert "FlattenObservation" in str(envs.envs[1])
    native = gym.make_vec("CartPole-v1", 2, "custom", max_episode_steps=1)
    native.reset(seed=0)
    *_, truncated, infos = native.step(np.array([0, 1]))
    assert truncated.all()
    assert infos["final_observation"][1].shape == (4,)
    assert infos["final_info"].tolist() == [{}, {}]
    with pytest.raises(Error, match=r"Invalid vectorization mode: 'none', valid modes: \['async'"):
        gym.make_vec("CartPole-v1", 2, "none")


def test_make_resets_and_converts():
    env = gym.make("CartPole-v1", max_episode_steps=1, autoreset=True)
    env.reset(seed=0)
    observation, _, terminated, truncated, info = env.step(0)
    assert (terminated, truncated) == (False, True)
    assert not np.array_equal(observation, info["final_observation"])
    assert info["final_info"] == {}
    dromos.register("Old029-v0", "dialect_cases:Corridor21", disable_env_checker=True)
    env = gym.make("Old029-v0", apply_api_compatibility=True, start=2)
    assert env.reset(seed=1)[1] == {"drawn": 1}
    assert env.step(1)[2:4] == (True, False)


def test_registered_as_old():
    gym.register(
        "Old029-v1",
        Corridor21,
        apply_api_compatibility=True,
        autoreset=True,
        disable_env_checker=True,
        length=7,
    )
    gym.register(
        "Old029-v2",
        "dialect_cases:Corridor21",
        apply_api_compatibility=True,
        kwargs={"length": 6},
        disable_env_checker=True,
    )
    assert str(gym.make("Old029-v1")).startswith("<AutoResetWrapper<OrderEnforcing<EnvCompat")
    assert gym.make("Old029-v1").get_wrapper_attr("length") == 7
    env = dromos.make("Old029-v2", render_mode="rgb_array")
    assert env.get_wrapper_attr("length") == 6
    env.reset(seed=0)
    assert env.render().shape == (8, 8, 3)
    assert dromos.envs.registration.EnvSpec.from_json(env.spec.to_json()) == env.spec
    with pytest.raises(Error, match="has no entry point whose environment could be converted"):
        gym.make(
            dromos.envs.registration.EnvSpec("Vector-v0", vector_entry_point="a:b"),
            apply_api_compatibility=True,
        )


PROGRAM = """
import gymnasium as gym
from gymnasium.wrappers.frame_stack import LazyFrames
from gymnasium.wrappers.normalize import RunningMeanStd
from gymnasium.wrappers.clip_action import ClipAction
from gymnasium.wrappers.compatibility import EnvCompatibility
from gymnasium.wrappers.env_checker import PassiveEnvChecker
from gymnasium.wrappers.flatten_observation import FlattenObservation
from gymnasium.wrappers.rescale_action import RescaleAction
from gymnasium.wrappers.order_enforcing import OrderEnforcing
from gymnasium.envs.registration import register
from gymnasium.spaces.box import Box

envs = gym.vector.SyncVectorEnv([lambda: gym.wrappers.FrameStack(gym.make("CartPole-v1"), 2)] * 2)
envs.reset(seed=0)
infos = {}
while "final_info" not in infos:
    *_, infos = envs.step(envs.action_space.sample())
print(gym.__version__, type(infos["final_info"]).__name__, envs.observation_space.shape)
"""


def test_a_program_that_imports_gymnasium(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "dromos", "run", "--api", "0.29", "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "0.29.1 ndarray (2, 2, 4)\n"
