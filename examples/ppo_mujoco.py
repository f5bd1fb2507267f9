"""Learn a continuous task with PPO, in PyTorch: by default HalfCheetah-v5 in three minutes.

    python examples/ppo_mujoco.py [--env HalfCheetah-v5] [--minutes 3] [--seed 0] [--folder runs]
    python examples/ppo_mujoco.py --resume

Proximal policy optimisation (Schulman et al., 2017) with advantages by GAE (Schulman et al., 2016)
on a vector whose lanes MuJoCo's threads step. `folder` gets the learning curve as a picture and,
after each iteration, a checkpoint; `--resume` goes on from it exactly: a snapshot of the vector
holds every lane's simulation, stream and statistics.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import dromos as gym
from dromos.snapshot import Snapshot
from dromos.wrappers.vector import NormalizeObservation, NormalizeReward, RecordEpisodeStatistics

LANES = 64
STEPS = 64  # of each lane in an iteration
EPOCHS = 6
BATCH = 1024
DISCOUNT, TRACE = 0.99, 0.95
CLIP = 0.2
RATE = 5e-4
HIDDEN = 64
OBSERVED = 10.0  # normalised observations and rewards are clipped to this


class Agent(nn.Module):
    """A Gaussian policy and a value function, two small networks."""

    def __init__(self, observations: int, actions: int) -> None:
        """Make the networks with orthogonal weights."""
        super().__init__()
        self.mean = _network(observations, actions, gain=0.01)
        self.value = _network(observations, 1, gain=1.0)
        self.log_deviation = nn.Parameter(torch.full((actions,), -0.5))

    def policy(self, observations: Tensor) -> torch.distributions.Normal:
        """Return the distribution of actions, one row an observation."""
        return torch.distributions.Normal(self.mean(observations), self.log_deviation.exp())


def _network(inputs: int, outputs: int, gain: float) -> nn.Sequential:
    layers = [nn.Linear(inputs, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, outputs)]
    for layer, scale in zip(layers, (2**0.5, 2**0.5, gain), strict=True):
        nn.init.orthogonal_(layer.weight, scale)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])


def make_env(env_id: str) -> Any:
    """Return the vector: returns of episodes recorded, observations and rewards normalised."""
    env = RecordEpisodeStatistics(gym.make_vec(env_id, LANES, autoreset_mode="SameStep"))
    return NormalizeReward(NormalizeObservation(env), gamma=DISCOUNT)


class Learner:
    """Everything that a run consists of.

    Attributes:
        curve: Steps taken and mean return of the episodes that ended, one pair an iteration.
    """

    def __init__(self, env_id: str, seed: int) -> None:
        """Make the vector, the agent and its optimiser."""
        torch.manual_seed(seed)
        self.env_id = env_id
        self.env = make_env(env_id)
        space = self.env.single_action_space
        self.low, self.high = space.low, space.high
        self.agent = Agent(self.env.single_observation_space.shape[0], space.shape[0])
        self.optimiser = torch.optim.Adam(self.agent.parameters(), lr=RATE, eps=1e-5)
        self.seen = _tensor(self.env.reset(seed=seed)[0])
        self.steps = 0
        self.curve: list[tuple[int, float]] = []

    def iterate(self) -> None:
        """Gather experience, improve the agent, and note the returns."""
        returns: list[float] = []
        batch = self.gather(returns)
        self.improve(*batch)
        last = self.curve[-1][1] if self.curve else float("nan")
        self.curve.append((self.steps, float(np.mean(returns)) if returns else last))

    @torch.no_grad()
    def gather(self, returns: list[float]) -> tuple[Tensor, ...]:
        """Step all lanes; return observations, actions, log-probabilities, advantages, targets."""
        agent, rows = self.agent, []
        for _ in range(STEPS):
            policy = agent.policy(self.seen)
            action = policy.sample()
            controls = np.clip(action.numpy(), self.low, self.high)
            observations, rewards, terminated, truncated, infos = self.env.step(controls)
            ended = terminated | truncated
            seen = _tensor(observations)
            # Where an episode was cut off, its last observation tells what would have followed.
            follows = seen.clone()
            if ended.any():
                finals = np.stack(infos["final_obs"][ended]).astype(np.float32)
                follows[torch.from_numpy(ended)] = _clipped(torch.from_numpy(finals))
                returns += infos["episode"]["r"][ended].tolist()
            rows.append(
                (
                    self.seen,
                    action,
                    policy.log_prob(action).sum(-1),
                    agent.value(self.seen)[:, 0],
                    agent.value(follows)[:, 0] * _tensor(~terminated),
                    _tensor(rewards),
                    _tensor(~ended),
                )
            )
            self.seen = seen
        self.steps += LANES * STEPS
        observed, actions, chances, values, following, rewards_, goes_on = map(
            torch.stack, zip(*rows, strict=True)
        )
        errors = rewards_ + DISCOUNT * following - values
        advantages = torch.zeros_like(values)
        trace = torch.zeros(LANES)
        for t in reversed(range(STEPS)):
            trace = errors[t] + DISCOUNT * TRACE * goes_on[t] * trace
            advantages[t] = trace
        parts = observed, actions, chances, advantages, advantages + values
        return tuple(part.flatten(0, 1) for part in parts)

    def improve(
        self, observed: Tensor, actions: Tensor, chances: Tensor, gains: Tensor, targets: Tensor
    ) -> None:
        """Take gradient steps on the clipped objective of PPO and the squared error of values."""
        for _ in range(EPOCHS):
            for own in torch.randperm(len(gains)).split(BATCH):
                policy = self.agent.policy(observed[own])
                ratio = (policy.log_prob(actions[own]).sum(-1) - chances[own]).exp()
                gain = (gains[own] - gains[own].mean()) / (gains[own].std() + 1e-8)
                kept = ratio.clamp(1 - CLIP, 1 + CLIP)
                loss = -torch.minimum(ratio * gain, kept * gain).mean()
                loss += 0.5 * (self.agent.value(observed[own])[:, 0] - targets[own]).pow(2).mean()
                self.optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.agent.parameters(), 0.5)
                self.optimiser.step()

    def save(self, path: Path) -> None:
        """Write all of the run to a file."""
        state = {
            "env_id": self.env_id,
            "agent": self.agent.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "env": self.env.snapshot().to_bytes(),
            "seen": self.seen,
            "steps": self.steps,
            "curve": self.curve,
            "random": torch.get_rng_state(),
        }
        part = path.with_suffix(".part")
        torch.save(state, part)
        part.replace(path)  # at once: a run that is killed leaves a whole checkpoint

    @classmethod
    def load(cls, path: Path) -> Learner:
        """Return the run that was saved; it goes on as it would have."""
        state = torch.load(path, weights_only=True)
        learner = cls(state["env_id"], seed=0)
        learner.agent.load_state_dict(state["agent"])
        learner.optimiser.load_state_dict(state["optimiser"])
        learner.env.restore(Snapshot.from_bytes(state["env"]))
        learner.seen, learner.steps = state["seen"], state["steps"]
        learner.curve = [(int(steps), float(mean)) for steps, mean in state["curve"]]
        torch.set_rng_state(state["random"])
        return learner


def _tensor(array: Any) -> Tensor:
    return _clipped(torch.from_numpy(np.asarray(array, dtype=np.float32)))


def _clipped(numbers: Tensor) -> Tensor:
    return numbers.clamp(-OBSERVED, OBSERVED)


def plot(curve: list[tuple[int, float]], title: str, path: Path) -> None:
    """Save the learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    axes.plot(*zip(*curve, strict=True), color="#f0a04b")
    axes.set(title=title, xlabel="steps", ylabel="mean return of episodes")
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def main(arguments: list[str] | None = None) -> Learner:
    """Learn, showing progress, until the time or the iterations are over; return the run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--env", default="HalfCheetah-v5", help="any id with a Box of actions")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--iterations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("ppo-mujoco"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    checkpoint = options.folder / "checkpoint.pt"
    learner = Learner.load(checkpoint) if options.resume else Learner(options.env, options.seed)
    start, before = time.monotonic(), learner.steps
    for iteration in range(options.iterations):
        learner.iterate()
        learner.save(checkpoint)
        seconds = time.monotonic() - start
        if iteration % 10 == 0:
            speed = (learner.steps - before) / seconds
            mean = learner.curve[-1][1]
            print(
                f"{seconds:5.0f} s  {learner.steps:9,} steps  {speed:7,.0f}/s  return {mean:7.0f}"
            )
        if seconds > 60 * options.minutes:
            break
    plot(learner.curve, learner.env_id, options.folder / "curve.png")
    print(f"return {learner.curve[-1][1]:.0f}; curve and checkpoint: {options.folder}")
    learner.env.close()
    return learner


if __name__ == "__main__":
    main()
