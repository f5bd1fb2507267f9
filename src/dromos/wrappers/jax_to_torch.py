"""A JAX environment for users of PyTorch."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, Env, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.wrappers.array_conversion import ArrayConversion
from dromos.wrappers.rules.array_conversion import JAX, TORCH, Device, array_conversion

__all__ = ["Device", "JaxToTorch", "jax_to_torch", "torch_to_jax"]


def torch_to_jax(value: Any) -> Any:
    """Return `value` with every array in it as a JAX array (see `array_conversion`)."""
    return array_conversion(value, JAX)


def jax_to_torch(value: Any, device: Device = None) -> Any:
    """Return `value` with every array in it as a PyTorch tensor (see `array_conversion`).

    Tensors can be written to and arrays of JAX cannot, so in the memory of the CPU they are copied.
    """
    return array_conversion(value, TORCH, device)


class JaxToTorch(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType]):
    """Take actions and give observations as PyTorch tensors; needs JAX and PyTorch."""

    @recorded
    def __init__(self, env: Env[ObsType, ActType], device: Device = None) -> None:
        """Wrap `env`.

        Args:
            env: An environment of JAX arrays.
            device: Where the tensors shall be; None for where the environment's arrays are.

        Raises:
            DependencyNotInstalled: If a library is not installed.
        """
        super().__init__(env, JAX, TORCH, target_device=device)
