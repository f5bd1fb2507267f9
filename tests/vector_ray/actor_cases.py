"""Vectors over Ray for the tests, and where their actors are."""

from __future__ import annotations

import os
import time
from typing import Any

import ray
from vector_cases import OURS, env_class

from dromos.vector import RayVectorEnv, SyncVectorEnv

__all__ = ["alive", "gone", "make_ray", "make_sync", "processes"]


def make_ray(kind: str, num_envs: int = 5, **kwargs: Any) -> Any:
    given = {"num_actors": 2, **kwargs}
    return RayVectorEnv([env_class(OURS, kind)] * num_envs, **given)


def make_sync(kind: str, num_envs: int = 5, **kwargs: Any) -> Any:
    return SyncVectorEnv([env_class(OURS, kind)] * num_envs, **kwargs)


def _where(_: Any) -> tuple[int, str]:
    return os.getpid(), ray.get_runtime_context().get_node_id()


def processes(vector: Any) -> list[tuple[int, str]]:
    """The process and the node of each actor."""
    handles = [post.handle for post in vector._lanes.actors._posts]
    return ray.get([handle.__ray_call__.remote(_where) for handle in handles])


def alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: Any) -> bool:
    """Whether processes end, within some seconds."""
    deadline = time.monotonic() + 30
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(alive, pids))
