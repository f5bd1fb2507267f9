"""Public path of the wrappers whose rewards depend on those before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.rules.normalizing import NormalizedReward
from dromos.wrappers.rules.rewards import as_number
from dromos.wrappers.statistics import RewardStatistics

__all__ = ["NormalizeReward"]


class NormalizeReward(
    RewardStatistics, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Divide every reward by the standard deviation of the discounted return so far.

    The return ``G = gamma G + reward`` starts at 0 in every episode; its statistics go on.
    """

    snapshot_fields = {"_rule": rules.Part(), "_over": rules.Flag()}  # noqa: RUF012

    @recorded
    def __init__(
        self, env: Env[ObsType, ActType], gamma: float = 0.99, epsilon: float = 1e-8
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            gamma: The discount of the return, from 0 to 1.
            epsilon: What is added to the variance before the root is taken.

        Raises:
            InvalidBound: If an argument is out of range.
        """
        super().__init__(env)
        self._rule = NormalizedReward(gamma, epsilon)
        self._over = False

    @property
    def discounted_reward(self) -> npt.NDArray[np.float64]:
        """The return of the running episode; a copy, float64 (1,)."""
        return self._rule.returns.reshape(1).copy()  # type: ignore[no-any-return]

    @discounted_reward.setter
    def discounted_reward(self, value: npt.ArrayLike) -> None:
        self._rule.returns[...] = np.reshape(value, ())

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and divide its reward."""
        is_reset = self._over and next_step_resets(self.env)
        obs, reward, terminated, truncated, info = self.env.step(action)
        if not is_reset:
            reward = float(self._rule.advance(as_number(reward)))
        self._over = bool(terminated or truncated)
        if self._over:
            self._rule.begin()
        return obs, reward, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start a new return."""
        result = self.env.reset(seed=seed, options=options)
        self._rule.begin()
        self._over = False
        return result
