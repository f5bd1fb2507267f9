"""Snapshots and restores: this tree against another one, in one run.

    git worktree add ../before 2ffbb72 && (cd ../before && scripts/extension.sh)
    python benchmarks/bench_snapshots.py ../before/src

Each tree is measured in processes of its own that take turns; of each figure the least counts, and
the ratios, not the microseconds. Without another tree, only this one's times are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[1] / "src"
TURNS = 4
SECONDS = 0.25


def wrapped_workers() -> Any:
    """A vector of 16 Python environments in 2 workers, each copy in three wrappers."""
    import dromos as gym
    from dromos import wrappers

    def build() -> Any:
        env = wrappers.FrameStackObservation(gym.make("Pendulum-v1"), 4)
        return wrappers.RecordEpisodeStatistics(wrappers.NormalizeObservation(env))

    return gym.vector.AsyncVectorEnv([build] * 16, num_workers=2)


def stacks() -> dict[str, Callable[[], Any]]:
    """What is measured, by name."""
    import dromos as gym

    return {
        "CartPole-v1": lambda: gym.make("CartPole-v1"),
        "1024 lanes of CartPole-v1": lambda: gym.make_vec("CartPole-v1", 1024),
        "16 wrapped Pendulums, 2 workers": wrapped_workers,
    }


def best(call: Callable[[], Any]) -> float:
    """Return the least time of a call, in microseconds."""
    least, end = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return least * 1e6


def measure() -> dict[str, float]:
    """Return the time of each call, in microseconds."""
    from dromos.snapshot import Snapshot

    times = {}
    for name, build in stacks().items():
        env = build()
        env.reset(seed=1)
        for _ in range(5):
            env.step(env.action_space.sample())
        saved = env.snapshot()
        data = saved.to_bytes()
        times[f"{name}: snapshot"] = best(env.snapshot)
        times[f"{name}: restore"] = best(lambda env=env, saved=saved: env.restore(saved))  # type: ignore[misc]
        times[f"{name}: to bytes"] = best(lambda env=env: env.snapshot().to_bytes())  # type: ignore[misc]
        times[f"{name}: from bytes"] = best(
            lambda env=env, data=data: env.restore(Snapshot.from_bytes(data))  # type: ignore[misc]
        )
        env.close()
    return times


def measured_in(tree: Path) -> dict[str, float]:
    """Return what another process measures with the package of a tree."""
    # An editable installation would find this tree's package first.
    code = f"""if True:
        import runpy, sys
        sys.meta_path = [f for f in sys.meta_path if "editable" not in type(f).__module__]
        sys.argv[1:] = ["--measure"]
        runpy.run_path({__file__!r}, run_name="__main__")
    """
    environment = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{Path(__file__).parent}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    times: dict[str, float] = json.loads(done.stdout)
    return times


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", nargs="?", type=Path, help="the src/ of another tree")
    parser.add_argument("--measure", action="store_true", help="print this process' times as JSON")
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure()))
        return
    from timing import machine, print_table

    trees = [TREE] if arguments.before is None else [TREE, arguments.before]
    turns = [[measured_in(tree) for tree in trees] for _ in range(TURNS)]
    print(machine())
    rows = []
    for name in turns[0][0]:
        now, *before = (min(turn[place][name] for turn in turns) for place in range(len(trees)))
        rows.append(
            [name, *(round(t, 1) for t in (*before, now)), *(round(now / b, 2) for b in before)]
        )
    heads = (
        ["call", "before us", "now us", "now / before"] if len(trees) > 1 else ["call", "now us"]
    )
    print_table("Snapshots", heads, rows)


if __name__ == "__main__":
    main()
