"""MuJoCo's pool of threads for a robot's lanes, and its like in a forked process."""

from __future__ import annotations

import numpy as np

from dromos._core import mujoco as core
from dromos.envs.mujoco.lane_parameters import LaneParameters
from dromos.envs.mujoco.robot import RobotEnv

__all__ = ["make_pool", "pool_after_fork"]


def make_pool(env: RobotEnv, num_lanes: int, threads: int) -> core.Pool:
    """Return lanes at rest like a single environment, in which no episode was started."""
    return core.Pool(
        env._plan,
        env._model,
        num_lanes,
        threads,
        env.frame_skip,
        {name: env._lane.get(name) for name in core.TASK_FIELDS},
        env.init_qpos,
        env.init_qvel,
    )


def pool_after_fork(
    before: core.Pool, params: LaneParameters, env: RobotEnv, threads: int
) -> tuple[core.Pool, LaneParameters]:
    """Return a pool with threads of this process, and what its lanes have of their own.

    A fork inherits the memory of its parent's pool, and none of the threads.

    Args:
        before: The pool of the process that this one was forked from.
        params: What its lanes have of their own.
        env: A single environment like the lanes.
        threads: How many threads share a step.
    """
    lanes = len(before.shown)
    pool = make_pool(env, lanes, threads)
    pool.frames = before.frames
    for name in ("states", "points", "shown", "tasks", "streams"):
        getattr(pool, name)[...] = getattr(before, name)
    return pool, params.moved_to(pool, np.arange(lanes, dtype=np.int32))
