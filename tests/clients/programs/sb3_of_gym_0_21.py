"""Stable-Baselines3 1.6, the last of Gym 0.21: trained, evaluated, in workers."""

import json

import gym
import stable_baselines3
import torch
from stable_baselines3 import DQN, PPO
from stable_baselines3.common.env_checker import check_env
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import SubprocVecEnv, VecNormalize


def main():
    torch.set_num_threads(1)
    check_env(gym.make("CartPole-v1"))
    envs = VecNormalize(make_vec_env("CartPole-v1", 2, seed=1))
    model = PPO("MlpPolicy", envs, n_steps=64, seed=1, device="cpu").learn(400)
    episodes = len(model.ep_info_buffer)
    model = DQN("MlpPolicy", "MountainCar-v0", learning_starts=50, seed=1, device="cpu").learn(100)
    evaluated = evaluate_policy(model, Monitor(gym.make("MountainCar-v0")), n_eval_episodes=1)
    workers = make_vec_env(
        "Pendulum-v1", 2, seed=0, vec_env_cls=SubprocVecEnv, vec_env_kwargs={"start_method": "fork"}
    )
    shape = workers.reset().shape
    workers.close()
    outcome = {
        "versions": [gym.__version__, stable_baselines3.__version__],
        "episodes": episodes,
        "evaluated": [float(number) for number in evaluated],
        "workers": list(shape),
    }
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
