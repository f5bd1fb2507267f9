"""Stable-Baselines3's `DummyVecEnv` against `dromos.compat.sb3.VecEnv`, all in one run.

    make bench-clients

It runs where Gymnasium is not installed, so `DummyVecEnv` holds environments of ours too: what is
compared is the adapter alone. Ratios above 1 mean that ours is faster.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from timing import best_microseconds, machine, print_table

import dromos
from dromos.compat.gymnasium import install

install()

from stable_baselines3.common.env_util import make_vec_env  # noqa: E402
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv  # noqa: E402

from dromos.compat import sb3  # noqa: E402

IDS = ("CartPole-v1", "Pendulum-v1", "FrozenLake-v1")
LANES = 64


def step(vector: VecEnv) -> Callable[[], object]:
    """A function that makes a step with actions drawn once."""
    vector.seed(0)
    vector.reset()
    actions = np.stack([vector.action_space.sample() for _ in range(LANES)])
    return lambda: vector.step(actions)


def plain(env_id: str) -> VecEnv:
    same_step = {"autoreset_mode": "SameStep"}
    return sb3.VecEnv(dromos.make_vec(env_id, LANES, vector_kwargs=same_step))


def main() -> None:
    rows = []
    for env_id in IDS:
        dummy = DummyVecEnv([lambda: dromos.make(env_id) for _ in range(LANES)])  # noqa: B023
        pairs = {
            "bare": (dummy, plain(env_id)),
            "monitored": (make_vec_env(env_id, LANES), sb3.make_vec_env(env_id, LANES)),
        }
        for kind, vectors in pairs.items():
            theirs, ours = best_microseconds(*map(step, vectors))
            rates = [LANES / time for time in (theirs, ours)]
            rows.append((env_id, kind, *rates, theirs / ours))
    print(machine())
    columns = ("environment", "", "DummyVecEnv, M steps/s", "ours, M steps/s", "ratio")
    print_table(f"{LANES} lanes", columns, rows)


if __name__ == "__main__":
    main()
