"""What to say to a program that reaches for a name we do not have."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from dromos.compat.gymnasium.dialects import DIALECTS, OWN, dialects_to_run

if TYPE_CHECKING:
    from types import ModuleType

    from dromos.compat.gymnasium.dialects import Dialect

__all__ = ["GUIDE", "MissingName", "explain", "look_up"]

GUIDE = "`dromos help drop-in`"

#: Where a name may have moved to, the likeliest first.
_CROSSROADS = ("", "wrappers", "wrappers.vector", "vector", "spaces", "core", "utils", "error")

#: The least likeness at which one name is offered for another; `difflib`'s own choice.
_ALIKE = 0.6


class MissingName(AttributeError):
    """A module of the alias has no such attribute. The message is made when somebody reads it.

    Args:
        dialect: The dialect the program speaks.
        inner: The module below the root, ``""`` for the root itself.
        name: The attribute.
    """

    def __init__(self, dialect: Dialect, inner: str, name: str) -> None:
        super().__init__(dialect, inner, name)
        self.name = name

    def __str__(self) -> str:
        return explain(*self.args)


def explain(dialect: Dialect, inner: str, name: str) -> str:
    """Return a sentence or two: what is missing, what is nearest, where to read on.

    Args:
        dialect: The dialect the program speaks.
        inner: The module below the root, ``""`` for the root itself.
        name: The attribute or submodule that the module lacks.
    """
    wanted = _joined(dialect.name, inner, name)
    text = f"{OWN}, which answers for {dialect.name} here, has no `{wanted}`."
    if (near := _nearest(dialect, inner, name)) is not None:
        text += (
            f" The nearest is `{near}`; `python -m pydoc {_documented(dialect, near)}` tells of it."
        )
    for other in DIALECTS:
        if other.name == dialect.name and other != dialect and name in _names(other, inner):
            gym = "" if other in dialects_to_run(other.api, gym=False) else " --gym"
            text += (
                f" It is a name of release {other.api}: choose that with `--api {other.api}{gym}` "
                f'of `{OWN} run`, or `install("{other.api}", "{other.name}")`.'
            )
    return f'{text} See {GUIDE}, "Names that are not there".'


def look_up(dialect: Dialect, inner: str, name: str) -> tuple[Any] | None:
    """Return what a dialect has under a name, in a tuple of one; None if it has no such name.

    Args:
        dialect: The dialect.
        inner: The module below the root, ``""`` for the root itself.
        name: An attribute or submodule of it.
    """
    for module in _modules(dialect, inner):
        if hasattr(module, name):
            return (getattr(module, name),)
    if (home := dialect.home(_joined(inner, name))) is not None:
        return (_module(home),)
    return (dialect.version,) if (inner, name) == ("", "__version__") else None


def _nearest(dialect: Dialect, inner: str, name: str) -> str | None:
    """Return the full name of the nearest thing we have: here or elsewhere under the same name."""
    near = max(_names(dialect, inner), key=lambda known: _likeness(name, known), default="")
    if near.lower() == name.lower():
        return _joined(dialect.name, inner, near)
    for place in _CROSSROADS:
        if place != inner and not name.startswith("_") and name in _names(dialect, place):
            return _joined(dialect.name, place, name)
    return _joined(dialect.name, inner, near) if _likeness(name, near)[0] >= _ALIKE else None


def _likeness(name: str, other: str) -> tuple[float, float]:
    """Return how alike two names are, from 0 to 1: in any case first, then letter by letter."""
    folded = SequenceMatcher(None, name.lower(), other.lower()).ratio()
    return folded, SequenceMatcher(None, name, other).ratio()


def _documented(dialect: Dialect, full: str) -> str:
    """Return the name under which `pydoc` finds what a dialect calls `full`."""
    inner = full.partition(".")[2]
    place, _, name = inner.rpartition(".")
    for module in _modules(dialect, place):
        if name in _listed(module):
            return f"{module.__name__}.{name}"
    return f"{OWN}.{inner}"


def _names(dialect: Dialect, inner: str) -> set[str]:
    """Return the public names and submodules of a module of the dialect."""
    return set().union(*map(_listed, _modules(dialect, inner)))


def _listed(module: ModuleType) -> set[str]:
    submodules = {found.name for found in pkgutil.iter_modules(getattr(module, "__path__", ()))}
    names = {*getattr(module, "__all__", ()), *submodules} or set(vars(module))
    return {name for name in names if not name.startswith("_")}


def _modules(dialect: Dialect, inner: str) -> list[ModuleType]:
    """Return the modules that answer for a place: all homes' for the root, else the first's."""
    if sources := dialect.sources(inner):
        return [module for source in sources if (module := _module(source)) is not None]
    found = [_module(_joined(home, inner)) for home in dialect.homes]
    present = [module for module in found if module is not None]
    return present[:1] if inner else present


def _joined(*parts: str) -> str:
    return ".".join(filter(None, parts))


def _module(full: str) -> ModuleType | None:
    try:
        return sys.modules.get(full) or importlib.import_module(full)
    except ImportError:  # an optional library, or another release's module
        return None
