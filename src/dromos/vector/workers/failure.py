"""Errors of workers: an exception on its way to the vector's process, and the end of a worker."""

from __future__ import annotations

from typing import Any

from dromos.error import WorkerError, add_note
from dromos.vector.utils.misc import dumps

__all__ = ["RemoteError", "WorkerTraceback", "action_text", "first_failure"]

_LONGEST_ACTION = 200


class WorkerTraceback(Exception):
    """The cause of an exception that was raised in a worker: its traceback there, as text."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


class RemoteError:
    """An exception raised in a worker, as what can travel to another process.

    Args:
        error: The exception, in the ``except`` clause that caught it.
        worker: The worker's index.
        lane: The lane whose environment raised it, or None.
        action: What the environment was given, or what it was doing.
    """

    def __init__(self, error: BaseException, worker: int, lane: int | None, action: str) -> None:
        import traceback

        self._kind = f"{type(error).__module__}.{type(error).__qualname__}"
        self._message = _text(error)
        self._pickled = _pickled(error)
        self._traceback = "".join(traceback.format_exception(error))
        self._place = (worker, lane, action)

    @property
    def summary(self) -> str:
        """The exception in one line."""
        return f"{self._kind}: {self._message}"

    def exception(self, seed: int | None = None) -> Exception:
        """Return the exception, of the class it had in the worker.

        Its cause holds the worker's traceback, the lane, the action and the seed. A class that
        does not travel becomes a `WorkerError`.

        Args:
            seed: The seed of the lane's last reset that had one.
        """
        worker, lane, action = self._place
        where = f"worker {worker}" if lane is None else f"lane {lane} (worker {worker})"
        seeded = "" if lane is None else f"; its last seed: {seed}"
        note = f"Raised by {where} of a vector, {action}{seeded}."
        error = self._rebuilt() or WorkerError(self.summary)
        add_note(error, note)
        error.__cause__ = WorkerTraceback(f"{note}\n\n{self._traceback}")
        return error

    def _rebuilt(self) -> Exception | None:
        """Return the exception itself, or None if it does not come back in this process."""
        import pickle

        try:
            error = None if self._pickled is None else pickle.loads(self._pickled)
            str(error)
        except Exception:
            return None
        return error if isinstance(error, Exception) else None


def first_failure(failures: dict[int, Exception]) -> Exception:
    """Return what the lowest of several lanes raised, with a note of the others.

    Args:
        failures: What lanes raised in the same call, or the end of what moved them; at least one.
    """
    error = failures[min(failures)]
    others = {lane: other for lane, other in sorted(failures.items()) if other is not error}
    ends = dict.fromkeys(str(other) for other in others.values() if type(other) is WorkerError)
    if type(error) is WorkerError and ends:  # several workers have ended
        return WorkerError("\n".join([str(error), *ends]))
    if others:
        add_note(error, f"Lanes {list(others)} raised exceptions in the same call.")
    return error


def action_text(action: Any) -> str:
    """Return what a message says of an action."""
    text = _text(action)
    return text if len(text) <= _LONGEST_ACTION else f"{text[:_LONGEST_ACTION]}…"


def _text(value: Any) -> str:
    """Return the text of a value, or what asking for it raised."""
    try:
        return str(value)
    except Exception as reason:
        return f"<its text raised {type(reason).__name__}>"


def _pickled(error: BaseException) -> bytes | None:
    """Return an exception pickled, or None if it does not come back from that."""
    import pickle

    try:
        pickled = dumps(error)
        return pickled if type(pickle.loads(pickled)) is type(error) else None
    except Exception:
        return None
