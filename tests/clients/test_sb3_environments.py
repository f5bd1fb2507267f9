"""Stable-Baselines3's vectors, wrappers and checks around dromos' environments."""

import csv
import re
import zlib
from pathlib import Path

import gymnasium as gym
import image_env
import numpy as np
import pytest
from stable_baselines3.common import atari_wrappers
from stable_baselines3.common.env_checker import check_env
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.monitor import Monitor, load_results
from stable_baselines3.common.vec_env import (
    DummyVecEnv,
    SubprocVecEnv,
    VecCheckNan,
    VecMonitor,
    VecTransposeImage,
)

IDS = ["CartPole-v1", "Pendulum-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0"]
IDS += ["FrozenLake-v1", "CliffWalking-v1", "Taxi-v4", "Blackjack-v1"]


@pytest.mark.parametrize("env_id", IDS)
def test_its_check_accepts_our_environments(env_id):
    check_env(gym.make(env_id, render_mode="rgb_array"), skip_render_check=False)


def test_dummy_vec_env_ends_episodes_as_documented():
    envs = make_vec_env("CartPole-v1", 3, seed=5)
    assert isinstance(envs, DummyVecEnv)
    observations = envs.reset()
    assert np.array_equal(observations[1], gym.make("CartPole-v1").reset(seed=6)[0])
    ended = 0
    for _ in range(60):
        observations, rewards, dones, infos = envs.step(np.ones(3, dtype=int))
        assert rewards.dtype == np.float32
        for lane in np.flatnonzero(dones):
            ended += 1
            assert abs(infos[lane]["terminal_observation"][2]) > 0.2
            assert abs(observations[lane]).max() <= 0.05
            assert infos[lane]["episode"]["r"] == infos[lane]["episode"]["l"]
    assert ended > 10


@pytest.mark.parametrize("start_method", ["forkserver", "spawn", "fork"])
def test_subproc_vec_env_gives_the_same_episodes(start_method):
    workers = make_vec_env(
        "FrozenLake-v1",
        2,
        seed=0,
        vec_env_cls=SubprocVecEnv,
        vec_env_kwargs={"start_method": start_method},
    )
    serial = make_vec_env("FrozenLake-v1", 2, seed=0)
    assert np.array_equal(workers.reset(), serial.reset())
    for _ in range(30):
        actions = np.random.randint(4, size=2)
        for mine, other in zip(workers.step(actions)[:3], serial.step(actions)[:3], strict=True):
            assert np.array_equal(mine, other)
    assert workers.get_attr("spec")[0].id == "FrozenLake-v1"
    assert workers.env_is_wrapped(Monitor) == [True, True]
    workers.close()


def test_monitor_writes_its_file(tmp_path):
    env = Monitor(gym.make("CartPole-v1"), str(tmp_path / "run"))
    for seed in range(3):
        env.reset(seed=seed)
        while True:
            *_, terminated, truncated, _ = env.step(seed % 2)
            if terminated or truncated:
                break
    env.close()
    header, *rows = (tmp_path / "run.monitor.csv").read_text().splitlines()
    assert '"env_id": "CartPole-v1"' in header
    assert [row["r"] for row in csv.DictReader(rows)] == [str(r) for r in env.get_episode_rewards()]
    assert load_results(str(tmp_path))["l"].tolist() == env.get_episode_lengths()


def test_atari_wrappers_work_on_an_image_environment():
    env = atari_wrappers.AtariWrapper(gym.make("BlocksNoFrameskip-v4"), terminal_on_life_loss=True)
    assert env.observation_space == gym.spaces.Box(0, 255, (84, 84, 1), np.uint8)
    observation, _ = env.reset(seed=0)
    assert observation in env.observation_space
    for _ in range(60):
        observation, reward, terminated, truncated, _ = env.step(3)
        assert reward == 1.0  # clipped
        if terminated or truncated:
            break
    assert env.unwrapped.ale.lives() == 2
    layers = []
    while isinstance(env, gym.Wrapper):
        layers.append(type(env).__name__)
        env = env.env
    assert {"ClipRewardEnv", "WarpFrame", "FireResetEnv", "EpisodicLifeEnv"} <= set(layers)
    assert {"MaxAndSkipEnv", "NoopResetEnv", "TimeLimit"} <= set(layers)
    assert isinstance(env, image_env.Blocks)


def test_images_are_transposed_and_tiled():
    envs = VecTransposeImage(
        make_vec_env("BlocksNoFrameskip-v4", 3, env_kwargs={"render_mode": "rgb_array"})
    )
    assert envs.reset().shape == (3, 3, 210, 160)
    assert envs.render().shape == (420, 320, 3)
    assert len({zlib.crc32(image) for image in envs.get_images()}) == 3


def test_vec_wrappers_fit_around_one_another():
    envs = VecMonitor(VecCheckNan(DummyVecEnv([lambda: gym.make("CartPole-v1")] * 1)))
    envs.seed(3)
    envs.reset()
    for _ in range(12):
        *_, infos = envs.step(np.zeros(1, int))
        if "episode" in infos[0]:
            break
    assert infos[0]["episode"]["l"] >= 8
    envs.set_attr("gravity", 3.5)
    assert envs.get_attr("gravity") == [3.5]


def test_the_block_of_the_docs_runs():
    """As it stands, but for the length of the training."""
    page = (Path(__file__).parents[2] / "docs" / "drop-in.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (block,) = (block for block in blocks if "stable_baselines3" in block)
    assert "1_000_000" in block
    names = {}
    short = block.replace("1_000_000", "2_000").replace("envs)", "envs, n_steps=32, n_epochs=1)")
    exec(compile(short, "drop-in.md", "exec"), names)
    assert names["envs"].num_envs == 64


def test_the_page_for_users_of_stable_baselines3_runs():
    page = (Path(__file__).parents[2] / "docs" / "with-stable-baselines3.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    names = {}
    exec(compile("\n".join(blocks), "with-stable-baselines3.md", "exec"), names)
    assert names["observations"].shape == (16, 3)
