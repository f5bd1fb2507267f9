"""How programs prepared images before Gymnasium 1.0: names and arguments of that time."""

import json

import gymnasium as gym
import numpy as np


class Screen(gym.Env):
    observation_space = gym.spaces.Box(0, 255, (210, 160, 3), np.uint8)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.full((210, 160, 3), 100, np.uint8), {}

    def step(self, action):
        return np.full((210, 160, 3), 200, np.uint8), 5.0, False, False, {}


gym.register("Screen-v0", entry_point=Screen, max_episode_steps=4)


def thunk():
    env = gym.make("Screen-v0")
    env = gym.wrappers.RecordEpisodeStatistics(env)
    env = gym.wrappers.ResizeObservation(env, (84, 84))
    env = gym.wrappers.GrayScaleObservation(env)
    env = gym.wrappers.FrameStack(env, 4)
    env = gym.wrappers.TransformReward(env, np.sign)
    return env


envs = gym.vector.SyncVectorEnv([thunk, thunk])
observations, _ = envs.reset(seed=0)
shape, first = observations.shape, observations.mean()
observations, rewards, *_ = envs.step(np.zeros(2, int))
for _ in range(3):
    *_, truncations, infos = envs.step(np.zeros(2, int))
lengths = [int(np.ravel(info["episode"]["l"])[0]) for info in infos["final_info"]]

pole = gym.make("Pendulum-v1")
pole = gym.wrappers.TransformObservation(pole, lambda seen: np.clip(seen, -0.5, 0.5))
said = {
    "version": gym.__version__,
    "shape": shape,
    "first": float(first),
    "newest": float(observations[0, -1].mean()),
    "rewards": rewards.tolist(),
    "lengths": lengths,
    "clipped": float(np.abs(pole.reset(seed=0)[0]).max()),
}
print(json.dumps(said))
