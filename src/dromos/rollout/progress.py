"""Telling how far a rollout is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["Progress", "reporter"]

#: Called with the steps done, and the steps in all.
Progress = Callable[[int, int], None]

#: Seconds between two lines.
_PAUSE = 0.2


def reporter(progress: Any) -> Progress:
    """Return what is to be called after steps.

    Args:
        progress: False for nothing, True for a line on standard error, or a function of the steps
            done and the steps in all.

    Raises:
        TypeError: If it is none of these.
    """
    if progress is True:
        return _Line()
    if progress is False or progress is None:
        return lambda done, steps: None
    if callable(progress):
        return progress  # type: ignore[no-any-return]
    raise TypeError(f"progress: expected True, False or a function, found {progress!r}")


class _Line:
    """One line on standard error, written over again and again."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, steps: int) -> None:
        now = time.monotonic()
        if now < self._next and done < steps:
            return
        self._next = now + _PAUSE
        end = "\n" if done == steps else ""
        sys.stderr.write(f"\rrollout: {done:,} of {steps:,} steps, {done / steps:.0%}{end}")
        sys.stderr.flush()
