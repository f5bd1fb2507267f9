"""`StatsRecorder`: rewards, lengths and times of episodes, in a file that is always whole."""

from __future__ import annotations

import os
import time
from typing import Any

from dromos.compat.gym_v25.wrappers.monitoring.files import write_json
from dromos.error import Error, ResetNeeded

__all__ = ["StatsRecorder"]

#: The share of the time that goes into writing: a file that takes 1 ms is written each 20 ms.
_WRITING_SHARE = 1 / 20

_TYPES = {"training": "t", "evaluation": "e"}


class StatsRecorder:
    """Counts steps and adds rewards up, and writes the file ``<prefix>.stats.json``.

    The file is written after every episode, as long as that takes a twentieth of the time or less,
    else after as many as it takes; and by `flush` and `close`. A process that is killed so loses
    the episodes of the last moments at most.

    Attributes:
        path: The file.
        type: ``"t"`` for training, ``"e"`` for evaluation.
        episode_lengths: Steps of each finished episode.
        episode_rewards: Sum of the rewards of each.
        episode_types: The type of each.
        timestamps: When each ended, in seconds since 1970.
        initial_reset_timestamp: When the first began, or None.
        total_steps: Steps of all episodes, the running one included.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        file_prefix: str,
        autoreset: bool = False,
        env_id: str | None = None,
    ) -> None:
        """Record to `directory`; nothing is written yet.

        Args:
            directory: Where the file goes.
            file_prefix: What its name begins with.
            autoreset: Whether the environment resets itself at the end of an episode.
            env_id: The environment's id, for messages.
        """
        self.path = os.path.join(directory, f"{file_prefix}.stats.json")
        self.autoreset = autoreset
        self.env_id = env_id
        self.type = "t"
        self.initial_reset_timestamp: float | None = None
        self.episode_lengths: list[int] = []
        self.episode_rewards: list[float] = []
        self.episode_types: list[str] = []
        self.timestamps: list[float] = []
        self.steps: int | None = None
        self.total_steps = 0
        self.rewards = 0.0
        self.done: bool | None = None
        self.closed = False
        self._next_write = 0.0

    def set_mode(self, mode: str) -> None:
        """Choose the type of the episodes that end from now on.

        Raises:
            Error: If the mode is neither ``"training"`` nor ``"evaluation"``.
        """
        if mode not in _TYPES:
            raise Error(f"Invalid mode {mode!r}: must be 'training' or 'evaluation'")
        self.type = _TYPES[mode]

    def before_step(self, action: Any) -> None:
        """Refuse a step outside an episode.

        Raises:
            ResetNeeded: If the episode is over or there was no reset.
        """
        if self.done:
            raise ResetNeeded(
                "Trying to step environment which is currently done. While the monitor is active "
                f"for {self.env_id}, you cannot step beyond the end of an episode. Call "
                "'env.reset()' to start the next episode."
            )
        if self.steps is None:
            raise ResetNeeded(
                "Trying to step an environment before reset. While the monitor is active for "
                f"{self.env_id}, you must call 'env.reset()' before taking an initial step."
            )

    def after_step(self, observation: Any, reward: Any, done: bool, info: dict[str, Any]) -> None:
        """Count a step, and the episode if it is over."""
        assert self.steps is not None
        self.steps += 1
        self.total_steps += 1
        self.rewards += reward
        self.done = bool(done)
        if done:
            self._save_episode()
        if done and self.autoreset:
            self.after_reset(observation)

    def before_reset(self) -> None:
        """Refuse to break an episode off.

        Raises:
            Error: If the episode has begun and is not over.
        """
        if self.done is False and self.steps:
            raise Error(
                "Tried to reset environment which is not done. While the monitor is active for "
                f"{self.env_id}, you cannot call reset() unless the episode is over."
            )

    def after_reset(self, observation: Any) -> None:
        """Start counting an episode."""
        self.steps = 0
        self.rewards = 0.0
        self.done = False
        if self.initial_reset_timestamp is None:
            self.initial_reset_timestamp = time.time()

    def _save_episode(self) -> None:
        assert self.steps is not None
        self.episode_lengths.append(self.steps)
        self.episode_rewards.append(float(self.rewards))
        self.episode_types.append(self.type)
        self.timestamps.append(time.time())
        if time.perf_counter() >= self._next_write:
            self.flush()

    def flush(self) -> None:
        """Write the file.

        Raises:
            Error: If it cannot be written.
        """
        if self.closed:
            return
        start = time.perf_counter()
        write_json(
            self.path,
            {
                "initial_reset_timestamp": self.initial_reset_timestamp,
                "timestamps": self.timestamps,
                "episode_lengths": self.episode_lengths,
                "episode_rewards": self.episode_rewards,
                "episode_types": self.episode_types,
            },
        )
        now = time.perf_counter()
        self._next_write = now + (now - start) / _WRITING_SHARE

    def close(self) -> None:
        """Write the file for the last time."""
        self.flush()
        self.closed = True
