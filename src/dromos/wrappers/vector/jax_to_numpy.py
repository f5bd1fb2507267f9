"""A vector of JAX arrays for users of NumPy."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.vector import VectorEnv
from dromos.vector.base import ArrayType
from dromos.wrappers import jax_to_numpy
from dromos.wrappers.rules.array_conversion import JAX, NUMPY
from dromos.wrappers.vector.array_conversion import ArrayConversion
from dromos.wrappers.vector.documentation import documented_by

__all__ = ["JaxToNumpy"]


class JaxToNumpy(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType]):
    """Take actions and give results as NumPy arrays; needs JAX."""

    @documented_by(jax_to_numpy.JaxToNumpy)
    @recorded
    def __init__(self, env: VectorEnv[ObsType, ActType, Any]) -> None:
        super().__init__(env, JAX, NUMPY)
