"""MuJoCo: robots in dromos, a bare `mj_step` loop, Gymnasium and EnvPool, in one run.

    python benchmarks/bench_mujoco.py [--seconds 2] [--robots Hopper Ant] [--lanes 8 64] [--quick]

Each figure is microseconds a lane-step, the median of interleaved rounds. The bare loop is
what a program that wants nothing but the simulation does in Python: set `ctrl`, `mj_step` × frame
skip on one MjData a lane, in as many Python threads. It walks through the very states that dromos
walks through, restarts included, from the middle of a run; of a restart it does `mj_resetData`,
writes the start state and calls `mj_forward`. "pool" is the same without restarts on MuJoCo's own
pool of C threads (`mujoco.batch`). Neither observes or pays anything.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import gymnasium
import mujoco
import numpy as np
from mujoco.batch import Batch
from timing import machine, print_table

import dromos

ROBOTS = ("HalfCheetah", "Hopper", "Ant", "Humanoid")
WARM_UP = 60  # steps before the first that is timed

Run = Callable[[], None]
#: What is timed, and what puts everything back to where the run begins.
Runs = dict[str, tuple[Run, Run]]


def nothing() -> None:
    """Leave everything as it is."""


class Recording:
    """A run of a vector: where it begins, its actions, and its restarts with their states."""

    def __init__(self, vector: Any, steps: int) -> None:
        """Warm the vector up and note a run of `steps`; put it back to the run's beginning."""
        rng = np.random.default_rng(0)
        low, high = vector.action_space.low, vector.action_space.high
        actions = [rng.uniform(low, high).astype(np.float32) for _ in range(WARM_UP + steps)]
        vector.reset(seed=0)
        for action in actions[:WARM_UP]:
            vector.step(action)
        robot = vector.template
        self.model, self.skip = robot._peek(), robot.frame_skip
        self.actions = actions[WARM_UP:]
        self.first = vector._lanes.pool.states.copy()
        self.start = vector.snapshot()
        self.restarts: list[dict[int, Any]] = []
        for action in self.actions:
            vector.step(action)
            lanes = np.flatnonzero(~vector.valid_transition).tolist()
            states = vector._lanes.pool.states
            self.restarts.append({lane: states[lane].copy() for lane in lanes})
        vector.restore(self.start)


def bare_loop(recording: Recording, lanes: int, threads: int) -> tuple[Run, Run]:
    """Return what walks through a recording with nothing around it."""
    model, skip = recording.model, recording.skip
    datas = [mujoco.MjData(model) for _ in range(lanes)]
    spec = mujoco.mjtState.mjSTATE_INTEGRATION
    steps = list(zip(recording.actions, recording.restarts, strict=True))

    def back() -> None:
        for data, state in zip(datas, recording.first, strict=True):
            mujoco.mj_setState(model, data, state, spec)

    def some(first: int, last: int) -> None:
        for actions, restarts in steps:
            for lane in range(first, last):
                data = datas[lane]
                if lane in restarts:
                    mujoco.mj_resetData(model, data)
                    mujoco.mj_setState(model, data, restarts[lane], spec)
                    mujoco.mj_forward(model, data)
                else:
                    data.ctrl[:] = actions[lane]
                    mujoco.mj_step(model, data, nstep=skip)

    def run() -> None:
        cuts = np.linspace(0, lanes, threads + 1).astype(int).tolist()
        others = [threading.Thread(target=some, args=cuts[i : i + 2]) for i in range(1, threads)]
        for other in others:
            other.start()
        some(*cuts[:2])
        for other in others:
            other.join()

    return run, back


def pool_steps(recording: Recording, lanes: int, threads: int) -> tuple[Run, Run]:
    """Return what walks through a recording on MuJoCo's own pool, without restarts."""
    batch = Batch(recording.model, lanes, nthread=threads)
    data = mujoco.MjData(recording.model)
    names = ("qpos", "qvel", "qacc_warmstart")
    fields = {name: batch.bind(name) for name in names}
    controls = batch.bind("ctrl")
    first = {name: field.copy() for name, field in fields.items()}
    for lane in range(lanes):
        state = recording.first[lane]
        mujoco.mj_setState(recording.model, data, state, mujoco.mjtState.mjSTATE_INTEGRATION)
        for name in names:
            first[name][lane] = getattr(data, name)

    def back() -> None:
        for name in names:
            fields[name][:] = first[name]

    def run() -> None:
        for actions in recording.actions:
            controls[:] = actions
            batch.step(nstep=recording.skip)

    return run, back


def vector_steps(env: Any, actions: Any) -> Run:
    """Return what steps a vector through actions."""

    def run() -> None:
        for action in actions:
            env.step(action)

    return run


