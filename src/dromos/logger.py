"""Warnings to the user: real Python warnings, in colour, behind one level."""

from __future__ import annotations

import sys
import warnings

__all__ = [
    "DEBUG",
    "DISABLED",
    "ERROR",
    "INFO",
    "WARN",
    "Beside",
    "BesideDeprecation",
    "BesideWarning",
    "debug",
    "deprecation",
    "error",
    "info",
    "min_level",
    "set_level",
    "warn",
]

DEBUG = 10
INFO = 20
WARN = 30
ERROR = 40
DISABLED = 50

#: Messages below this level are dropped: one of the levels above. All warnings pass `WARN`.
min_level: int = WARN

_NAMES = {DEBUG: "DEBUG", INFO: "INFO"}
_YELLOW = 33
_RED = 31
_RESET = "\x1b[0m"

# Python hides the deprecations that libraries raise. Ours are shown, each text once a process,
# unless the user has chosen with ``-W`` or ``PYTHONWARNINGS`` what is shown.
warnings.filterwarnings(
    "once", r"^\x1b\[33mWARN: ", DeprecationWarning, append=bool(sys.warnoptions)
)


def set_level(level: int) -> None:
    """Drop messages below `level`, as old Gym's function of this name did."""
    global min_level
    min_level = level


class Beside:
    """Base of the warnings that show more than programs see.

    ``str(warning)`` is an interface: programs keep lists of the warnings they expect, and compare.
    What stands beside it is told where a person reads it: in `detail` and the shown form.

    Attributes:
        detail: What the warning tells beside its text; its `str` is shown behind it.
    """

    detail: object

    def __format__(self, spec: str) -> str:
        text = str(self)
        end = text.endswith(_RESET)
        shown = f"{text.removesuffix(_RESET)} {self.detail}{_RESET if end else ''}"
        return format(shown, spec)


class BesideWarning(Beside, UserWarning):
    """A warning that shows more than programs see."""


class BesideDeprecation(Beside, DeprecationWarning):
    """A deprecation that shows more than programs see."""


def warn(
    msg: str,
    *args: object,
    category: type[Warning] | None = None,
    stacklevel: int = 1,
    detail: object = None,
) -> None:
    """Warn the user.

    Args:
        msg: A message, formatted with ``%`` when `args` are given.
        *args: Values for the message's ``%`` fields.
        category: The warning's class, `UserWarning` unless told.
        stacklevel: How many frames above the caller the warning points at.
        detail: What is shown behind the text without being part of it.
    """
    if min_level <= WARN:
        text = _coloured(f"WARN: {msg % args if args else msg}", _YELLOW)
        if detail is None:
            warnings.warn(text, category=category, stacklevel=stacklevel + 1)
            return
        is_deprecation = category is not None and issubclass(category, DeprecationWarning)
        warning = (BesideDeprecation if is_deprecation else BesideWarning)(text)
        warning.detail = detail
        warnings.warn(warning, stacklevel=stacklevel + 1)


def deprecation(msg: str, *args: object, detail: object = None) -> None:
    """Warn with a `DeprecationWarning`; the arguments are those of `warn`."""
    warn(msg, *args, category=DeprecationWarning, stacklevel=2, detail=detail)


def error(msg: str, *args: object) -> None:
    """Report, as a red `UserWarning`, something that went wrong and is not raised."""
    if min_level <= ERROR:
        text = msg % args if args else msg
        warnings.warn(_coloured(f"ERROR: {text}", _RED), stacklevel=3)


def info(msg: str, *args: object) -> None:
    """Print a message to the standard error stream, if the level is `INFO` or below."""
    _print(INFO, msg, args)


def debug(msg: str, *args: object) -> None:
    """Print a message to the standard error stream, if the level is `DEBUG` or below."""
    _print(DEBUG, msg, args)


def _print(level: int, msg: str, args: tuple[object, ...]) -> None:
    if min_level <= level:
        print(f"{_NAMES[level]}: {msg % args if args else msg}", file=sys.stderr)


def _coloured(text: str, colour: int) -> str:
    return f"\x1b[{colour}m{text}{_RESET}"


def __getattr__(name: str) -> object:
    if name == "setLevel":  # the spelling of gym 0.9
        return set_level
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
