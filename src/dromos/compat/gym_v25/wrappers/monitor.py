"""`Monitor`: the statistics of every episode and the videos of some, in a directory."""

from __future__ import annotations

import itertools
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

from dromos import logger
from dromos.compat.gym_v25.core import Step, Wrapper
from dromos.compat.gym_v25.wrappers.monitoring.files import (
    FILE_PREFIX,
    MANIFEST_PREFIX,
    clear_monitor_files,
    detect_training_manifests,
    write_json,
)
from dromos.compat.gym_v25.wrappers.monitoring.stats_recorder import StatsRecorder
from dromos.compat.gym_v25.wrappers.monitoring.video_recorder import VideoRecorder
from dromos.error import Error
from dromos.forks import is_of_this_process
from dromos.render.saving import capped_cubic_video_schedule

__all__ = ["Monitor"]

_ids = itertools.count()


class Monitor(Wrapper[Any, Any]):
    """Record the statistics of all episodes and videos of some.

    The files, of the monitor ``<n>`` in process ``<pid>``, are written as the episodes end, and
    finished also when a program ends by an exception or Ctrl-C:

    - ``openaigym.episode_batch.<n>.<pid>.stats.json``, see `StatsRecorder`;
    - ``openaigym.video.<n>.<pid>.video<episode>.mp4`` and ``….meta.json``, see `VideoRecorder`;
    - ``openaigym.manifest.<n>.<pid>.manifest.json``, which lists the others.

    A fork leaves the files to its parent, and has a monitor that records nothing.

    A monitor is strict about episodes: a step past their end is a `ResetNeeded`, a reset before
    it an `Error`.

    Attributes:
        directory: Where the files are.
        enabled: Whether the monitor records: until `close`, in the process that made it.
        episode_id: The number of the running episode plus one.
        stats_recorder: Rewards, lengths and times.
        video_recorder: The video of the running episode, recording or not.
        videos: The paths of each video and of its description.
    """

    def __init__(
        self,
        env: Any,
        directory: str | os.PathLike[str],
        video_callable: Callable[[int], bool] | Literal[False] | None = None,
        force: bool = False,
        resume: bool = False,
        write_upon_reset: bool = False,
        uid: str | None = None,
        mode: str | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            directory: Where the files go; made if it is not there.
            video_callable: Whether to record the episode of this number, counted from 0: perfect
                cubes below 1000, then every thousandth, if it is None; False for no videos.
            force: Whether to remove the files of earlier monitors from the directory.
            resume: Whether to leave them there and record beside them.
            write_upon_reset: Whether to write all files at every reset, whatever it costs.
            uid: A part of the files' names instead of the number of the process.
            mode: ``"training"`` or ``"evaluation"``, what episodes are marked as.

        Raises:
            Error: If the directory holds files of earlier monitors or cannot be written to,
                `video_callable` is no function, or there is no such mode.
            DependencyNotInstalled: If an episode is to be recorded and PyAV is missing.
        """
        super().__init__(env)
        self._video_callable = _checked_schedule(video_callable)
        self.directory = _prepared(directory, force, resume)
        self.write_upon_reset = write_upon_reset
        self.videos: list[tuple[str, str]] = []
        self.episode_id = 0
        self.video_recorder: VideoRecorder | None = None
        self._infix = f"{next(_ids)}.{uid or os.getpid()}"
        self._autoreset = bool(env.metadata.get("semantics.autoreset"))
        self._env_id = _id_of(env)
        self.stats_recorder = StatsRecorder(
            self.directory,
            f"{FILE_PREFIX}.episode_batch.{self._infix}",
            autoreset=self._autoreset,
            env_id=self._env_id,
        )
        if mode is not None:
            self.stats_recorder.set_mode(mode)
        self.enabled = True
        self.stats_recorder.flush()
        self._write_manifest()
        # Holds the recorder, not the monitor, which can so be forgotten; a video sees to itself.
        self._finisher = weakref.finalize(self, self.stats_recorder.close)
        is_of_this_process(self)

    def step(self, action: Any) -> Step:
        """Step the wrapped environment and record.

        Raises:
            ResetNeeded: If the episode is over or there was no reset.
        """
        if not self.enabled:
            result: Step = self.env.step(action)
            return result
        self.stats_recorder.before_step(action)
        obs, reward, done, info = self.env.step(action)
        if done and self._autoreset:
            self._next_video()
        self.stats_recorder.after_step(obs, reward, done, info)
        if self.video_recorder is not None:
            self.video_recorder.capture_frame()
        return obs, reward, done, info

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment and record.

        Raises:
            Error: If the episode is not over.
        """
        if not self.enabled:
            return self.env.reset(**kwargs)
        self.stats_recorder.before_reset()
        result = self.env.reset(**kwargs)
        self.stats_recorder.after_reset(result)
        self._next_video()
        if self.video_recorder is not None:
            self.video_recorder.capture_frame()
        if self.write_upon_reset:
            self.stats_recorder.flush()
        return result

    def close(self) -> None:
        """Finish the files and close the wrapped environment."""
        if self.enabled:
            self.enabled = False
            self._finisher.detach()
            self._end_video()
            self.stats_recorder.close()
            self._write_manifest()
        super().close()

    def _leave_to_parent(self) -> None:
        self.enabled, self.video_recorder = False, None
        self._finisher.detach()

    def set_mode(self, mode: str) -> None:
        """Mark the episodes that end from now on as ``"training"`` or ``"evaluation"``."""
        self.stats_recorder.set_mode(mode)

    def get_total_steps(self) -> int:
        """Return the number of steps of all episodes."""
        return self.stats_recorder.total_steps

    def get_episode_rewards(self) -> list[float]:
        """Return the sum of the rewards of each finished episode."""
        return self.stats_recorder.episode_rewards

    def get_episode_lengths(self) -> list[int]:
        """Return the number of steps of each finished episode."""
        return self.stats_recorder.episode_lengths

    def _next_video(self) -> None:
        """End the video of the last episode and begin that of the next, if it is to have one."""
        self._end_video()
        episode, self.episode_id = self.episode_id, self.episode_id + 1
        name = f"{FILE_PREFIX}.video.{self._infix}.video{episode:06}"
        self.video_recorder = VideoRecorder(
            self.env,
            base_path=os.path.join(self.directory, name),
            metadata={"episode_id": episode},
            enabled=bool(self._video_callable(episode)),
        )
        if self.video_recorder.functional:
            self.videos.append((self.video_recorder.path, self.video_recorder.metadata_path))
            self._write_manifest()

    def _end_video(self) -> None:
        if self.video_recorder is not None:
            self.video_recorder.close()
            self.videos = [pair for pair in self.videos if os.path.exists(pair[0])]

    def _write_manifest(self) -> None:
        write_json(
            os.path.join(self.directory, f"{MANIFEST_PREFIX}.{self._infix}.manifest.json"),
            {
                "stats": os.path.basename(self.stats_recorder.path),
                "videos": [tuple(map(os.path.basename, pair)) for pair in self.videos],
                "env_info": {"env_id": self._env_id},
            },
        )


def _id_of(env: Any) -> str:
    if env.spec is not None:
        return str(env.spec.id)
    logger.warn(
        "Trying to monitor an environment which has no 'spec' set. This usually means you did not "
        "create it via 'gym.make'."
    )
    return "(unknown)"


def _checked_schedule(schedule: Any) -> Callable[[int], bool]:
    if schedule is None:
        return capped_cubic_video_schedule
    if schedule is False:
        return _no_video
    if not callable(schedule):
        raise Error(
            "You must provide a function, None, or False for video_callable, not "
            f"{type(schedule)}: {schedule}"
        )
    return cast("Callable[[int], bool]", schedule)


def _no_video(_: int) -> bool:
    return False


def _prepared(directory: str | os.PathLike[str], force: bool, resume: bool) -> str:
    """Make the directory, look what is in it, and return its absolute path."""
    path = Path(directory).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise Error(
            f"cannot make the monitor directory {path}: {reason.strerror or reason}"
        ) from reason
    if force:
        clear_monitor_files(path)
    elif not resume and (found := detect_training_manifests(path)):
        raise Error(
            f"Trying to write to monitor directory {path} with existing monitor files: "
            f"{', '.join(found)}. You should use a unique directory for each training run, or use "
            "'force=True' to automatically clear previous monitor files, or 'resume=True' to "
            "record beside them."
        )
    return str(path)
