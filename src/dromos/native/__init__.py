"""Environments whose dynamics are native: NumPy buffers and Gymnasium's calls over a `Batch`.

This room knows no environment. One is a subclass of `NativeEnv` that names its dynamics, makes
spaces and draws, and a subclass of `NativeVectorEnv` that names the `NativeEnv`. `load` adds the
dynamics of libraries that users built.
"""

from dromos.native.distributions import Choice, Distribution, LogUniform, Normal, Uniform
from dromos.native.env import NativeEnv
from dromos.native.modules import load
from dromos.native.parameters import DEFAULT, Derived, LaneParameter, Parameter, given
from dromos.native.vector_env import NativeVectorEnv

__all__ = [
    "DEFAULT",
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
    "given",
    "load",
]
