"""TorchRL's and Tianshou's adapters take dromos' environments for Gymnasium's."""

import gymnasium as gym
import numpy as np
import pytest
import torch
from tianshou.algorithm.modelfree.dqn import DiscreteQLearningPolicy
from tianshou.data import Collector, VectorReplayBuffer
from tianshou.env import DummyVectorEnv, ShmemVectorEnv, SubprocVectorEnv
from tianshou.utils.net.common import Net
from torchrl.envs import GymEnv, GymWrapper
from torchrl.envs.utils import check_env_specs

SAME_STEP = {"autoreset_mode": gym.vector.AutoresetMode.SAME_STEP}


@pytest.mark.parametrize("env_id", ["CartPole-v1", "Pendulum-v1", "FrozenLake-v1"])
def test_torchrl_makes_environments(env_id):
    env = GymEnv(env_id)
    check_env_specs(env)
    assert env_id in GymEnv.available_envs
    env.set_seed(3)
    assert env.rollout(4).shape[0] <= 4


def test_torchrl_gives_our_episodes():
    env, ours = GymWrapper(gym.make("Pendulum-v1")), gym.make("Pendulum-v1")
    env.set_seed(5)  # resets
    ours.reset(seed=5)
    assert torch.equal(env.reset()["observation"], torch.tensor(ours.reset()[0]))


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_torchrl_wraps_vectors(mode):
    envs = gym.make_vec("CartPole-v1", 3, vectorization_mode=mode, vector_kwargs=SAME_STEP)
    wrapped = GymWrapper(envs)
    assert wrapped.batch_size == torch.Size([3])
    collected = wrapped.rollout(40, break_when_any_done=False)
    assert collected.shape == (3, 40)
    ended = collected["next", "done"][..., 0]
    assert ended.any()
    assert (collected["next", "observation"][ended].abs().amax(dim=-1) > 0.1).all()


def test_torchrl_takes_pixels():
    env = GymEnv("CartPole-v1", from_pixels=True, pixels_only=True)
    assert env.rollout(2)["pixels"].shape == (2, 400, 600, 3)


@pytest.mark.parametrize("kind", [DummyVectorEnv, SubprocVectorEnv, ShmemVectorEnv])
def test_tianshous_vectors(kind):
    envs = kind([lambda: gym.make("CartPole-v1") for _ in range(2)])
    observations, _ = envs.reset(seed=3)  # every environment alike
    assert np.array_equal(observations, [gym.make("CartPole-v1").reset(seed=3)[0]] * 2)
    observations, rewards, *_ = envs.step(np.array([0, 1]))
    assert rewards.tolist() == [1.0, 1.0]
    assert [spec.id for spec in envs.get_env_attr("spec")] == ["CartPole-v1"] * 2
    envs.close()


def test_tianshou_collects():
    envs = DummyVectorEnv([lambda: gym.make("CartPole-v1") for _ in range(2)])
    space, actions = envs.observation_space[0], envs.action_space[0]
    policy = DiscreteQLearningPolicy(
        model=Net(state_shape=space.shape, action_shape=actions.n, hidden_sizes=[8]),
        action_space=actions,
        observation_space=space,
        eps_inference=1.0,
    )
    collector = Collector(policy, envs, VectorReplayBuffer(400, 2))
    collector.reset(gym_reset_kwargs={"seed": 0})
    stats = collector.collect(n_episode=6)
    assert stats.n_collected_episodes == 6
    assert stats.returns.tolist() == stats.lens.tolist()
    assert len(collector.buffer) == stats.n_collected_steps
