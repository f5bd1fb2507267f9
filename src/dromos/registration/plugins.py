"""Environments that installed packages bring along.

A package names its environments in its ``pyproject.toml``::

    [project.entry-points."dromos.envs"]
    my-package = "my_package.registration"          # a module: importing it registers
    my-package = "my_package.registration:register_all"    # or a function: calling it does

Libraries of environments (`dromos.native.load`) have a group of their own, in which they need no
Python::

    [project.entry-points."dromos.native"]
    my-package = "my_package._dynamics"

The name on the left only appears in messages. Nobody pays for a plug-in before an id is asked for
that the registry does not hold, or the whole registry is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dromos import logger
from dromos.homes import import_module, importing
from dromos.registration.registry import namespace

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "add_old_group", "load_plugins"]

GROUP = "dromos.envs"
LIBRARIES = "dromos.native"

#: The library's own rows are the first plug-in: named, as those of others, but never imported by
#: this layer unless an id is looked up without the public package having been imported.
_OWN_ROWS = "dromos.envs.catalogue"

#: Names on the left that stood for no namespace, in the groups of releases of before 1.0.
_ROOT = frozenset({"__root__", "__internal__"})

_groups = [GROUP, LIBRARIES]
_loaded: set[str] = set()


def add_old_group(group: str) -> None:
    """Look for plug-ins in a group of before 1.0 too, whose names are namespaces of their ids."""
    if group not in _groups:
        _groups.append(group)


def load_plugins() -> None:
    """Load every plug-in, once a process; a plug-in that fails gives a warning naming it."""
    with importing():
        waiting = [group for group in _groups if group not in _loaded]
        _loaded.update(waiting)
        for group in waiting:
            if group == GROUP:
                with namespace(None):  # the caller's is for the ids that the caller registers
                    import_module(_OWN_ROWS)
            for plugin in _installed(group):
                root = group in (GROUP, LIBRARIES) or plugin.name in _ROOT
                with namespace(None if root else plugin.name):
                    _load(plugin)


def _installed(group: str) -> list[EntryPoint]:
    from importlib.metadata import entry_points

    return sorted(entry_points(group=group), key=lambda plugin: plugin.name)


def _load(plugin: EntryPoint) -> None:
    try:
        if plugin.group == LIBRARIES:
            import_module("dromos.native").load(plugin.value)
            return
        loaded = plugin.load()
        if plugin.attr:
            loaded()
    except Exception as reason:
        logger.warn(
            f"The plug-in `{plugin.name}` ({plugin.value}) could not be loaded, its environments "
            f"are missing: {type(reason).__name__}: {reason}"
        )
