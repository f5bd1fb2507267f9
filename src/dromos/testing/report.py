"""`Report`: all that a checker found, and the one exception that lists the errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dromos import logger
from dromos.checks.message import Fault, Faults, complaint, gathered, refusal, shown
from dromos.error import add_note

__all__ = ["CheckFailed", "Examination", "Report", "require"]

_LABELS = ("path", "expected", "found", "remedy")


def require(
    condition: object, known: str, path: str, expected: str, found: str, remedy: str
) -> None:
    """Raise an `AssertionError` that holds a fault unless `condition` is true."""
    if not condition:
        raise refusal(AssertionError, complaint(known, path, expected, found, remedy))


@dataclass(frozen=True)
class Report:
    """What a checker found.

    Attributes:
        subject: What was checked.
        errors: The faults that make it unfit for use; in the order they were found.
        warnings: The faults that may be meant so.
        kinds: The type of the exception for each error.
        categories: The category of each warning.
        cause: The exception out of the environment behind the first error, if there is one.
    """

    subject: str
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    kinds: tuple[type[Exception], ...]
    categories: tuple[type[Warning], ...]
    cause: Exception | None = None

    def conclude(self) -> Report:
        """Emit every warning, then raise if there are errors; return the report.

        Raises:
            CheckFailed: With all errors in its note. It is also an instance of the exception
                type of the first error, such as `AssertionError`.
        """
        try:
            for fault, category in zip(self.warnings, self.categories, strict=True):
                logger.warn("%s", fault, category=category, stacklevel=3, detail=fault.detail)
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


class Examination:
    """Runs checks one after another and keeps what they find.

    Args:
        subject: What is checked, for the report.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._errors: dict[tuple[str, str], tuple[type[Exception], Fault, Exception | None]] = {}
        self._warnings: dict[tuple[str, str], tuple[type[Warning], Fault]] = {}
        self._raised: set[str] = set()
        self._found = 0  # errors, those met again included

    def run(self, call: str, check: Callable[..., object], *args: Any) -> bool:
        """Run ``check(*args)`` and return whether it found no error.

        Args:
            call: Where an exception that is no fault comes from: the environment, in this call.
            check: Warns by `dromos.checks.message.warn` and raises exceptions with a `Fault`.
            *args: Its arguments.
        """
        before = self._found
        self.ask(call, check, *args)
        return self._found == before

    def ask(self, call: str, question: Callable[..., Any], *args: Any) -> Any:
        """Return ``question(*args)``, or None if it raises; keep what it finds as `run` does."""
        faults = Faults()
        answer = None
        with gathered(faults):
            answer = question(*args)
        for category, warned in faults.warnings:
            self._warnings.setdefault((warned.path, warned.known), (category, warned))
        for problem in faults.errors:
            self._keep(problem, call)
        self._found += len(faults.errors)
        return answer

    def report(self) -> Report:
        """Return what was found, without the warnings of places where there is an error."""
        wrong = {fault.path for _, fault, _ in self._errors.values()}
        warnings = [entry for entry in self._warnings.values() if entry[1].path not in wrong]
        errors = list(self._errors.values())
        return Report(
            self._subject,
            tuple(fault for _, fault, _ in errors),
            tuple(fault for _, fault in warnings),
            tuple(kind for kind, _, _ in errors),
            tuple(category for category, _ in warnings),
            errors[0][2] if errors else None,
        )

    def _keep(self, problem: Exception, call: str) -> None:
        fault = problem.args[0] if problem.args else None
        if isinstance(fault, Fault):
            self._errors.setdefault((fault.path, fault.known), (type(problem), fault, None))
        elif repr(problem) not in self._raised:  # the next checks will meet it again
            self._raised.add(repr(problem))
            fault = complaint(
                f"{call} raised {type(problem).__name__}: {problem}",
                call,
                "no exception",
                shown(problem),
                "Look at where it was raised in the traceback.",
            )
            self._errors[fault.path, fault.known] = (type(problem), fault, problem)


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
