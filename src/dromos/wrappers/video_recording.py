"""When `RecordVideo` records, and what to: the same for an environment and for a vector."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from dromos import logger
from dromos.error import Error
from dromos.forks import is_of_this_process
from dromos.render.recorder import Recorder
from dromos.render.saving import capped_cubic_video_schedule
from dromos.snapshot import rules
from dromos.wrappers.rules.array_conversion import as_numpy

__all__ = ["Trigger", "VideoRecording", "checked_trigger"]

#: Tells from the number of an episode or step whether something shall happen.
Trigger: TypeAlias = Callable[[int], bool]

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

    snapshot_fields: Mapping[str, rules.Rule] = {
        "episode_id": rules.Later(-1, 2**63 - 1),
        "step_id": rules.Later(-1, 2**63 - 1),
    }

    def _set_triggers(
        self,
        episode_trigger: Trigger | None,
        step_trigger: Trigger | None,
        gc_trigger: Trigger | None,
    ) -> None:
        if episode_trigger is None and step_trigger is None:
            episode_trigger = capped_cubic_video_schedule
        self.episode_trigger = checked_trigger("episode_trigger", episode_trigger)
        self.step_trigger = checked_trigger("step_trigger", step_trigger)
        self.gc_trigger = checked_trigger("gc_trigger", gc_trigger)

    def _set_up(
        self,
        env: Any,
        video_folder: str | os.PathLike[str],
        video_length: int,
        name_prefix: str,
        fps: float | None,
        disable_logger: bool,
        sound: bool = False,
    ) -> None:
        """Set the other attributes and make the folder."""
        if "rgb_array" not in (env.render_mode or ""):
            raise ValueError(
                f"Render mode is {env.render_mode}, which is incompatible with RecordVideo. Make "
                'the environment with render_mode="rgb_array".'
            )
        if video_length < 0:
            raise ValueError(
                f"Expected video_length >= 0 (frames; 0 for whole episodes), found {video_length}"
            )
        self.disable_logger = disable_logger
        self.video_length = video_length or math.inf
        self.name_prefix = name_prefix
        self.episode_id = -1
        self.step_id = -1
        self._recorder = _recorder(env, video_folder, fps, _sound_rate(env) if sound else None)

    @property
    def video_folder(self) -> str:
        """The absolute path of the folder of the videos."""
        return self._recorder.folder

    @property
    def frames_per_sec(self) -> float:
        """Frames per second of the videos."""
        return self._recorder.fps

    @property
    def last_file(self) -> str | None:
        """The path of the video finished last, or None."""
        return self._recorder.last_file

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
        self._listen(True)
        is_of_this_process(self)

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
        self._listen(False)
        frames = self._recorder.frame_count
        path = self._recorder.stop()
        if path is None:
            logger.warn("Ignored saving a video as there were zero frames to save.")
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
            logger.warn(
                "Trying to capture render frame but 'env.render()' has just been called. The frame "
                "cannot be captured.",
                detail="The video leaves this one out.",
            )
            return
        if not isinstance(frame, np.ndarray):
            self.stop_recording()
            logger.warn(
                "Recording stopped: expected type of frame returned by render to be a numpy array, "
                f"got instead {type(frame)}."
            )
            return
        has_sound = self._recorder.sound_rate is not None
        self._recorder.write(frame, self._game().take_sound() if has_sound else None)
        if self._recorder.frame_count >= self.video_length:
            self.stop_recording()

    def _newest_frame(self) -> Any:
        """Return the picture of the present state; an empty list if there is none."""
        raise NotImplementedError

    def _game(self) -> Any:
        """Return the environment whose sound is recorded."""
        return self.unwrapped  # type: ignore[attr-defined]

    def _listen(self, wanted: bool) -> None:
        """Let the environment keep its sound, or no more."""
        if self._recorder.sound_rate is not None:
            self._game().listen(wanted)

    def _leave_to_parent(self) -> None:
        self._listen(False)  # the recorder lets go of its file itself

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

    def __getstate__(self) -> dict[str, Any]:
        # A copy would write to the files of the original.
        return {**self.__dict__, "episode_trigger": None, "step_trigger": None}


def checked_trigger(name: str, trigger: Trigger | None) -> Trigger | None:
    """Return a trigger.

    Raises:
        TypeError: If it is not callable.
    """
    if trigger is not None and not callable(trigger):
        raise TypeError(
            f"Expected {name} to be a function from an int to a bool, or None, found {trigger!r}"
        )
    return trigger


def _sound_rate(env: Any) -> int:
    """Return the samples a second of an environment's sound.

    Raises:
        ValueError: If it has none.
    """
    game = env.unwrapped
    rate: int | None = getattr(game, "sound_rate", None)
    if rate is None:
        remedy = "make it with sound_obs=True" if hasattr(game, "sound_rate") else "sound=False"
        raise ValueError(f"RecordVideo(sound=True): {env} has no sound to record: {remedy}")
    return rate


def _recorder(
    env: Any, folder: str | os.PathLike[str], fps: float | None, sound_rate: int | None
) -> Recorder:
    usual_fps: float = env.metadata.get("render_fps") or _USUAL_FPS
    existed = os.path.isdir(folder)
    recorder = Recorder(folder, usual_fps if fps is None else fps, sound_rate)
    if existed:
        logger.warn(
            f"Overwriting existing videos at {recorder.folder} folder (try specifying a different "
            "`video_folder` for the `RecordVideo` wrapper if this is not desired)",
            detail="Only videos that have the name of a new one are replaced.",
        )
    return recorder
