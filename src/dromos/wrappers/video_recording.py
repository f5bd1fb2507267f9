"""When `RecordVideo` records, and what to: the same for an environment and for a vector."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from dromos import logger
from dromos.error import Error
from dromos.render.recorder import Recorder
from dromos.render.saving import capped_cubic_video_schedule
from dromos.wrappers.rules.array_conversion import as_numpy

__all__ = ["COUNTS", "Trigger", "VideoRecording"]

#: Tells from the number of an episode or step whether something shall happen.
Trigger: TypeAlias = Callable[[int], bool]

#: What a recording wrapper knows of the past.
COUNTS = frozenset({"episode_id", "step_id"})

_USUAL_FPS = 30


class VideoRecording:
    """Base of the wrappers `RecordVideo`.

    Attributes:
        episode_trigger: Whether to record the episode of this number, from 0.
        step_trigger: Whether to start a recording with the step of this number, from 0.
        gc_trigger: Whether to collect garbage after a recording, asked with the episode's number.
        disable_logger: Whether to be silent about finished files.
        video_length: The number of frames of a video, infinite for whole episodes.
        name_prefix: What the names of the files begin with.
        episode_id: The number of the running episode; -1 before the first.
        step_id: The number of the last step, over all episodes; -1 before the first.
    """

    snapshot_exclude = frozenset(
        {
            "episode_trigger",
            "step_trigger",
            "gc_trigger",
            "disable_logger",
            "video_length",
            "name_prefix",
            "_recorder",
        }
    )

    def _set_up(
        self,
        env: Any,
        video_folder: str,
        episode_trigger: Trigger | None,
        step_trigger: Trigger | None,
        video_length: int,
        name_prefix: str,
        fps: float | None,
        disable_logger: bool,
        gc_trigger: Trigger | None,
    ) -> None:
        """Set the attributes and make the folder.

        Raises:
            TypeError: If a trigger is not callable.
            ValueError: If the render mode of `env` gives no pictures, or `video_length` is
                negative.
            DependencyNotInstalled: If PyAV is missing.
            Error: If `fps` is out of range or the folder cannot be written to.
        """
        if "rgb_array" not in (env.render_mode or ""):
            raise ValueError(
                f"Render mode is {env.render_mode}, which is incompatible with RecordVideo. Make "
                'the environment with render_mode="rgb_array".'
            )
        if video_length < 0:
            raise ValueError(
                f"Expected video_length >= 0 (frames; 0 for whole episodes), found {video_length}"
            )
        if episode_trigger is None and step_trigger is None:
            episode_trigger = capped_cubic_video_schedule
        self.episode_trigger = _checked("episode_trigger", episode_trigger)
        self.step_trigger = _checked("step_trigger", step_trigger)
        self.gc_trigger = _checked("gc_trigger", gc_trigger)
        self.disable_logger = disable_logger
        self.video_length = video_length or math.inf
        self.name_prefix = name_prefix
        self.episode_id = -1
        self.step_id = -1
        self._recorder = _recorder(env, video_folder, fps)

    @property
    def video_folder(self) -> str:
        """The absolute path of the folder of the videos."""
        return self._recorder.folder

    @property
    def frames_per_sec(self) -> float:
        """Frames per second of the videos."""
        return self._recorder.fps

    @property
    def recording(self) -> bool:
        """Whether a recording runs."""
        return self._recorder.recording

    def start_recording(self, video_name: str) -> None:
        """Record to ``<video_name>.mp4`` from the next reset or step on.

        A recording that runs is stopped before.

        Raises:
            Error: If that one's file cannot be finished.
        """
        if self.recording:
            self.stop_recording()
        self._recorder.start(video_name)

    def stop_recording(self) -> None:
        """Finish the video.

        Raises:
            Error: If no recording runs, or the file cannot be written; what came before can be
                played.
        """
        if not self.recording:
            raise Error(
                "stop_recording(): no recording runs. Call start_recording(video_name) first, or "
                "look at the property `recording`."
            )
        frames = self._recorder.frame_count
        path = self._recorder.stop()
        if path is None:
            logger.warn("The recording got no frame and has left no video.")
        elif not self.disable_logger:
            print(f"saved {path}: {frames} frames")
        if self.gc_trigger is not None and self.gc_trigger(self.episode_id):
            gc.collect()

    def _capture_frame(self) -> None:
        """Append what the environment shows now to the video.

        Raises:
            Error: If no recording runs, the frame is no picture or of another size than the
                first, or the file cannot be written. The recording is over then, with the frames
                so far in its file.
        """
        if not self.recording:
            raise Error("_capture_frame(): no recording runs, call start_recording(name) first")
        frame = as_numpy(self._newest_frame())
        if isinstance(frame, list):
            logger.warn("No frame since the last call of render(): the video leaves this one out.")
            return
        if not isinstance(frame, np.ndarray):
            self.stop_recording()
            logger.warn(
                f"Recording stopped: render() returned {type(frame)}, expected a NumPy array."
            )
            return
        self._recorder.write(frame)
        if self._recorder.frame_count >= self.video_length:
            self.stop_recording()

    def _newest_frame(self) -> Any:
        """Return the picture of the present state; an empty list if there is none."""
        raise NotImplementedError

    def _start_episode(self) -> None:
        """Count an episode; a recording without a length ends where one begins."""
        self.episode_id += 1
        if self.video_length == math.inf and self._recorder.frame_count > 0:
            self.stop_recording()
        if self.episode_trigger is not None and self.episode_trigger(self.episode_id):
            self.start_recording(f"{self.name_prefix}-episode-{self.episode_id}")

    def _after_step(self) -> None:
        """Count a step; a recording may start, and gets a frame."""
        self.step_id += 1
        if self.step_trigger is not None and self.step_trigger(self.step_id):
            self.start_recording(f"{self.name_prefix}-step-{self.step_id}")
        if self._recorder.name is not None:
            self._capture_frame()

    def _never_back(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return `state` with counts that replace no video of this process by another."""
        later = {name: max(getattr(self, name), state[name]) for name in COUNTS if name in state}
        return {**state, **later}

    def __getstate__(self) -> dict[str, Any]:
        # A copy would write to the files of the original.
        return {**self.__dict__, "episode_trigger": None, "step_trigger": None}


def _checked(name: str, trigger: Trigger | None) -> Trigger | None:
    if trigger is not None and not callable(trigger):
        raise TypeError(
            f"Expected {name} to be a function from an int to a bool, or None, found {trigger!r}"
        )
    return trigger


def _recorder(env: Any, folder: str, fps: float | None) -> Recorder:
    usual_fps: float = env.metadata.get("render_fps") or _USUAL_FPS
    existed = os.path.isdir(folder)
    recorder = Recorder(folder, usual_fps if fps is None else fps)
    if existed:
        logger.warn(
            f"The folder {recorder.folder} is there already: videos in it that have the name of a "
            "new one will be replaced. Give RecordVideo another video_folder or name_prefix to "
            "keep them."
        )
    return recorder
