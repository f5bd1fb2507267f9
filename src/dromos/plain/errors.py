"""What can be wrong with a value that should be plain, or with bytes that should hold one."""

from __future__ import annotations

import struct
from collections.abc import Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import InvalidJson, SnapshotError

if TYPE_CHECKING:  # at run time it would bring `inspect`
    from typing_extensions import Self

__all__ = [
    "IMPOSSIBLE",
    "LocatedError",
    "MalformedError",
    "MisfitError",
    "NotPlainError",
    "key_label",
    "shown",
    "type_name",
]

#: What Python and NumPy raise for values that cannot be.
IMPOSSIBLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error)

_SHOWN = 40  # characters of a text in a message
_SHOWN_BITS = 128
_ENDS = 200  # characters at both ends of a place


def type_name(value: object) -> str:
    """Return ``"module.Class"`` of `value`, without the module for built-in types."""
    cls = type(value)
    module = "" if cls.__module__ == "builtins" else f"{cls.__module__}."
    return module + cls.__qualname__


def shown(value: Any) -> str:
    """Return how a message shows a value: short, and at no cost, whatever the value is."""
    cls = type(value)
    if cls is int and value.bit_length() > _SHOWN_BITS:
        return f"an integer of {value.bit_length()} bits"
    if cls in (type(None), bool, int, float, complex):
        return repr(value)
    if cls in (str, bytes):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}..."
    if cls is np.ndarray:
        return f"a {value.dtype!s:.40} array of shape {value.shape}"
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return f"{value!r} of type {value.dtype}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"the function or class {value.__qualname__!s:.80}"
    if cls is not range and isinstance(value, Sized):
        return f"a {type_name(value)} of {len(value)}"
    return f"an instance of {type_name(value)}"


def key_label(key: object) -> str:
    """Return the label of what a dict holds under `key`."""
    return f'["{key}"]' if type(key) is str and len(key) <= _SHOWN else f"[{shown(key)}]"


class LocatedError(SnapshotError):
    """An error that learns, as it passes up through the containers, where it happened.

    Attributes:
        path: From the outermost value to the culprit: ``.attr["k"][3]``; empty for the outermost.
        root: What the outermost value is called.
    """

    path: str = ""
    root: str = "value"
    _is_rooted: bool = False

    def under(self, label: str) -> Self:
        """Put `label` before the path, unless that is complete, and return the error."""
        if not self._is_rooted:
            self.path = label + self.path
        return self

    def rooted(self, root: str) -> Self:
        """Say what the outermost value is called; the path is complete then."""
        if not self._is_rooted:
            self.root, self._is_rooted = root, True
        return self

    @property
    def where(self) -> str:
        """The culprit's whole name, the middle left out if it is long."""
        where = self.root + self.path
        return where if len(where) <= 2 * _ENDS else f"{where[:_ENDS]}...{where[-_ENDS:]}"

    def __str__(self) -> str:
        return f"{self.where}: {self.args[0]}"


class NotPlainError(LocatedError):
    """A value is, or contains, something that is not plain data.

    Args:
        found: What was found, as in "a threading.Lock".
        reason: Why it cannot be stored, where "it is not plain data" is not reason enough.

    Attributes:
        remedy: What the user can do about it.
    """

    remedy = "Convert it to plain data first"

    def __init__(self, found: str, reason: str = "") -> None:
        super().__init__(found, reason)

    def __str__(self) -> str:
        found, reason = self.args
        reason = reason or "it is not plain data (numbers, texts, arrays, containers of them)"
        return f"{self.where} is {found}, which cannot be stored: {reason}. {self.remedy}."


class MalformedError(LocatedError, InvalidJson):
    """Data that should hold a plain value are damaged, or were never meant to hold one."""

    root = "data"

    def __str__(self) -> str:
        return super().__str__() if self.path else str(self.args[0])


class MisfitError(LocatedError):
    """A state does not fit: what was expected, what was found, and where."""

    root = "the snapshot"
