"""Stable-Baselines3's algorithms learn on dromos' environments as they are."""

import copy

import gymnasium as gym
import image_env
import numpy as np
import pytest
from stable_baselines3 import A2C, DQN, PPO, SAC, TD3
from stable_baselines3.common.env_util import make_atari_env, make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import VecFrameStack, VecNormalize

import dromos

SOLVED = 475.0  # CartPole-v1's reward threshold


def test_gymnasium_is_dromos():
    assert gym.Env is dromos.Env
    assert gym.spec("CartPole-v1").reward_threshold == SOLVED


def test_ppo_solves_cart_pole():
    envs = make_vec_env("CartPole-v1", 8, seed=0)
    model = PPO(
        "MlpPolicy",
        envs,
        n_steps=32,
        batch_size=256,
        gae_lambda=0.8,
        gamma=0.98,
        learning_rate=lambda left: 2e-3 * left,
        seed=0,
        device="cpu",
    )
    fresh = make_vec_env("CartPole-v1", 10, seed=99)
    for _ in range(3):  # usually solved after the first
        model.learn(32_000)
        mean, _ = evaluate_policy(model, fresh, n_eval_episodes=20)
        if mean >= SOLVED:
            break
    assert mean >= SOLVED


SMALL = {"learning_starts": 50, "batch_size": 32, "policy_kwargs": {"net_arch": [32]}}


@pytest.mark.parametrize(
    ("algorithm", "env_id", "arguments"),
    [
        (A2C, "CartPole-v1", {}),
        (DQN, "CartPole-v1", SMALL),
        (SAC, "Pendulum-v1", SMALL),
        (TD3, "MountainCarContinuous-v0", SMALL),
        (PPO, "FrozenLake-v1", {"n_steps": 64}),
        (DQN, "Taxi-v4", SMALL),
    ],
)
def test_algorithms_run_and_their_models_are_saved(tmp_path, algorithm, env_id, arguments):
    arguments = copy.deepcopy(arguments)  # some algorithms add to them
    model = algorithm("MlpPolicy", env_id, seed=0, device="cpu", **arguments)
    model.learn(300)
    model.save(tmp_path / "model")
    loaded = algorithm.load(tmp_path / "model", env=gym.make(env_id), device="cpu")
    assert loaded.observation_space == model.observation_space
    assert loaded.action_space == model.action_space
    assert isinstance(loaded.action_space, dromos.Space)
    assert type(loaded.action_space) is type(model.action_space)
    observation = loaded.get_env().reset()
    expected, _ = model.predict(observation, deterministic=True)
    assert np.array_equal(loaded.predict(observation, deterministic=True)[0], expected)
    loaded.learn(100)


def test_an_atari_agent_runs_on_stacked_frames():
    envs = VecFrameStack(make_atari_env("BlocksNoFrameskip-v4", 2, seed=0), 4)
    assert envs.observation_space.shape == (84, 84, 4)
    model = A2C("CnnPolicy", envs, seed=0, device="cpu", policy_kwargs={"normalize_images": True})
    model.learn(40)
    assert model.num_timesteps == 40
    assert image_env.Blocks.metadata["render_fps"] == 30


def test_normalised_training_is_saved_with_its_statistics(tmp_path):
    envs = VecNormalize(make_vec_env("Pendulum-v1", 4, seed=3))
    model = PPO("MlpPolicy", envs, n_steps=64, seed=0, device="cpu")
    model.learn(512)
    envs.save(tmp_path / "statistics.pkl")
    again = VecNormalize.load(tmp_path / "statistics.pkl", make_vec_env("Pendulum-v1", 4, seed=3))
    assert again.obs_rms.count == pytest.approx(envs.obs_rms.count)
    assert np.array_equal(again.obs_rms.mean, envs.obs_rms.mean)
