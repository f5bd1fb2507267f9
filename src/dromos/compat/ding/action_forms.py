"""Actions as networks give them, in the form environments take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["environment_action", "policy_action", "scaled_action"]


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
