"""Where public classes say they live: in this library, or in the alias that programs import.

Programs look at ``cls.__module__`` and at the bases of an environment for the library they know.
Under the alias ``gymnasium``, classes therefore say ``gymnasium.core`` where they say
``dromos.core`` without it; both names import the same class. What is written to files (specs,
snapshots) always has our own name.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from functools import reduce
from types import ModuleType
from typing import Any, TypeVar

from dromos.locks import Lock

__all__ = [
    "adopt",
    "home_of",
    "import_homes",
    "import_module",
    "importing",
    "lives_in",
    "load",
    "name_after",
    "rename",
]

_Class = TypeVar("_Class", bound=type)

_OWN = __name__.partition(".")[0]
#: Other dialects have names and places of their own.
_KEEPS_ITS_NAME = f"{_OWN}.compat."

_roots: list[type[Any]] = []
_alias: str | None = None
#: Whether the alias leads to a module of ours, by its name below the root.
_leads_to: Callable[[str], bool] = bool
#: Modules of the alias that classes name and that nobody may have imported yet.
_named: set[str] = set()

_importing = Lock()
_PATIENCE = 10.0  # seconds


def adopt(cls: _Class) -> _Class:
    """Let a class, and those derived from it, be named after an alias; a decorator."""
    _roots.append(cls)
    rename(cls)
    return cls


def lives_in(module: str) -> Callable[[_Class], _Class]:
    """Adopt a class and let it name another module than the one it is written in; a decorator.

    For classes whose decorators look at the module while it is being imported; others say it in
    their body.
    """

    def decorate(cls: _Class) -> _Class:
        cls.__module__ = module
        return adopt(cls)

    return decorate


def rename(cls: type[Any]) -> None:
    """Name a class of this library after the alias, if there is one; for ``__init_subclass__``.

    A class whose module the alias of an old release has otherwise keeps its own name.
    """
    module = cls.__module__
    if _alias is None or not module.startswith(f"{_OWN}.") or module.startswith(_KEEPS_ITS_NAME):
        return
    inner = module.removeprefix(f"{_OWN}.")
    if not _leads_to(inner):
        return
    name = f"{_alias}.{inner}"
    type.__setattr__(cls, "__module__", name)
    _named.add(name)


def name_after(alias: str, leads_to: Callable[[str], bool]) -> None:
    """Name the adopted classes after an alias, those of modules that are imported later too.

    Args:
        alias: The name of its root.
        leads_to: Whether it leads to the module of ours that has this name below the root.
    """
    global _alias, _leads_to
    _alias, _leads_to = alias, leads_to
    pending, seen = list(_roots), set(_roots)
    while pending:
        cls = pending.pop()
        rename(cls)
        new = [sub for sub in type.__subclasses__(cls) if sub not in seen]
        pending += new
        seen.update(new)


def import_homes() -> None:
    """Import the modules of the alias that classes say they live in.

    Picklers look a class up in `sys.modules`; cloudpickle takes one whose module is not there for a
    class of the program's own and sends its code along, which makes another class of it.
    """
    while _named:
        name = _named.pop()
        if name not in sys.modules:
            import_module(name)


@contextlib.contextmanager
def importing() -> Iterator[None]:
    """Let one thread at a time import what a first use needs.

    Python's own locks are one a module. Two threads that need two modules of a package at first,
    one of them inside the package's own import, wait for each other there, and Python ends that by
    an error in one of them. A thread that holds such a lock may also wait for ours; so nobody waits
    for ours without end.
    """
    with _importing.held(_PATIENCE):
        yield


def import_module(name: str) -> ModuleType:
    """Import a module by its name, as `importlib.import_module` does, one thread at a time."""
    module = sys.modules.get(name)
    if module is not None and not getattr(module.__spec__, "_initializing", False):
        return module
    with importing():
        return importlib.import_module(name)


def load(path: str) -> Any:
    """Return what ``"module:attribute"`` names, the module imported; the attribute may be dotted.

    Raises:
        ModuleNotFoundError: If there is no such module.
        AttributeError: If the module has no such attribute.
    """
    module, _, attributes = path.partition(":")
    return reduce(getattr, attributes.split("."), import_module(module))


def home_of(cls: type[Any]) -> str:
    """Return the module of a class by our own name for it."""
    module = cls.__module__
    if _alias is not None and module.partition(".")[0] == _alias:
        return f"{_OWN}{module.removeprefix(_alias)}"
    return module
