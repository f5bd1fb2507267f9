"""Vectors of environments: base classes, wrappers, and the vectors that are made of copies."""

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from dromos.vector.ray.vector_env import RayVectorEnv

__all__ = [
    "AsyncVectorEnv",
    "AutoresetMode",
    "RayVectorEnv",
    "SyncVectorEnv",
    "VectorActionWrapper",
    "VectorEnv",
    "VectorObservationWrapper",
    "VectorRewardWrapper",
    "VectorWrapper",
    "utils",
]


def __getattr__(name: str) -> object:
    """Load the vector over Ray when it is asked for."""
    if name == "RayVectorEnv":
        from dromos.homes import load

        value = load("dromos.vector.ray.vector_env:RayVectorEnv")
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
