"""Public path of the vector wrappers that change each reward by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.transforms import VectorRewardWrapper
from dromos.wrappers import transform_reward
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.lanes import SpacesOfOneLane, batch_function_of

__all__ = ["ClipReward", "TransformReward", "VectorizeTransformReward"]


class TransformReward(VectorRewardWrapper[ObsType, ActType, ArrayType]):
    """Pass every batch of rewards through a function.

    Attributes:
        func: The function.
    """

    snapshot_exclude = frozenset({"func"})

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        func: Callable[[ArrayType], ArrayType],
    ) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            func: Makes of the rewards of `env`, float (n,), those of this wrapper.
        """
        super().__init__(env)
        self.func = func

    def rewards(self, rewards: ArrayType) -> ArrayType:
        """Return what the function makes of a batch."""
        return self.func(rewards)


class VectorizeTransformReward(VectorRewardWrapper[ObsType, ActType, npt.NDArray[Any]]):
    """Do to every lane what a wrapper of single environments does to its rewards.

    Attributes:
        wrapper: The wrapper, around the spaces of one lane.
    """

    snapshot_exclude = frozenset({"wrapper"})

    def __init__(self, env: VectorEnv[ObsType, ActType, Any], wrapper: Any, **kwargs: Any) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            wrapper: A subclass of `dromos.wrappers.TransformReward`, or another with a method
                ``reward`` that keeps no memory.
            **kwargs: The arguments of the wrapper besides the environment.
        """
        super().__init__(env)
        self.wrapper = wrapper(SpacesOfOneLane(env), **kwargs)

    def rewards(self, rewards: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the rewards, each of them changed; of their own dtype if they are floats."""
        dtype = rewards.dtype if rewards.dtype.kind == "f" else None
        if (rule := batch_function_of(self.wrapper)) is not None:
            return np.asarray(rule(rewards), dtype)
        return np.array([self.wrapper.reward(reward) for reward in rewards], dtype)


class ClipReward(VectorizeTransformReward[Any, Any]):
    """Keep rewards between two bounds: see `dromos.wrappers.ClipReward`."""

    @documented_by(transform_reward.ClipReward)
    def __init__(
        self,
        env: VectorEnv[Any, Any, Any],
        min_reward: float | npt.NDArray[Any] | None = None,
        max_reward: float | npt.NDArray[Any] | None = None,
    ) -> None:
        super().__init__(
            env, transform_reward.ClipReward, min_reward=min_reward, max_reward=max_reward
        )
