"""Bodies of the plane against Gymnasium's Box2D and EnvPool, all in one run.

    python benchmarks/bench_box2d.py [--machine NAME] [ID ...]

Ratios above 1 mean that we are faster.
"""

from __future__ import annotations

import argparse
import itertools
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import envpool
import gymnasium
import numpy as np
from timing import best_microseconds, machine, print_table

import dromos as gym
from dromos._core import batch as core

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

#: How many steps are timed at a time: enough of an episode to meet the ground.
STEPS = {
    "LunarLander-v3": 400,
    "LunarLanderContinuous-v3": 400,
    "BipedalWalker-v3": 300,
    "BipedalWalkerHardcore-v3": 300,
    "CarRacing-v3": 60,
}
SIZES = (8, 64, 1024)
#: Steps of a vector with actions of their own, over and over.
BATCHES = 16
LANES_IN_MEMORY = 256


def actions_for(env_id: str, count: int) -> list:
    space = gym.make(env_id).action_space
    space.seed(0)
    return [space.sample() for _ in range(count)]


def single_steps(module: ModuleType, env_id: str) -> Callable[[], None]:
    """A function that makes steps and resets at each episode's end."""
    env = module.make(env_id)
    env.reset(seed=0)
    actions = actions_for(env_id, STEPS[env_id])

    def steps() -> None:
        for action in actions:
            result = env.step(action)
            if result[2] or result[3]:
                env.reset()

    return steps


def single(ids: list[str]) -> None:
    rows = []
    for env_id in ids:
        count = STEPS[env_id]
        both = best_microseconds(single_steps(gym, env_id), single_steps(gymnasium, env_id))
        ours, peer = (time / count for time in both)
        rows.append((env_id, "step, resets included", ours, peer, peer / ours))
        envs = [module.make(env_id) for module in (gym, gymnasium)]
        ours, peer = best_microseconds(*(lambda e=env: e.reset(seed=3) for env in envs))
        rows.append((env_id, "reset", ours, peer, peer / ours))
    columns = ("id", "what", "dromos", "Gymnasium", "ratio")
    print_table("Single environments, through make (us)", columns, rows)


def vector_steps(vector: Any, env_id: str, lanes: int) -> Callable[[], object]:
    """A function that makes one step of all lanes, with the next of some random actions."""
    actions = np.array(actions_for(env_id, BATCHES * lanes))
    if isinstance(vector, gym.vector.VectorEnv):
        vector.reset(seed=0)
    else:
        vector.reset()
        actions = actions.astype(np.int32) if actions.dtype == np.int64 else actions
    turns = itertools.cycle(actions.reshape(BATCHES, lanes, *actions.shape[1:]))
    return lambda: vector.step(next(turns))


def vector(ids: list[str]) -> None:
    rows = []
    for env_id, lanes, threads in itertools.product(ids, SIZES, (1, 2)):
        vectors = (
            gym.make_vec(env_id, lanes, num_threads=threads),
            envpool.make_gymnasium(env_id, num_envs=lanes, num_threads=threads, seed=0),
        )
        ours, peer = best_microseconds(*(vector_steps(v, env_id, lanes) for v in vectors))
        rows.append((env_id, lanes, threads, ours, peer, peer / ours))
    columns = ("id", "lanes", "threads", "dromos", "EnvPool", "ratio")
    print_table("Vectors: a step of all lanes, resets included (us)", columns, rows)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grown(library: str, env_id: str) -> float:
    """Return what this process grows by for a vector, in KiB a lane."""
    before = resident_bytes()
    if library == "dromos":
        envs = gym.make_vec(env_id, LANES_IN_MEMORY)
    else:
        envs = envpool.make_gymnasium(env_id, num_envs=LANES_IN_MEMORY)
    envs.reset()
    return (resident_bytes() - before) / LANES_IN_MEMORY / 1024


def memory(ids: list[str]) -> None:
    """What a process grows by, which for small states is less exact than what they are."""
    rows = []
    for env_id in ids:
        fields = core.layout(gym.make(env_id).unwrapped.dynamics)["state"]
        state = sum(np.dtype(field[1]).itemsize * max(field[2], 1) for field in fields)
        both = []
        for library in ("dromos", "EnvPool"):
            with ProcessPoolExecutor(1, get_context("spawn")) as fresh:  # nothing to use again
                both.append(fresh.submit(grown, library, env_id).result())
        rows.append((env_id, state / 1024, *both))
    columns = ("id", "state", "dromos", "EnvPool")
    print_table(f"Memory a lane, {LANES_IN_MEMORY} lanes (KiB)", columns, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", default=machine())
    parser.add_argument("ids", nargs="*", metavar="ID")
    arguments = parser.parse_args()
    ids = arguments.ids or list(STEPS)
    warnings.simplefilter("ignore")
    print(arguments.machine)
    single(ids)
    vector(ids)
    memory(ids)


if __name__ == "__main__":
    main()
