"""Spaces, observations and actions between environments and networks.

Networks take float32 where environments have float64, and give actions in a form of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos import spaces

__all__ = [
    "environment_action",
    "float32_observation",
    "float32_space",
    "policy_action",
    "scaled_action",
]


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


def environment_action(action: Any) -> Any:
    """Return an action as an environment takes it.

    Integers and arrays of one integer become ``int``, arrays without axes the number in them;
    other arrays stay, and dicts are converted entry by entry into a new one.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(action, (int, np.integer)):
        return int(action)
    if isinstance(action, np.ndarray):
        whole = action.shape == (1,) and action.dtype == np.int64
        return action.item() if whole or action.shape == () else action
    if isinstance(action, Mapping):
        return {key: environment_action(part) for key, part in action.items()}
    raise TypeError(
        "Expected an action that is an int, a NumPy array or a dict of them, found "
        f"{type(action)}: {action!r}"
    )


def policy_action(action: Any) -> Any:
    """Return an element of an action space as policies give it: integers as int64 (1,)."""
    if isinstance(action, (int, np.integer)):
        return np.array([action], np.int64)
    if isinstance(action, Mapping):
        return {key: policy_action(part) for key, part in action.items()}
    return action


def scaled_action(
    action: npt.NDArray[Any], low: npt.NDArray[Any], high: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return an action in [-1, 1], cut off there, as one from `low` to `high`."""
    return np.asarray(low + (np.clip(action, -1, 1) + 1) / 2 * (high - low))
