"""Which wrappers have to stand outside of a time limit."""

from __future__ import annotations

from typing import Any, NamedTuple

from dromos import logger
from dromos.error import Error

__all__ = ["InsideTimeLimit", "check_inside_time_limit", "is_where_make_puts_it"]


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
        wrong = type(layer).__dict__.get("_inside_time_limit")
        if wrong is not None and isinstance(wrong, InsideTimeLimit):
            name = type(layer).__name__
            message = (
                f"TimeLimit around {name}: inside, {name} does not see the limit and {wrong.harm}. "
                f"Put {name} outside, {name}(TimeLimit(env, …), …)."
            )
            if wrong.is_error:
                raise Error(message)
            logger.warn(message)
        layer = getattr(layer, "__dict__", {}).get("env")


def is_where_make_puts_it(spec: Any, field: str) -> bool:
    """Return whether a field of the spec can say that one of `make`'s own wrappers comes next.

    `make` puts `PassiveEnvChecker`, `OrderEnforcing` and `TimeLimit` on, in this order, inside all
    `additional_wrappers`. One that stands elsewhere, or is there twice, is one of the latter.

    Args:
        spec: The spec of what is wrapped.
        field: The field that says whether the wrapper is there.
    """
    limited = getattr(spec, "max_episode_steps", None) is not None
    if field == "max_episode_steps":
        return not (getattr(spec, "additional_wrappers", ()) or limited)
    # An entry point may have wrapped already; whoever wraps later finds the order enforced.
    if limited or getattr(spec, "order_enforce", False):
        return False
    return field == "order_enforce" or getattr(spec, "disable_env_checker", True)
