"""Libraries of environments that users built, which join those of the core at run time.

A library exports what ``DROMOS_MODULE`` of ``dromos/module.hpp`` defines. A package names its
libraries in its ``pyproject.toml``, and they are loaded when an id is asked for that nobody
registered::

    [project.entry-points."dromos.native"]
    my-package = "my_package._dynamics"
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path
from types import new_class
from typing import Any, NamedTuple

from dromos._core import batch as core
from dromos.locks import Lock
from dromos.native.env import NativeEnv
from dromos.native.vector_env import NativeVectorEnv
from dromos.process_state import captures
from dromos.registration.plugins import load_plugins
from dromos.registration.registry import namespace, registry
from dromos.registration.registry import register as register_id

__all__ = ["load"]


class _Library(NamedTuple):
    """A library that was loaded: its module's name, and those of its environments."""

    module: str
    names: tuple[str, ...]


_loading = Lock()
_libraries: dict[str, _Library] = {}
_registered: set[str] = set()

#: The classes of environments of which Python knows no more than the library tells, by
#: "<module>/<class>", made when somebody asks for them.
_classes: dict[str, type[Any]] = {}


def load(library: str | os.PathLike[str], *, register: bool = True) -> tuple[str, ...]:
    """Load a library of environments, and register them.

    Each is ``<module>/<name>-v0`` from then on: `make` and `make_vec` find it, with spaces as wide
    as its struct tells, and no pictures. A class of one's own, derived from `NativeEnv` with
    ``dynamics = "<module>/<name>"``, describes and draws. A library is loaded once, for as long as
    the process runs, and in the worker processes of a vector too.

    Args:
        library: The file, or its name as a module is named that Python would find there
            (``"my_env"`` for ``my_env.so``, ``"my_package._dynamics"`` for one in a package).
        register: Whether to give the environments ids.

    Returns:
        The names of the environments' dynamics, ``"<module>/<name>"``.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If nothing is found under the name, it is no library of environments, it was
            built for another layout of the core's structs, or a name is taken by another library.
            The message says what to build anew.
    """
    path = str(_file_of(library).resolve())
    with _loading.held():
        found = _libraries.get(path)
        if found is None:
            try:
                found = _Library(*core.load_module(path))
            except ImportError as reason:
                raise ImportError(f"{path} cannot be used: {reason}", path=path) from None
            _libraries[path] = found
    if register:
        _register(path, found)
    return tuple(f"{found.module}/{name}" for name in found.names)


def _file_of(library: str | os.PathLike[str]) -> Path:
    name = os.fspath(library)
    if not isinstance(library, str) or os.sep in name or name.endswith((".so", ".dylib")):
        path = Path(name)
        if not path.is_file():
            raise FileNotFoundError(f"There is no file {name} to load environments from")
        return path
    try:
        found = find_spec(name)
    except (ImportError, ValueError) as reason:
        raise ModuleNotFoundError(
            f"No library of environments is found under {name!r}: {reason}", name=name
        ) from None
    if found is None:
        raise ModuleNotFoundError(
            f"No library of environments is found under {name!r}: no file {name.split('.')[-1]}.so "
            "is where Python looks for modules. Build and install its package, or give its path.",
            name=name,
        )
    if found.origin is None or not found.origin.endswith(tuple(EXTENSION_SUFFIXES)):
        raise ImportError(
            f"{name!r} is a module written in Python, {found.origin}. Name the library itself; one "
            f"in a package is named as {name}._dynamics",
            name=name,
        )
    return Path(found.origin)


def _make_classes(module: str, name: str) -> None:
    def make(title: str, base: type[Any], **body: Any) -> type[Any]:
        body.update(__module__=__name__, __qualname__=f"{module}/{title}")
        return new_class(title, (base,), {}, lambda namespace: namespace.update(body))

    doc = f"The environment {name} of the library {module}, which says no more of itself."
    single = make(f"{name}Env", NativeEnv, dynamics=f"{module}/{name}", __doc__=doc)
    doc = f"Many lanes of {name}."
    vector = make(f"{name}VectorEnv", NativeVectorEnv, single=single, __doc__=doc)
    _classes.update({cls.__qualname__: cls for cls in (single, vector)})


def _register(path: str, library: _Library) -> None:
    _registered.add(path)
    with namespace(None):
        for name in library.names:
            place = f"{__name__}:{library.module}/{name}"
            if (env_id := f"{library.module}/{name}-v0") not in registry:
                register_id(env_id, f"{place}Env", vector_entry_point=f"{place}VectorEnv")


def __getattr__(name: str) -> type[Any]:
    if "/" not in name:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in _classes and not _find_classes(name):
        load_plugins()
        if not _find_classes(name):
            raise AttributeError(
                f"No library was loaded of which {name} is an environment; call "
                "dromos.native.load of its file first"
            )
    return _classes[name]


def _find_classes(place: str) -> bool:
    """Make the class of a place and its sister; return whether it is that of a library."""
    for module, names in list(_libraries.values()):  # a thread may be loading another
        for name in names:
            if place in (f"{module}/{name}Env", f"{module}/{name}VectorEnv"):
                _make_classes(module, name)
                return True
    return False


def _capture() -> Callable[[], None]:
    return partial(_load_again, [(path, path in _registered) for path in list(_libraries)])


def _load_again(libraries: list[tuple[str, bool]]) -> None:
    for path, registered in libraries:
        load(path, register=registered)


captures.append(_capture)
