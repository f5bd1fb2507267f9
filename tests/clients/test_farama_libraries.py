"""Environments, recorders and multi-agent libraries written for Gymnasium."""

import gymnasium as gym
import numpy as np
import pytest


def play(env, steps=30):
    """Step with random actions and check every observation."""
    env.action_space.seed(0)
    observation, info = env.reset(seed=0)
    for _ in range(steps):
        assert observation in env.observation_space
        assert isinstance(info, dict)
        observation, _, terminated, truncated, info = env.step(env.action_space.sample())
        if terminated or truncated:
            observation, info = env.reset()


@pytest.mark.parametrize(
    "env_id", ["MiniGrid-Empty-5x5-v0", "MiniGrid-DoorKey-6x6-v0", "BabyAI-GoToRedBall-v0"]
)
def test_minigrid(env_id):
    import minigrid

    assert minigrid.__version__
    env = gym.make(env_id, render_mode="rgb_array")
    play(env)
    assert env.render().ndim == 3


def test_minigrids_wrappers_in_a_vector():
    from minigrid.wrappers import FlatObsWrapper, ImgObsWrapper, RGBImgPartialObsWrapper

    def images(env):
        return ImgObsWrapper(RGBImgPartialObsWrapper(env))

    envs = gym.make_vec("MiniGrid-Empty-5x5-v0", 3, wrappers=[images])
    observations, _ = envs.reset(seed=0)
    assert observations.shape == (3, 56, 56, 3)
    envs.step(np.full(3, 2))
    flat = FlatObsWrapper(gym.make("MiniGrid-Empty-5x5-v0"))
    assert flat.reset(seed=1)[0].shape == flat.observation_space.shape


@pytest.mark.parametrize("env_id", ["highway-fast-v0", "parking-v0", "merge-v0"])
def test_highway_env(env_id):
    import highway_env

    assert highway_env.__version__
    env = gym.make(env_id, render_mode="rgb_array")
    play(env, steps=3)
    assert env.render().shape[-1] == 3
    env.close()


def test_pettingzoos_own_test_passes():
    from pettingzoo.classic import tictactoe_v3
    from pettingzoo.test import api_test

    env = tictactoe_v3.env()
    api_test(env, num_cycles=50)
    assert type(env.action_space("player_1")) is gym.spaces.Discrete


def test_shimmy_converts_the_specs_of_dm_env():
    from dm_env import specs
    from shimmy.utils.dm_env import dm_spec2gym_space

    space = dm_spec2gym_space(specs.BoundedArray((2,), np.float32, -1, 1))
    assert space == gym.spaces.Box(-1, 1, (2,), np.float32)


def test_minari_records_and_recovers(tmp_path, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    import minari

    env = minari.DataCollector(gym.make("CartPole-v1"), record_infos=True)
    lengths = []
    for seed in range(3):
        env.reset(seed=seed)
        lengths.append(0)
        ended = False
        while not ended:
            *_, terminated, truncated, _ = env.step(env.action_space.sample())
            ended = terminated or truncated
            lengths[-1] += 1
    env.create_dataset("cartpole/test-v0", algorithm_name="random", description="three episodes")
    dataset = minari.load_dataset("cartpole/test-v0")
    assert [len(episode) for episode in dataset.iterate_episodes()] == lengths
    again = dataset.recover_environment()
    assert str(again) == str(gym.make("CartPole-v1"))
    assert dataset.observation_space == again.observation_space
    episode = next(iter(dataset.iterate_episodes()))
    observation, _ = again.reset(seed=0)
    assert np.array_equal(observation, episode.observations[0])
    for action, expected in zip(episode.actions, episode.observations[1:], strict=True):
        assert np.array_equal(again.step(action)[0], expected)
