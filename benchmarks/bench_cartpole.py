"""CartPole against Gymnasium, EnvPool and plain C loops, all in one run.

    python benchmarks/bench_cartpole.py [--machine NAME]

Ratios above 1 mean that we are faster. The loops of ``baselines/cartpole_loops.cpp`` are compiled
with g++ for this machine: ``simd`` are ceilings in float32 and float64 without a library around
them, ``scalar`` steps an array of structs with libm.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import envpool
import gymnasium
import numpy as np
from timing import best_microseconds, machine, print_table

import dromos as gym
from dromos._core import batch as core

ID = "CartPole-v1"
LANES = 1024
BATCHES = 16


def actions_for(lanes: int) -> np.ndarray:
    """Random actions for `BATCHES` steps; int64 (BATCHES, lanes). Episodes last some 22 steps."""
    return np.random.default_rng(0).integers(0, 2, (BATCHES, lanes))


def single_step(module: object) -> object:
    """A function that steps a made environment and resets it at the episode's end."""
    env = module.make(ID)  # type: ignore[attr-defined]
    env.reset(seed=0)
    actions = [0, 1] * 50

    def hundred_steps() -> None:
        for action in actions:
            result = env.step(action)
            if result[2] or result[3]:
                env.reset()

    return hundred_steps


def vector_step(vector: object, lanes: int) -> object:
    vector.reset(seed=0)  # type: ignore[attr-defined]
    batches = itertools.cycle(actions_for(lanes))
    return lambda: vector.step(next(batches))  # type: ignore[attr-defined]


def envpool_step(lanes: int) -> object:
    pool = envpool.make_gymnasium(ID, num_envs=lanes, num_threads=1, seed=0)
    pool.reset()
    batches = itertools.cycle(actions_for(lanes).astype(np.int32))
    return lambda: pool.step(next(batches))


def c_loops() -> ctypes.CDLL:
    source = Path(__file__).parent / "baselines" / "cartpole_loops.cpp"
    library = Path(tempfile.mkdtemp()) / "loops.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-mprefer-vector-width=512"]
    subprocess.run(["g++", *flags, "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def c_loop(name: str, lanes: int, steps: int) -> object:
    function = getattr(c_loops(), name)
    double = name.endswith("double")
    arrays = (
        actions_for(lanes).astype(np.int64 if double else np.int32),
        np.zeros((lanes, 4), np.float32),
        np.zeros(lanes, np.float64 if double else np.float32),
        np.zeros(lanes, np.uint8),
        np.zeros(lanes, np.uint8),
    )
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
    return lambda: (function(lanes, steps, BATCHES, *pointers), arrays)


def single() -> None:
    ours, peer = best_microseconds(single_step(gym), single_step(gymnasium))
    envs = gym.make(ID), gymnasium.make(ID)
    resets = best_microseconds(envs[0].reset, envs[1].reset)
    seeded = best_microseconds(*(lambda env=env: env.reset(seed=3) for env in envs))
    made = best_microseconds(
        lambda: gym.make(ID).reset(seed=3), lambda: gymnasium.make(ID).reset(seed=3)
    )
    bare = best_microseconds(lambda: gym.make("CartPole-v1"), lambda: gymnasium.make("CartPole-v1"))
    print_table(
        "Single environment, through make (us)",
        ("what", "dromos", "Gymnasium", "ratio"),
        [
            ("step, resets included", ours / 100, peer / 100, peer / ours),
            ("reset", *resets, resets[1] / resets[0]),
            ("reset with a seed", *seeded, seeded[1] / seeded[0]),
            ("make", *bare, bare[1] / bare[0]),
            ("make and reset", *made, made[1] / made[0]),
        ],
    )


def vector() -> None:
    steps = 200
    ours, kept, same, per_lane, numpy_vector, pool, simd, double, scalar = best_microseconds(
        vector_step(gym.make_vec(ID, LANES, num_threads=1), LANES),
        vector_step(gym.make_vec(ID, LANES, num_threads=1, copy=False), LANES),
        vector_step(gym.make_vec(ID, LANES, num_threads=1, autoreset_mode="SameStep"), LANES),
        vector_step(
            gym.make_vec(ID, LANES, num_threads=1, params={"length": np.linspace(0.4, 0.6, LANES)}),
            LANES,
        ),
        vector_step(gymnasium.make_vec(ID, LANES), LANES),
        envpool_step(LANES),
        c_loop("simd_steps", LANES, steps),
        c_loop("simd_steps_double", LANES, steps),
        c_loop("scalar_steps", LANES, steps),
    )
    rows = [
        ("dromos", ours),
        ("dromos, copy=False", kept),
        ("dromos, SAME_STEP with infos", same),
        ("dromos, a length for each lane", per_lane),
        ("Gymnasium (NumPy vector)", numpy_vector),
        ("EnvPool", pool),
        ("C loop, SIMD float32", simd / steps),
        ("C loop, SIMD float64", double / steps),
        ("C loop, scalar float32", scalar / steps),
    ]
    print_table(
        f"Vector of {LANES} lanes, one thread, every output written, autoreset on",
        ("who", "us a step", "M lanes/s", "dromos is faster by"),
        [(who, us, LANES / us, us / ours) for who, us in rows],
    )


def small() -> None:
    rows = []
    for lanes in (1, 8):
        ours, peer = best_microseconds(
            vector_step(gym.make_vec(ID, lanes), lanes),
            vector_step(gymnasium.make_vec(ID, lanes), lanes),
        )
        rows.append((lanes, ours, peer, peer / ours))
    print_table("Small vectors (us a step)", ("lanes", "dromos", "Gymnasium", "ratio"), rows)


def scaling() -> None:
    rows = []
    for lanes in (1, 8, 64, 512, 4096, 16384, 65536, 262144, 1_000_000):
        one, two = best_microseconds(
            *(
                vector_step(gym.make_vec(ID, lanes, num_threads=threads), lanes)
                for threads in (1, 2)
            )
        )
        rows.append((f"{lanes:,}", one, one / lanes * 1000, two, one / two))
    print_table(
        "Scaling",
        ("lanes", "us a step", "ns a lane", "us, two threads", "two threads faster by"),
        rows,
    )


def memory() -> None:
    lanes = 1_000_000
    actions = np.zeros(lanes, dtype=np.int64)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    vector = gym.make_vec(ID, lanes, copy=False)
    vector.reset(seed=0)
    vector.step(actions)
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    print_table("Memory", ("lanes", "bytes a lane"), [(f"{lanes:,}", used / lanes)])


def imports() -> None:
    def seconds(module: str) -> float:
        best = float("inf")
        for _ in range(15):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
            best = min(best, time.perf_counter() - start)
        return best

    empty = seconds("sys")
    ours, numpy_ = seconds("dromos") - empty, seconds("numpy") - empty
    print_table(
        "Import (ms, start of Python taken off)",
        ("dromos", "numpy", "dromos / numpy"),
        [(ours * 1e3, numpy_ * 1e3, ours / numpy_)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", default=machine())
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{arguments.machine}; kernels: {core.instruction_set()}")
    memory()  # first: it reads how far the peak of this process rises
    single()
    vector()
    small()
    scaling()
    imports()


if __name__ == "__main__":
    main()
