"""A JAX environment for users of NumPy."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, Env, ObsType, WrapperActType, WrapperObsType
from dromos.utils.record_constructor import recorded
from dromos.wrappers.array_conversion import ArrayConversion
from dromos.wrappers.rules.array_conversion import JAX, NUMPY, array_conversion

__all__ = ["JaxToNumpy", "jax_to_numpy", "numpy_to_jax"]


def jax_to_numpy(value: Any) -> Any:
    """Return `value` with every array in it as a NumPy array (see `array_conversion`).

    Arrays of JAX cannot be written to, so neither can what shares their memory.
    """
    return array_conversion(value, NUMPY)


def numpy_to_jax(value: Any) -> Any:
    """Return `value` with every array in it as a JAX array (see `array_conversion`)."""
    return array_conversion(value, JAX)


class JaxToNumpy(ArrayConversion[WrapperObsType, WrapperActType, ObsType, ActType]):
    """Take actions and give observations as NumPy arrays; needs JAX.

    The observations are in the environment's memory and cannot be written to, as JAX's cannot.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`, an environment of JAX arrays.

        Raises:
            DependencyNotInstalled: If JAX is not installed.
        """
        super().__init__(env, JAX, NUMPY)
