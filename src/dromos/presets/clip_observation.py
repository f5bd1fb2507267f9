"""`ClipObservation`: observations between two bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, Env, ObservationWrapper
from dromos.spaces import Box
from dromos.utils.record_constructor import RecordConstructorArgs

__all__ = ["ClipObservation"]

Array = npt.NDArray[Any]


class ClipObservation(ObservationWrapper[Array, ActType, Array], RecordConstructorArgs):
    """Cut observations off at two bounds."""

    __module__ = "dromos.presets"  # the public path, which specs and pickles name

    def __init__(self, env: Env[Array, ActType], low: float, high: float) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are arrays.
            low: The lower bound.
            high: The upper bound.

        Raises:
            TypeError: If the observations are not in a `Box`.
            ValueError: If the bounds are in the wrong order.
        """
        RecordConstructorArgs.__init__(self, low=low, high=high)
        super().__init__(env)
        space = env.observation_space
        if not isinstance(space, Box):
            raise TypeError(f"ClipObservation needs observations in a Box, found {space}")
        if not low <= high:
            raise ValueError(f"Expected low to be at most high, found {low} and {high}")
        self._low, self._high = space.dtype.type(low), space.dtype.type(high)
        self.observation_space = Box(
            self.observation(space.low), self.observation(space.high), dtype=space.dtype.type
        )

    def observation(self, observation: Array) -> Array:
        """Return `observation` between the bounds."""
        return np.asarray(np.minimum(np.maximum(observation, self._low), self._high))
