"""Whether values from anywhere can be what lanes hold: the rules that several have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dromos import logger
from dromos.native.distributions import Distribution
from dromos.snapshot import at

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["check_groups", "check_ordered", "warn_of_unknown_options"]

Columns = Mapping[str, NDArray[Any]]

#: Classes and the options that users have been told they do not have.
_WARNED_OF: set[tuple[type, Any]] = set()


def check_ordered(env: NativeEnv[Any, Any], given: Mapping[str, Any]) -> None:
    """Raise unless parameters that bound something from both sides do so, whatever is drawn.

    Args:
        env: An environment with the values of parameters that are not given.
        given: Parameters, each one value, one a lane, or a distribution.

    Raises:
        ValueError: If a lower bound could be drawn that is not less than its upper bound.
    """
    for names in env.ordered:
        if given.keys().isdisjoint(names):
            continue
        low, high = bounds = [given.get(name, getattr(env, name)) for name in names]
        greatest = max(low.extremes()) if isinstance(low, Distribution) else low
        least = min(high.extremes()) if isinstance(high, Distribution) else high
        wrong = ~np.less(greatest, least)
        if wrong.any():
            lane = int(np.argmax(wrong))
            where = f" in lane {lane}" if wrong.ndim else ""
            found = [
                value if isinstance(value, Distribution) or np.ndim(value) == 0 else value[lane]
                for value in bounds
            ]
            raise ValueError(
                f"Expected {names[0]} < {names[1]}, got {names[0]}={found[0]} and "
                f"{names[1]}={found[1]}{where}"
            )


def check_groups(
    env: NativeEnv[Any, Any], params: Columns, options: Columns, state: Columns, status: Any
) -> None:
    """Raise unless lanes can hold these columns, whose dtypes and shapes fit the fields.

    Args:
        env: An environment of the lanes' class.
        params: A row a lane, or one for all; likewise `options` and `state`.
        options: The reset options in force.
        state: The states.
        status: Whether lanes have an episode, and whether it has ended.

    Raises:
        SnapshotError: If they cannot, as the constructor, `set_params` and `reset` would say.
    """
    with at(".params"):
        for name in env.parameter_names():
            env.parameter(name).check_columns(env, params)
        check_ordered(env, {name: params[name] for names in env.ordered for name in names})
    with at(".options"):
        alike = all((column == column[0]).all() for column in options.values())
        columns = [column[: 1 if alike else None].tolist() for column in options.values()]
        for row in set(zip(*columns, strict=True)):
            env.checked_options(dict(zip(options, row, strict=True)))
    with at(".state"):
        env.check_state(params, state, status)


def warn_of_unknown_options(cls: type, unknown: list[Any], known: Sequence[str]) -> None:
    """Warn once of each reset option that a class does not have."""
    new = [name for name in unknown if (cls, name) not in _WARNED_OF]
    if new:
        _WARNED_OF.update((cls, name) for name in new)
        logger.warn(
            f"{cls.__name__} has no reset option {', '.join(map(repr, new))}: ignored. It takes "
            f"{', '.join(known) or 'none'}.",
            stacklevel=3,
        )
