"""`TimeAwareObservation`: the number of steps as the last element of an array."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np

from dromos.compat.gymnasium_v029.core import ObservationWrapper
from dromos.core import Env
from dromos.error import Error
from dromos.spaces import Box
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["TimeAwareObservation"]


class TimeAwareObservation(ObservationWrapper, RecordConstructorArgs):
    """Append the number of steps since the reset to observations, arrays of one axis.

    Attributes:
        t: That number.
    """

    @recorded
    def __init__(self, env: Env[Any, Any]) -> None:
        """Wrap `env`.

        Raises:
            Error: If the observations are no arrays of one axis.
        """
        super().__init__(env)
        space = env.observation_space
        if not isinstance(space, Box) or len(space.shape) != 1:
            raise Error(
                "TimeAwareObservation: expected a Box of one axis as observation space, found "
                f"{space}. Apply FlattenObservation before."
            )
        low, high = np.append(space.low, 0.0), np.append(space.high, np.inf)
        self.observation_space = Box(low, high, dtype=np.float64)
        self.t = 0

    def observation(self, observation: Any) -> Any:
        """Return `observation` with the time behind it; float64."""
        return np.append(observation, self.t)

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and count."""
        self.t += 1
        return super().step(action)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset the wrapped environment and the count."""
        self.t = 0
        return super().reset(seed=seed, options=options)
