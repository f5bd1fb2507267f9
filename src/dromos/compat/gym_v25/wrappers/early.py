"""Wrappers that releases had for a while: of rewards until 0.15, of dicts until 0.19."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.compat.gym_v25.core import ObservationWrapper, RewardWrapper
from dromos.spaces import Box

__all__ = ["ClipReward", "FlattenDictWrapper", "SignReward"]


class ClipReward(RewardWrapper[Any, Any]):
    """Keeps rewards between two bounds.

    Args:
        env: The environment.
        min_r: The least reward.
        max_r: The greatest reward.
    """

    def __init__(self, env: Any, min_r: float, max_r: float) -> None:
        super().__init__(env)
        self.min_r, self.max_r = min_r, max_r

    def reward(self, reward: Any) -> Any:
        """Return the reward, or the bound that is nearest."""
        return np.clip(reward, self.min_r, self.max_r)


class SignReward(RewardWrapper[Any, Any]):
    """Makes rewards -1, 0 or 1 by their sign."""

    def reward(self, reward: Any) -> Any:
        """Return the sign of the reward."""
        return np.sign(reward)


class FlattenDictWrapper(ObservationWrapper[Any, Any]):
    """Makes one array of some entries of a dict, one after the other.

    Args:
        env: An environment whose observations are dicts of arrays.
        dict_keys: The entries, in their order.

    Raises:
        KeyError: If the observation space lacks one.
    """

    def __init__(self, env: Any, dict_keys: Sequence[str]) -> None:
        super().__init__(env)
        self.dict_keys = dict_keys
        shapes = [env.observation_space.spaces[key].shape for key in dict_keys]
        size = int(sum(np.prod(shape) for shape in shapes))
        self.observation_space = Box(-np.inf, np.inf, (size,), np.float32)

    def observation(self, observation: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Return the entries (size,)."""
        return np.concatenate([np.ravel(observation[key]) for key in self.dict_keys])
