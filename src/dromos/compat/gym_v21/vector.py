"""Vectors of Gym 0.12 to 0.21; see `dromos.compat.gym_v23.vector`."""

from __future__ import annotations

from functools import partial

from dromos.compat.gym_v21.envs.registration import make as _make_env
from dromos.compat.gym_v23.vector import AsyncVectorEnv, SyncVectorEnv, make_by
from dromos.compat.gym_v25.vector import VectorEnv, VectorEnvWrapper
from dromos.vector import utils

__all__ = ["AsyncVectorEnv", "SyncVectorEnv", "VectorEnv", "VectorEnvWrapper", "make", "utils"]

#: Make a vector of copies of a registered environment.
make = partial(make_by, _make_env)
