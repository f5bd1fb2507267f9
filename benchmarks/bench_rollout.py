"""Whole trajectories in one call, against loops over `step`, a C loop, and `mujoco.rollout`.

    python benchmarks/bench_rollout.py [--machine NAME]

All contenders of a row take turns in one run. Ratios above 1 mean that `rollout` is faster. The C
loop is that of ``baselines/cartpole_loops.cpp`` in float64, which writes a row of every array for
each step, as `rollout` does, to the same arrays each time; its random numbers are three shifts,
ours are NumPy's streams.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from timing import best_microseconds, machine, print_table

import dromos as gym
from dromos._core import batch as core
from dromos.rollout import Rollout

CARTPOLE_STEPS = 128
WORKER_LANES, WORKER_STEPS = 8, 32
FUTURES, HORIZON = 64, 50
ROBOTS, ROBOT_STEPS = 64, 20


def c_trajectory(lanes: int, actions: Any) -> Callable[[], object]:
    """The float64 C loop over lanes, with a row of every array for each step."""
    source = Path(__file__).parent / "baselines" / "cartpole_loops.cpp"
    library = Path(tempfile.mkdtemp()) / "loops.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-mprefer-vector-width=512"]
    subprocess.run(["g++", *flags, "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    function = ctypes.CDLL(str(library)).simd_trajectory_double
    arrays = (
        actions,
        np.zeros((len(actions), lanes, 4), np.float32),
        np.zeros((len(actions), lanes)),
        *(np.zeros((len(actions), lanes), np.uint8) for _ in range(2)),
    )
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
    return lambda: (function(lanes, len(actions), *pointers), arrays)


def steps(vector: Any, actions: Any) -> Callable[[], object]:
    """A loop over `step` that keeps nothing."""

    def loop() -> None:
        for row in actions:
            vector.step(row)

    return loop


def cartpole() -> None:
    rows = []
    for lanes in (8, 1024):
        actions = np.random.default_rng(0).integers(0, 2, (CARTPOLE_STEPS, lanes))
        whole, loop, policy = (gym.make_vec("CartPole-v1", lanes, num_threads=1) for _ in range(3))
        for vector in (whole, loop, policy):
            vector.reset(seed=0)
        out = Rollout.empty(whole, CARTPOLE_STEPS)
        fields = {"observations": out.observations, "rewards": out.rewards, "actions": actions}
        fields |= {"terminated": out.terminated, "truncated": out.truncated}
        fields |= {"valid_transition": out.valid_transition}
        first = actions[0]
        ours, given, stepped, followed, c_loop = best_microseconds(
            lambda vector=whole, rows=actions: vector.rollout(rows),
            lambda vector=whole, to=fields, rows=actions: vector.rollout(rows, out=to),
            steps(loop, actions),
            lambda vector=policy, row=first: vector.rollout(lambda _: row, CARTPOLE_STEPS),
            c_trajectory(lanes, actions),
        )
        rows.append((lanes, ours, given, followed, stepped, stepped / ours, c_loop, c_loop / ours))
    print_table(
        f"CartPole, {CARTPOLE_STEPS} steps, one thread (us)",
        ("lanes", "rollout", "rollout(out=)", "of a policy", "loop over step", "ratio", "C loop",
         "ratio"),
        rows,
    )  # fmt: skip


def futures() -> None:
    rows = []
    for env_id, wrap in (
        ("Pendulum-v1", lambda env: env),
        ("Acrobot-v1", lambda env: env),
        ("CartPole-v1", lambda env: env),
        ("CartPole-v1", lambda env: gym.wrappers.FrameStackObservation(env, 4)),
        ("CartPole-v1", lambda env: gym.wrappers.DelayObservation(env, 1)),
    ):
        env = wrap(gym.make(env_id))
        env.reset(seed=0)
        env.action_space.seed(0)
        sampled = [env.action_space.sample() for _ in range(FUTURES * HORIZON)]
        actions = np.reshape(np.array(sampled), (FUTURES, HORIZON, *env.action_space.shape))
        (ours,) = best_microseconds(lambda env=env, rows=actions: env.rollout(rows))
        rows.append((str(env), ours))
    print_table(f"env.rollout, {FUTURES} futures of {HORIZON} steps", ("env", "us"), rows)


def robots(threads: int) -> None:
    import mujoco
    from mujoco import rollout

    env_id = "HalfCheetah-v5"
    vector = gym.make_vec(env_id, ROBOTS, num_threads=threads)
    vector.reset(seed=0)
    vector.action_space.seed(0)
    actions = np.stack([vector.action_space.sample() for _ in range(ROBOT_STEPS)])
    single = gym.make(env_id).unwrapped
    model, kind = single.model, mujoco.mjtState.mjSTATE_FULLPHYSICS
    states = np.zeros((ROBOTS, mujoco.mj_stateSize(model, kind)))
    for lane in range(ROBOTS):
        single.reset(seed=lane)
        mujoco.mj_getState(model, single.data, states[lane], kind)
    control = np.repeat(actions.swapaxes(0, 1), single.frame_skip, axis=1).astype(np.float64)
    datas = [mujoco.MjData(model) for _ in range(threads)]
    size = (ROBOTS, control.shape[1])
    kept = np.zeros((*size, states.shape[1])), np.zeros((*size, model.nsensordata))
    loop = gym.make_vec(env_id, ROBOTS, num_threads=threads)
    loop.reset(seed=0)
    with rollout.Rollout(nthread=threads) as pool:
        ours, stepped, peer = best_microseconds(
            lambda: vector.rollout(actions),
            steps(loop, actions),
            lambda: pool.rollout(model, datas, states, control, state=kept[0], sensordata=kept[1]),
            seconds=0.5,
        )
    print_table(
        f"{env_id}, {ROBOTS} lanes, {ROBOT_STEPS} steps, {threads} threads (us a lane-step)",
        ("rollout", "loop over step", "ratio", "mujoco.rollout", "ratio"),
        [
            (
                *(us / ROBOTS / ROBOT_STEPS for us in (ours, stepped)),
                stepped / ours,
                peer / ROBOTS / ROBOT_STEPS,
                peer / ours,
            )
        ],
    )


class Idle(gym.Env[Any, Any]):
    """An environment that does nothing."""

    def __init__(self) -> None:
        self.observation_space = gym.spaces.Box(0, 1, (4,), np.float32)
        self.action_space = gym.spaces.Discrete(2)
        self.obs = np.zeros(4, np.float32)

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        """Start."""
        return self.obs, {}

    def step(self, action: Any) -> Any:
        """Do nothing."""
        return self.obs, 1.0, False, False, {}


def workers() -> None:
    vector = gym.vector.AsyncVectorEnv([Idle] * WORKER_LANES)
    vector.reset(seed=0)
    actions = np.zeros((WORKER_STEPS, WORKER_LANES), np.int64)
    vector.rollout(actions)
    ours, stepped = best_microseconds(lambda: vector.rollout(actions), steps(vector, actions))
    vector.close()
    print_table(
        f"Workers, no-op environments, {WORKER_LANES} lanes, {WORKER_STEPS} steps (us)",
        ("rollout", "loop over step", "ratio"),
        [(ours, stepped, stepped / ours)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", default=machine())
    parser.add_argument("--only", choices=("cartpole", "futures", "robots", "workers"))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{arguments.machine}; kernels: {core.instruction_set()}")
    parts: dict[str, Callable[[], None]] = {
        "cartpole": cartpole,
        "futures": futures,
        "robots": lambda: (robots(1), robots(2))[0],
        "workers": workers,
    }
    for name, part in parts.items():
        if arguments.only in (None, name):
            part()


if __name__ == "__main__":
    main()
