"""`MaxAndSkipObservation`: several steps at once, and the last two frames laid over each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, Env, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.rules.rewards import as_number
from dromos.wrappers.rules.rule import checked_count

__all__ = ["MaxAndSkipObservation"]

_Array = npt.NDArray[Any]


class MaxAndSkipObservation(Wrapper[_Array, ActType, _Array, ActType], RecordConstructorArgs):
    """Repeat every action, and show the elementwise maximum of the last two observations.

    Rewards are summed. Where an episode ends early, the last two observations of the step are
    those up to its end; after a single one, that one is shown.
    """

    __module__ = "dromos.wrappers.stateful_observation"  # the public path

    snapshot_exclude = frozenset({"_previous"})

    @recorded
    def __init__(self, env: Env[_Array, ActType], skip: int = 4) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are arrays of numbers.
            skip: How often an action is repeated, at least 2.

        Raises:
            TypeError: If `skip` is no integer.
            ValueError: If `skip` is below 2, or observations have no shape.
        """
        self._skip = checked_count("skip", skip, 2)
        super().__init__(env)
        space = env.observation_space
        if space.shape is None:
            raise ValueError(
                f"MaxAndSkipObservation needs observations that are arrays, found {space}"
            )
        self._previous = np.zeros(space.shape, space.dtype)
        self._over = False

    def step(self, action: ActType) -> tuple[_Array, float, bool, bool, dict[str, Any]]:
        """Step the environment `skip` times, or until the episode ends."""
        steps = 1 if self._over and next_step_resets(self.env) else self._skip
        obs, reward, terminated, truncated, info = self.env.step(action)
        total = as_number(reward)
        shown = obs
        for _ in range(steps - 1):
            if terminated or truncated:
                break
            # Copied, since an environment may write all its observations to one array.
            self._previous[...] = obs
            obs, reward, terminated, truncated, info = self.env.step(action)
            total += as_number(reward)
            shown = self._previous
        self._over = bool(terminated or truncated)
        return np.maximum(shown, obs), total, terminated, truncated, info
