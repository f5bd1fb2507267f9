"""`CsvMonitor`: a row for every episode, in the file of Stable-Baselines3's ``Monitor``."""

from __future__ import annotations

import os
import time
from typing import Any, ClassVar

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.error import Error
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.monitor_file import EXTENSION, MonitorFile, get_monitor_files, load_results
from dromos.wrappers.order import InsideTimeLimit
from dromos.wrappers.rules.rewards import as_number

__all__ = ["CsvMonitor", "get_monitor_files", "load_results"]

_DECIMALS = 6  # of returns and times


class CsvMonitor(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Note return, length and end of every episode, in ``info["episode"]`` and in a file.

    The info of an episode's last step gets ``"episode"``: ``{"r": return, "l": steps, "t":
    seconds since the file was begun}``, rounded to microseconds, and the values of
    `reset_keywords` and `info_keywords`. The file (see `dromos.wrappers.monitor_file`) gets the
    same as a row, which is in the file before ``step`` returns. With ``override_existing=False`` a
    training that is started again goes on in the file it has.

    A copy (``clone``, ``deepcopy``, pickle) counts on but has no file. `restore` takes back the
    statistics, not the rows.

    Attributes:
        t_start: What times are counted from, in seconds since 1970.
        needs_reset: Whether no episode runs.
        total_steps: The number of steps so far.
        episode_returns: The returns of the finished episodes, not rounded.
        episode_lengths: Their numbers of steps.
        episode_times: When they ended, in seconds since `t_start`.
    """

    EXT: ClassVar[str] = EXTENSION
    _inside_time_limit = InsideTimeLimit(
        "writes no row of the episodes that the limit ends", is_error=True
    )

    snapshot_fields = {  # noqa: RUF012
        "needs_reset": rules.Flag(),
        "total_steps": rules.count(),
        "episode_returns": rules.ListOf(rules.Sum()),
        "episode_lengths": rules.ListOf(rules.count()),
        "episode_times": rules.ListOf(rules.Number()),
        "_return": rules.Sum(),
        "_length": rules.count(),
        "_noted": rules.Plain(dict),
    }

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        filename: str | os.PathLike[str] | None = None,
        allow_early_resets: bool = True,
        reset_keywords: tuple[str, ...] = (),
        info_keywords: tuple[str, ...] = (),
        override_existing: bool = True,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            filename: The file, to whose name ``.monitor.csv`` is added unless it ends so; a
                folder, for ``monitor.csv`` in it; or None for no file.
            allow_early_resets: Whether ``reset`` is allowed before the episode has ended.
            reset_keywords: Arguments of ``reset``, or entries of its ``options``, to be noted.
            info_keywords: Entries of the last info of an episode to be noted.
            override_existing: Whether to replace the file if it is there, rather than to go on.

        Raises:
            Error: If the file cannot be written, or continued.
        """
        name = None if filename is None else os.fspath(filename)
        super().__init__(env)
        self.allow_early_resets = allow_early_resets
        self.reset_keywords = tuple(reset_keywords)
        self.info_keywords = tuple(info_keywords)
        self._file: MonitorFile | None = None
        self.t_start = time.time()
        if name is not None:
            columns = ("r", "l", "t", *self.reset_keywords, *self.info_keywords)
            env_id = str(None if env.spec is None else env.spec.id)
            self._file = MonitorFile(name, columns, env_id, override_existing)
            self.t_start = self._file.t_start
        self.needs_reset = True
        self.total_steps = 0
        self.episode_returns: list[float] = []
        self.episode_lengths: list[int] = []
        self.episode_times: list[float] = []
        self._return = 0.0
        self._length = 0
        self._noted: dict[str, Any] = {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and start an episode.

        Args:
            seed: Passed on.
            options: Passed on.
            **kwargs: Passed on to an environment whose ``reset`` takes more.

        Raises:
            RuntimeError: If an episode runs and `allow_early_resets` is False.
            ValueError: If one of `reset_keywords` is not given.
        """
        if not self.allow_early_resets and not self.needs_reset:
            raise RuntimeError(
                "Tried to reset an environment before its episode has ended. Step on until "
                "terminated or truncated, or wrap it with allow_early_resets=True."
            )
        given = {"seed": seed, "options": options, **(options or {}), **kwargs}
        for key in self.reset_keywords:
            if given.get(key) is None:
                raise ValueError(
                    f"Expected you to pass keyword argument {key} into reset, or an option of this "
                    f"name, found {sorted(name for name in given if given[name] is not None)}"
                )
        result = self.env.reset(seed=seed, options=options, **kwargs)
        self._noted = {key: given[key] for key in self.reset_keywords}
        self._begin()
        return result

    def _begin(self) -> None:
        self._return, self._length = 0.0, 0
        self.needs_reset = False

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and add up.

        Raises:
            RuntimeError: If no episode runs.
            Error: If the info lacks one of `info_keywords` at the end of an episode, or the row
                cannot be written; the rows before are kept.
        """
        if self.needs_reset and next_step_resets(self.env):
            result = self.env.step(action)
            self._begin()
            return result
        if self.needs_reset:
            raise RuntimeError("Tried to step environment that needs reset")
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._return += as_number(reward)
        self._length += 1
        self.total_steps += 1
        if terminated or truncated:
            info = {**info, "episode": self._finish(info)}
        return obs, reward, terminated, truncated, info

    def _finish(self, info: dict[str, Any]) -> dict[str, Any]:
        """Note the end of the episode and return its row."""
        self.needs_reset = True
        seconds = time.time() - self.t_start
        self.episode_returns.append(self._return)
        self.episode_lengths.append(self._length)
        self.episode_times.append(seconds)
        missing = [key for key in self.info_keywords if key not in info]
        if missing:
            raise Error(
                f"CsvMonitor(info_keywords={self.info_keywords}): the last info of the episode has "
                f"no {missing}, its keys are {sorted(map(str, info))}"
            )
        row = {
            "r": round(self._return, _DECIMALS),
            "l": self._length,
            "t": round(seconds, _DECIMALS),
            **{key: info[key] for key in self.info_keywords},
            **self._noted,
        }
        if self._file is not None:
            self._file.append(row)
        return row

    def get_total_steps(self) -> int:
        """Return the number of steps so far."""
        return self.total_steps

    def get_episode_rewards(self) -> list[float]:
        """Return the returns of the finished episodes, not rounded."""
        return self.episode_returns

    def get_episode_lengths(self) -> list[int]:
        """Return the numbers of steps of the finished episodes."""
        return self.episode_lengths

    def get_episode_times(self) -> list[float]:
        """Return when the finished episodes ended, in seconds since `t_start`."""
        return self.episode_times

    def __getstate__(self) -> dict[str, Any]:
        # The file belongs to the original: rows of both would be taken for those of one.
        return {**self.__dict__, "_file": None}
