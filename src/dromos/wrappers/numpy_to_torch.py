"""A NumPy environment for users of PyTorch."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, Env, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.wrappers.array_conversion import ArrayConversion
from dromos.wrappers.rules.array_conversion import NUMPY, TORCH, Device, array_conversion

__all__ = ["Device", "NumpyToTorch", "numpy_to_torch", "torch_to_numpy"]


def torch_to_numpy(value: Any) -> Any:
    """Return `value` with every array in it as a NumPy array (see `array_conversion`)."""
    return array_conversion(value, NUMPY)


def numpy_to_torch(value: Any, device: Device = None) -> Any:
    """Return `value` with every array in it as a PyTorch tensor (see `array_conversion`)."""
    return array_conversion(value, TORCH, device)


class NumpyToTorch(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType]):
    """Take actions and give observations as PyTorch tensors; needs PyTorch."""

    @recorded
    def __init__(self, env: Env[ObsType, ActType], device: Device = None) -> None:
        """Wrap `env`.

        Args:
            env: An environment of NumPy arrays.
            device: Where the tensors shall be; None for the memory of the CPU.

        Raises:
            DependencyNotInstalled: If PyTorch is not installed.
        """
        super().__init__(env, NUMPY, TORCH, target_device=device)
