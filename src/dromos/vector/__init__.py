"""Vectors of environments: base classes, wrappers, and the vector that runs serially."""

from dromos.vector import utils
from dromos.vector.async_vector_env import AsyncVectorEnv
from dromos.vector.sync_vector_env import SyncVectorEnv
from dromos.vector.vector_env import (
    AutoresetMode,
    VectorActionWrapper,
    VectorEnv,
    VectorObservationWrapper,
    VectorRewardWrapper,
    VectorWrapper,
)

__all__ = [
    "AsyncVectorEnv",
    "AutoresetMode",
    "SyncVectorEnv",
    "VectorActionWrapper",
    "VectorEnv",
    "VectorObservationWrapper",
    "VectorRewardWrapper",
    "VectorWrapper",
    "utils",
]
