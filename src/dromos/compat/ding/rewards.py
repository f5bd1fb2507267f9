"""Rewards reduced to their sign, or paid late."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np

from dromos.compat.ding.shapes import KeepsShapes
from dromos.core import ActType, Env, ObsType, RewardWrapper, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["ClipRewardWrapper", "DelayRewardWrapper"]


class ClipRewardWrapper(RewardWrapper[ObsType, ActType], KeepsShapes, RecordConstructorArgs):
    """Give the sign of every reward: -1, 0 or 1."""

    reward_range = (-1.0, 1.0)

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        super().__init__(env)

    def reward(self, reward: SupportsFloat) -> SupportsFloat:
        """Return the sign of `reward`."""
        return float(np.sign(float(reward)))


class DelayRewardWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Pay rewards together, every `delay_reward_step` steps and at the end of the episode."""

    reward_range = (-np.inf, np.inf)

    @recorded
    def __init__(self, env: Env[ObsType, ActType], delay_reward_step: int = 0) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            delay_reward_step: After how many steps rewards are paid; 0 pays with every step.
        """
        super().__init__(env)
        self._delay = delay_reward_step
        self._keep_nothing()

    def _keep_nothing(self) -> None:
        self._kept = 0.0
        self._steps = 0

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; keep the reward, or pay all that was kept."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._kept += float(reward)
        self._steps += 1
        paid = 0.0
        if terminated or truncated or self._steps >= self._delay:
            paid = self._kept
            self._keep_nothing()
        return obs, paid, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; what was kept is forfeited."""
        self._keep_nothing()
        return self.env.reset(seed=seed, options=options)
