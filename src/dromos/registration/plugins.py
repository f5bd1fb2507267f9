"""Environments that installed packages bring along.

A package names its environments in its ``pyproject.toml``::

    [project.entry-points."dromos.envs"]
    my-package = "my_package.registration"          # a module: importing it registers
    my-package = "my_package.registration:register_all"    # or a function: calling it does

The name on the left only appears in messages. Nobody pays for a plug-in before an id is asked for
that the registry does not hold, or the whole registry is listed.
"""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING

from dromos import logger
from dromos.registration.registry import namespace

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "load_plugins"]

GROUP = "dromos.envs"

#: The library's own rows are the first plug-in: named, as those of others, but never imported by
#: this layer unless an id is looked up without the public package having been imported.
_OWN_ROWS = "dromos.envs.catalogue"

_lock = threading.RLock()
_loaded = False


def load_plugins() -> bool:
    """Load every plug-in, once a process; a plug-in that fails gives a warning naming it.

    Returns:
        Whether anything was loaded, so that looking an id up again is worth it.
    """
    global _loaded
    with _lock:
        if _loaded:
            return False
        _loaded = True
        with namespace(None):  # the caller's is for the ids that the caller registers
            importlib.import_module(_OWN_ROWS)
            for plugin in _installed():
                _load(plugin)
        return True


def _installed() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda plugin: plugin.name)


def _load(plugin: EntryPoint) -> None:
    try:
        loaded = plugin.load()
        if plugin.attr:
            loaded()
    except Exception as reason:
        logger.warn(
            f"The plug-in `{plugin.name}` ({plugin.value}) could not be loaded, its environments "
            f"are missing: {type(reason).__name__}: {reason}"
        )
