"""Which wrappers have to stand outside of a time limit."""

from __future__ import annotations

from typing import Any, NamedTuple

from dromos import logger
from dromos.error import Error

__all__ = ["InsideTimeLimit", "check_inside_time_limit"]


class InsideTimeLimit(NamedTuple):
    """What goes wrong if a `TimeLimit` stands around a wrapper.

    A wrapper that it goes wrong for has this as its class attribute ``_inside_time_limit``.

    Attributes:
        harm: What goes wrong, as the end of a sentence about the wrapper.
        is_error: Whether files would tell wrong things, which is an error; else it is warned of.
    """

    harm: str
    is_error: bool


def check_inside_time_limit(env: Any) -> None:
    """Check that nothing a `TimeLimit` is put around has to see the episodes that it ends.

    Raises:
        Error: If a wrapper in there records episodes to files. One that only reports is warned of.
    """
    layer = env
    while layer is not None:
        # Not inherited: what is right for a subclass, only its author knows.
        wrong = vars(type(layer)).get("_inside_time_limit")
        if isinstance(wrong, InsideTimeLimit):
            name = type(layer).__name__
            message = (
                f"TimeLimit around {name}: inside, {name} does not see the limit and {wrong.harm}. "
                f"Put {name} outside, {name}(TimeLimit(env, …), …)."
            )
            if wrong.is_error:
                raise Error(message)
            logger.warn(message)
        layer = getattr(layer, "__dict__", {}).get("env")
