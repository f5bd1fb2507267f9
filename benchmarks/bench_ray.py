"""Vectors over Ray against vectors with workers, both on this machine.

Prints the time of a vector step. Two actors on one machine show what Ray itself costs a step; what
more machines gain is computed from that by `scripts/ray_scaling.py`, and measured nowhere here.
All contenders take turns in one run: the ratios count, not the microseconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import ray
from timing import machine, print_table

import dromos as gym
from dromos.vector import AsyncVectorEnv, RayVectorEnv

ROUNDS = 5
SECONDS_A_ROUND = 1.0

PIXELS = (84, 84, 4)


class Busy(gym.Env[Any, Any]):
    """Keeps its processor for some time a step, and shows the same array again and again."""

    def __init__(self, shape: tuple[int, ...], dtype: Any, seconds: float) -> None:
        high = 255 if dtype is np.uint8 else 1.0
        self.observation_space = gym.spaces.Box(0, high, shape, dtype)
        self.action_space = gym.spaces.Discrete(2)
        self.obs, self.seconds = np.zeros(shape, dtype), seconds

    def reset(self, *, seed: int | None = None, options: object = None) -> Any:
        """Show the array."""
        return self.obs, {}

    def step(self, action: Any) -> Any:
        """Keep the processor, and show the array."""
        end = time.perf_counter() + self.seconds
        while time.perf_counter() < end:
            pass
        return self.obs, 1.0, False, False, {}


def busy(shape: tuple[int, ...], dtype: Any, seconds: float) -> Callable[[], Busy]:
    return lambda: Busy(shape, dtype, seconds)


def times(calls: list[Callable[[], object]]) -> list[float]:
    """Return milliseconds of a call of each, the median; they take turns."""
    each: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, own in zip(calls, each, strict=True):
            call()
            end = time.perf_counter() + SECONDS_A_ROUND
            while time.perf_counter() < end:
                start = time.perf_counter()
                call()
                own.append(time.perf_counter() - start)
    return [float(np.median(own)) * 1e3 for own in each]


def stepping(vector: Any) -> Callable[[], object]:
    vector.reset(seed=0)
    actions = vector.action_space.sample()
    return lambda: vector.step(actions)


def first_ready(vector: Any) -> Callable[[], object]:
    """Return what moves as many lanes as a step does, half of them at a time."""
    vector.async_reset(seed=0)
    actions = np.zeros(vector.batch_size, int)

    def call() -> None:
        for _ in range(vector.num_envs // vector.batch_size):
            lanes = vector.recv()[4]["lane_ids"]
            vector.send(actions, lanes)

    return call


def compare(title: str, lanes: int, makers: list[Callable[[], Busy]]) -> None:
    half = {"batch_size": lanes // 2}
    vectors = [
        AsyncVectorEnv(makers, num_workers=2),
        RayVectorEnv(makers, num_actors=2),
        AsyncVectorEnv(makers, num_workers=2, **half),
        RayVectorEnv(makers, num_actors=2, **half),
    ]
    calls = [stepping(vector) for vector in vectors[:2]]
    calls += [first_ready(vector) for vector in vectors[2:]]
    found = times(calls)
    for vector in vectors:
        vector.close()
    rows = [
        ("step", found[0], found[1], found[0] / found[1], found[1] - found[0]),
        ("send and recv of halves", found[2], found[3], found[2] / found[3], found[3] - found[2]),
    ]
    print_table(title, ("", "workers ms", "Ray ms", "rate over workers'", "more ms a step"), rows)


def bench_overhead() -> None:
    makers = [busy((4,), np.float32, 0.0)] * 8
    compare("No-op environments, 4 floats, 8 lanes, 2 workers or actors", 8, makers)


def bench_images() -> None:
    makers = [busy(PIXELS, np.uint8, 1e-3)] * 64
    compare("Images 84x84x4, 1 ms a step, 64 lanes, 2 workers or actors", 64, makers)


def bench_native() -> None:
    rows = []
    for lanes in (64, 4096):
        local = gym.make_vec("CartPole-v1", lanes)
        acting = gym.make_vec("CartPole-v1", lanes, "ray", {"num_actors": 2})
        found = times([stepping(local), stepping(acting)])
        rows.append((lanes, *found, found[1] / found[0]))
        acting.close()
    columns = ("lanes", "here ms", "in 2 actors ms", "times as long")
    print_table("Native CartPole: what Ray is not for", columns, rows)


def main() -> None:
    benchmarks = {"overhead": bench_overhead, "images": bench_images, "native": bench_native}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*benchmarks, []], help="which; all if none")
    chosen = parser.parse_args().names or list(benchmarks)
    print(machine(), f"Ray {ray.__version__}", sep=", ")
    # Places for the actors of several vectors, which take turns.
    ray.init("local", num_cpus=8, include_dashboard=False, logging_level="error")
    for name in chosen:
        benchmarks[name]()


if __name__ == "__main__":
    main()
