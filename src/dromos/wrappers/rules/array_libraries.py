"""Array libraries by name: the only place that loads PyTorch, JAX and their like."""

from __future__ import annotations

import importlib
from types import ModuleType

from dromos.error import DependencyNotInstalled

__all__ = ["JAX", "NUMPY", "TORCH", "load_array_library", "module_namespace"]

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


def module_namespace(xp: ModuleType) -> ModuleType:
    """Return the namespace of the array API standard that belongs to a module.

    That is the one of ``array_api_compat`` if this is installed, else what the module's arrays
    name as theirs, else the module.

    Raises:
        ValueError: If it is no module of an array library.
    """
    try:
        array = xp.empty(0)
        xp.asarray(0.0)
    except AttributeError as absent:
        raise ValueError(f"Module {xp} is not an Array API compatible module.") from absent
    try:
        from array_api_compat import array_namespace
    except ImportError:
        own = getattr(array, "__array_namespace__", None)
        return xp if own is None else own()
    return array_namespace(array)
