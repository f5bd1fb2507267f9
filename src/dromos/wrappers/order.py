"""Which wrappers have to stand outside of a time limit."""

from __future__ import annotations

from typing import Any

from dromos import logger
from dromos.error import Error

__all__ = ["check_inside_time_limit"]

#: What is wrong if a `TimeLimit` stands around a wrapper, and whether anything is left without it.
_BLIND = {
    "RecordVideo": ("records on over the ends of episodes", True),
    "CsvMonitor": ("writes no row of the episodes that the limit ends", True),
    "RecordEpisodeStatistics": ("reports nothing of the episodes that the limit ends", False),
}


def check_inside_time_limit(env: Any) -> None:
    """Check that nothing a `TimeLimit` is put around has to see the episodes that it ends.

    Raises:
        Error: If a wrapper in there records episodes to files. One that only reports is warned of.
    """
    layer = env
    while layer is not None:
        name = type(layer).__name__
        if name in _BLIND and type(layer).__module__.startswith("dromos.wrappers."):
            harm, is_error = _BLIND[name]
            message = (
                f"TimeLimit around {name}: inside, {name} does not see the limit and {harm}. Put "
                f"{name} outside, {name}(TimeLimit(env, …), …)."
            )
            if is_error:
                raise Error(message)
            logger.warn(message)
        layer = getattr(layer, "__dict__", {}).get("env")
