"""Public path of the vector base classes."""

from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.transforms import (
    VectorActionWrapper,
    VectorObservationWrapper,
    VectorRewardWrapper,
)
from dromos.vector.wrapper import VectorWrapper

__all__ = [
    "ArrayType",
    "AutoresetMode",
    "VectorActionWrapper",
    "VectorEnv",
    "VectorObservationWrapper",
    "VectorRewardWrapper",
    "VectorWrapper",
]
