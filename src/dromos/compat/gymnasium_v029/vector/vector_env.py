"""Public path of the base classes of vectors."""

from dromos.vector import VectorEnv
from dromos.vector import VectorWrapper as VectorEnvWrapper

__all__ = ["VectorEnv", "VectorEnvWrapper"]
