"""Spaces and observations with float32 in the place of float64, as networks take them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos import spaces

__all__ = ["float32_observation", "float32_space"]


def float32_space(space: spaces.Space[Any]) -> spaces.Space[Any]:
    """Return `space`, or a new one with float32 for every float64 in it."""
    if isinstance(space, spaces.Box) and space.dtype == np.float64:
        return spaces.Box(
            space.low.astype(np.float32), space.high.astype(np.float32), dtype=np.float32
        )
    if isinstance(space, spaces.Dict):
        parts = {key: float32_space(part) for key, part in space.spaces.items()}
        return spaces.Dict(parts, sort_keys=space.sort_keys)
    if isinstance(space, spaces.Tuple):
        return spaces.Tuple(map(float32_space, space.spaces))
    return space


def float32_observation(space: spaces.Space[Any], observation: Any) -> Any:
    """Return an observation as an element of `space`, which `float32_space` made."""
    if isinstance(space, spaces.Box):
        return np.asarray(observation, space.dtype)
    if isinstance(space, spaces.Dict):
        parts = space.spaces.items()
        return {key: float32_observation(part, observation[key]) for key, part in parts}
    if isinstance(space, spaces.Tuple):
        pairs = zip(space.spaces, observation, strict=True)
        return tuple(float32_observation(part, value) for part, value in pairs)
    return observation
