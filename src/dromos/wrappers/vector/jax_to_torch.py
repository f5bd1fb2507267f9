"""A vector of JAX arrays for users of PyTorch."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.vector import VectorEnv
from dromos.vector.base import ArrayType
from dromos.wrappers.rules.array_conversion import JAX, TORCH, Device
from dromos.wrappers.vector.array_conversion import ArrayConversion

__all__ = ["JaxToTorch"]


class JaxToTorch(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType]):
    """Take actions and give results as PyTorch tensors; needs JAX and PyTorch."""

    @recorded
    def __init__(self, env: VectorEnv[ObsType, ActType, Any], device: Device = None) -> None:
        """Wrap `env`.

        Args:
            env: A vector of JAX arrays.
            device: Where the tensors shall be; None for where the vector's arrays are.

        Raises:
            DependencyNotInstalled: If a library is not installed.
        """
        super().__init__(env, JAX, TORCH, target_device=device)
