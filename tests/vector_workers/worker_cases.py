"""Environments for workers, and vectors of each kind to compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "vector"))

from vector_cases import KINDS, MODES, OURS, assert_same, env_class

from dromos.vector import AsyncVectorEnv, SyncVectorEnv

__all__ = ["KINDS", "MODES", "OURS", "assert_same", "env_class", "make_async", "make_sync"]


def make_sync(kind: str, num_envs: int = 5, **kwargs: Any) -> Any:
    return SyncVectorEnv([env_class(OURS, kind)] * num_envs, **kwargs)


def make_async(kind: str, num_envs: int = 5, **kwargs: Any) -> Any:
    kwargs = {"shared_memory": kind not in ("text", "custom"), **kwargs}
    return AsyncVectorEnv([env_class(OURS, kind)] * num_envs, **kwargs)
