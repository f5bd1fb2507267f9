"""dromos: Gymnasium's contract, at the speed of the hardware.

``import dromos as gym`` is all a program written for Gymnasium needs to change. Names are loaded
when they are first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dromos import compat as compat
    from dromos import core as core
    from dromos import envs, error, experimental, logger, spaces, utils, vector, wrappers
    from dromos import play as play
    from dromos import presets as presets
    from dromos import render as render
    from dromos import snapshot as snapshot
    from dromos import testing as testing
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
    from dromos.viewer import view

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
    "experimental",
    "get_cmake_dir",
    "get_include",
    "get_pkgconfig_dir",
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
    "view",
    "wrappers",
]

__version__ = "0.1.0"

# A free-threaded Python takes its lock back when the core is loaded, and warns of it, unless told
# not to; without it, nothing keeps two threads out of an environment.
if getattr(sys.flags, "gil", None) == 0:
    raise ImportError(
        "dromos needs Python's global lock, which this interpreter was told to do without. Start "
        "it without PYTHON_GIL=0 and -X gil=0."
    )

# pygame greets on the standard output, which other programs read.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "hide")

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
    "view": "dromos.viewer",
}
#: The public rooms in which a name is looked for that somebody expects here.
_ROOMS = (
    *("spaces", "wrappers", "vector", "testing", "snapshot", "presets", "utils.play", "error"),
    *("core", "envs.registration", "utils.save_video", "experimental.functional", "envs.mujoco"),
)


def get_include() -> str:
    """Return the directory of the C++ headers, for compilers' ``-I``."""
    return _directory("include", in_checkout="cpp/include")


def get_cmake_dir() -> str:
    """Return the directory of `dromosConfig.cmake`, for CMake's ``-Ddromos_DIR=``."""
    return _directory("lib/cmake/dromos", in_checkout="build/dev")


def get_pkgconfig_dir() -> str:
    """Return the directory of `dromos.pc`, for pkg-config's ``PKG_CONFIG_PATH``."""
    return _directory("share/pkgconfig", in_checkout="build/dev")


def _directory(installed: str, *, in_checkout: str) -> str:
    from pathlib import Path

    package = Path(__file__).parent
    path = package / installed
    return str(path if path.is_dir() else package.parents[1] / in_checkout)


class _NoSuchName(AttributeError):
    """Says where the name is to be found, if anywhere. Who only asks whether it is pays nothing."""

    def __str__(self) -> str:
        from dromos.error import nearest
        from dromos.homes import import_module

        text, name = self.args
        homes: dict[str, str] = {}
        for room in _ROOMS:
            for known in getattr(import_module(f"{__name__}.{room}"), "__all__", ()):
                homes.setdefault(known, room)
        near = name if name in homes else nearest(name, [*__all__, "__version__", *homes])
        if near is None:
            return str(text)
        if near in homes and near not in __all__:
            near = f"from {__name__}.{homes[near]} import {near}"
        return f"{text}. Did you mean: `{near}`?"


def __getattr__(name: str) -> object:
    from dromos.homes import import_module

    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    if not name.startswith("_"):
        try:
            return import_module(f"{__name__}.{name}")  # binds itself here
        except ModuleNotFoundError as absent:
            if absent.name != f"{__name__}.{name}":
                raise
    raise _NoSuchName(f"module {__name__!r} has no attribute {name!r}", name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
