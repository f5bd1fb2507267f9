"""Vectors of Gymnasium 0.29: reset in the same step, ``final_observation`` and ``final_info``."""

from dromos.compat.gymnasium_v029.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gymnasium_v029.vector.making import make
from dromos.compat.gymnasium_v029.vector.sync_vector_env import SyncVectorEnv
from dromos.compat.gymnasium_v029.vector.vector_env import VectorEnv, VectorEnvWrapper
from dromos.vector import utils

__all__ = [
    "AsyncVectorEnv",
    "SyncVectorEnv",
    "VectorEnv",
    "VectorEnvWrapper",
    "make",
    "utils",
]
