"""Vectors of Gym 0.21 to 0.25: ``dones`` and a list of infos, one dict a lane."""

from dromos.compat.gym_v25.vector.async_vector_env import AsyncVectorEnv
from dromos.compat.gym_v25.vector.making import make
from dromos.compat.gym_v25.vector.sync_vector_env import SyncVectorEnv
from dromos.compat.gym_v25.vector.vector_env import VectorEnv, VectorEnvWrapper
from dromos.vector import utils

__all__ = [
    "AsyncVectorEnv",
    "SyncVectorEnv",
    "VectorEnv",
    "VectorEnvWrapper",
    "make",
    "utils",
]
