"""Atari as programs of one file, like CleanRL's, prepare it: wrappers of SB3 and Gymnasium."""

import json

import ale_py
import gymnasium as gym
import numpy as np
from stable_baselines3.common.atari_wrappers import (
    ClipRewardEnv,
    EpisodicLifeEnv,
    FireResetEnv,
    MaxAndSkipEnv,
    NoopResetEnv,
)

gym.register_envs(ale_py)


def make_env(env_id):
    def thunk():
        env = gym.make(env_id)
        env = gym.wrappers.RecordEpisodeStatistics(env)
        env = NoopResetEnv(env, noop_max=30)
        env = MaxAndSkipEnv(env, skip=4)
        env = EpisodicLifeEnv(env)
        if "FIRE" in env.unwrapped.get_action_meanings():
            env = FireResetEnv(env)
        env = ClipRewardEnv(env)
        env = gym.wrappers.ResizeObservation(env, (84, 84))
        env = gym.wrappers.GrayscaleObservation(env)
        return gym.wrappers.FrameStackObservation(env, 4)

    return thunk


envs = gym.vector.SyncVectorEnv([make_env("BreakoutNoFrameskip-v4") for _ in range(2)])
obs, _ = envs.reset(seed=1)
rng = np.random.default_rng(0)
ends = 0
for _ in range(300):
    obs, rewards, terminations, truncations, infos = envs.step(rng.integers(4, size=2))
    ends += int(np.logical_or(terminations, truncations).sum())
print(json.dumps({"shape": list(obs.shape), "episodes": ends}))
envs.close()
