"""The errors dromos raises.

    Exception
    ├── Error
    │   ├── UnregisteredEnv
    │   │   ├── NamespaceNotFound
    │   │   ├── NameNotFound
    │   │   └── VersionNotFound
    │   ├── DeprecatedEnv
    │   ├── RegistrationError
    │   ├── DependencyNotInstalled
    │   ├── UnsupportedMode
    │   ├── InvalidMetadata
    │   ├── ResetNeeded
    │   ├── InvalidAction
    │   ├── MissingArgument
    │   ├── InvalidProbability (also a ValueError)
    │   ├── InvalidBound (also a ValueError)
    │   ├── SnapshotError
    │   ├── WorkerError
    │   ├── DamagedFile (also a ValueError)
    │   └── InvalidJson (also a ValueError)
    ├── ImportError
    │   └── DeprecatedWrapper
    ├── AlreadyPendingCallError
    ├── NoAsyncCallError
    ├── ClosedEnvironmentError
    └── CustomSpaceError

Gymnasium's names keep Gymnasium's place in the tree, so that clients' ``except`` clauses work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dromos.homes import adopt

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AlreadyPendingCallError",
    "ClosedEnvironmentError",
    "CustomSpaceError",
    "DamagedFile",
    "DependencyNotInstalled",
    "DeprecatedEnv",
    "DeprecatedWrapper",
    "Error",
    "InvalidAction",
    "InvalidBound",
    "InvalidJson",
    "InvalidMetadata",
    "InvalidProbability",
    "MissingArgument",
    "NameNotFound",
    "NamespaceNotFound",
    "NoAsyncCallError",
    "RegistrationError",
    "ResetNeeded",
    "SnapshotError",
    "UnregisteredEnv",
    "UnsupportedMode",
    "VersionNotFound",
    "WorkerError",
    "did_you_mean",
]


_ALIKE = 0.8  # of two words in small letters; more are alike than as they are


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of `words` that is most like `word`, or None if none is like it."""
    from difflib import get_close_matches

    known = list(words)
    near = get_close_matches(word, known, n=1)
    if not near:  # capitals are no difference to who types
        plain = {one.lower(): one for one in known}
        near = [plain[one] for one in get_close_matches(word.lower(), plain, 1, _ALIKE)]
    return near[0] if near else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return " Did you mean: `…`?" with the nearest of `words`, or "" if none is near."""
    near = nearest(word, words)
    return "" if near is None else f" Did you mean: `{near}`?"


def add_note(error: BaseException, note: str) -> None:
    """Add a note to an exception, which is shown below its text; kept for Python 3.10 too.

    There, tracebacks of the interpreter leave ``__notes__`` out; pytest and IPython show them.
    """
    if hasattr(error, "add_note"):  # Python 3.11
        error.add_note(note)
    else:
        error.__notes__ = [*getattr(error, "__notes__", ()), note]


@adopt
class Error(Exception):
    """Base of the errors a user of the library can cause."""


class UnregisteredEnv(Error):
    """An id was asked for that the registry does not hold."""


class NamespaceNotFound(UnregisteredEnv):
    """The namespace of an id is not in the registry."""


class NameNotFound(UnregisteredEnv):
    """The name of an id is not in the registry."""


class VersionNotFound(UnregisteredEnv):
    """The name is in the registry, this version of it is not."""


class DeprecatedEnv(Error):
    """Only newer versions of the environment exist."""


class RegistrationError(Error):
    """An environment cannot be registered under this id."""


class DependencyNotInstalled(Error):
    """An optional library is needed; the message holds the line that installs it."""


class UnsupportedMode(Error):
    """The environment does not have the mode that was asked for."""


class InvalidMetadata(Error):
    """The metadata of an environment lacks an entry or holds a wrong one."""


class ResetNeeded(Error):
    """``step`` or ``render`` was called before ``reset``."""


class InvalidAction(Error):
    """The action is not an element of the action space."""


class MissingArgument(Error):
    """A required argument was not given."""


class InvalidProbability(Error, ValueError):
    """A probability lies outside its range."""


class InvalidBound(Error, ValueError):
    """A bound contradicts another bound or is missing."""


class SnapshotError(Error):
    """A snapshot cannot be taken, read, or restored into this environment."""


class WorkerError(Error):
    """A worker process of a vector ended, or did not answer in time."""


class DamagedFile(Error, ValueError):
    """A file is not what this library writes; the message names it, and the line if it has any."""


class InvalidJson(Error, ValueError):
    """A JSON text is malformed or does not describe what it should."""


@adopt
class DeprecatedWrapper(ImportError):
    """The wrapper has been replaced by another."""


@adopt
class AlreadyPendingCallError(Exception):
    """An asynchronous call was started while another was pending.

    Args:
        message: What was attempted.
        name: The method that is pending.
    """

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@adopt
class NoAsyncCallError(Exception):
    """A result was asked for that no pending call will produce.

    Args:
        message: What was attempted.
        name: The method that should have been called first.
    """

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@adopt
class ClosedEnvironmentError(Exception):
    """The environment has been closed."""


@adopt
class CustomSpaceError(Exception):
    """A space of a user's own class has no implementation of this operation."""
