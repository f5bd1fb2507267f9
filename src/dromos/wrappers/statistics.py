"""What the normalising wrappers, single and vector, let users do with their statistics."""

from __future__ import annotations

from typing import Any

from typing_extensions import Self

from dromos.wrappers.running_mean_std import RunningMeanStd

__all__ = ["ObservationStatistics", "RewardStatistics"]


class _Statistics:
    """Running statistics that can be saved, frozen and shared."""

    _rule: Any

    @property
    def epsilon(self) -> float:
        """What is added to the variance."""
        return float(self._rule.epsilon)

    @property
    def update_running_mean(self) -> bool:
        """Whether what is seen enters the statistics."""
        return bool(self._rule.updating)

    @update_running_mean.setter
    def update_running_mean(self, setting: bool) -> None:
        self._rule.updating = bool(setting)

    def train(self, mode: bool = True) -> Self:
        """Let what is seen enter the statistics, or not; return the wrapper itself."""
        self.update_running_mean = mode
        return self

    def eval(self) -> Self:
        """Keep the statistics as they are; return the wrapper itself."""
        return self.train(False)

    def state_dict(self) -> dict[str, Any]:
        """Return the statistics as plain data: ``mean``, ``var`` and ``count``, float64."""
        statistics: RunningMeanStd = self._rule.statistics
        return statistics.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` returned.

        Raises:
            ValueError, KeyError: If it is that of other statistics.
        """
        self._rule.statistics.load_state_dict(state)


class ObservationStatistics(_Statistics):
    """The statistics of observations."""

    @property
    def obs_rms(self) -> RunningMeanStd:
        """The mean and variance of the observations; assign another wrapper's to share them."""
        statistics: RunningMeanStd = self._rule.statistics
        return statistics

    @obs_rms.setter
    def obs_rms(self, statistics: RunningMeanStd) -> None:
        self._rule.statistics = statistics


class RewardStatistics(_Statistics):
    """The statistics of returns."""

    @property
    def return_rms(self) -> RunningMeanStd:
        """The mean and variance of the returns; assign another wrapper's to share them."""
        statistics: RunningMeanStd = self._rule.statistics
        return statistics

    @return_rms.setter
    def return_rms(self, statistics: RunningMeanStd) -> None:
        self._rule.statistics = statistics

    @property
    def gamma(self) -> float:
        """The discount of the return."""
        return float(self._rule.gamma)
