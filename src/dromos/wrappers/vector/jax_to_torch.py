"""A vector of JAX arrays for users of PyTorch."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.vector import VectorEnv
from dromos.vector.base import ArrayType
from dromos.wrappers import jax_to_torch
from dromos.wrappers.rules.array_conversion import JAX, TORCH, Device
from dromos.wrappers.vector.array_conversion import ArrayConversion
from dromos.wrappers.vector.documentation import documented_by

__all__ = ["JaxToTorch"]


class JaxToTorch(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType]):
    """Take actions and give results as PyTorch tensors; needs JAX and PyTorch."""

    @documented_by(jax_to_torch.JaxToTorch)
    @recorded
    def __init__(self, env: VectorEnv[ObsType, ActType, Any], device: Device = None) -> None:
        super().__init__(env, JAX, TORCH, target_device=device)
