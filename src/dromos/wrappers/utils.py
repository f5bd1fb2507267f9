"""Public path of what wrappers are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy.typing as npt

from dromos.spaces import Box
from dromos.wrappers.rules.affine import AffineMap, Bound
from dromos.wrappers.running_mean_std import RunningMeanStd, update_mean_var_count_from_moments
from dromos.wrappers.zero_element import create_zero_array

__all__ = [
    "RunningMeanStd",
    "create_zero_array",
    "rescale_box",
    "update_mean_var_count_from_moments",
]

_Map = Callable[[npt.NDArray[Any]], npt.NDArray[Any]]


def rescale_box(box: Box[Any], new_min: Bound, new_max: Bound) -> tuple[Box[Any], _Map, _Map]:
    """Return a box with other bounds, and the increasing affine maps there and back.

    Args:
        box: The box to map.
        new_min: The lower bounds to map to: a number for all, or an array of the box's shape. An
            element without a bound must have none there either.
        new_max: The upper bounds to map to.

    Returns:
        The new box, the map of elements of `box` to it, and the map back.

    Raises:
        TypeError: If `box` is no `Box`, or a bound no number.
        ValueError: If the bounds have another shape or order, or are infinite elsewhere.
    """
    onto = AffineMap(box, new_min, new_max)
    return onto.box, onto.forward, onto.backward
