"""Step and make robots for long, and tell how memory grows: by nothing, but for noise.

    python scripts/soak_mujoco.py [--steps 1000000] [--makes 1000]

Single robots, vectors with restarts, drawn parameters and snapshots, makes of single robots, of
vectors and of models of a user's, and steps that fail: diverging simulations, MuJoCo's own errors,
actions that are none. Exits with 1 if a part grows by more than `BOUND` after its first tenth.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import dromos
from dromos.envs.mujoco.models import ASSETS
from dromos.native import Uniform

BOUND = 8.0  # MiB
LANES = 64


def resident() -> float:
    """Return the memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def single(env_id: str) -> Callable[[], None]:
    """Return a step of a single robot, or the reset after an episode's end."""
    env = dromos.make(env_id)
    env.action_space.seed(0)
    env.reset(seed=0)

    def step() -> None:
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            env.reset()

    return step


def vector(env_id: str) -> Callable[[], None]:
    """Return a step of a vector whose lanes start with drawn parameters; at times a snapshot."""
    env = dromos.make_vec(env_id, LANES, params={"dof_damping": Uniform(0.5, 2.0)})
    env.action_space.seed(0)
    env.reset(seed=0)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        env.step(env.action_space.sample())
        if steps % 100 == 0:
            env.restore(env.snapshot())

    return step


def make(env_id: str) -> None:
    """Make, reset, step and close a robot; touch its model, so that it has its own."""
    env = dromos.make(env_id)
    env.reset(seed=0)
    env.unwrapped.model.opt.gravity[2] = -5.0
    env.step(env.action_space.sample())
    env.close()


def make_vector() -> None:
    """Make, reset, step and close a vector."""
    env = dromos.make_vec("Hopper-v5", 4, num_threads=2)
    env.reset(seed=0)
    env.step(env.action_space.sample())
    env.close()


def make_own(folder: Path) -> Iterator[None]:
    """Make robots on models of a user's, each another text."""
    text = Path(ASSETS, "hopper.xml").read_text()
    for number in range(sys.maxsize):
        path = folder / "own.xml"
        path.write_text(text.replace("<worldbody>", f"<!-- {number} --><worldbody>", 1))
        env = dromos.make("Hopper-v5", xml_file=str(path))
        env.reset(seed=0)
        env.step(env.action_space.sample())
        yield


def failing(folder: Path) -> Callable[[], None]:
    """Return a diverging step, an error of MuJoCo's, and an action that is none."""
    import mujoco

    text = Path(ASSETS, "humanoid.xml").read_text()
    path = folder / "tight.xml"
    path.write_text(text.replace("<default>", '<size memory="20K"/><default>', 1))
    tight = dromos.make("Humanoid-v5", xml_file=str(path), terminate_when_unhealthy=False)
    cheetah = dromos.make("HalfCheetah-v5")
    tight.reset(seed=0)
    cheetah.reset(seed=0)
    robot = cheetah.unwrapped
    errors = 0

    def step() -> None:
        nonlocal errors
        robot.set_state(robot.init_qpos, robot.init_qvel + 1e12)
        assert "diverged" in cheetah.step(np.zeros(6, np.float32))[4]
        cheetah.reset()
        try:
            cheetah.step(np.full(6, np.nan))
        except dromos.error.InvalidAction:
            errors += 1
        tight.reset()
        try:
            for _ in range(200):
                tight.step(tight.action_space.sample())
        except mujoco.FatalError:
            errors += 1

    return step


def grown(name: str, call: Callable[[], object], count: int, cached: int = 0) -> bool:
    """Call something so often, and print how memory grows after the first tenth.

    Of what is `cached`, so many calls come before.
    """
    first = max(1, count // 10)
    for _ in range(first + cached):
        call()
    before, start = resident(), time.perf_counter()
    for _ in range(count - first):
        call()
    growth, seconds = resident() - before, time.perf_counter() - start
    print(f"{name:<44} {count:>9,} {growth:+8.2f} MiB {seconds:7.1f} s", flush=True)
    return growth > BOUND


def main(arguments: list[str] | None = None) -> int:
    """Run all parts; return how many of them grew."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=1_000_000, help="of single robots, of lanes")
    parser.add_argument("--makes", type=int, default=1000)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    steps, makes = options.steps, options.makes
    grew = 0
    for env_id in ("InvertedPendulum-v5", "Hopper-v5"):
        grew += grown(f"steps of {env_id}", single(env_id), steps // 2)
    grew += grown(f"steps of {LANES} lanes of Hopper-v5", vector("Hopper-v5"), steps // LANES)
    for env_id in ("Hopper-v5", "Humanoid-v5"):
        grew += grown(f"makes of {env_id}", lambda env_id=env_id: make(env_id), makes)
    grew += grown("makes of a vector", make_vector, makes)
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # MuJoCo writes its log where the program runs
        own = make_own(Path(folder))
        grew += grown("makes of models of a user's", lambda: next(own), makes, cached=40)
        grew += grown("steps that fail in three ways", failing(Path(folder)), max(10, makes // 10))
        os.chdir(here)
    return grew


if __name__ == "__main__":
    sys.exit(main())
