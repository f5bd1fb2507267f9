"""Array libraries by name: the only place that loads PyTorch, JAX and their like."""

from __future__ import annotations

import importlib
from types import ModuleType

from dromos.error import DependencyNotInstalled

__all__ = ["JAX", "NUMPY", "TORCH", "load_array_library"]

NUMPY = "numpy"
TORCH = "torch"
JAX = "jax.numpy"

#: The extra of this distribution that installs a library; others are installed by their own name.
_EXTRAS = {"torch": "torch", "jax": "jax"}


def load_array_library(name: str) -> ModuleType:
    """Import an array library.

    Args:
        name: The module with its functions, as ``"torch"``, ``"jax.numpy"``, ``"cupy"``.

    Raises:
        DependencyNotInstalled: If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as absent:
        library = name.partition(".")[0]
        if absent.name != library:
            raise
        extra = _EXTRAS.get(library)
        wanted = f'"dromos[{extra}]"' if extra else library
        raise DependencyNotInstalled(
            f"Arrays of {library} are asked for, but {library} is not installed; "
            f"run `pip install {wanted}`"
        ) from absent
