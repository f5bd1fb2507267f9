"""The arguments of a vector with workers, checked."""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import numpy as np

from dromos._core import thread_count
from dromos.spaces import Space
from dromos.spaces.hooks import SpaceHooks
from dromos.vector.autoreset import AutoresetMode

__all__ = [
    "Limits",
    "PoolSettings",
    "checked_shared_memory",
    "checked_timeout",
    "has_custom_space",
    "spread_lanes",
    "worker_count",
]

#: Seconds, eleven days: operating systems wait no longer than some weeks.
_LONGEST = 1e6


class Limits(NamedTuple):
    """What is done about workers that fail.

    Attributes:
        restart: Whether what is lost is replaced; otherwise it is an error.
        max_restarts: How often, all lanes and workers together; None for any number.
        start_timeout: How long a worker may take to make its environments, in seconds.
        step_timeout: How long a lane may take for a step or a reset, in seconds.
    """

    restart: bool
    max_restarts: int | None
    start_timeout: float | None
    step_timeout: float | None

    @classmethod
    def checked(
        cls,
        on_worker_failure: str,
        max_restarts: int | None,
        start_timeout: float | None,
        step_timeout: float | None,
    ) -> Limits:
        """Return the limits.

        Raises:
            ValueError: If an argument is out of range.
        """
        if on_worker_failure not in ("raise", "restart"):
            raise ValueError(
                f"Expected on_worker_failure to be 'raise' or 'restart', got {on_worker_failure!r}"
            )
        if max_restarts is not None and max_restarts < 0:
            raise ValueError(f"Expected max_restarts to be None or at least 0, got {max_restarts}")
        for name, limit in (("start_timeout", start_timeout), ("step_timeout", step_timeout)):
            if limit is not None and not limit > 0:
                raise ValueError(f"Expected {name} to be None or above 0 seconds, got {limit}")
        return cls(on_worker_failure == "restart", max_restarts, start_timeout, step_timeout)


def checked_timeout(timeout: Any) -> float | None:
    """Return a number of seconds, or None for any time.

    Raises:
        TypeError: If it is neither.
    """
    if timeout is None:
        return None
    if not isinstance(timeout, (int, float, np.integer, np.floating)) or timeout != timeout:
        raise TypeError(f"Expected timeout to be a number of seconds or None, got {timeout!r}")
    return float(min(timeout, _LONGEST))


class PoolSettings(NamedTuple):
    """How workers run.

    Attributes:
        context: The context of `multiprocessing` that starts them.
        daemon: Whether they are daemons of it.
        bounds: The first lane of each worker, and the number of lanes.
        autoreset_mode: When a lane whose episode has ended is reset.
        limits: What is done about those that fail.
    """

    context: Any
    daemon: bool
    bounds: list[int]
    autoreset_mode: AutoresetMode
    limits: Limits


def spread_lanes(num_lanes: int, num_workers: int) -> list[int]:
    """Return the first lane of each worker, and the number of lanes; workers differ by one lane."""
    return [num_lanes * worker // num_workers for worker in range(num_workers + 1)]


def worker_count(num_envs: int, num_workers: int | None, max_concurrency: int | None) -> int:
    """Return how many workers to start: as asked for, else one a processor; at most one a lane.

    Raises:
        ValueError: If a number is not an integer of at least 1.
    """
    asked = [
        _positive(name, number)
        for name, number in (("num_workers", num_workers), ("max_concurrency", max_concurrency))
        if number is not None
    ]
    if num_workers is None:
        asked.append(thread_count())
    return min(num_envs, *asked)


def _positive(name: str, number: Any) -> int:
    try:
        value = operator.index(number)
    except TypeError:
        raise ValueError(
            f"Expected `{name}` to be an integer or None, got {type(number)}"
        ) from None
    if value < 1:
        raise ValueError(f"Expected `{name}` to be None or a positive integer, got {value}")
    return value


def checked_shared_memory(shared_memory: bool | str) -> bool | str:
    """Return the argument.

    Raises:
        ValueError: If it is not True, False or ``"auto"``.
    """
    if not isinstance(shared_memory, (bool, np.bool_)) and shared_memory != "auto":
        raise ValueError(
            f"Expected shared_memory to be True, False or 'auto', got {shared_memory!r}"
        )
    return shared_memory


def has_custom_space(space: Space[Any]) -> bool:
    """Return whether `space` is, or contains, one of a class of which no shared memory is known."""
    if entries := list(space._entries()):
        return any(has_custom_space(part) for _, part in entries)
    cls = type(space)
    is_ours = cls.__module__.startswith("dromos.spaces.")
    return not is_ours and cls._create_shared is SpaceHooks._create_shared
