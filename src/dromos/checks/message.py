"""How a check says what is wrong: a `Fault`, which is told, raised, or gathered with others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from dromos import logger
from dromos.error import add_note

__all__ = [
    "Fault",
    "Faults",
    "complaint",
    "entry",
    "gathered",
    "going_on",
    "refusal",
    "shown",
    "warn",
]

ErrorT = TypeVar("ErrorT", bound=Exception)

#: Longest representation of a value inside a message, in characters.
_SHOWN_LENGTH = 160


class Fault(str):
    """What programs see of a complaint, with what is told beside it.

    The text is the one by which programs written for Gymnasium know the complaint: they compare
    with it, so nothing is added to it.

    Attributes:
        path: The place, such as ``reset().obs["camera"][1]``.
        expected: What belongs there.
        found: What is there.
        remedy: What to do, as whole sentences.
    """

    __slots__ = ("expected", "found", "path", "remedy")

    path: str
    expected: str
    found: str
    remedy: str

    @property
    def known(self) -> str:
        """The text without its full stop."""
        return str(self).rstrip(". ")

    @property
    def detail(self) -> str:
        """Place, expectation, finding and remedy, as sentences."""
        return f"{self.path}: expected {self.expected}, found {self.found}. {self.remedy}"


def complaint(known: str, path: str, expected: str, found: str, remedy: str) -> Fault:
    """Return a fault; the arguments are its parts."""
    fault = Fault(known)
    fault.path = path
    fault.expected, fault.found, fault.remedy = expected, found, remedy
    return fault


def refusal(kind: type[ErrorT], fault: Fault) -> ErrorT:
    """Return an error with the text of `fault`, and the rest of it as a note."""
    error = kind(fault)
    add_note(error, fault.detail)
    return error


@dataclass
class Faults:
    """What checks found in a stretch of the program.

    Attributes:
        warnings: Faults to warn of, with the category of the warning.
        errors: Exceptions. One that a check raised has a `Fault` as its only argument; any other
            came out of the environment.
    """

    warnings: list[tuple[type[Warning], Fault]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)


_gathering: ContextVar[Faults | None] = ContextVar("_gathering", default=None)


@contextmanager
def gathered(faults: Faults) -> Iterator[None]:
    """Within the block, add what checks warn of and raise to `faults` instead."""
    token = _gathering.set(faults)
    try:
        with going_on():
            yield
    finally:
        _gathering.reset(token)


@contextmanager
def going_on() -> Iterator[None]:
    """Let a check go on after the block if faults are gathered; otherwise exceptions pass."""
    faults = _gathering.get()
    if faults is None:
        yield
        return
    try:
        yield
    except Exception as problem:
        faults.errors.append(problem)


def warn(fault: Fault, category: type[Warning] = UserWarning) -> None:
    """Warn the user of `fault`, unless faults are gathered."""
    faults = _gathering.get()
    if faults is None:
        logger.warn("%s", fault, category=category, stacklevel=2, detail=fault.detail)
    else:
        faults.warnings.append((category, fault))


def entry(path: str, key: object) -> str:
    """Return the path of ``value[key]`` where `path` is that of ``value``."""
    return f'{path}["{key}"]' if isinstance(key, str) else f"{path}[{key!r}]"


def shown(value: object) -> str:
    """Return a representation of `value` that fits into a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
