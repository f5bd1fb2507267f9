"""Public path of the wrappers whose rewards depend on those before."""

from __future__ import annotations

from typing import Any, SupportsFloat

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.rules.normalizing import NormalizedReward
from dromos.wrappers.statistics import RewardStatistics

__all__ = ["NormalizeReward"]


class NormalizeReward(
    RewardStatistics, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Divide every reward by the standard deviation of the discounted return so far.

    The return ``G = gamma G + reward`` starts at 0 in every episode; its statistics go on.
    """

    def __init__(
        self, env: Env[ObsType, ActType], gamma: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            gamma: The discount of the return, from 0 to 1.
            epsilon: What is added to the variance before the root is taken.

        Raises:
            ValueError: If an argument is out of range.
        """
        RecordConstructorArgs.__init__(self, gamma=gamma, epsilon=epsilon)
        super().__init__(env)
        self._rule = NormalizedReward(gamma, epsilon)

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and divide its reward."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, float(self._rule.advance(float(reward))), terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start a new return."""
        result = self.env.reset(seed=seed, options=options)
        self._rule.begin()
        return result
