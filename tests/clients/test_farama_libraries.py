"""Environments, recorders and multi-agent libraries written for Gymnasium."""

import warnings

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


#: As Highway-env, Minigrid and Gymnasium-Robotics list them in tests that compare for equality.
EXPECTED_WARNINGS = [
    f"\x1b[33mWARN: {text}\x1b[0m"
    for text in (
        "A Box observation space minimum value is -infinity. This is probably too low.",
        "A Box observation space maximum value is infinity. This is probably too high.",
        "For Box action spaces, we recommend using a symmetric and normalized space (range=[-1, 1] "
        "or [0, 1]). See https://stable-baselines3.readthedocs.io/en/master/guide/rl_tips.html for "
        "more information.",
    )
]


@pytest.mark.parametrize(
    "env_id", ["highway-fast-v0", "parking-v0", "intersection-v2", "MiniGrid-LavaGapS5-v0"]
)
def test_warnings_of_the_checker_are_those_that_libraries_list(env_id):
    import highway_env
    import minigrid
    from gymnasium.utils.env_checker import check_env

    assert highway_env.__version__ and minigrid.__version__  # noqa: PT018  (imported to register)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        env = gym.make(env_id, disable_env_checker=True).unwrapped
        check_env(env, skip_render_check=True)
        env.close()
    unknown = [w.message.args[0] for w in caught if w.message.args[0] not in EXPECTED_WARNINGS]
    assert unknown == []


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


def test_minari_holds_rollouts(tmp_path, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    envs = gym.make_vec("CartPole-v1", 3)
    envs.reset(seed=0)
    rollout = envs.rollout(np.ones((40, 3), int))
    dataset = rollout.to_minari("cartpole/rollout-v0", env="CartPole-v1")
    episodes = list(rollout.episodes())
    assert dataset.total_episodes == len(episodes)
    for stored, episode in zip(dataset.iterate_episodes(), episodes, strict=True):
        assert np.array_equal(stored.observations, episode.observations)
        assert np.array_equal(stored.actions, episode.actions)
        assert np.array_equal(stored.terminations, episode.terminated)


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


def test_minari_holds_replays(tmp_path, monkeypatch):
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path / "data"))
    from dromos import replay

    env = gym.wrappers.RecordEpisodes(gym.make("CartPole-v1"), tmp_path / "episodes")
    for seed in range(3):
        env.reset(seed=seed)
        ended = False
        while not ended:
            *_, terminated, truncated, _ = env.step(env.action_space.sample())
            ended = terminated or truncated
    env.close()
    files = sorted((tmp_path / "episodes").iterdir())
    dataset = replay.to_minari(files, "cartpole/replays-v0", algorithm_name="random")
    again = list(replay.from_minari(dataset))
    assert [episode.hash for episode in again] == [replay.load(file).hash for file in files]
    assert [episode.seed for episode in again] == [0, 1, 2]
    assert all(replay.play(episode).equal for episode in again)
