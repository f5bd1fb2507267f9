"""The normalisers, which take single environments and vectors alike."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.old_infos import OldInfos
from dromos.vector import VectorEnv
from dromos.wrappers import stateful_observation, stateful_reward, vector
from dromos.wrappers.utils import RunningMeanStd

__all__ = ["NormalizeObservation", "NormalizeReward", "RunningMeanStd"]


class NormalizeObservation(stateful_observation.NormalizeObservation[Any]):
    """Subtract the running mean from observations, and divide by the standard deviation."""

    def __new__(cls, env: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the wrapper of vectors if `env` is one."""
        if isinstance(env, OldInfos):
            return env.around(vector.NormalizeObservation, *args, **kwargs)
        if isinstance(env, VectorEnv):
            return vector.NormalizeObservation(env, *args, **kwargs)
        return super().__new__(cls)


class NormalizeReward(stateful_reward.NormalizeReward[Any, Any]):
    """Divide rewards by the running standard deviation of the discounted return."""

    def __new__(cls, env: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the wrapper of vectors if `env` is one."""
        if isinstance(env, OldInfos):
            return env.around(vector.NormalizeReward, *args, **kwargs)
        if isinstance(env, VectorEnv):
            return vector.NormalizeReward(env, *args, **kwargs)
        return super().__new__(cls)
