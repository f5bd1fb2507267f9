"""A vector of NumPy arrays for users of PyTorch."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.vector import VectorEnv
from dromos.vector.base import ArrayType
from dromos.wrappers import numpy_to_torch
from dromos.wrappers.rules.array_conversion import NUMPY, TORCH, Device
from dromos.wrappers.vector.array_conversion import ArrayConversion
from dromos.wrappers.vector.documentation import documented_by

__all__ = ["NumpyToTorch"]


class NumpyToTorch(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType, ArrayType]):
    """Take actions and give results as PyTorch tensors; needs PyTorch."""

    @documented_by(numpy_to_torch.NumpyToTorch)
    @recorded
    def __init__(self, env: VectorEnv[ObsType, ActType, Any], device: Device = None) -> None:
        super().__init__(env, NUMPY, TORCH, target_device=device)
