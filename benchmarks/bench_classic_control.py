"""Classic control against Gymnasium and EnvPool, all in one run.

    python benchmarks/bench_classic_control.py [--machine NAME] [ID ...]

Ratios above 1 mean that we are faster. CartPole has a benchmark of its own.
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
from dromos._core import batch as core

IDS = ("MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1")
LANES = 1024
STEPS = 100

#: A parameter that each lane has of its own in one of the rows.
PER_LANE = {
    "MountainCar-v0": "gravity",
    "MountainCarContinuous-v0": "gravity",
    "Pendulum-v1": "g",
    "Acrobot-v1": "LINK_MASS_1",
}


def actions_for(env_id: str, count: int) -> np.ndarray:
    space = gym.make(env_id).action_space
    rng = np.random.default_rng(0)
    if isinstance(space, gym.spaces.Discrete):
        return rng.integers(0, space.n, count)
    return rng.uniform(space.low, space.high, (count, 1)).astype(np.float32)


def single_steps(module: ModuleType, env_id: str) -> Callable[[], None]:
    """A function that makes `STEPS` steps and resets at each episode's end."""
    env = module.make(env_id)
    env.reset(seed=0)
    actions = actions_for(env_id, STEPS)
    listed = actions.tolist() if actions.ndim == 1 else list(actions)

    def steps() -> None:
        for action in listed:
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
    pool = envpool.make_gymnasium(env_id, num_envs=LANES, num_threads=1, seed=0)
    pool.reset()
    actions = actions_for(env_id, LANES)
    actions = actions.astype(np.int32) if actions.ndim == 1 else actions
    return lambda: pool.step(actions)


def single(ids: list[str]) -> None:
    rows = []
    for env_id in ids:
        ours, peer = best_microseconds(single_steps(gym, env_id), single_steps(gymnasium, env_id))
        rows.append((env_id, "step, resets included", ours / STEPS, peer / STEPS, peer / ours))
        envs = gym.make(env_id), gymnasium.make(env_id)
        resets = best_microseconds(envs[0].reset, envs[1].reset)
        rows.append((env_id, "reset", *resets, resets[1] / resets[0]))
        made = best_microseconds(
            lambda env_id=env_id: gym.make(env_id), lambda env_id=env_id: gymnasium.make(env_id)
        )
        rows.append((env_id, "make", *made, made[1] / made[0]))
        made = best_microseconds(
            lambda env_id=env_id: gym.make(env_id).reset(seed=3),
            lambda env_id=env_id: gymnasium.make(env_id).reset(seed=3),
        )
        rows.append((env_id, "make and reset", *made, made[1] / made[0]))
    print_table(
        "Single environment, through make (us)",
        ("id", "what", "dromos", "Gymnasium", "ratio"),
        rows,
    )


def vector(ids: list[str]) -> None:
    rows = []
    for env_id in ids:
        name = PER_LANE[env_id]
        value = getattr(gym.make(env_id).unwrapped, name)
        lanes = value * np.linspace(0.9, 1.1, LANES)
        who = ["dromos", "dromos, copy=False", f"dromos, {name} for each lane", "EnvPool"]
        functions = [
            vector_step(env_id),
            vector_step(env_id, copy=False),
            vector_step(env_id, params={name: lanes}),
            envpool_step(env_id),
        ]
        if env_id == "Acrobot-v1":
            who.append("dromos, torque noise")
            functions.append(vector_step(env_id, torque_noise_max=0.1))
        times = best_microseconds(*functions)
        rows += [
            (env_id, one, us, LANES / us, us / times[0]) for one, us in zip(who, times, strict=True)
        ]
    print_table(
        f"Vector of {LANES} lanes, one thread, every output written, autoreset on",
        ("id", "who", "us a step", "M lanes/s", "dromos is faster by"),
        rows,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", default=machine())
    parser.add_argument("ids", nargs="*", default=IDS)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{arguments.machine}; kernels: {core.instruction_set()}")
    single(arguments.ids)
    vector(arguments.ids)


if __name__ == "__main__":
    main()
