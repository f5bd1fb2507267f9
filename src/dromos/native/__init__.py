"""Environments whose dynamics are native: NumPy buffers and Gymnasium's calls over a `Batch`.

This room knows no environment. One is a subclass of `NativeEnv` that names its dynamics, declares
its parameters and draws, and a subclass of `NativeVectorEnv` that names the `NativeEnv`.
"""

from dromos.native.distributions import Choice, Distribution, LogUniform, Normal, Uniform
from dromos.native.env import NativeEnv
from dromos.native.parameters import Derived, LaneParameter, Parameter
from dromos.native.vector_env import NativeVectorEnv

__all__ = [
    "Choice",
    "Derived",
    "Distribution",
    "LaneParameter",
    "LogUniform",
    "NativeEnv",
    "NativeVectorEnv",
    "Normal",
    "Parameter",
    "Uniform",
]
