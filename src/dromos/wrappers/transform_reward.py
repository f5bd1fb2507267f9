"""Public path of the wrappers that change each reward by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsFloat

import numpy.typing as npt

from dromos.core import ActType, Env, ObsType, RewardWrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.rules.rewards import ClippedReward

__all__ = ["ClipReward", "TransformReward"]


class TransformReward(RewardWrapper[ObsType, ActType], RecordConstructorArgs):
    """Pass every reward through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    @recorded
    def __init__(self, env: Env[ObsType, ActType], func: Callable[[Any], SupportsFloat]) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            func: Makes of a reward of `env` one of this wrapper.
        """
        super().__init__(env)
        self.func = func

    def reward(self, reward: Any) -> SupportsFloat:
        """Return what the function makes of `reward`."""
        return self.func(reward)


class ClipReward(TransformReward[ObsType, ActType]):
    """Keep every reward between two bounds."""

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        min_reward: float | npt.NDArray[Any] | None = None,
        max_reward: float | npt.NDArray[Any] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            min_reward: The lower bound, None for none.
            max_reward: The upper bound, None for none.

        Raises:
            InvalidBound: If there is no bound, or the upper one is below the lower one.
        """
        super().__init__(env, ClippedReward(min_reward, max_reward))
