"""Learn to land with proximal policy optimisation (Schulman et al., 2017), in PyTorch.

    python examples/ppo_lunar_lander.py [--steps 2000000] [--seed 0] [--episodes 100]

One vector of native lanes collects what the policy does; the policy and the value of a state are
two small networks. It takes one to three minutes; a mean return of 200 over the
episodes of the test at the end counts as landing.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import nn

import dromos as gym

LANES = 64
HORIZON = 128  # steps of each lane between two updates
EPOCHS = 6
MINIBATCH = 1024
DISCOUNT = 0.999
SMOOTHING = 0.98  # lambda of the advantages
CLIP = 0.2
ENTROPY = 0.01
LEARNING_RATE = 1e-3
MOST_STEPS = 1000  # of an episode


def network(outputs: int, scale: float) -> nn.Sequential:
    """Return a network of two hidden layers; `scale` is that of its last weights."""
    layers = [nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs)]
    for layer in layers[::2]:
        nn.init.orthogonal_(layer.weight, 2**0.5)
        nn.init.zeros_(layer.bias)
    nn.init.orthogonal_(layers[-1].weight, scale)
    return nn.Sequential(*layers)


class Agent(nn.Module):
    """A policy and what it expects of a state."""

    def __init__(self) -> None:
        """Start from nothing."""
        super().__init__()
        self.policy = network(4, 0.01)
        self.value = network(1, 1.0)

    def choices(self, observations: torch.Tensor) -> torch.distributions.Categorical:
        """Return how likely each action is."""
        logits = self.policy(observations)
        return torch.distributions.Categorical(logits=logits, validate_args=False)

    def values(self, observations: torch.Tensor) -> torch.Tensor:
        """Return the discounted rewards to come, in hundreds."""
        return self.value(observations)[..., 0]


def collect(agent: Agent, env: gym.vector.VectorEnv, observations: np.ndarray) -> dict:
    """Step the lanes for one horizon; under NEXT_STEP, the step of a reset teaches nothing."""
    rows = {name: [] for name in ("seen", "actions", "logs", "rewards", "ends", "cuts", "valid")}
    for _ in range(HORIZON):
        seen = torch.from_numpy(observations)
        choices = agent.choices(seen)
        actions = choices.sample()
        observations, rewards, ends, cuts, _ = env.step(actions.numpy())
        step = (seen, actions, choices.log_prob(actions), rewards, ends, cuts, env.valid_transition)
        for name, value in zip(rows, step, strict=True):
            rows[name].append(torch.as_tensor(value))
    batch = {name: torch.stack(values) for name, values in rows.items()}
    batch["last"] = torch.from_numpy(observations)
    return batch


def advantages(agent: Agent, batch: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Return generalised advantages and the returns they imply, (HORIZON, LANES)."""
    values = agent.values(batch["seen"])
    following = agent.values(batch["last"])
    result = torch.zeros_like(values)
    running = torch.zeros(values.shape[1])
    for t in reversed(range(HORIZON)):
        goes_on = 1 - batch["ends"][t].float()
        rewards = batch["rewards"][t].float() / 100
        error = rewards + DISCOUNT * goes_on * following - values[t]
        # Nothing flows back over the end of an episode, nor over the step that restarts it.
        kept = goes_on * (1 - batch["cuts"][t].float())
        running = error + DISCOUNT * SMOOTHING * kept * running
        running = torch.where(batch["valid"][t], running, 0.0)
        result[t] = running
        following = values[t]
    return result, result + values


def update(agent: Agent, optimiser: torch.optim.Optimizer, batch: dict, entropy: float) -> None:
    """Improve the policy on what it did, without going far from it, and the values."""
    with torch.no_grad():
        gains, returns = advantages(agent, batch)
    valid = batch["valid"]
    names = ("seen", "actions", "logs")
    seen, actions, logs = (batch[name][valid] for name in names)
    gains, returns = gains[valid], returns[valid]
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(seen)).split(MINIBATCH):
            choices = agent.choices(seen[rows])
            ratio = (choices.log_prob(actions[rows]) - logs[rows]).exp()
            gain = (gains[rows] - gains[rows].mean()) / (gains[rows].std() + 1e-8)
            clipped = ratio.clamp(1 - CLIP, 1 + CLIP)
            loss = -torch.minimum(ratio * gain, clipped * gain).mean()
            loss = loss + 0.5 * (agent.values(seen[rows]) - returns[rows]).square().mean()
            loss = loss - entropy * choices.entropy().mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimiser.step()


def learn(steps: int, seed: int) -> tuple[Agent, list[float]]:
    """Learn from so many steps of all lanes together.

    Returns:
        The agent, and what an episode brought in each round, about: rewards over endings.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # layers this small are faster so
    agent = Agent()
    optimiser = torch.optim.Adam(agent.parameters(), lr=LEARNING_RATE, eps=1e-5)
    env = gym.make_vec("LunarLander-v3", LANES)
    observations, _ = env.reset(seed=seed)
    rounds = max(1, steps // (LANES * HORIZON))
    curve = []
    for done in range(rounds):
        rest = 1 - done / rounds
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * rest
        with torch.no_grad():
            batch = collect(agent, env, observations)
        observations = batch["last"].numpy()
        update(agent, optimiser, batch, ENTROPY * rest)
        endings = int((batch["ends"] | batch["cuts"]).sum())
        curve.append(float(batch["rewards"].sum()) / max(endings, 1))
        if done % 20 == 19:
            print(f"step {(done + 1) * LANES * HORIZON}: {curve[-1]:.0f} an episode")
    return agent, curve


def evaluate(agent: Agent, episodes: int, seed: int) -> np.ndarray:
    """Return the returns of new episodes in which the likeliest action is taken."""
    env = gym.make_vec("LunarLander-v3", episodes)
    observations, _ = env.reset(seed=seed)
    total = np.zeros(episodes)
    running = np.ones(episodes, dtype=bool)
    for _ in range(MOST_STEPS):
        with torch.no_grad():
            actions = agent.policy(torch.from_numpy(observations)).argmax(-1).numpy()
        observations, rewards, ends, cuts, _ = env.step(actions)
        total += rewards * running
        running &= ~(ends | cuts)
        if not running.any():
            break
    return total


def main(arguments: list[str] | None = None) -> float:
    """Learn, test, and return the mean return of the test."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--episodes", type=int, default=100)
    options = parser.parse_args(arguments)
    agent, _ = learn(options.steps, options.seed)
    returns = evaluate(agent, options.episodes, seed=10_000 + options.seed)
    print(f"mean return of {options.episodes} episodes: {returns.mean():.1f} ± {returns.std():.1f}")
    return float(returns.mean())


if __name__ == "__main__":
    main()
