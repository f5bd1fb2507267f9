"""The alias: an import name whose modules are this library's own.

``gymnasium.wrappers`` *is* `dromos.wrappers`: the same module, so classes, registry and
``isinstance`` agree whichever name a program uses. Only the root is a module of its own, because
its ``__version__`` is the release whose interface clients may expect.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from opcode import opname
from types import ModuleType
from typing import Any

from dromos import homes
from dromos.compat.gymnasium.dialects import (
    FIRST_OF_GYMNASIUM,
    OWN,
    Dialect,
    dialect_of,
    release_of,
)
from dromos.compat.gymnasium.missing import MissingName, explain
from dromos.compat.gymnasium.old_times import NO_NUMPY_NAMES, begin
from dromos.error import Error

__all__ = ["answer", "install"]

_ABSENT = object()


def install(api: str = "1.4", name: str | None = None, *, numpy_names: bool = True) -> None:
    """Make ``import gymnasium``, and every module below it, be this library.

    It holds for this process and, through ``PYTHONPATH``, for the Python processes it starts
    from now on, in whichever way. Installing again is harmless.

    Args:
        api: The release that is spoken, as ``"1.4"``, ``"0.29"`` or ``"0.21"``; one between two
            dialects gets the one that covers it.
        name: The import name, ``"gymnasium"`` or ``"gym"``; None for ``"gym"`` before 0.26, when
            there was no other, and else ``"gymnasium"``.
        numpy_names: Whether programs of before 1.0 find the names that NumPy 2 has given up, such
            as ``np.float_``.

    Raises:
        Error: If there is no such dialect, or the name is already taken: by the other library,
            which has been imported, or by another dialect.
    """
    if name is None:
        name = "gym" if release_of(api) < FIRST_OF_GYMNASIUM else "gymnasium"
    dialect = dialect_of(api, name)
    if not numpy_names:
        os.environ[NO_NUMPY_NAMES] = "1"
    installed = _FINDER.dialects.get(name)
    if installed == dialect:
        return
    if installed is not None:
        raise Error(f"{name} is already answered for as release {installed.api}; start anew.")
    if (other := sys.modules.get(name)) is not None:
        raise Error(_too_late(name, other))
    _add(dialect)
    shim = str(dialect.shim)
    if shim not in sys.path:
        sys.path.insert(min(1, len(sys.path)), shim)  # where Python puts PYTHONPATH's entries
    inherited = os.environ.get("PYTHONPATH", "")
    if shim not in inherited.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (shim, inherited)))


def answer(name: str, api: str) -> None:
    """Put the alias in the place of a shim module that is being imported under its name.

    Args:
        name: The import name.
        api: The release it speaks.
    """
    dialect = dialect_of(api, name)
    _add(dialect)
    root = module_from_spec(_root_spec(dialect))
    sys.modules[name] = root  # the import system returns what stands here
    _describe(root, dialect)
    homes.import_homes()


def _add(dialect: Dialect) -> None:
    if dialect.name == "gymnasium":
        homes.name_after(dialect.name, cache(dialect.leads_to))
    _FINDER.dialects[dialect.name] = dialect
    begin(dialect)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def _too_late(name: str, other: ModuleType) -> str:
    modules = {
        module.__name__: list(vars(module).values())
        for module in list(sys.modules.values())
        if isinstance(module, ModuleType) and module.__name__.partition(".")[0] != name
    }
    users = sorted(user for user, held in modules.items() if any(one is other for one in held))
    who = f", by {', '.join(users[:3])}" if users else ""
    return (
        f"{name} {getattr(other, '__version__', '')} has already been imported from "
        f"{getattr(other, '__file__', None)}{who}. Call `install` before anything imports {name}, "
        f"or start the program with `{OWN} run SCRIPT`."
    )


class _Module(ModuleType):
    """A module that is pickled by its name, as picklers do with plain modules only."""

    def __reduce__(self) -> tuple[Any, ...]:
        return importlib.import_module, (self.__name__,)


class _Aliased(_Module):
    """A module of ours that says more when it is asked for a name it does not have."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        dialect, inner = _FINDER.aliased[self.__name__]
        if (submodule := _submodule(dialect, inner, name)) is not None:
            return submodule
        raise _for_import_statement(MissingName(dialect, inner, name))


