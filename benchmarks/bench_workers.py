"""Vectors of Python environments in worker processes, ours against Gymnasium's `AsyncVectorEnv`.

Prints the time of a vector step, of starting, and the memory the processes need. All contenders
take turns in one run: the ratios count, not the microseconds. PufferLib's multiprocessing backend
takes part if it is installed. It asks for an older Gymnasium, so put it beside:

    pip install --no-deps --target peers pufferlib==2.0.2 gym==0.26.2 gym_notices pettingzoo psutil
    PYTHONPATH=peers python benchmarks/bench_workers.py
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gymnasium
import gymnasium.vector
import numpy as np
from timing import machine, print_table

import dromos.core
import dromos.spaces
import dromos.vector

PEER = SimpleNamespace(Env=gymnasium.Env, spaces=gymnasium.spaces, vector=gymnasium.vector)
OURS = SimpleNamespace(Env=dromos.core.Env, spaces=dromos.spaces, vector=dromos.vector)

ROUNDS = 7
SECONDS_A_ROUND = 0.4


def idle_env(library: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """An environment that does nothing, so that what remains is the vector's own work."""

    class Idle(library.Env):  # type: ignore[misc]
        def __init__(self) -> None:
            high = 255 if dtype is np.uint8 else 1.0
            self.observation_space = library.spaces.Box(0, high, shape, dtype)
            self.action_space = library.spaces.Discrete(2)
            self.obs = np.zeros(shape, dtype)

        def reset(self, *, seed: int | None = None, options: object = None) -> Any:
            return self.obs, {}

        def step(self, action: int) -> Any:
            return self.obs, 1.0, False, False, {}

    return Idle


def user_cartpole(library: Any) -> Any:
    """CartPole as users write it: Python floats and one array a step."""

    class CartPole(library.Env):  # type: ignore[misc]
        def __init__(self) -> None:
            self.observation_space = library.spaces.Box(-np.inf, np.inf, (4,), np.float32)
            self.action_space = library.spaces.Discrete(2)

        def reset(self, *, seed: int | None = None, options: object = None) -> Any:
            super().reset(seed=seed)
            self.state = self.np_random.uniform(-0.05, 0.05, 4).tolist()
            self.steps = 0
            return np.array(self.state, np.float32), {}

        def step(self, action: int) -> Any:
            x, v, theta, omega = self.state
            force = 10.0 if action == 1 else -10.0
            sin, cos = math.sin(theta), math.cos(theta)
            push = (force + 0.05 * omega * omega * sin) / 1.1
            turn = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos * cos / 1.1))
            pull = push - 0.05 * turn * cos / 1.1
            self.state = [x + 0.02 * v, v + 0.02 * pull, theta + 0.02 * omega, omega + 0.02 * turn]
            self.steps += 1
            fallen = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.2095
            return np.array(self.state, np.float32), 1.0, fallen, self.steps >= 500, {}

    return CartPole


def step_times(vectors: list[Any]) -> list[tuple[float, float]]:
    """Return microseconds of a step of each vector, the best and the median, and close them.

    The vectors take turns. The best is that of the means of a hundred steps.
    """
    actions = [[vector.action_space.sample() for _ in range(100)] for vector in vectors]
    for vector in vectors:
        vector.reset(seed=0)
    times: list[list[float]] = [[] for _ in vectors]
    for _ in range(ROUNDS):
        for vector, own, each in zip(vectors, actions, times, strict=True):
            end = time.perf_counter() + SECONDS_A_ROUND
            while time.perf_counter() < end:
                for action in own:
                    start = time.perf_counter()
                    vector.step(action)
                    each.append(time.perf_counter() - start)
    for vector in vectors:
        vector.close()
    return [(best_mean(each) * 1e6, float(np.median(each)) * 1e6) for each in times]


def best_mean(times: list[float]) -> float:
    return float(np.reshape(times, (-1, 100)).mean(axis=1).min())


