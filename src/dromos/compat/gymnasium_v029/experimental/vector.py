"""The vectors of ``experimental.vector``: those of 0.29, with today's base classes of wrappers."""

from dromos.compat.gymnasium_v029.vector import AsyncVectorEnv, SyncVectorEnv
from dromos.vector import (
    VectorActionWrapper,
    VectorEnv,
    VectorObservationWrapper,
    VectorRewardWrapper,
    VectorWrapper,
    utils,
)

__all__ = [
    "AsyncVectorEnv",
    "SyncVectorEnv",
    "VectorActionWrapper",
    "VectorEnv",
    "VectorObservationWrapper",
    "VectorRewardWrapper",
    "VectorWrapper",
    "utils",
]
