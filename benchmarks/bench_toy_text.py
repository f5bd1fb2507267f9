"""Toy text against Gymnasium and EnvPool, all in one run.

    python benchmarks/bench_toy_text.py [--machine NAME] [ID ...]

Ratios above 1 mean that we are faster.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from types import ModuleType

import envpool
import gymnasium
import numpy as np
from timing import best_microseconds, machine, print_table

import dromos as gym
from dromos.envs.toy_text.frozen_lake import generate_random_map

#: With the name that EnvPool has for each.
IDS = {
    "Blackjack-v1": "Blackjack-v1",
    "FrozenLake-v1": "FrozenLake-v1",
    "FrozenLake8x8-v1": "FrozenLake8x8-v1",
    "CliffWalking-v1": "CliffWalking-v1",
    "CliffWalkingSlippery-v1": "CliffWalkingSlippery-v1",
    "Taxi-v4": "Taxi-v3",
}
LANES = 1024
STEPS = 100


def actions_for(env_id: str, count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, gym.make(env_id).action_space.n, count)


def single_steps(module: ModuleType, env_id: str) -> Callable[[], None]:
    """A function that makes `STEPS` steps and resets at each episode's end."""
    env = module.make(env_id)
    env.reset(seed=0)
    actions = actions_for(env_id, STEPS).tolist()

    def steps() -> None:
        for action in actions:
            result = env.step(action)
            if result[2] or result[3]:
                env.reset()

    return steps


def vector_step(env_id: str, **arguments: object) -> Callable[[], object]:
    vector = gym.make_vec(env_id, LANES, num_threads=1, **arguments)
    vector.reset(seed=0)
    actions = actions_for(env_id, LANES)
    return lambda: vector.step(actions)


def envpool_step(env_id: str) -> Callable[[], object]:
    pool = envpool.make_gymnasium(IDS[env_id], num_envs=LANES, num_threads=1, seed=0)
    pool.reset()
    actions = actions_for(env_id, LANES).astype(np.int32)
    return lambda: pool.step(actions)


def sync_step(env_id: str) -> Callable[[], object]:
    vector = gymnasium.make_vec(env_id, LANES, vectorization_mode="sync")
    vector.reset(seed=0)
    actions = actions_for(env_id, LANES)
    return lambda: vector.step(actions)


def single(ids: list[str]) -> None:
    rows = []
    for env_id in ids:
        ours, peer = best_microseconds(single_steps(gym, env_id), single_steps(gymnasium, env_id))
        rows.append((env_id, "step, resets included", ours / STEPS, peer / STEPS, peer / ours))
        envs = gym.make(env_id), gymnasium.make(env_id)
        resets = best_microseconds(envs[0].reset, envs[1].reset)
        rows.append((env_id, "reset", *resets, resets[1] / resets[0]))
        made = best_microseconds(lambda i=env_id: gym.make(i), lambda i=env_id: gymnasium.make(i))
        rows.append((env_id, "make", *made, made[1] / made[0]))
        both = best_microseconds(
            lambda i=env_id: gym.make(i).reset(seed=3),
            lambda i=env_id: gymnasium.make(i).reset(seed=3),
        )
        rows.append((env_id, "make and reset", *both, both[1] / both[0]))
    columns = ("id", "what", "dromos", "Gymnasium", "ratio")
    print_table("Single environments, through make (us)", columns, rows)


def vector(ids: list[str]) -> None:
    rows = []
    for env_id in ids:
        ours, same, pool, sync = best_microseconds(
            vector_step(env_id),
            vector_step(env_id, autoreset_mode="SameStep"),
            envpool_step(env_id),
            sync_step(env_id),
        )
        rows.append((env_id, ours, same, pool, sync, pool / ours, sync / ours))
    columns = ("id", "dromos", "SAME_STEP", "EnvPool", "SyncVectorEnv", "/ EnvPool", "/ Sync")
    print_table(f"Vectors of {LANES} lanes, one thread, infos written (us a step)", columns, rows)


def maps() -> None:
    maps = [generate_random_map(size=16, seed=lane) for lane in range(LANES)]
    one, own = best_microseconds(
        vector_step("FrozenLake-v1", params={"desc": maps[0]}),
        vector_step("FrozenLake-v1", params={"desc": maps}),
    )
    columns = ("one map of 16 x 16 (us)", "a map a lane (us)")
    print_table(f"FrozenLake, {LANES} lanes", columns, [(one, own)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", default=machine())
    parser.add_argument("ids", nargs="*", metavar="ID")
    arguments = parser.parse_args()
    ids = arguments.ids or list(IDS)
    warnings.simplefilter("ignore")
    print(arguments.machine)
    single(ids)
    vector(ids)
    maps()


if __name__ == "__main__":
    main()
