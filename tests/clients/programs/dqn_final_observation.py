"""Deep Q-learning in one file, written for the vectors of Gymnasium 0.29.

Lanes are reset in the step that ends their episode; ``final_observation`` and ``final_info`` are
arrays of what each lane had, or None.
"""

import json
import random
import sys

import gymnasium as gym
import numpy as np
import torch
from torch import nn

TOTAL, SEED, GAMMA, BATCH = int(sys.argv[1]), 1, 0.98, 64

torch.set_num_threads(1)
torch.manual_seed(SEED)
random.seed(SEED)


def make_env(seed):
    def thunk():
        env = gym.make("CartPole-v1")
        env = gym.wrappers.RecordEpisodeStatistics(env)
        env.action_space.seed(seed)
        return env

    return thunk


envs = gym.vector.SyncVectorEnv([make_env(SEED + lane) for lane in range(2)])
size, actions = envs.single_observation_space.shape[0], envs.single_action_space.n
online = nn.Sequential(nn.Linear(size, 64), nn.ReLU(), nn.Linear(64, actions))
target = nn.Sequential(nn.Linear(size, 64), nn.ReLU(), nn.Linear(64, actions))
target.load_state_dict(online.state_dict())
optimiser = torch.optim.Adam(online.parameters(), lr=2e-3)
memory, returns = [], []

observations, _ = envs.reset(seed=SEED)
for step in range(TOTAL):
    if random.random() < max(0.05, 1 - 2 * step / TOTAL):
        chosen = np.array([envs.single_action_space.sample() for _ in range(envs.num_envs)])
    else:
        with torch.no_grad():
            chosen = online(torch.tensor(observations)).argmax(dim=1).numpy()
    following, rewards, terminations, truncations, infos = envs.step(chosen)
    if "final_info" in infos:
        for info in infos["final_info"]:
            if info and "episode" in info:
                returns.append(float(np.ravel(info["episode"]["r"])[0]))
    real = following.copy()
    for lane in np.flatnonzero(terminations | truncations):
        real[lane] = infos["final_observation"][lane]
    memory += zip(observations, chosen, rewards, real, terminations, strict=True)
    observations = following
    if step > 200 and step % 2 == 0:
        batch = zip(*random.sample(memory, BATCH), strict=True)
        seen, taken, reward, after, ended = (torch.tensor(np.array(part)) for part in batch)
        with torch.no_grad():
            best = target(after).max(dim=1).values
            goal = reward.float() + GAMMA * best * ~ended
        value = online(seen).gather(1, taken[:, None])[:, 0]
        loss = nn.functional.smooth_l1_loss(value, goal)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    if step % 200 == 0:
        target.load_state_dict(online.state_dict())

envs.close()
first, last = np.mean(returns[:20]), np.mean(returns[-20:])
print(json.dumps({"version": gym.__version__, "first": first, "last": last}))
