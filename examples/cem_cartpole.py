"""Balance CartPole-v1 by planning alone: the cross-entropy method over `env.rollout`.

    python examples/cem_cartpole.py [--steps 500] [--seed 0]

A plan is the probability of a push to the right in each of the next steps. Sequences of pushes are
drawn from it and taken from the present state, and the plan moves towards the best of them: R.
Rubinstein, "The cross-entropy method for combinatorial and continuous optimization" (1999).
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

import dromos as gym
from dromos.rollout import Rollout

Floats = NDArray[np.float64]

FUTURES, HORIZON, ELITE, ROUNDS = 64, 40, 8, 2
X_LIMIT, ANGLE_LIMIT = 2.4, 12 * np.pi / 180  # m, rad: where an episode ends


def scores(futures: Rollout) -> Floats:
    """Return how good futures are: how long the pole stays up, and how far from an end; (K,)."""
    x, angle = futures.observations[..., 0] / X_LIMIT, futures.observations[..., 2] / ANGLE_LIMIT
    return (futures.rewards - x**2 - angle**2).sum(axis=1)


def improved(plan: Floats, env: gym.Env, rng: np.random.Generator) -> Floats:
    """Return a better plan than `plan`, probabilities (HORIZON,), for the present state."""
    for _ in range(ROUNDS):
        actions = (rng.random((FUTURES, HORIZON)) < plan).astype(np.int64)
        best = np.argsort(scores(env.rollout(actions)))[-ELITE:]
        plan = 0.2 * plan + 0.8 * actions[best].mean(axis=0)
    return plan


def main(arguments: list[str] | None = None) -> int:
    """Play one episode and report; return how many steps the pole stayed up."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    rng, plan = np.random.default_rng(options.seed), np.full(HORIZON, 0.5)
    with gym.make("CartPole-v1", max_episode_steps=options.steps) as env:
        env.reset(seed=options.seed)
        steps, over = 0, False
        while not over:
            plan = improved(plan, env, rng)
            _, _, terminated, truncated, _ = env.step(int(plan[0] > 0.5))
            steps, over = steps + 1, terminated or truncated
            plan = np.append(plan[1:], 0.5)
    print(f"the pole stayed up for {steps} of {options.steps} steps")
    return steps


if __name__ == "__main__":
    main()
