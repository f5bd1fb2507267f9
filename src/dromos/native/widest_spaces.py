"""Spaces as wide as what dynamics tell of their actions and observations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core.batch import Structure
from dromos.native.fields import layout_of
from dromos.spaces import Box, Discrete, Space, Tuple

__all__ = ["action_space_of", "observation_space_of"]


def action_space_of(dynamics: str) -> Space[Any]:
    """Return ``Discrete(num_actions)``, or a box from ``action_low`` to ``action_high``."""
    layout = layout_of(dynamics)
    if layout["action_choices"]:
        return Discrete(layout["action_choices"])
    shape = (layout["action_count"],)
    return _box(layout["action_dtype"], shape, layout["action_bounds"])


def observation_space_of(dynamics: str) -> Space[Any]:
    """Return a box from ``observation_low`` to ``observation_high``, as wide as can be without.

    An observation that is an integer, or a tuple of them, is of a discrete space.

    Raises:
        TypeError: If there are integers, and no bounds.
    """
    layout = layout_of(dynamics)
    leaves, bounds = layout["observation"], layout["observation_bounds"]
    if layout["structure"] == Structure.ARRAY:
        return _box(*leaves[0], bounds)
    if layout["structure"] == Structure.SCALAR:
        return _of_number(dynamics, leaves[0][0], bounds)
    pairs = [None] * len(leaves) if bounds is None else list(zip(*bounds, strict=True))
    return Tuple(
        [_of_number(dynamics, leaf[0], pair) for leaf, pair in zip(leaves, pairs, strict=True)]
    )


def _of_number(dynamics: str, dtype: str, bounds: tuple[Any, Any] | None) -> Space[Any]:
    if np.dtype(dtype).kind == "f":
        return _box(dtype, (), bounds)
    if bounds is None:
        raise TypeError(
            f"{dynamics} observes integers and does not tell which: give its struct `static "
            "constexpr Observation observation_low` and `observation_high`, or define "
            "`make_spaces` in a class that names it"
        )
    low, high = map(int, bounds)
    return Discrete(high - low + 1, start=low)


def _box(dtype: str, shape: tuple[int, ...], bounds: tuple[Any, Any] | None) -> Box[NDArray[Any]]:
    if bounds is not None:
        return Box(*bounds, shape, np.dtype(dtype).type)
    if np.dtype(dtype).kind == "f":
        return Box(-np.inf, np.inf, shape, np.dtype(dtype).type)
    limits = (0, 1) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    return Box(*limits, shape, np.dtype(dtype).type)
