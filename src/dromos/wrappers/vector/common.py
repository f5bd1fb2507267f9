"""Public path of `RecordEpisodeStatistics` for vectors."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos.core import ActType, ObsType
from dromos.snapshot import rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers.episode_statistics import KeyTaken
from dromos.wrappers.rules.trees import Lanes
from dromos.wrappers.vector.lane_steps import Flags, LaneSteps, reset_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["RecordEpisodeStatistics"]

_START = "episode_start_times"


class RecordEpisodeStatistics(VectorWrapper[ObsType, ActType, ObsType, ActType, npt.NDArray[Any]]):
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

    snapshot_fields = {  # noqa: RUF012
        "_steps": rules.Part(),
        "episode_count": rules.count(),
        "episode_start_times": rules.LaneClock(),
        "episode_returns": rules.LaneArray(finite=False),
        "episode_lengths": rules.LaneArray(low=0),
        "time_queue": rules.Queue(rules.Number()),
        "return_queue": rules.Queue(rules.Sum()),
        "length_queue": rules.Queue(rules.count()),
    }

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, npt.NDArray[Any]],
        buffer_length: int | None = 100,
        stats_key: str = "episode",
    ) -> None:
        """Wrap `env`.

        Args:
            env: The vector.
            buffer_length: The number of episodes the queues hold; None for all.
            stats_key: The key of the statistics in the infos.
        """
        super().__init__(env)
        self._stats_key = stats_key
        self._steps = LaneSteps(env)
        self.episode_count = 0
        self.episode_start_times = np.zeros(self.num_envs)
        self.episode_returns = np.zeros(self.num_envs)
        self.episode_lengths = np.zeros(self.num_envs, np.int64)
        self.time_queue: deque[float] = deque(maxlen=buffer_length)
        self.return_queue: deque[float] = deque(maxlen=buffer_length)
        self.length_queue: deque[int] = deque(maxlen=buffer_length)

    @property
    def prev_dones(self) -> Flags:
        """Which lanes' episodes ended in the last step; bool (n,). Subclasses may set it."""
        return self._steps.ended

    @prev_dones.setter
    def prev_dones(self, ended: Flags) -> None:
        self._steps.ended = ended

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector, and start new sums in the lanes that were reset."""
        result = self.env.reset(seed=seed, options=options)
        lanes = reset_lanes(options, self.num_envs)
        self._steps.begin(lanes)
        self._begin(lanes)
        return result

    def step(self, actions: ActType) -> Any:
        """Step the wrapped vector and add up.

        Raises:
            Error: If the infos already hold an entry under the wrapper's key.
        """
        return self._counted(self.env.step(actions), ...)

    def recv(self) -> Any:
        """Receive from the wrapped vector and add up."""
        result = self.env.recv()
        return self._counted(result, result[-1]["lane_ids"])

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def lane_labels(self, lanes: Sequence[int]) -> list[str]:
        """Return the labels of the wrapped vector, and the return of each lane's episode."""
        inner = self.env.lane_labels(lanes)
        return [
            f"{label}  return {self.episode_returns[lane]:.6g}"
            for lane, label in zip(lanes, inner, strict=True)
        ]

    def _begin(self, lanes: Lanes) -> None:
        self.episode_start_times[lanes] = time.perf_counter()
        self.episode_returns[lanes] = 0.0
        self.episode_lengths[lanes] = 0

    def _counted(self, result: Any, lanes: Lanes) -> Any:
        observations, rewards, terminations, truncations, infos = result
        ended = np.logical_or(terminations, truncations)
        self.episode_returns[lanes] += rewards
        self.episode_lengths[lanes] += 1
        begun = self._steps.begun(ended, lanes)
        if begun is not None:
            self._begin(begun if lanes is ... else lanes[begun])
        if ended.any():
            infos = {**infos, **self._statistics(infos, ended, lanes)}
            if self._steps.mode is AutoresetMode.SAME_STEP:
                self._begin(ended if lanes is ... else lanes[ended])
        return observations, rewards, terminations, truncations, infos

    def _statistics(self, infos: dict[str, Any], ended: Flags, lanes: Lanes) -> dict[str, Any]:
        """Finish episodes and return what the infos say of them."""
        key = self._stats_key
        if key in infos or f"_{key}" in infos:
            raise KeyTaken(
                f"infos[{key!r}]: expected no such entry, found {infos.get(key)!r}. An inner "
                "wrapper uses the key: give this one another, "
                f'RecordEpisodeStatistics(env, stats_key="outer_{key}").'
            )
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

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, _START: self.episode_start_times - time.perf_counter()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.episode_start_times = self.episode_start_times + time.perf_counter()
