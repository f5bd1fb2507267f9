"""Learn FrozenLake-v1 with tabular Q-learning on many lanes at once, in NumPy alone.

    python examples/frozen_lake.py [--steps 20000] [--lanes 128] [--map 4x4] [--plot lake.png]

Every lane walks on the same slippery lake and feeds the same table. `valid_transition` leaves out
the steps that were resets.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

import dromos as gym

Floats = NDArray[np.float64]

DISCOUNT = 0.99
FIRST_STEP_SIZE, LAST_STEP_SIZE = 0.1, 0.005
FIRST_EPSILON, LAST_EPSILON = 1.0, 0.2
EVALUATIONS = 25  # points of the curve
IDS = {"4x4": "FrozenLake-v1", "8x8": "FrozenLake8x8-v1"}


def learn(env_id: str, steps: int, lanes: int, seed: int) -> tuple[Floats, Floats]:
    """Walk and learn.

    Returns:
        values: Action values, (states, 4).
        curve: Steps of each lane and the success rate of the greedy policy then, (points, 2).
    """
    rng = np.random.default_rng(seed)
    env = gym.make_vec(env_id, lanes)
    values = np.zeros((int(env.single_observation_space.n), 4))
    states, _ = env.reset(seed=seed)
    curve = []
    for step in range(steps):
        done = step / steps
        epsilon = FIRST_EPSILON + (LAST_EPSILON - FIRST_EPSILON) * done
        step_size = FIRST_STEP_SIZE * (LAST_STEP_SIZE / FIRST_STEP_SIZE) ** done
        explores = rng.random(lanes) < epsilon
        actions = np.where(explores, rng.integers(0, 4, lanes), values[states].argmax(axis=1))
        after, rewards, terminated, _, _ = env.step(actions)
        targets = rewards + DISCOUNT * values[after].max(axis=1) * ~terminated
        errors = (targets - values[states, actions]) * env.valid_transition
        np.add.at(values, (states, actions), step_size * errors)
        states = after
        if (step + 1) % max(1, steps // EVALUATIONS) == 0:
            curve.append((step + 1, evaluate(values, env_id)))
    env.close()
    return values, np.array(curve)


def evaluate(values: Floats, env_id: str, episodes: int = 1000, seed: int = 1_000_000) -> float:
    """Return how often the greedy policy reaches the goal within the time limit."""
    env = gym.make_vec(env_id, episodes, vector_kwargs={"autoreset_mode": "Disabled"})
    policy = values.argmax(axis=1)
    states, _ = env.reset(seed=seed)
    walking = np.ones(episodes, dtype=bool)
    successes = 0.0
    while walking.any():
        states, rewards, terminated, truncated, _ = env.step(policy[states])
        successes += float(rewards[walking].sum())
        ended = terminated | truncated
        walking &= ~ended
        if ended.any():  # lanes that have arrived walk on, but count no more
            states, _ = env.reset(options={"reset_mask": ended})
    env.close()
    return successes / episodes


def plot(curve: Floats, env_id: str, path: str) -> None:
    """Save the learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    axes.plot(*curve.T, color="#f0a04b")
    axes.set(title=env_id, xlabel="steps of each lane", ylabel="success rate of the greedy policy")
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def main(arguments: list[str] | None = None) -> float:
    """Learn, report, and plot; return the learnt policy's success rate."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--lanes", type=int, default=128)
    parser.add_argument("--map", choices=IDS, default="4x4")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", default="frozen_lake.png")
    options = parser.parse_args(arguments)
    env_id = IDS[options.map]
    values, curve = learn(env_id, options.steps, options.lanes, options.seed)
    score = evaluate(values, env_id, episodes=10_000)
    print(f"{env_id}: the learnt policy reaches the goal in {100 * score:.1f} % of its episodes")
    plot(curve, env_id, options.plot)
    print(f"curve: {options.plot}")
    return score


if __name__ == "__main__":
    main()
