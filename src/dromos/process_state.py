"""What a fresh process has to be told to be like this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["ProcessState", "captures"]

#: Functions that return what can be pickled and, called in a fresh process, does there what was
#: done here; whoever keeps such a state adds one.
captures: list[Callable[[], Callable[[], None]]] = []


class ProcessState:
    """The state of the process that pickles it, for the process that unpickles it."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Travel to another process as what the captures return."""
        return _brought_about, ([capture() for capture in captures],)


def _brought_about(changes: list[Callable[[], None]]) -> ProcessState:
    for change in changes:
        change()
    return ProcessState()
