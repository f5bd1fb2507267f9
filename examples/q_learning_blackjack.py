"""Learn Blackjack-v1 with tabular Q-learning, in NumPy alone.

    python examples/q_learning_blackjack.py [--episodes 200000] [--seed 0] [--plot blackjack.png]

C. Watkins, "Learning from delayed rewards" (1989). Sutton and Barto's rules, under which the best
policy loses about 0.05 a hand. `RecordEpisodeStatistics` keeps the returns for the curve.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

import dromos as gym

Floats = NDArray[np.float64]

STEP_SIZE = 0.01
FIRST_EPSILON, LAST_EPSILON = 1.0, 0.1
STICK, HIT = 0, 1


def learn(episodes: int, seed: int) -> tuple[Floats, Floats]:
    """Play and learn.

    Returns:
        values: Action values for each observation, (32, 11, 2, 2).
        returns: Returns of the episodes, (episodes,).
    """
    rng = np.random.default_rng(seed)
    env = gym.make("Blackjack-v1", sab=True)
    env = gym.wrappers.RecordEpisodeStatistics(env, buffer_length=episodes)
    values = np.zeros((32, 11, 2, 2))
    observation, _ = env.reset(seed=seed)
    for epsilon in np.linspace(FIRST_EPSILON, LAST_EPSILON, episodes):
        terminated = False
        while not terminated:
            explores = rng.random() < epsilon
            action = int(rng.integers(2)) if explores else int(values[observation].argmax())
            after, reward, terminated, _, _ = env.step(action)
            target = reward if terminated else reward + values[after].max()
            values[observation][action] += STEP_SIZE * (target - values[observation][action])
            observation = after
        observation, _ = env.reset()
    env.close()
    return values, np.array(env.return_queue)


def evaluate(values: Floats, hands: int = 100_000, seed: int = 1_000_000) -> float:
    """Return the mean reward of the greedy policy a hand: 10000 lanes play at once."""
    policy = values.argmax(axis=-1)
    env = gym.make_vec("Blackjack-v1", 10_000)
    observations, _ = env.reset(seed=seed)
    played, total = 0, 0.0
    while played < hands:
        observations, rewards, terminated, _, _ = env.step(policy[observations])
        played += int(terminated.sum())
        total += float(rewards.sum())
    env.close()
    return total / played


def plot(values: Floats, returns: Floats, path: str) -> None:
    """Save the learning curve and the learnt policy as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    window = max(1, len(returns) // 40)
    smooth = np.convolve(returns, np.full(window, 1 / window), mode="valid")
    axes[0].plot(smooth, color="#f0a04b")
    axes[0].set(title="Blackjack-v1", xlabel="episode", ylabel="mean return while it learns")
    axes[0].grid(alpha=0.3)
    for usable, title in ((0, "no usable ace"), (1, "usable ace")):
        hits = values[12:22, 1:, usable].argmax(axis=-1) == HIT
        axes[1 + usable].imshow(hits, origin="lower", cmap="Blues", extent=(0.5, 10.5, 11.5, 21.5))
        axes[1 + usable].set(title=f"hits (dark), {title}", xlabel="dealer", ylabel="player's sum")
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def main(arguments: list[str] | None = None) -> float:
    """Learn, report, and plot; return the learnt policy's mean reward a hand."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--episodes", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plot", default="blackjack.png")
    options = parser.parse_args(arguments)
    values, returns = learn(options.episodes, options.seed)
    score = evaluate(values)
    print(f"first 1000 hands {returns[:1000].mean():.3f}, learnt policy {score:.3f} a hand")
    plot(values, returns, options.plot)
    print(f"curve: {options.plot}")
    return score


if __name__ == "__main__":
    main()
