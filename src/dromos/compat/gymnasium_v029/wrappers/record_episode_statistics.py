"""`RecordEpisodeStatistics` with ``deque_size`` and arrays of one element."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.utils.record_constructor import recorded
from dromos.vector import VectorEnv
from dromos.wrappers import episode_statistics, vector

__all__ = ["RecordEpisodeStatistics"]

#: The entries of ``info["episode"]`` and the types they had.
_DTYPES = {"r": np.float32, "l": np.int32, "t": np.float32}


class RecordEpisodeStatistics(episode_statistics.RecordEpisodeStatistics[Any, Any], Wrapper):
    """Add the statistics of an episode to the info of its last step.

    They are ``info["episode"] = {"r": return, "l": length, "t": seconds}``, arrays (1,).
    """

    def __new__(cls, env: Any = None, deque_size: int = 100) -> Any:  # no `env`: for a copy
        """Return the wrapper of vectors if `env` is one."""
        if isinstance(env, VectorEnv):
            return vector.RecordEpisodeStatistics(env, deque_size)
        return super().__new__(cls)

    @recorded
    def __init__(self, env: Env[Any, Any], deque_size: int = 100) -> None:
        """Wrap `env`.

        Args:
            env: An environment or a vector.
            deque_size: The number of episodes the queues hold.
        """
        super().__init__(env, deque_size)

    def _with_statistics(self, info: dict[str, Any]) -> dict[str, Any]:
        info = super()._with_statistics(info)
        episode = info[self._stats_key]
        arrays = {key: np.array([value], _DTYPES[key]) for key, value in episode.items()}
        return {**info, self._stats_key: arrays}
