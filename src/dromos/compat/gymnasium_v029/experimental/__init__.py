"""The experimental part of 0.27 to 0.29, which became 1.0's: wrappers with a version, vectors."""

from dromos.compat.gymnasium_v029.experimental import vector, wrappers
from dromos.compat.gymnasium_v029.experimental.vector import (
    AsyncVectorEnv,
    SyncVectorEnv,
    VectorEnv,
    VectorWrapper,
)

__all__ = [
    "AsyncVectorEnv",
    "SyncVectorEnv",
    "VectorEnv",
    "VectorWrapper",
    "vector",
    "wrappers",
]
