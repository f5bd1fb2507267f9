"""What can be wrong with a value that should be plain, or with bytes that should hold one."""

from __future__ import annotations

from typing_extensions import Self

from dromos.error import InvalidJson, SnapshotError

__all__ = ["LocatedError", "MalformedError", "NotPlainError", "not_plain", "type_name"]


def type_name(value: object) -> str:
    """Return ``"module.Class"`` of `value`, without the module for built-in types."""
    cls = type(value)
    return (
        cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"
    )


class LocatedError(SnapshotError):
    """An error that learns, as it passes up through the containers, where it happened.

    Attributes:
        path: From the outermost value to the culprit: ``.attr["k"][3]``; empty for the outermost.
        root: What the outermost value is called.
    """

    path: str = ""
    root: str = "value"

    def under(self, label: str) -> Self:
        """Put `label` before the path and return the error."""
        self.path = label + self.path
        return self

    @property
    def where(self) -> str:
        """The culprit's whole name."""
        return self.root + self.path


class NotPlainError(LocatedError):
    """A value is, or contains, something that is not plain data.

    Args:
        found: What was found, as in "a threading.Lock".
        reason: Why it cannot be stored, where "it is not plain data" is not reason enough.

    Attributes:
        remedy: What the user can do about it.
    """

    def __init__(self, found: str, reason: str = "") -> None:
        super().__init__(found, reason)
        self.found = found
        self.reason = reason or "it is not plain data (numbers, texts, arrays, containers of them)"
        self.remedy = ""

    def __str__(self) -> str:
        remedy = self.remedy or "Convert it to plain data first"
        return f"{self.where} is {self.found}, which cannot be stored: {self.reason}. {remedy}."


def not_plain(value: object) -> NotPlainError:
    """Return the error for a value of a type that is not plain data."""
    if callable(value) and hasattr(value, "__qualname__"):
        reason = "no import finds it by its name; define it at the top of a module"
        return NotPlainError(f"the function or class {value.__qualname__}", reason)
    return NotPlainError(f"an instance of {type_name(value)}")


class MalformedError(LocatedError, InvalidJson):
    """Data that should hold a plain value are damaged, or were never meant to hold one."""

    root = "data"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.path else self.message
