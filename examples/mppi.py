"""Swing up Pendulum-v1 or Acrobot-v1 by planning alone: MPPI over `env.rollout`.

    python examples/mppi.py [Pendulum-v1 | Acrobot-v1] [--seed 0] [--video mppi.mp4 | --window]

Model predictive path integral control, G. Williams et al., "Information theoretic MPC for
model-based reinforcement learning" (2017): around the present plan, many sequences of actions are
drawn and taken from the present state; the next plan is their mean, weighted by how well they went.
The first action of it is taken, and the plan moves on by one. Nothing is learnt.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.render.video import VideoWriter
from dromos.rollout import Rollout

Floats = NDArray[np.float64]


class Task(NamedTuple):
    """What differs between environments.

    Attributes:
        futures: How many sequences are drawn at a time, K.
        horizon: How many steps they look ahead, T.
        spread: The standard deviation of what is drawn around the plan.
        temperature: How much worse than the best a future may be and still count.
        actions: Makes actions of plans, (..., 1).
        scores: How good futures are, (K,).
    """

    futures: int
    horizon: int
    spread: float
    temperature: float
    actions: Callable[[Floats], NDArray[np.generic]]
    scores: Callable[[Rollout], Floats]


def torques(plans: Floats) -> NDArray[np.float32]:
    """Return Pendulum's actions: torques of up to 2 N m."""
    return np.clip(plans, -2, 2).astype(np.float32)


def pushes(plans: Floats) -> NDArray[np.int64]:
    """Return Acrobot's actions: torques of -1, 0 and 1 N m are 0, 1 and 2."""
    return np.clip(np.rint(plans[..., 0]), -1, 1).astype(np.int64) + 1


def heights(rollout: Rollout) -> Floats:
    """Return how high Acrobot's tip gets in each future; much more if it gets there, soon."""
    cos1, sin1, cos2, sin2 = np.moveaxis(rollout.observations[..., :4], -1, 0)
    tip = -cos1 - (cos1 * cos2 - sin1 * sin2)
    steps = rollout.valid.sum(axis=1)
    best = np.where(rollout.valid, tip, -2).max(axis=1)
    return np.where(rollout.terminated.any(axis=1), 10 - 0.1 * steps, best)


TASKS = {
    "Pendulum-v1": Task(64, 30, 1.0, 2.0, torques, Rollout.returns),
    "Acrobot-v1": Task(64, 40, 1.0, 0.1, pushes, heights),
}


class Planner:
    """Plans, one step after the other."""

    def __init__(self, task: Task, seed: int) -> None:
        """Begin with a plan of doing nothing."""
        self.task, self.rng = task, np.random.default_rng(seed)
        self.plan: Floats = np.zeros((task.horizon, 1))

    def action(self, env: gym.Env) -> NDArray[np.generic]:
        """Return the next action in the environment's present state, which stays as it is."""
        task = self.task
        noise = self.rng.normal(0, task.spread, (task.futures, task.horizon, 1))
        noise[0] = 0  # the plan itself
        futures = env.rollout(task.actions(self.plan + noise))
        scores = task.scores(futures)
        weights = np.exp((scores - scores.max()) / task.temperature)
        self.plan = self.plan + np.tensordot(weights / weights.sum(), noise, axes=1)
        first = task.actions(self.plan)[0]
        self.plan = np.concatenate([self.plan[1:], np.zeros((1, 1))])
        return first


def main(arguments: list[str] | None = None) -> float:
    """Play one episode and report; return its return."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("env", nargs="?", choices=TASKS, default="Pendulum-v1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--video", metavar="FILE")
    parser.add_argument("--window", action="store_true")
    options = parser.parse_args(arguments)
    mode = "human" if options.window else "rgb_array" if options.video else None
    env = gym.make(options.env, render_mode=mode)
    planner = Planner(TASKS[options.env], options.seed)
    env.reset(seed=options.seed)
    frames, rewards, thinking, over = [], [], 0.0, False
    while not over:
        start = time.perf_counter()
        action = planner.action(env)
        thinking += time.perf_counter() - start
        _, reward, terminated, truncated, _ = env.step(action)
        rewards.append(float(reward))
        over = terminated or truncated
        if options.video:
            frames.append(env.render())
    env.close()
    milliseconds = 1e3 * thinking / len(rewards)
    print(
        f"return {sum(rewards):.0f} in {len(rewards)} steps, {milliseconds:.2f} ms to plan a step"
    )
    if options.video:
        with VideoWriter(options.video, env.metadata["render_fps"]) as video:
            for frame in frames:
                video.write(frame)
    return sum(rewards)


if __name__ == "__main__":
    main()