class _Root(_Module):
    """The module that programs import; its attributes are those of our root package."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        dialect = _FINDER.dialects[self.__name__]
        for home in dialect.homes:
            value = getattr(importlib.import_module(home), name, _ABSENT)
            if isinstance(value, ModuleType) and dialect.home(name) is not None:
                return importlib.import_module(f"{self.__name__}.{name}")
            if value is not _ABSENT:
                return value
        if (submodule := _submodule(dialect, "", name)) is not None:
            return submodule
        raise _for_import_statement(MissingName(dialect, "", name))

    def __dir__(self) -> list[str]:
        homes = [sys.modules[home] for home in _FINDER.dialects[self.__name__].homes]
        return sorted({*vars(self), *(name for home in homes for name in dir(home))})


def _submodule(dialect: Dialect, inner: str, name: str) -> ModuleType | None:
    """Return a module that nobody has imported yet: importing the root imported it in releases."""
    path = f"{inner}.{name}" if inner else name
    if dialect.home(path) is None:
        return None
    try:
        return importlib.import_module(f"{dialect.name}.{path}")
    except ImportError:  # an optional library is missing: then the attribute is, too
        return None


def _for_import_statement(missing: MissingName) -> Exception:
    """Return an `ImportError` if ``from module import name`` asks, which drops other messages."""
    frame = sys._getframe(2)
    if opname[frame.f_code.co_code[frame.f_lasti]] == "IMPORT_FROM":
        return ImportError(str(missing), name=missing.args[0].name)
    return missing


class _Finder(MetaPathFinder):
    """Finds the modules of the installed dialects.

    Attributes:
        dialects: The installed dialects by import name.
        aliased: The dialect and the path below its root, by the full name of each aliased module.
    """

    def __init__(self) -> None:
        self.dialects: dict[str, Dialect] = {}
        self.aliased: dict[str, tuple[Dialect, str]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root, _, inner = fullname.partition(".")
        if (dialect := self.dialects.get(root)) is None:
            return None
        if not inner:
            return _root_spec(dialect)
        if sources := dialect.sources(inner):
            return ModuleSpec(fullname, _PlaceLoader(sources), is_package=True)
        if (home := dialect.home(inner)) is not None:
            if dialect.has_own_classes and home.startswith(f"{OWN}.envs."):
                return ModuleSpec(fullname, _PlaceLoader([home]), is_package=True)
            return ModuleSpec(fullname, _SameModule(dialect, inner, home), origin=home)
        # Called for an import statement; `importlib.util.find_spec` must get None.
        if sys._getframe(2).f_code.co_name == "_find_and_load_unlocked":
            place, _, name = inner.rpartition(".")
            raise ModuleNotFoundError(explain(dialect, place, name), name=fullname)
        return None


_FINDER = _Finder()


class _SameModule(Loader):
    """Gives a module of ours a second name, and changes nothing else about it."""

    def __init__(self, dialect: Dialect, inner: str, home: str) -> None:
        self._dialect = dialect
        self._inner = inner
        self._home = home

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._home)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import system has put the alias's in its place
        _FINDER.aliased.setdefault(self._home, (self._dialect, self._inner))
        if type(module) is ModuleType:
            module.__class__ = _Aliased
        homes.import_homes()


class _Place(_Module):
    """A module of an old release whose names are those of one or several of ours."""

    _sources: Sequence[ModuleType]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        root, _, inner = self.__name__.partition(".")
        dialect = _FINDER.dialects[root]
        for source in self._sources:
            value = getattr(source, name, _ABSENT)
            if value is not _ABSENT and not dialect.sources(f"{inner}.{name}"):
                if isinstance(value, ModuleType) and dialect.home(f"{inner}.{name}") is not None:
                    break
                return dialect.class_then(value)
        if (submodule := _submodule(dialect, inner, name)) is not None:
            return submodule
        raise _for_import_statement(MissingName(dialect, inner, name))

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *(name for source in self._sources for name in dir(source))})


class _PlaceLoader(Loader):
    """Makes the module of a place."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = sources

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Place(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        sources = [importlib.import_module(source) for source in self._sources]
        names = (name for source in sources for name in getattr(source, "__all__", ()))
        module.__dict__.update(
            _sources=sources,
            __doc__=sources[0].__doc__,
            __file__=sources[0].__file__,
            __all__=sorted(set(names)),
        )
        root, _, inner = module.__name__.partition(".")
        if inner == "version":  # all that it held
            module.__dict__.update(VERSION=_FINDER.dialects[root].version, __all__=["VERSION"])


def _root_spec(dialect: Dialect) -> ModuleSpec:
    return ModuleSpec(dialect.name, _RootLoader(dialect), origin=OWN, is_package=True)


class _RootLoader(Loader):
    """Makes the root module."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Root(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        _describe(module, self._dialect)
        if self._dialect.name in sys.modules:
            homes.import_homes()


def _describe(root: ModuleType, dialect: Dialect) -> None:
    homes = [importlib.import_module(home) for home in dialect.homes]
    root.__doc__ = f"{dialect.name} {dialect.version}, answered by {OWN}: {homes[0].__doc__}"
    root.__file__ = homes[0].__file__
    root.__path__ = [entry for home in homes for entry in home.__path__]
    root.__dict__["__version__"] = dialect.version
    root.__dict__["__all__"] = list(homes[0].__all__)
