"""`RecordEpisodeStatistics`: return, length and duration of every episode."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from typing import Any, ClassVar

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.error import Error
from dromos.homes import adopt
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.order import InsideTimeLimit

__all__ = ["EpisodeStatistics", "KeyTaken", "RecordEpisodeStatistics"]


class KeyTaken(Error, ValueError, AssertionError):
    """The infos hold the key of the statistics already.

    Gymnasium raises the one built-in error for vectors and the other for single environments.
    """


@adopt
class EpisodeStatistics:
    """Base of the wrappers `RecordEpisodeStatistics`: the episodes that have finished."""

    snapshot_fields: Mapping[str, rules.Rule] = {
        "episode_count": rules.count(),
        "time_queue": rules.Queue(rules.Number()),
        "return_queue": rules.Queue(rules.Sum()),
        "length_queue": rules.Queue(rules.count()),
    }

    #: The attribute with the starts of running episodes on the clock of `time.perf_counter`.
    #: Another process, or this one later, has another clock: outside the running wrapper a start
    #: is written as the seconds from now, and read back by that other clock.
    _starts: ClassVar[str]

    def _set_up(self, buffer_length: int | None, stats_key: str) -> None:
        self._stats_key = stats_key
        self.episode_count = 0
        self.time_queue: deque[float] = deque(maxlen=buffer_length)
        self.return_queue: deque[Any] = deque(maxlen=buffer_length)
        self.length_queue: deque[int] = deque(maxlen=buffer_length)

    def _taken(self, name: str, found: Any) -> KeyTaken:
        """Return the error if infos, which are called `name`, have the key already."""
        key = self._stats_key
        return KeyTaken(
            f"{name}[{key!r}]: expected no such entry, found {found!r}. An inner wrapper or the "
            "environment uses the key: give this wrapper another one, "
            f'RecordEpisodeStatistics(env, stats_key="outer_{key}").'
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, self._starts: getattr(self, self._starts) - time.perf_counter()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, **{self._starts: state[self._starts] + time.perf_counter()})


class RecordEpisodeStatistics(  # pyright: ignore[reportIncompatibleVariableOverride]
    EpisodeStatistics, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Add the statistics of an episode to the info of its last step.

    They are ``info["episode"] = {"r": return, "l": length, "t": seconds}``: the sum of the
    rewards, the number of steps, and the time since the reset, rounded to microseconds.

    Attributes:
        episode_count: The number of finished episodes.
        episode_returns: The sum of the running episode's rewards.
        episode_lengths: The number of the running episode's steps.
        episode_start_time: The running episode's start on the clock of `time.perf_counter`.
        return_queue: The returns of the last finished episodes.
        length_queue: Their lengths.
        time_queue: Their durations in seconds.
    """

    __module__ = "dromos.wrappers.common"  # the public path, which specs and pickles name

    _inside_time_limit = InsideTimeLimit(
        "reports nothing of the episodes that the limit ends", is_error=False
    )

    _starts = "episode_start_time"

    snapshot_fields = {  # noqa: RUF012
        "_over": rules.Flag(),
        "episode_start_time": rules.Clock(),
        "episode_returns": rules.Sum(),
        "episode_lengths": rules.count(),
    }

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        buffer_length: int | None = 100,
        stats_key: str = "episode",
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            buffer_length: The number of episodes the queues hold; None for all.
            stats_key: The key of the statistics in the info.
        """
        Wrapper.__init__(self, env)
        self._set_up(buffer_length, stats_key)
        self.episode_start_time: float = -1
        self.episode_returns: Any = 0.0
        self.episode_lengths = 0
        self._over = False

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and add up.

        Raises:
            Error: If the info already holds an entry under the wrapper's key.
        """
        was_over, is_reset = self._over, self._over and next_step_resets(self.env)
        result = self.env.step(action)
        if was_over:
            self._begin()
        if is_reset:
            return result
        self.episode_returns += result[1]
        self.episode_lengths += 1
        if result[2] or result[3]:
            self._over = True
            obs, reward, terminated, truncated, info = result
            return obs, reward, terminated, truncated, self._with_statistics(info)
        return result

    def _with_statistics(self, info: dict[str, Any]) -> dict[str, Any]:
        """Finish the episode and return its `info`, a new dict, with the statistics."""
        if self._stats_key in info:
            raise self._taken("info", info[self._stats_key])
        now = time.perf_counter()
        seconds = round(now - self.episode_start_time, 6)
        self.time_queue.append(seconds)
        self.return_queue.append(self.episode_returns)
        self.length_queue.append(self.episode_lengths)
        self.episode_count += 1
        self.episode_start_time = now
        episode = {"r": self.episode_returns, "l": self.episode_lengths, "t": seconds}
        return {**info, self._stats_key: episode}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start new sums."""
        result = self.env.reset(seed=seed, options=options)
        self._begin()
        return result

    def _begin(self) -> None:
        self._over = False
        self.episode_start_time = time.perf_counter()
        self.episode_returns = 0.0
        self.episode_lengths = 0
