"""The normalisers, which take single environments and vectors alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.compat.gymnasium_v029.old_infos import OldInfos
from dromos.vector import VectorEnv
from dromos.wrappers import stateful_observation, stateful_reward, vector
from dromos.wrappers.utils import RunningMeanStd, update_mean_var_count_from_moments

__all__ = [
    "NormalizeObservation",
    "NormalizeReward",
    "RunningMeanStd",
    "update_mean_var_count_from_moments",
]


class _OfVectorsToo:
    """Wraps single environments, and gives a vector to the wrapper of vectors instead."""

    _of_vectors: ClassVar[Callable[..., Any]]

    def __new__(cls, env: Any = None, *args: Any, **kwargs: Any) -> Any:  # no `env`: for a copy
        """Return the wrapper of vectors if `env` is one."""
        if isinstance(env, OldInfos):
            return env.around(cls._of_vectors, *args, **kwargs)
        if isinstance(env, VectorEnv):
            return cls._of_vectors(env, *args, **kwargs)
        return super().__new__(cls)


class NormalizeObservation(_OfVectorsToo, stateful_observation.NormalizeObservation[Any], Wrapper):
    """Subtract the running mean from observations, and divide by the standard deviation."""

    _of_vectors = vector.NormalizeObservation


class NormalizeReward(_OfVectorsToo, stateful_reward.NormalizeReward[Any, Any], Wrapper):
    """Divide rewards by the running standard deviation of the discounted return."""

    _of_vectors = vector.NormalizeReward