def envpool_steps(env_id: str, lanes: int, threads: int, actions: Any) -> Run:
    """Return what steps EnvPool's vector of a robot."""
    import envpool

    env = envpool.make_gymnasium(env_id, num_envs=lanes, num_threads=threads)
    env.reset()
    doubles = [action.astype(np.float64) for action in actions]
    for _ in range(WARM_UP // len(doubles) + 1):
        vector_steps(env, doubles)()
    return vector_steps(env, doubles)


def compare(runs: Runs, seconds: float) -> dict[str, float]:
    """Return the median time of each run in seconds, in turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, (run, back) in runs.items():
            back()
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def vector_row(env_id: str, lanes: int, threads: int, seconds: float) -> list[object]:
    """Compare one size of vector."""
    steps = max(6, 800 // lanes)
    ours = dromos.make_vec(env_id, lanes, num_threads=threads)
    recording = Recording(ours, steps)
    restarts = sum(map(len, recording.restarts)) / steps / lanes
    runs: Runs = {
        "bare": bare_loop(recording, lanes, threads),
        "pool": pool_steps(recording, lanes, threads),
        "dromos": (
            vector_steps(ours, recording.actions),
            lambda: ours.restore(recording.start),
        ),
    }
    try:
        runs["envpool"] = envpool_steps(env_id, lanes, threads, recording.actions), nothing
    except ImportError:
        print("envpool is not installed: pip install envpool")
    theirs = None
    if threads == 2 and lanes == 8:
        theirs = gymnasium.make_vec(env_id, lanes, vectorization_mode="async")
        theirs.reset(seed=0)
        runs["async"] = vector_steps(theirs, recording.actions), nothing
    taken = compare(runs, seconds)
    if theirs is not None:
        theirs.close()
    scale = 1e6 / steps / lanes
    ratio = {name: taken[name] / taken["dromos"] for name in taken}
    return [
        env_id,
        threads,
        lanes,
        f"{restarts:.1%}",
        taken["bare"] * scale,
        taken["pool"] * scale,
        taken["dromos"] * scale,
        *(ratio.get(name, "–") for name in ("bare", "pool", "envpool", "async")),
    ]


def vectors(ids: list[str], sizes: list[int], seconds: float) -> None:
    """Print the table of vectors."""
    rows = [
        vector_row(env_id, lanes, threads, seconds)
        for env_id in ids
        for threads in (1, 2)
        for lanes in sizes
    ]
    columns = ("robot", "threads", "lanes", "restarts", "bare us", "pool us", "dromos us")
    more = ("bare / dromos", "pool / dromos", "envpool / dromos", "AsyncVectorEnv / dromos")
    print_table("Vectors, microseconds a lane-step", (*columns, *more), rows)


def singles(ids: list[str], seconds: float) -> None:
    """Print the tables of single environments: a step, and `make`."""
    steps, makes = [], []
    for env_id in ids:
        ours, theirs = dromos.make(env_id), gymnasium.make(env_id)
        actions = single_actions(ours, 20)

        def stepping(env: Any, actions: Any = actions) -> tuple[Run, Run]:
            return vector_steps(env, actions), lambda: env.reset(seed=0)

        theirs.reset(seed=0)
        runs = {
            "bare": single_loop(theirs.unwrapped, actions),
            "dromos": stepping(ours),
            "gymnasium": stepping(theirs),
        }
        taken = compare(runs, seconds)
        row = [taken[name] / len(actions) * 1e6 for name in runs]
        steps.append([env_id, *row, row[1] / row[0], row[2] / row[0]])
        made = compare(
            {
                "dromos": (lambda env_id=env_id: dromos.make(env_id), nothing),
                "gymnasium": (lambda env_id=env_id: gymnasium.make(env_id), nothing),
            },
            seconds,
        )
        times = [made[name] * 1e6 for name in ("dromos", "gymnasium")]
        makes.append([env_id, *times, times[1] / times[0]])
        theirs.close()
    columns = ("robot", "bare us", "dromos us", "gymnasium us", "dromos / bare")
    print_table("A single step", (*columns, "gymnasium / bare"), steps)
    print_table("make, second time", ("robot", "dromos us", "gymnasium us", "ratio"), makes)


def single_actions(env: Any, steps: int) -> Any:
    """Return random actions (steps, nu) for a single environment."""
    space = env.action_space
    actions = np.random.default_rng(0).uniform(space.low, space.high, (steps, *space.shape))
    return actions.astype(np.float32)


def single_loop(robot: Any, actions: Any) -> tuple[Run, Run]:
    """Return the bare loop of one simulation, and what puts the peer's to where ours begins."""
    model, data, skip = robot.model, robot.data, robot.frame_skip

    def run() -> None:
        for action in actions:
            data.ctrl[:] = action
            mujoco.mj_step(model, data, nstep=skip)

    return run, lambda: robot.reset(seed=0)


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="for each row")
    parser.add_argument("--robots", nargs="*", default=ROBOTS, help="names without their version")
    parser.add_argument("--lanes", nargs="*", type=int, default=[8, 64, 256])
    parser.add_argument("--quick", action="store_true", help="one size of vector")
    parser.add_argument("--machine", default=None, help="taken for the other benchmarks' sake")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print(machine(), "mujoco", mujoco.__version__)
    ids = [f"{robot}-v5" for robot in options.robots]
    singles(ids, options.seconds)
    vectors(ids, [64] if options.quick else options.lanes, options.seconds)


if __name__ == "__main__":
    main()
