"""Rewards kept between bounds."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from dromos.error import InvalidBound

__all__ = ["ClippedReward", "as_number"]


def as_number(reward: Any) -> float:
    """Return a reward of one element, an array or not, as a float.

    Raises:
        ValueError: If it has more.
    """
    return float(reward.item() if isinstance(reward, np.ndarray) else reward)


class ClippedReward:
    """Rewards, each of them or a batch, between two bounds."""

    takes_batches = True

    def __init__(self, min_reward: Any, max_reward: Any) -> None:
        if min_reward is None and max_reward is None:
            raise InvalidBound("Both `min_reward` and `max_reward` cannot be None")
        low = -np.inf if min_reward is None else min_reward
        high = np.inf if max_reward is None else max_reward
        if np.any(np.asarray(high) < np.asarray(low)):
            raise InvalidBound(
                f"Expected min_reward to be at most max_reward, found {min_reward} and {max_reward}"
            )
        self._low, self._high = copy.deepcopy(low), copy.deepcopy(high)
        self._numbers = np.ndim(low) == np.ndim(high) == 0
        if self._numbers:
            self._low, self._high = float(low), float(high)

    def __call__(self, reward: Any) -> Any:
        """Return rewards between the bounds; NaN stays NaN, and floats stay floats."""
        if self._numbers and type(reward) in (float, int):
            # Comparing Python numbers takes a hundredth of the time of np.clip.
            return (
                self._low if reward < self._low else self._high if reward > self._high else reward
            )
        return np.minimum(np.maximum(reward, self._low), self._high)
