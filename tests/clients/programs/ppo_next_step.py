"""Proximal policy optimisation in one file, written for the vectors of Gymnasium 1.x.

The step after an episode's end is a reset, so it is masked out of the loss.
"""

import json
import sys

import gymnasium as gym
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

ENV_ID, NUM_ENVS, NUM_STEPS, TOTAL, SEED = "CartPole-v1", 8, 64, int(sys.argv[1]), 1
GAMMA, LAMBDA, CLIP, EPOCHS, BATCH = 0.98, 0.9, 0.2, 6, 128

torch.set_num_threads(1)
torch.manual_seed(SEED)
rng = np.random.default_rng(SEED)


def make_env():
    env = gym.make(ENV_ID)
    return gym.wrappers.RecordEpisodeStatistics(env, buffer_length=20)


envs = gym.vector.SyncVectorEnv([make_env] * NUM_ENVS)
assert envs.metadata["autoreset_mode"] is gym.vector.AutoresetMode.NEXT_STEP
assert isinstance(envs.single_action_space, gym.spaces.Discrete)
size = int(np.prod(envs.single_observation_space.shape))


def network(outputs):
    return nn.Sequential(nn.Linear(size, 64), nn.Tanh(), nn.Linear(64, outputs))


actor, critic = network(int(envs.single_action_space.n)), network(1)
optimiser = torch.optim.Adam([*actor.parameters(), *critic.parameters()], lr=3e-3)
returns = []
observations, _ = envs.reset(seed=SEED)
ended = np.zeros(NUM_ENVS, dtype=bool)

for _ in range(TOTAL // (NUM_ENVS * NUM_STEPS)):
    held = {key: [] for key in ("obs", "action", "logp", "value", "reward", "end", "valid")}
    for _ in range(NUM_STEPS):
        seen = torch.as_tensor(observations, dtype=torch.float32)
        with torch.no_grad():
            choice = Categorical(logits=actor(seen))
            action = choice.sample()
            value = critic(seen)[:, 0]
        stepped = ~ended
        observations, rewards, terminations, truncations, infos = envs.step(action.numpy())
        ended = terminations | truncations
        row = (seen, action, choice.log_prob(action), value, rewards, terminations, stepped)
        for key, item in zip(held, row, strict=True):
            held[key].append(torch.as_tensor(item))
        if "episode" in infos:
            returns += infos["episode"]["r"][infos["_episode"]].tolist()

    data = {key: torch.stack(items) for key, items in held.items()}
    with torch.no_grad():
        following = critic(torch.as_tensor(observations, dtype=torch.float32))[:, 0]
    advantages = torch.zeros(NUM_STEPS, NUM_ENVS)
    running = torch.zeros(NUM_ENVS)
    for t in reversed(range(NUM_STEPS)):
        alive = 1.0 - data["end"][t].float()
        delta = data["reward"][t].float() + GAMMA * following * alive - data["value"][t]
        running = (delta + GAMMA * LAMBDA * alive * running) * data["valid"][t]
        advantages[t] = running
        following = data["value"][t]
    targets = advantages + data["value"]

    chosen = data["valid"].flatten().nonzero()[:, 0].numpy()
    flat = {key: item.flatten(0, 1) for key, item in data.items()}
    for _ in range(EPOCHS):
        rng.shuffle(chosen)
        for rows in np.array_split(chosen, max(1, len(chosen) // BATCH)):
            choice = Categorical(logits=actor(flat["obs"][rows]))
            ratio = (choice.log_prob(flat["action"][rows]) - flat["logp"][rows]).exp()
            gain = advantages.flatten()[rows]
            gain = (gain - gain.mean()) / (gain.std() + 1e-8)
            policy_loss = -torch.min(gain * ratio, gain * ratio.clamp(1 - CLIP, 1 + CLIP)).mean()
            error = critic(flat["obs"][rows])[:, 0] - targets.flatten()[rows]
            loss = policy_loss + 0.5 * error.pow(2).mean() - 0.005 * choice.entropy().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

envs.close()
first, last = np.mean(returns[:20]), np.mean(returns[-20:])
print(json.dumps({"version": gym.__version__, "first": first, "last": last}))
