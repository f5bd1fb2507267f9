"""Public path of `RecordEpisodeStatistics` for vectors."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.snapshot import rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.wrappers import episode_statistics
from dromos.wrappers.rules.rule import Begun
from dromos.wrappers.rules.trees import Lanes, lanes_of
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.episodes import Flags, VectorEpisodeWrapper

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RecordEpisodeStatistics"]


class RecordEpisodeStatistics(  # pyright: ignore[reportIncompatibleVariableOverride]
    episode_statistics.EpisodeStatistics, VectorEpisodeWrapper[ObsType, ActType, ObsType]
):
    """Add the statistics of episodes to the infos of their last steps.

    They are ``infos["episode"] = {"r": returns, "l": lengths, "t": seconds}``, arrays (n,) that
    are 0 in the lanes whose episodes go on; ``infos["_episode"]`` says where episodes ended. They
    are exact in every autoreset mode and under partial resets.

    Attributes:
        episode_count: The number of finished episodes.
        episode_returns: The sum of the rewards of each lane's episode; float64 (n,).
        episode_lengths: The steps of each lane's episode; int64 (n,).
        episode_start_times: When each lane's episode began, on the clock of `time.perf_counter`.
        return_queue: The returns of the last finished episodes.
        length_queue: Their lengths.
        time_queue: Their durations in seconds.
    """

    _starts = "episode_start_times"

    snapshot_fields = {  # noqa: RUF012
        "episode_start_times": rules.LaneClock(),
        "episode_returns": rules.LaneArray(finite=False),
        "episode_lengths": rules.LaneArray(low=0),
    }

    @documented_by(episode_statistics.RecordEpisodeStatistics)
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, npt.NDArray[Any]],
        buffer_length: int | None = 100,
        stats_key: str = "episode",
    ) -> None:
        """Wrap `env`.

        Args:
            stats_key: The key of the statistics in the infos; a step whose infos hold an entry
                under it already raises an `Error`.
        """
        VectorEpisodeWrapper.__init__(self, env)
        self._set_up(buffer_length, stats_key)
        self.episode_start_times = np.zeros(self.num_envs)
        self.episode_returns = np.zeros(self.num_envs)
        self.episode_lengths = np.zeros(self.num_envs, np.int64)

    @property
    def prev_dones(self) -> Flags:
        """Which lanes' episodes ended in the last step; bool (n,). Subclasses may set it."""
        return self._steps.ended

    @prev_dones.setter
    def prev_dones(self, ended: Flags) -> None:
        self._steps.ended = ended

    def lane_labels(self, lanes: Sequence[int]) -> list[str]:
        """Return the labels of the wrapped vector, and the return of each lane's episode."""
        inner = self.env.lane_labels(lanes)
        return [
            f"{label}  return {self.episode_returns[lane]:.6g}"
            for lane, label in zip(lanes, inner, strict=True)
        ]

    def _began(self, result: Any, lanes: Lanes) -> Any:
        self._start(lanes)
        return result

    def _start(self, lanes: Lanes) -> None:
        self.episode_start_times[lanes] = time.perf_counter()
        self.episode_returns[lanes] = 0.0
        self.episode_lengths[lanes] = 0

    def _stepped(self, result: Any, lanes: Lanes, ended: Flags, begun: Begun) -> Any:
        self.episode_returns[lanes] += result[1]
        self.episode_lengths[lanes] += 1
        if begun is not None:
            self._start(lanes_of(begun, lanes))
        if not ended.any():
            return result
        *others, infos = result
        infos = {**infos, **self._statistics(infos, ended, lanes)}
        if self._steps.mode is AutoresetMode.SAME_STEP:
            self._start(lanes_of(ended, lanes))
        return *others, infos

    def _statistics(self, infos: dict[str, Any], ended: Flags, lanes: Lanes) -> dict[str, Any]:
        """Finish episodes and return what the infos say of them."""
        key = self._stats_key
        if key in infos or f"_{key}" in infos:
            raise self._taken("infos", infos.get(key))
        seconds = np.round(time.perf_counter() - self.episode_start_times[lanes], 6)
        returns, lengths = self.episode_returns[lanes], self.episode_lengths[lanes]
        self.episode_count += int(ended.sum())
        self.time_queue.extend(seconds[ended].tolist())
        self.return_queue.extend(returns[ended].tolist())
        self.length_queue.extend(lengths[ended].tolist())
        columns = {"r": returns, "l": lengths, "t": seconds}
        return {
            key: {name: np.where(ended, column, 0) for name, column in columns.items()},
            f"_{key}": ended,
        }
