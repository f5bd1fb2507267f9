"""The constructor arguments of a native vector, checked."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from dromos.native.distributions import Distribution

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["check_ordered", "checked_params", "count", "possible", "template_params"]


def count(name: str, value: SupportsIndex, most: int | None = None) -> int:
    """Return an argument that counts something as an int ≥ 1.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is less than 1 or more than `most`.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"Expected `{name}` to be an integer, got {value!r}") from None
    if number < 1 or (most is not None and number > most):
        limits = "at least 1" if most is None else f"from 1 to {most}"
        raise ValueError(f"Expected `{name}` to be {limits}, got {number}")
    return number


def checked_params(
    single: type[NativeEnv[Any, Any]], params: Mapping[str, Any], num_envs: int
) -> dict[str, Any]:
    """Return parameters, each one value, one a lane, or a distribution.

    Raises:
        TypeError: If there is no such parameter, or a value is not a number.
        ValueError: If a value is out of range, or there is not one for each lane.
    """
    for name, value in params.items():
        if isinstance(value, Distribution):
            single.parameter(name).check_drawn(value)
        else:
            single.parameter(name).check(value, num_envs)
    return dict(params)


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


def template_params(single: type[NativeEnv[Any, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters of one environment whose spaces hold what every lane observes.

    Bounds come from parameters, so of the lanes' values the one that makes the widest is taken.
    """
    return {name: single.parameter(name).widest(possible(value)) for name, value in params.items()}


def possible(value: Any) -> Any:
    """Return the extremes of a distribution, anything else as it is."""
    return value.extremes() if isinstance(value, Distribution) else value
