"""Learn to swing up Pendulum-v1 with the cross-entropy method, in NumPy alone.

    python examples/pendulum.py [--generations 100] [--seed 0] [--plot pendulum.png]

Every lane of one vector plays an episode with a policy of its own: a small network whose weights
are drawn around the present mean. The best of them give the next mean and spread: the
cross-entropy method, with the extra spread that Szita and Lorincz, "Learning Tetris using the noisy
cross-entropy method" (2006), add against settling too early.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

import dromos as gym

Floats = NDArray[np.float64]

POLICIES = 256  # a generation
EPISODES = 4  # of each policy
ELITE = 16
HIDDEN = 16
SIZES = (3 * HIDDEN, HIDDEN, HIDDEN, 1)  # weights and biases of the two layers
MAX_TORQUE = 2.0
EXTRA_SPREAD = 0.2  # at first; none in the last fifth of the generations


def torques(weights: Floats, observations: Floats) -> NDArray[np.float32]:
    """Return the actions of many policies.

    Args:
        weights: One row a policy, (policies, sum(SIZES)).
        observations: What each sees in each of its episodes, (policies, episodes, 3).

    Returns:
        Torques in N m, float32 (policies * episodes, 1).
    """
    parts = np.split(weights, np.cumsum(SIZES)[:-1], axis=1)
    first, first_bias, second, second_bias = parts
    scaled = observations * (1.0, 1.0, 1 / 8)
    hidden = np.tanh(scaled @ first.reshape(-1, 3, HIDDEN) + first_bias[:, np.newaxis])
    output = hidden @ second[:, :, np.newaxis] + second_bias[:, np.newaxis]
    return (MAX_TORQUE * np.tanh(output)).reshape(-1, 1).astype(np.float32)


def returns(env: gym.vector.VectorEnv, weights: Floats, seed: int) -> Floats:
    """Return the mean episode return of each policy; all meet the same start states."""
    policies = len(weights)
    episodes = env.num_envs // policies
    seeds = [seed + episode for _ in range(policies) for episode in range(episodes)]
    observations, _ = env.reset(seed=seeds)
    total = np.zeros(env.num_envs)
    truncated = np.zeros(env.num_envs, dtype=bool)
    while not truncated.any():  # no episode ends early
        actions = torques(weights, observations.reshape(policies, episodes, 3))
        observations, rewards, _, truncated, _ = env.step(actions)
        total += rewards
    return total.reshape(policies, episodes).mean(axis=1)


def learn(generations: int, seed: int) -> tuple[Floats, list[float]]:
    """Return the weights of the learnt policy, (sum(SIZES),), and the curve of mean returns."""
    rng = np.random.default_rng(seed)
    mean, spread = np.zeros(sum(SIZES)), np.full(sum(SIZES), 1.0)
    env = gym.make_vec("Pendulum-v1", POLICIES * EPISODES)
    curve = []
    for generation in range(generations):
        weights = rng.normal(mean, spread, (POLICIES, sum(SIZES)))
        scores = returns(env, weights, seed=seed + 1000 * generation)
        elite = weights[np.argsort(scores)[-ELITE:]]
        extra = EXTRA_SPREAD * max(0.0, 1 - generation / (0.8 * generations))
        mean, spread = elite.mean(axis=0), elite.std(axis=0) + extra
        curve.append(float(scores.mean()))
    env.close()
    return mean, curve


def evaluate(weights: Floats, episodes: int = 100, seed: int = 1_000_000) -> float:
    """Return the mean return of one policy over episodes that it was not trained on."""
    env = gym.make_vec("Pendulum-v1", episodes)
    score = returns(env, weights[np.newaxis], seed)
    env.close()
    return float(score[0])


def plot(curve: list[float], path: str) -> None:
    """Save the learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    axes.plot(range(1, len(curve) + 1), curve, color="#f0a04b")
    axes.set(title="Pendulum-v1", xlabel="generation", ylabel="mean return of a generation")
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def main(arguments: list[str] | None = None) -> float:
    """Learn, report, and plot; return the learnt policy's mean return."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--generations", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", default="pendulum.png")
    options = parser.parse_args(arguments)
    weights, curve = learn(options.generations, options.seed)
    score = evaluate(weights)
    print(f"first generation {curve[0]:.0f}, last {curve[-1]:.0f}; learnt policy {score:.0f}")
    plot(curve, options.plot)
    print(f"curve: {options.plot}")
    return score


if __name__ == "__main__":
    main()
