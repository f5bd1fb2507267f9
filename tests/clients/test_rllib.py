"""RLlib takes dromos' environments and vectors for Gymnasium's."""

import gymnasium as gym
import pytest
import ray
from ray.rllib.algorithms.ppo import PPOConfig

import dromos


@pytest.fixture(scope="module", autouse=True)
def _alone():
    """Ray on this machine; its workers inherit the alias."""
    ray.init("local", num_cpus=2, include_dashboard=False, logging_level="error")
    yield
    ray.shutdown()


def test_a_short_run_of_ppo():
    assert gym.Env is dromos.Env
    config = (
        PPOConfig()
        .environment("CartPole-v1")
        .env_runners(num_env_runners=0, num_envs_per_env_runner=4)
        .training(train_batch_size=500, minibatch_size=125, num_epochs=2)
        .debugging(seed=0)
    )
    algorithm = config.build_algo()
    results = [algorithm.train()["env_runners"] for _ in range(2)]
    algorithm.stop()
    assert all(8 <= result["episode_return_mean"] <= 500 for result in results)
    assert results[-1]["num_env_steps_sampled_lifetime"] >= 1000
