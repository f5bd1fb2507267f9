"""The arguments of a vector over Ray, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dromos.arguments import whole
from dromos.vector.workers.settings import Limits

__all__ = ["OPTIONS_REFUSED", "RayLimits", "checked_options", "threads_of"]

#: Arguments of actors that the vector decides.
OPTIONS_REFUSED = ("lifetime", "max_concurrency", "max_restarts", "max_task_retries", "name")


class RayLimits(NamedTuple):
    """What is done about actors that fail.

    Attributes:
        restart: Whether what is lost is replaced; otherwise it is an error.
        max_restarts: How often, all actors together; None for any number.
        start_timeout: How long an actor may take to make its lanes, in seconds.
        step_timeout: How long a lane may take for a step or a reset, in seconds.
        snapshot_every: After how many messages an actor tells its state.
    """

    restart: bool
    max_restarts: int | None
    start_timeout: float | None
    step_timeout: float | None
    snapshot_every: int

    @classmethod
    def checked(
        cls,
        on_worker_failure: str,
        max_restarts: int | None,
        start_timeout: float | None,
        step_timeout: float | None,
        snapshot_every: int,
    ) -> RayLimits:
        """Return the limits.

        Raises:
            TypeError: If `snapshot_every` is not an integer.
            ValueError: If an argument is out of range.
        """
        limits = Limits.checked(on_worker_failure, max_restarts, start_timeout, step_timeout)
        return cls(*limits, whole("snapshot_every", snapshot_every))


def checked_options(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what each actor needs.

    Raises:
        ValueError: If the vector itself decides one of them.
    """
    given = dict(options or {})
    if refused := sorted(set(given) & set(OPTIONS_REFUSED)):
        raise ValueError(
            f"Expected actor_options to say what actors need, as num_cpus, resources, "
            f"scheduling_strategy or runtime_env; {refused} are for the vector to say"
        )
    return given


def threads_of(options: Mapping[str, Any]) -> int:
    """Return how many threads an actor may use: one a processor that it has asked for."""
    return max(1, int(options.get("num_cpus") or 1))
