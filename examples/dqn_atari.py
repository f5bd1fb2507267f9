"""A deep Q-network that learns a game of the Atari 2600, in one file.

    python examples/dqn_atari.py --game ALE/Freeway-v5 --steps 200000 --folder runs/freeway
    python examples/dqn_atari.py --folder runs/freeway --resume --steps 400000

What is kept in a checkpoint is everything: the network, the optimizer, the replay memory, every
random generator, and the game itself in the middle of an episode. A run that was stopped and
resumed is the run that was not stopped, number for number.

Mnih et al., "Human-level control through deep reinforcement learning", Nature 518 (2015); van
Hasselt et al., "Deep reinforcement learning with double Q-learning", AAAI 2016; Dabney et al.,
"Temporally-extended epsilon-greedy exploration", ICLR 2021.
"""

from __future__ import annotations

import argparse
import copy
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

import dromos as gym
from dromos import presets
from dromos.snapshot import Snapshot

STACK, SIZE = 4, 84


@dataclass
class Settings:
    """What a run is told. All times are in steps, of four frames each."""

    game: str = "ALE/Freeway-v5"
    seed: int = 0
    memory: int = 100_000
    warm_up: int = 1_000
    batch: int = 32
    every: int = 4
    new_target: int = 200
    returns: int = 30
    discount: float = 0.99
    rate: float = 2.5e-4
    explore_until: int = 50_000
    least_epsilon: float = 0.05
    longest_hold: int = 100
    hidden: int = 256


