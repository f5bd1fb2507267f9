"""Small tools for writers of environments.

This package and the three files it loads import nothing else of the library, so that every layer
may use them. The other modules here are public paths of what lives elsewhere, loaded when asked
for.
"""

from dromos.utils.colorize import colorize
from dromos.utils.ezpickle import EzPickle
from dromos.utils.record_constructor import RecordConstructorArgs

__all__ = ["EzPickle", "RecordConstructorArgs", "colorize"]


def __getattr__(name: str) -> object:
    """Load a public path of this package as its attribute."""
    import importlib

    if not name.startswith("_"):
        try:
            return importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as absent:
            if absent.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
