"""What is asked of an environment, and how it is told that it does not keep it.

A `Promise` is a row of the tables in this room and in `dromos.testing`: what is asked at which
place, and what is said where it is broken. A check looks, and says ``PROMISE.kept(condition,
value)``; whether a broken promise is warned of or raised at once, or gathered with others, is its
caller's choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from dromos import logger
from dromos.error import add_note

__all__ = ["Fault", "Promise", "entry", "gathered", "shown", "tell", "warn_of"]

#: Longest representation of a value inside a message, in characters.
_SHOWN_LENGTH = 160


class Fault(str):
    """What programs see of a broken promise, with what is told beside it.

    The text is the one by which programs written for Gymnasium know the fault: they compare with
    it, so nothing is added to it.

    Attributes:
        kind: A category of warnings, if this may be meant so, or the class of an exception.
        path: The place, such as ``reset().obs["camera"][1]``.
        expected: What belongs there.
        found: What is there.
        remedy: What to do, as whole sentences.
    """

    __slots__ = ("expected", "found", "kind", "path", "remedy")

    kind: type[Exception]
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

    @property
    def is_warning(self) -> bool:
        """Whether this may be meant so."""
        return issubclass(self.kind, Warning)


class Promise(NamedTuple):
    """Something that is asked of an environment.

    All but `kind` are templates for `str.format`. They may name what a check passes to `broken`,
    the ``{value}`` that was found, its ``{type}``, and ``{shown}``, its representation cut short.

    Attributes:
        kind: A category of warnings, or the class of an exception.
        path: The place where it is asked.
        text: What a program sees; Gymnasium's words for what Gymnasium asks as well.
        expected: What belongs there.
        found: How to name what is there.
        remedy: What to do, as whole sentences.
    """

    kind: type[Exception]
    path: str
    text: str
    expected: str
    found: str
    remedy: str

    def fault(self, value: object = None, **values: object) -> Fault:
        """Return the fault of having found `value`."""
        filled = _Values({"value": value, "type": type(value), **values})
        fault = Fault(self.text.format_map(filled))
        fault.kind = self.kind
        for name in ("path", "expected", "found", "remedy"):
            setattr(fault, name, getattr(self, name).format_map(filled))
        return fault

    def broken(self, value: object = None, **values: object) -> None:
        """Tell that `value` was found."""
        tell(self.fault(value, **values))

    def kept(self, condition: object, value: object = None, **values: object) -> bool:
        """Return whether `condition` is true; if it is not, tell that `value` was found."""
        if condition:
            return True
        self.broken(value, **values)
        return False

    def require(self, condition: object, value: object = None, **values: object) -> None:
        """Raise unless `condition` is true, also where faults are gathered.

        For what leaves nothing to look at afterwards.
        """
        if not condition:
            raise _error(self.fault(value, **values))


class _Values(dict[str, Any]):
    """What fills templates; a representation is made where one asks for it."""

    def __missing__(self, name: str) -> str:
        if name != "shown":
            raise KeyError(name)
        return shown(self["value"])


_gathering: ContextVar[list[Fault] | None] = ContextVar("_gathering", default=None)


@contextmanager
def gathered() -> Iterator[list[Fault]]:
    """Within the block, keep what is told in the list that is returned, and go on after errors."""
    faults: list[Fault] = []
    token = _gathering.set(faults)
    try:
        yield faults
    finally:
        _gathering.reset(token)


def tell(fault: Fault) -> None:
    """Warn of `fault` or raise it, with its detail as a note, unless faults are gathered."""
    faults = _gathering.get()
    if faults is not None:
        faults.append(fault)
    elif fault.is_warning:
        warn_of(fault, 3)
    else:
        raise _error(fault)


def warn_of(fault: Fault, stacklevel: int) -> None:
    """Emit the warning of `fault`; `stacklevel` is as for `logger.warn`."""
    category: Any = fault.kind
    logger.warn("%s", fault, category=category, stacklevel=stacklevel + 1, detail=fault.detail)


def _error(fault: Fault) -> Exception:
    error = fault.kind(fault)
    add_note(error, fault.detail)
    return error


def entry(path: str, key: object) -> str:
    """Return the path of ``value[key]`` where `path` is that of ``value``."""
    return f'{path}["{key}"]' if isinstance(key, str) else f"{path}[{key!r}]"


def shown(value: Any) -> str:
    """Return a representation of `value` that fits into a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
