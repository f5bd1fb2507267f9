"""dromos: Gymnasium's contract, at the speed of the hardware.

``import dromos as gym`` is all a program written for Gymnasium needs to change. Names are loaded
when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos import core as core
    from dromos import envs, error, logger, spaces, utils, vector, wrappers
    from dromos.core import ActionWrapper, Env, ObservationWrapper, RewardWrapper, Wrapper
    from dromos.envs.registration import (
        VectorizeMode,
        make,
        make_vec,
        pprint_registry,
        register,
        register_envs,
        registry,
        spec,
    )
    from dromos.spaces import Space

__all__ = [
    "ActionWrapper",
    "Env",
    "ObservationWrapper",
    "RewardWrapper",
    "Space",
    "VectorizeMode",
    "Wrapper",
    "envs",
    "error",
    "get_include",
    "logger",
    "make",
    "make_vec",
    "pprint_registry",
    "register",
    "register_envs",
    "registry",
    "spaces",
    "spec",
    "utils",
    "vector",
    "wrappers",
]

__version__ = "0.1.0"

_CORE = "dromos.core"
_REGISTRATION = "dromos.envs.registration"
_HOMES = {
    "ActionWrapper": _CORE,
    "Env": _CORE,
    "ObservationWrapper": _CORE,
    "RewardWrapper": _CORE,
    "Space": "dromos.spaces",
    "VectorizeMode": _REGISTRATION,
    "Wrapper": _CORE,
    "make": _REGISTRATION,
    "make_vec": _REGISTRATION,
    "pprint_registry": _REGISTRATION,
    "register": _REGISTRATION,
    "register_envs": _REGISTRATION,
    "registry": _REGISTRATION,
    "spec": _REGISTRATION,
}
_MODULES = frozenset({"core", "envs", "error", "logger", "spaces", "utils", "vector", "wrappers"})


def get_include() -> str:
    """Return the directory of the C++ headers, for compilers' ``-I``."""
    from pathlib import Path

    package = Path(__file__).parent
    installed = package / "include"
    return str(installed if installed.is_dir() else package.parents[1] / "cpp" / "include")


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")  # binds itself here
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
