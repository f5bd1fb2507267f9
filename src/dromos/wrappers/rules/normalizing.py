"""Observations of mean 0 and variance 1, and rewards of a bounded return, by running statistics."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.error import InvalidBound
from dromos.snapshot import StatePart, rules
from dromos.spaces import Box
from dromos.wrappers.rules.rule import Begun, MemoryRule
from dromos.wrappers.rules.trees import Lanes, lanes_of
from dromos.wrappers.running_mean_std import RunningMeanStd

__all__ = ["NormalizedObservation", "NormalizedReward"]


class NormalizedObservation(MemoryRule):
    """Observations less their mean, divided by their standard deviation.

    Attributes:
        statistics: The mean and the variance of all observations so far, of all lanes together.
        updating: Whether observations enter the statistics.
    """

    snapshot_fields = {  # noqa: RUF012
        "epsilon": rules.Plain(float, check=lambda epsilon: checked_epsilon(epsilon)),
        "statistics": rules.Part(),
        "updating": rules.Flag(),
    }

    def __init__(self, space: Any, epsilon: float, *, batch_shape: tuple[int, ...] = ()) -> None:
        self._is_single = not batch_shape
        if space.shape is None:
            raise ValueError(
                "NormalizeObservation wrapper requires the observation space to have a shape, "
                f"found {space}: put FlattenObservation inside."
            )
        self.epsilon = checked_epsilon(epsilon)
        self.space = Box(-np.inf, np.inf, space.shape, np.float32)
        self.statistics = RunningMeanStd(shape=space.shape)
        self.updating = True

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Let the first observations of episodes enter the statistics."""
        self._update(observations)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Let the observations of a step enter the statistics."""
        self._update(observations)

    def _update(self, observations: Any) -> None:
        self._check_shape(observations)
        if self.updating:
            self.statistics.update(observations)

    def advance_and_view(
        self, observations: Any, lanes: Lanes = ..., begun: Begun = None
    ) -> npt.NDArray[np.float32]:
        """Do `advance`, then `view`, in one pass over the observations."""
        self._check_shape(observations)
        if not self.updating:
            return self.view(observations)
        return self.statistics.update_and_normalize(observations, self.epsilon)

    def _check_shape(self, observations: Any) -> None:
        """Keep each number by itself where a single environment shows more than its space says.

        Vectors that call themselves environments return batches and have the space of one row.

        Raises:
            ValueError: If the shape is another than that of the observations before.
        """
        if not self._is_single or np.shape(observations) == self.statistics.shape:
            return
        if self.statistics.count >= 1:
            raise ValueError(
                f"Expected observations of shape {self.statistics.shape}, as those that have "
                f"entered the statistics, found {np.shape(observations)}"
            )
        self.statistics = RunningMeanStd(shape=np.shape(observations))

    def view(self, observations: Any, lanes: Lanes = ...) -> npt.NDArray[np.float32]:
        """Return the observations, normalised with the statistics up to now; float32."""
        return self.statistics.normalize(observations, self.epsilon)


class NormalizedReward(StatePart):
    """Rewards divided by the standard deviation of the discounted return.

    The return of a lane is ``G = gamma G + reward``, and 0 at the start of an episode, as in
    OpenAI Baselines' ``VecNormalize``.

    Attributes:
        statistics: The mean and the variance of all returns so far, of all lanes together.
        updating: Whether returns enter the statistics.
        returns: The return of the running episode of each lane; float64 of the batch shape.
    """

    snapshot_fields = {  # noqa: RUF012
        "gamma": rules.Number(0, 1.0),
        "epsilon": rules.Plain(float, check=lambda epsilon: checked_epsilon(epsilon)),
        "statistics": rules.Part(),
        "updating": rules.Flag(),
        "returns": rules.LaneArray(),
    }

    def __init__(self, gamma: float, epsilon: float, *, batch_shape: tuple[int, ...] = ()) -> None:
        if not 0 <= gamma <= 1:
            raise InvalidBound(f"`gamma` should be in the interval [0, 1]. Received {gamma}")
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
            self.begin(lanes_of(begun, lanes))
            earned = earned[~begun]
        if self.updating and earned.size:
            self.statistics.update(earned)
        return rewards / self.statistics.deviation(self.epsilon)


def checked_epsilon(epsilon: float) -> float:
    """Return `epsilon`.

    Raises:
        InvalidBound: If it is not above 0.
    """
    if not epsilon > 0:
        raise InvalidBound(f"`epsilon` should be strictly positive. Received {epsilon}")
    return float(epsilon)
