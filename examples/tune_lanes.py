"""Search for a controller of CartPole with Ray Tune: trials are spread, lanes belong to a trial.

Each trial has 64 native lanes in its own process, all of them poles of a length that Tune has
chosen, and reports how long a linear controller of the gains that Tune has chosen keeps them up.

    pip install 'dromos[ray]' 'ray[tune]'
    python examples/tune_lanes.py --trials 20
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import dromos as gym

LANES = 64
STEPS = 500


def mean_episode(envs: Any, gains: tuple[float, float]) -> float:
    """Return how many steps a pole stays up on average, 500 at most.

    Args:
        envs: A vector of CartPole.
        gains: What the controller makes of the angle and of its velocity.
    """
    angle, velocity = gains

    def policy(observations: Any) -> Any:
        return (angle * observations[:, 2] + velocity * observations[:, 3] > 0).astype(np.int64)

    envs.reset(seed=0)
    rollout = envs.rollout(policy, STEPS)
    over = rollout.terminated | rollout.truncated
    first = np.where(over.any(axis=0), over.argmax(axis=0) + 1, STEPS)
    return float(first.mean())


def trial(config: dict[str, float]) -> None:
    """Report what the gains of a trial are worth for poles of its length."""
    from ray import tune

    with gym.make_vec("CartPole-v1", LANES, params={"length": config["length"]}) as envs:
        tune.report({"steps": mean_episode(envs, (config["angle"], config["velocity"]))})


def main() -> None:
    """Let Tune search, and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20)
    given = parser.parse_args()

    from ray import tune

    space = {
        "angle": tune.uniform(0.0, 1.0),
        "velocity": tune.uniform(0.0, 1.0),
        "length": tune.choice([0.5, 1.0, 2.0]),
    }
    config = tune.TuneConfig(metric="steps", mode="max", num_samples=given.trials)
    results = tune.Tuner(trial, param_space=space, tune_config=config).fit()
    best = results.get_best_result()
    print(f"best of {len(results)} trials: {best.metrics['steps']:.0f} steps with {best.config}")


if __name__ == "__main__":
    main()