def bench_steps() -> None:
    rows = []
    for name, shape, dtype, lanes in (
        ("no-op, 4 floats", (4,), np.float32, 8),
        ("no-op, 210x160x3 bytes", (210, 160, 3), np.uint8, 8),
    ):
        peer = PEER.vector.AsyncVectorEnv([idle_env(PEER, shape, dtype)] * lanes)
        ours = OURS.vector.AsyncVectorEnv([idle_env(OURS, shape, dtype)] * lanes)
        times = [best for best, _ in step_times([peer, ours])]
        rows.append((name, lanes, *times, times[0] / times[1]))
    columns = ("environment", "lanes", "Gymnasium us", "dromos us", "ratio")
    print_table("A step of the whole vector, in workers", columns, rows)


def bench_cartpole() -> None:
    fns = [user_cartpole(OURS)] * 64
    serial = OURS.vector.SyncVectorEnv(fns)
    workers = OURS.vector.AsyncVectorEnv(fns, num_workers=2)
    peer = PEER.vector.AsyncVectorEnv([user_cartpole(PEER)] * 64)
    times = step_times([serial, peer, workers])
    names = ("dromos SyncVectorEnv", "Gymnasium AsyncVectorEnv", "dromos AsyncVectorEnv, 2 workers")
    rows = [
        (name, best, best / times[2][0], median, median / times[2][1])
        for name, (best, median) in zip(names, times, strict=True)
    ]
    columns = ("vector", "best us", "over dromos workers", "median us", "over dromos workers")
    print_table("A user's CartPole in Python, 64 lanes, random actions", columns, rows)


def bench_start() -> None:
    seconds, memory = [math.inf, math.inf], [0.0, 0.0]
    for _ in range(3):
        for i, library in enumerate((PEER, OURS)):
            fns = [idle_env(library, (4,), np.float32)] * 64
            start = time.perf_counter()
            vector = library.vector.AsyncVectorEnv(fns)
            vector.reset(seed=0)
            seconds[i] = min(seconds[i], time.perf_counter() - start)
            memory[i] = sum(map(private_mebibytes, {p.pid for p in vector.processes}))
            vector.close()
    rows = [
        ("seconds until the first reset", *seconds, seconds[0] / seconds[1]),
        ("MiB that workers do not share", *memory, memory[0] / memory[1]),
    ]
    print_table("Starting 64 lanes", ("", "Gymnasium", "dromos", "ratio"), rows)


def private_mebibytes(process: int) -> float:
    """Return the memory of a process that no other has."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1024


def bench_pufferlib() -> None:
    try:
        import pufferlib.emulation
        import pufferlib.vector
    except ImportError:
        print("\nPufferLib is not installed; nothing to compare with.")
        return

    def make(**kwargs: Any) -> Any:
        return pufferlib.emulation.GymnasiumPufferEnv(idle_env(PEER, (4,), np.float32)(), **kwargs)

    rows = []
    for workers in (1, 2):
        options = {"num_workers": workers, "backend": pufferlib.vector.Multiprocessing}
        peer = pufferlib.vector.make(make, num_envs=8, **options)
        fns = [idle_env(OURS, (4,), np.float32)] * 8
        ours = OURS.vector.AsyncVectorEnv(fns, num_workers=workers)
        # One after the other: PufferLib's workers keep their processors while they wait.
        times = [step_times([vector])[0][0] for vector in (peer, ours)]
        rows.append(("no-op, 4 floats", 8, workers, *times, times[0] / times[1]))
    columns = ("environment", "lanes", "workers", "PufferLib us", "dromos us", "ratio")
    print_table("PufferLib's multiprocessing", columns, rows)


def main() -> None:
    benchmarks = {
        "steps": bench_steps,
        "cartpole": bench_cartpole,
        "start": bench_start,
        "pufferlib": bench_pufferlib,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*benchmarks, []], help="which; all if none")
    chosen = parser.parse_args().names or list(benchmarks)
    print(machine())
    for name in chosen:
        benchmarks[name]()


if __name__ == "__main__":
    main()
