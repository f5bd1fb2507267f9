"""What a program would ask of the alias in vain, found by reading it and what it imports."""

from __future__ import annotations

import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from dromos.compat.gymnasium.dialects import Dialect
from dromos.compat.gymnasium.missing import explain, look_up
from dromos.compat.gymnasium.reading import Reference, references
from dromos.error import Error

__all__ = ["Lacking", "lacking_names"]


class Lacking(NamedTuple):
    """A name that a program reaches for and we do not have.

    Attributes:
        file: The source file.
        line: The line, from 1.
        name: The full name.
        guarded: Whether the program goes on without it.
        says: What the program would be told.
    """

    file: str
    line: int
    name: str
    guarded: bool
    says: str


class _Source(NamedTuple):
    path: Path
    package: str


def lacking_names(program: str, dialect: Dialect, *, is_module: bool = False) -> list[Lacking]:
    """Return what a program reaches for under a dialect's name that we do not have.

    Read are the program, the files beside it and, of installed packages, those that require the
    library the dialect stands for. Nothing of them is run.

    Args:
        program: A script's path, or a module's name.
        dialect: The dialect the program would be run with.
        is_module: Whether `program` is a module's name.

    Raises:
        Error: If there is no such program, or it is not Python.
    """
    beside = str(Path.cwd() if is_module else Path(program).resolve().parent)
    search = _Search([beside, *sys.path], dialect.name)
    start = search.main_of(program) if is_module else _Source(Path(program), "")
    if start is None or not start.path.is_file():
        raise Error(f"There is no {'module' if is_module else 'script'} {program}.")
    found: dict[tuple[str, int, str], Lacking] = {}
    waiting, seen = [start], {start.path}
    while waiting:
        source = waiting.pop()
        for reference in _read(source, strict=source is start):
            if reference.module.partition(".")[0] == dialect.name:
                if (lack := _lack(source.path, reference, dialect)) is not None:
                    found.setdefault((lack.file, lack.line, lack.name), lack)
                continue
            for other in search.files(reference):
                if other.path not in seen:
                    seen.add(other.path)
                    waiting.append(other)
    return sorted(found.values())


def _read(source: _Source, *, strict: bool) -> list[Reference]:
    try:
        with tokenize.open(source.path) as file:  # decodes as the file declares
            return list(references(file.read(), source.package))
    except (SyntaxError, ValueError) as problem:
        if strict:
            raise Error(f"{source.path} cannot be read as Python: {problem}") from problem
        return []


def _lack(path: Path, reference: Reference, dialect: Dialect) -> Lacking | None:
    """Return what is missing of a reference to the dialect's modules, or None."""
    inner = reference.module.partition(".")[2]
    parts = (*filter(None, inner.split(".")), *reference.names)
    place = ""
    for part in parts:
        if (value := look_up(dialect, place, part)) is None:
            name = ".".join(filter(None, (dialect.name, place, part)))
            says = explain(dialect, place, part)
            return Lacking(str(path), reference.line, name, reference.guarded, says)
        if not isinstance(value[0], ModuleType):
            return None
        place = ".".join(filter(None, (place, part)))
    return None


class _Search:
    """Finds the source files of modules without importing anything.

    Args:
        path: Where to look, as in `sys.path`.
        library: The import name of the library whose users are of interest.
    """

    def __init__(self, path: Sequence[str], library: str) -> None:
        self._path = path
        self._library = library

    def main_of(self, module: str) -> _Source | None:
        """Return the file that ``python -m module`` runs."""
        for name in (f"{module}.__main__", module):
            sources = list(self._chain(name))
            if sources and sources[-1][0] == name:
                return sources[-1][1]
        return None

    def files(self, reference: Reference) -> Iterator[_Source]:
        """Yield the files that importing a module loads, and those of the names taken from it."""
        top = reference.module.partition(".")[0]
        if top in sys.stdlib_module_names or not _uses(top, self._library):
            return
        for _, source in self._chain(".".join((reference.module, *reference.names[:1]))):
            yield source

    def _chain(self, module: str) -> Iterator[tuple[str, _Source]]:
        """Yield the packages above a module, and the module, as far as they exist."""
        path: Sequence[str] | None = self._path
        name = ""
        for part in module.split("."):
            name = f"{name}.{part}" if name else part
            spec: ModuleSpec | None = PathFinder.find_spec(name, path)
            if spec is None:
                return
            path = spec.submodule_search_locations
            if spec.origin is not None and spec.origin.endswith(".py"):
                package = name if path is not None else name.rpartition(".")[0]
                yield name, _Source(Path(spec.origin), package)
            if path is None:
                return


@cache
def _uses(top: str, library: str) -> bool:
    """Return whether a top-level module is the program's own, or a package in it uses `library`."""
    found = _distributions().get(top)
    return found is None or any(_requires(distribution, library) for distribution in found)


def _requires(distribution: str, library: str) -> bool:
    try:
        needs = requires(distribution) or ()
    except PackageNotFoundError:
        return False
    return any(re.match(r"[\w.-]*", need)[0].lower() == library for need in needs)  # type: ignore[index]


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())
