"""The clock of a time limit, for steps the native core does not count itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Clock", "counted"]

_Step = Callable[[Any], Any]


class Clock:
    """What the core's ``LimitedStep`` shows of itself.

    Attributes:
        elapsed: The steps of the running episode.
        limit: The step, counted from 1, that truncates the episode.
    """

    __slots__ = ("elapsed", "limit")

    def __init__(self, limit: int) -> None:
        self.elapsed = 0
        self.limit = limit


def counted(step: _Step, clock: Clock) -> _Step:
    """Return `step` with a clock on it: it counts, and truncates at the limit.

    A function over its variables, not an object with ``__call__``, which takes Python half as
    long again to call.
    """

    def counted_step(action: Any) -> Any:
        result = step(action)
        clock.elapsed = elapsed = clock.elapsed + 1
        return result if elapsed < clock.limit else truncated(result)

    return counted_step


def truncated(result: Any) -> Any:
    """Return what a step returned with its ``truncated`` set."""
    obs, reward, terminated, _, info = result
    return obs, reward, terminated, True, info