class Replay:
    """The last frames, each kept once: stacks are put together when they are drawn.

    The frame an episode ends with has an entry of its own, from which nothing is drawn.
    """

    def __init__(self, size: int) -> None:
        self.frames = np.zeros((size, SIZE, SIZE), np.uint8)
        self.actions = np.zeros(size, np.int64)
        self.rewards = np.zeros(size, np.float32)
        self.ages = np.zeros(size, np.int64)  # steps since the episode began
        self.over = np.zeros(size, np.int8)  # 1 where the step terminates, 2 in an entry of an end
        self.count = 0

    def add(self, frame: Any, action: int, reward: float, age: int, over: int) -> None:
        """Keep a frame, and what was done in it."""
        place = self.count % len(self.frames)
        self.frames[place], self.actions[place], self.rewards[place] = frame, action, reward
        self.ages[place], self.over[place] = age, over
        self.count += 1

    def stacks(self, steps: Any) -> Any:
        """Return the frames up to some steps, float32 (batch, 4, 84, 84), zeros before a start."""
        size = len(self.frames)
        back = np.arange(STACK - 1, -1, -1)
        there = self.ages[steps % size][:, None] >= back
        frames = self.frames[(steps[:, None] - back) % size] * there[..., None, None]
        return torch.from_numpy(frames).float() / 255

    def draw(self, rng: np.random.Generator, batch: int, returns: int, discount: float) -> Any:
        """Return stacks, actions, returns of some steps, the stacks after, and their discounts."""
        size = len(self.frames)
        oldest = max(0, self.count - size + STACK)
        steps = np.empty(0, np.int64)
        while len(steps) < batch:
            some = rng.integers(oldest, self.count - returns, size=batch)
            steps = np.concatenate([steps, some[self.over[some % size] != 2]])[:batch]
        after, going = steps.copy(), np.ones(batch, bool)
        total, weight = np.zeros(batch, np.float32), np.ones(batch, np.float32)
        for _ in range(returns):
            going &= self.over[after % size] != 2
            total += np.where(going, weight * self.rewards[after % size], 0)
            weight = np.where(going, weight * discount, weight).astype(np.float32)
            weight[going & (self.over[after % size] == 1)] = 0
            after += going
        numbers = torch.from_numpy(self.actions[steps % size]), torch.from_numpy(total)
        return self.stacks(steps), *numbers, self.stacks(after), torch.from_numpy(weight)

    def state(self) -> dict[str, Any]:
        """Return what is kept, for a file."""
        kept = min(self.count, len(self.frames))
        arrays = {n: a[:kept] for n, a in vars(self).items() if isinstance(a, np.ndarray)}
        return {"count": self.count, **{n: torch.from_numpy(a) for n, a in arrays.items()}}

    def load(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        self.count = state.pop("count")
        for name, kept in state.items():
            getattr(self, name)[: len(kept)] = kept.numpy()


def network(actions: int, hidden: int) -> nn.Module:
    """Return the network of 2013 with a layer of another width: frames to values of actions.

    They are 0 before anything has been learnt.
    """
    values = nn.Linear(hidden, actions)
    nn.init.zeros_(values.weight)
    nn.init.zeros_(values.bias)
    return nn.Sequential(
        nn.Conv2d(STACK, 16, 8, 4), nn.ReLU(),
        nn.Conv2d(16, 32, 4, 2), nn.ReLU(),
        nn.Flatten(), nn.Linear(32 * 9 * 9, hidden), nn.ReLU(),
        values,
    )  # fmt: skip


class Run:
    """A run of learning, which can be put in a file at any step and taken out again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        torch.manual_seed(settings.seed)
        self.rng = np.random.default_rng(settings.seed)
        self.env = presets.make(settings.game, "dqn-nature")
        self.actions = int(self.env.action_space.n)  # type: ignore[attr-defined]
        self.network = network(self.actions, settings.hidden)
        self.target = copy.deepcopy(self.network)
        self.optimizer = torch.optim.Adam(self.network.parameters(), settings.rate, eps=1e-4)
        self.replay = Replay(settings.memory)
        self.step = self.age = self.held = self.hold = 0
        self.losses: list[float] = []
        self.obs, _ = self.env.reset(seed=settings.seed)

    def epsilon(self) -> float:
        """Return the probability of exploring: from 1 down to its least."""
        done = min(1.0, self.step / self.settings.explore_until)
        return 1 + done * (self.settings.least_epsilon - 1)

    def choose(self) -> int:
        """Return the best action known or, a part epsilon of the time, one held for a while."""
        if self.hold == 0:
            longest, epsilon = self.settings.longest_hold, self.epsilon()
            mean = (1 + longest) / 2
            if self.rng.random() < epsilon / (epsilon + mean * (1 - epsilon)):
                self.held = int(self.rng.integers(self.actions))
                self.hold = int(self.rng.integers(1, longest + 1))
        if self.hold == 0:
            return best_action(self.network, self.obs)
        self.hold -= 1
        return self.held

    def advance(self) -> None:
        """Do a step in the game, and learn from those remembered."""
        action = self.choose()
        after, reward, terminated, truncated, _ = self.env.step(action)
        self.replay.add(self.obs[-1], action, float(reward), self.age, int(terminated))
        self.obs, self.age, self.step = after, self.age + 1, self.step + 1
        if terminated or truncated:
            self.replay.add(after[-1], 0, 0.0, self.age, 2)
            self.obs, _ = self.env.reset()
            self.age = 0
        if self.step >= self.settings.warm_up:
            if self.step % self.settings.every == 0:
                self.losses.append(self.learn())
            if self.step % self.settings.new_target == 0:
                self.target.load_state_dict(self.network.state_dict())

    def learn(self) -> float:
        """Move the values of some steps towards their returns; return how far off they were."""
        s = self.settings
        stacks, actions, returns, after, weight = self.replay.draw(
            self.rng, s.batch, s.returns, s.discount
        )
        with torch.no_grad():
            best = self.network(after).argmax(1, keepdim=True)
            aim = returns + weight * self.target(after).gather(1, best)[:, 0]
        found = self.network(stacks).gather(1, actions[:, None])[:, 0]
        loss = nn.functional.smooth_l1_loss(found, aim)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 10.0)
        self.optimizer.step()
        return float(loss.detach())

    def save(self, folder: Path) -> None:
        """Write everything to a checkpoint, which is there whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        game = np.frombuffer(self.env.snapshot().to_bytes(), np.uint8)
        numbers = {name: getattr(self, name) for name in ("step", "age", "held", "hold", "losses")}
        state = {
            "settings": asdict(self.settings),
            "network": self.network.state_dict(),
            "target": self.target.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "replay": self.replay.state(),
            "game": torch.from_numpy(game.copy()),
            "obs": torch.from_numpy(self.obs),
            "rng": self.rng.bit_generator.state,
            "torch": torch.get_rng_state(),
            "numbers": numbers,
        }
        torch.save(state, folder / "checkpoint.new")
        (folder / "checkpoint.new").replace(folder / "checkpoint.pt")

    @staticmethod
    def load(folder: Path) -> Run:
        """Return the run in a checkpoint, at the step at which it was saved."""
        state = torch.load(folder / "checkpoint.pt", weights_only=True)
        run = Run(Settings(**state["settings"]))
        for part in ("network", "target", "optimizer"):
            getattr(run, part).load_state_dict(state[part])
        run.replay.load(state["replay"])
        run.env.restore(Snapshot.from_bytes(state["game"].numpy().tobytes()))
        run.obs = state["obs"].numpy()
        run.rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch"])
        vars(run).update(state["numbers"])
        return run


def best_action(net: nn.Module, obs: Any) -> int:
    """Return the action that a network values most."""
    with torch.no_grad():
        return int(net(torch.from_numpy(obs[None]).float() / 255).argmax())


def evaluate(
    run: Run, games: int = 1, most_steps: int = 27_000, video: Path | None = None
) -> list[float]:
    """Return the scores of whole games, with the rewards of the game, and record the first."""
    plan = presets.manifest("dqn-nature")
    lives_and_clipping = ("dromos.compat.ding:EpisodicLifeWrapper", "dromos.wrappers:ClipReward")
    plan["layers"] = [x for x in plan["layers"] if x["entry_point"] not in lives_and_clipping]
    rng, scores = np.random.default_rng(1), []
    env = presets.make(run.settings.game, plan, render_mode="rgb_array" if video else None)
    if video is not None:
        env = gym.wrappers.RecordVideo(env, str(video), episode_trigger=lambda n: n == 0, fps=15)
    with env:
        for game in range(games):
            obs, _ = env.reset(seed=10_000 + game)
            score, ended, steps = 0.0, False, 0
            while not ended and steps < most_steps:
                explores = rng.random() < run.settings.least_epsilon
                action = (
                    int(rng.integers(run.actions)) if explores else best_action(run.network, obs)
                )
                obs, reward, terminated, truncated, _ = env.step(action)
                score, ended, steps = score + float(reward), terminated or truncated, steps + 1
            scores.append(score)
    return scores


def train(run: Run, steps: int, folder: Path | None = None, report: int = 5_000) -> None:
    """Go on until a step, telling how it goes and writing checkpoints."""
    began, first = time.monotonic(), run.step
    if run.step == 0:
        tell(run, 0.0)
    while run.step < steps:
        run.advance()
        if run.step % report == 0 or run.step == steps:
            tell(run, (run.step - first) / (time.monotonic() - began))
            if folder is not None:
                run.save(folder)


def tell(run: Run, speed: float) -> None:
    """Print where a run is, and how it plays."""
    loss = np.mean(run.losses[-500:]) if run.losses else float("nan")
    score = np.mean(evaluate(run, most_steps=1_000))
    print(
        f"step {run.step:>9,}  loss {loss:.4f}  score of 1,000 steps {score:.1f}  "
        f"epsilon {run.epsilon():.2f}  {speed:.0f} steps/s",
        flush=True,
    )


def main() -> None:
    """Learn, evaluate, and record a video."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--steps", type=int, default=200_000)
    parser.add_argument("--report", type=int, default=5_000)
    parser.add_argument("--folder", type=Path, default=Path("runs/dqn"))
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--games", type=int, default=3, help="to evaluate at the end")
    told = vars(parser.parse_args())
    steps, folder, games = told.pop("steps"), told.pop("folder"), told.pop("games")
    resume, report = told.pop("resume"), told.pop("report")
    run = Run.load(folder) if resume else Run(Settings(**told))
    train(run, steps, folder, report)
    print(f"scores of whole games: {evaluate(run, games, video=folder)}; the video is in {folder}")


if __name__ == "__main__":
    main()
