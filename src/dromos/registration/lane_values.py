"""Arguments of lanes: one value for all, or one a lane."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.arguments import named

__all__ = ["values_of_lanes"]


def values_of_lanes(params: Any, count: int) -> list[dict[str, Any]]:
    """Return the values of each lane by name.

    Args:
        params: Name to one value, or to one a lane: a list, or an array with an axis; None for
            no names.
        count: The number of lanes.

    Raises:
        TypeError: If it is no dict of names.
        ValueError: If a name has values for another number of lanes.
    """
    lanes: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, value in named("params", {} if params is None else params).items():
        one_each = isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 0)
        if one_each and len(value) != count:
            raise ValueError(
                f"Expected one value or {count} values, one a lane, for the parameter {name!r}, "
                f"got {len(value)}"
            )
        for lane, values in enumerate(lanes):
            values[name] = value[lane] if one_each else value
    return lanes
