"""`Report`: all that a checker found, and the one exception that lists the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from dromos.checks.promise import Fault, Promise, gathered, warn_of
from dromos.error import add_note

__all__ = ["CheckFailed", "Report", "Row", "examine"]

_LABELS = ("path", "expected", "found", "remedy")


@dataclass(frozen=True)
class Report:
    """What a checker found.

    Attributes:
        subject: What was checked.
        errors: The faults that make it unfit for use; in the order they were found.
        warnings: The faults that may be meant so.
        cause: The exception out of the environment behind the first error, if there is one.
    """

    subject: str
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    cause: Exception | None = None

    @property
    def kinds(self) -> tuple[type[Exception], ...]:
        """The type of the exception for each error."""
        return tuple(fault.kind for fault in self.errors)

    @property
    def categories(self) -> tuple[type[Exception], ...]:
        """The category of each warning."""
        return tuple(fault.kind for fault in self.warnings)

    def conclude(self) -> Report:
        """Emit every warning, then raise if there are errors; return the report.

        Raises:
            CheckFailed: With all errors in its note. It is also an instance of the exception
                type of the first error, such as `AssertionError`.
        """
        try:
            for fault in self.warnings:
                warn_of(fault, 3)
        finally:  # also where a filter turns warnings into exceptions
            if self.errors:
                raise _failure(self.kinds[0], self) from self.cause
        return self

    def __str__(self) -> str:
        parts = [_listed(self.subject, "error", self.errors)]
        parts.append(_listed(self.subject, "warning", self.warnings))
        return "\n".join(part for part in parts if part) or f"{self.subject}: no faults found."

    def plain(self) -> dict[str, Any]:
        """Return the report as plain data, for JSON."""
        return {
            "subject": self.subject,
            "errors": [_plain(fault) for fault in self.errors],
            "warnings": [_plain(fault) for fault in self.warnings],
        }


class CheckFailed(Exception):
    """A checker found errors; `report` holds them, and the warnings.

    What is raised is an instance of the first error's type as well, with that one's text; all of
    them stand in a note below it.
    """

    report: Report

    def __init__(self, report: Report) -> None:
        # Whatever the other base's constructor takes.
        Exception.__init__(self, str(report.cause or report.errors[0]))
        self.report = report
        add_note(self, _listed(report.subject, "error", report.errors))

    def __str__(self) -> str:
        return str(self.report.cause or self.report.errors[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return _failure, (self.report.kinds[0], self.report)


def _failure(kind: type[Exception], report: Report) -> CheckFailed:
    if issubclass(CheckFailed, kind):
        return CheckFailed(report)
    return type("CheckFailed", (CheckFailed, kind), {"__module__": __name__})(report)  # type: ignore[no-any-return]


class Row(NamedTuple):
    """What is examined together: a row of `dromos.testing.promises`.

    Lists are texts, with spaces between.

    Attributes:
        name: By which other rows know it.
        call: Where an exception that is no fault comes from: the environment, in this call.
        examine: Tells what it finds. It may return whether the next rows can go on from here; if it
            returns None, they can if it found no error.
        takes: The attributes of the subject, or attributes of these, that are its arguments.
        after: The rows without which there is nothing to examine.
        of: Who asks for it: checkers, or options of them. Empty for everyone.
        each: An attribute of the subject; `examine` is called with each of its elements as a last
            argument, which `call` names.
        needed: Whether nothing else can be examined without it.
    """

    name: str
    call: str
    examine: Callable[..., object]
    takes: str
    after: str = ""
    of: str = ""
    each: str = ""
    needed: bool = False


#: An exception out of the environment.
RAISES_NOTHING = Promise(
    Exception,
    "{call}",
    "{call} raised {type.__name__}: {value}",
    "no exception",
    "{shown}",
    "Look at where it was raised in the traceback.",
)


def examine(name: str, rows: Iterable[Row], subject: Any, askers: Iterable[str] = ()) -> Report:
    """Examine `subject` by all rows that are asked for, and return everything that was found.

    Args:
        name: What is examined, for the report.
        rows: The rows, in their order.
        subject: What they look at.
        askers: Who asks, as in `Row.of`.
    """
    found = _Found()
    failed: set[str] = set()
    for row in rows:
        if row.of and set(row.of.split()).isdisjoint(askers):
            continue
        kept = failed.isdisjoint(row.after.split())
        for last in _last_arguments(row, subject) if kept else ():
            kept &= found.keeps(row.call.format(*last), _ask, row, subject, *last)
        if not kept and row.needed:
            break
        failed |= set() if kept else {row.name}
    return found.report(name)


def _ask(row: Row, subject: Any, *last: Any) -> object:
    return row.examine(*[attrgetter(name)(subject) for name in row.takes.split()], *last)


def _last_arguments(row: Row, subject: Any) -> list[tuple[Any, ...]]:
    return [(one,) for one in getattr(subject, row.each)] if row.each else [()]


class _Found:
    """What rows have found; a fault that is met again counts once."""

    def __init__(self) -> None:
        self._errors: dict[tuple[str, str], tuple[Fault, Exception | None]] = {}
        self._warnings: dict[tuple[str, str], Fault] = {}
        self._raised: set[str] = set()

    def keeps(self, call: str, question: Callable[..., object], *args: Any) -> bool:
        """Ask a question, keep what it finds, and return whether to go on from there."""
        answer: object = None
        with gathered() as faults:
            try:
                answer = question(*args)
            except Exception as problem:
                answer = False
                if isinstance(fault := next(iter(problem.args), None), Fault):
                    faults.append(fault)
                elif repr(problem) not in self._raised:  # the next questions will meet it again
                    self._raised.add(repr(problem))
                    fault = RAISES_NOTHING._replace(kind=type(problem)).fault(problem, call=call)
                    self._errors[fault.path, fault.known] = fault, problem
        errors = [fault for fault in faults if not fault.is_warning]
        for fault in faults:
            key = fault.path, fault.known
            if fault.is_warning:
                self._warnings.setdefault(key, fault)
            else:
                self._errors.setdefault(key, (fault, None))
        return not errors if answer is None else bool(answer)

    def report(self, name: str) -> Report:
        """Return what was found, without the warnings of places where there is an error."""
        errors = tuple(fault for fault, _ in self._errors.values())
        wrong = {fault.path for fault in errors}
        warnings = tuple(w for w in self._warnings.values() if w.path not in wrong)
        cause = next(iter(self._errors.values()))[1] if errors else None
        return Report(name, errors, warnings, cause)


def _listed(subject: str, kind: str, faults: tuple[Fault, ...]) -> str:
    if not faults:
        return ""
    count = f"{len(faults)} {kind}{'s' if len(faults) > 1 else ''}"
    return "\n".join([f"{subject}: {count}", *map(_block, range(1, len(faults) + 1), faults)])


def _block(number: int, fault: Fault) -> str:
    parts = [f"      {label:9}{getattr(fault, label)}" for label in _LABELS]
    return "\n".join([f"{number:4}. {fault.known}", *parts])


def _plain(fault: Fault) -> dict[str, str]:
    return {"fault": fault.known, **{label: getattr(fault, label) for label in _LABELS}}
