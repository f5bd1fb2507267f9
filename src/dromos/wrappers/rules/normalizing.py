"""Observations of mean 0 and variance 1, and rewards of a bounded return, by running statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Box
from dromos.wrappers.rules.memory import Begun, Memory, MemoryRule
from dromos.wrappers.rules.rule import require_box
from dromos.wrappers.rules.trees import Lanes
from dromos.wrappers.running_mean_std import RunningMeanStd

__all__ = ["NormalizedObservation", "NormalizedReward"]


class NormalizedObservation(MemoryRule):
    """Observations less their mean, divided by their standard deviation.

    Attributes:
        statistics: The mean and the variance of all observations so far, of all lanes together.
        updating: Whether observations enter the statistics.
    """

    snapshot_exclude = frozenset({"space"})

    def __init__(self, space: Any, epsilon: float) -> None:
        """Start with no observations.

        Args:
            space: The observations of one lane.
            epsilon: What is added to the variance.
        """
        box = require_box(space, "NormalizeObservation", "observation")
        self.epsilon = checked_epsilon(epsilon)
        self.space = Box(-np.inf, np.inf, box.shape, np.float32)
        self.statistics = RunningMeanStd(shape=box.shape)
        self.updating = True

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Let the first observations of episodes enter the statistics."""
        self._update(observations)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Let the observations of a step enter the statistics."""
        self._update(observations)

    def _update(self, observations: Any) -> None:
        if self.updating:
            self.statistics.update(observations)

    def advance_and_view(
        self, observations: Any, lanes: Lanes = ..., begun: Begun = None
    ) -> npt.NDArray[np.float32]:
        """Do `advance`, then `view`, in one pass over the observations."""
        if not self.updating:
            return self.view(observations)
        return self.statistics.update_and_normalize(observations, self.epsilon)

    def view(self, observations: Any, lanes: Lanes = ...) -> npt.NDArray[np.float32]:
        """Return the observations, normalised with the statistics up to now; float32."""
        return self.statistics.normalize(observations, self.epsilon)


class NormalizedReward(Memory):
    """Rewards divided by the standard deviation of the discounted return.

    The return of a lane is ``G = gamma G + reward``, and 0 at the start of an episode, as in
    OpenAI Baselines' ``VecNormalize``.

    Attributes:
        statistics: The mean and the variance of all returns so far, of all lanes together.
        updating: Whether returns enter the statistics.
        returns: The return of the running episode of each lane; float64 of the batch shape.
    """

    def __init__(self, gamma: float, epsilon: float, *, batch_shape: tuple[int, ...] = ()) -> None:
        """Start with no rewards.

        Args:
            gamma: The discount, from 0 to 1.
            epsilon: What is added to the variance.
            batch_shape: () for a single environment, (n,) for n lanes.

        Raises:
            ValueError: If an argument is out of range.
        """
        if not 0 <= gamma <= 1:
            raise ValueError(f"Expected gamma to be from 0 to 1, found {gamma!r}")
        self.gamma = gamma
        self.epsilon = checked_epsilon(epsilon)
        self.statistics = RunningMeanStd(shape=())
        self.updating = True
        self.returns: npt.NDArray[np.float64] = np.zeros(batch_shape)

    def begin(self, lanes: Lanes = ...) -> None:
        """Start the returns of lanes anew."""
        self.returns[lanes] = 0.0

    def advance(self, rewards: Any, lanes: Lanes = ..., begun: Begun = None) -> Any:
        """Return the rewards of a step, divided.

        Args:
            rewards: One for each of these lanes.
            lanes: The lanes that made a step.
            begun: Which rows were a reset instead: they earned nothing; bool (k,).
        """
        self.returns[lanes] = self.returns[lanes] * self.gamma + rewards
        earned = self.returns[lanes]
        if begun is not None:
            self.begin(begun if lanes is ... else lanes[begun])
            earned = earned[~begun]
        if self.updating and earned.size:
            self.statistics.update(earned)
        return rewards / self.statistics.deviation(self.epsilon)


def checked_epsilon(epsilon: float) -> float:
    """Return `epsilon`.

    Raises:
        ValueError: If it is not above 0.
    """
    if not epsilon > 0:
        raise ValueError(f"Expected epsilon to be above 0, found {epsilon!r}")
    return float(epsilon)
