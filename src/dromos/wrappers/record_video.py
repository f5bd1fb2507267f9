"""`RecordVideo`: episodes as video files."""

from __future__ import annotations

import os
from typing import Any

from dromos.core import ActType, Env, ObsType, RenderFrame, Wrapper
from dromos.env import takes_no_arguments
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.autoreset import next_step_resets
from dromos.wrappers.order import InsideTimeLimit
from dromos.wrappers.render_collection import RenderCollection
from dromos.wrappers.video_recording import Trigger, VideoRecording

__all__ = ["RecordVideo"]


class RecordVideo(  # pyright: ignore[reportIncompatibleVariableOverride]
    VideoRecording, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Record episodes to mp4 files: a frame after the reset and after each step.

    The files are ``<name_prefix>-episode-<N>.mp4`` where `episode_trigger` chose the episode,
    ``<name_prefix>-step-<N>.mp4`` where `step_trigger` chose the step. A recording ends with its
    episode, or after `video_length` frames, when another starts, or in `close`.

    Frames go to the encoder one by one, so memory does not grow with the length of a video, and
    the file can be played while it grows. It is finished also when ``step`` raises, after Ctrl-C,
    and when nobody calls `close`. A video that cannot be written is an `Error` of the ``reset``,
    ``step`` or ``close`` that noticed; what it had so far can be played.

    A copy (``clone``, ``deepcopy``, pickle) has no triggers and records only what
    `start_recording` starts, since it would write to the same files; a fork leaves the running
    recording to its parent. `restore` does not touch a running recording, and never sets
    `episode_id` and `step_id` back.

    Example:
        >>> env = make("CartPole-v1", render_mode="rgb_array")
        >>> env = RecordVideo(env, "videos", episode_trigger=lambda episode: episode % 100 == 0)
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    _inside_time_limit = InsideTimeLimit("records on over the ends of episodes", is_error=True)

    snapshot_fields = {"render_history": rules.Frames(), "_over": rules.Flag()}  # noqa: RUF012

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        video_folder: str | os.PathLike[str],
        episode_trigger: Trigger | None = None,
        step_trigger: Trigger | None = None,
        video_length: int = 0,
        name_prefix: str = "rl-video",
        fps: float | None = None,
        disable_logger: bool = True,
        gc_trigger: Trigger | None = None,
        *,
        sound: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with ``render_mode="rgb_array"`` or ``"rgb_array_list"``.
            video_folder: Where the files go; made if it is not there.
            episode_trigger: Whether to record the episode of this number, counted from 0; perfect
                cubes below 1000, then every thousandth, if neither trigger is given.
            step_trigger: Whether to start a recording with the step of this number, counted from 0
                over all episodes.
            video_length: The exact number of frames of a video, over the ends of episodes; 0 to
                record until the episode ends.
            name_prefix: What the names of the files begin with.
            fps: Frames per second; None for ``metadata["render_fps"]``, or else 30.
            disable_logger: False to print the path of each finished file.
            gc_trigger: Whether to collect garbage after a recording, asked with the number of the
                episode. There is no need to: frames are not kept.
            sound: Whether to record the sound too, of an environment that has one: an Atari game
                made with ``sound_obs=True``. A frame is shown for as long as the sound of its
                step lasts, whatever `fps` is.

        Raises:
            TypeError: If a trigger is not callable.
            ValueError: If the render mode gives no pictures, `video_length` is negative, or there
                is no sound to record.
            DependencyNotInstalled: If PyAV is missing.
            Error: If `fps` is out of range or nothing can be written to the folder.
        """
        Wrapper.__init__(self, env)
        self._set_triggers(episode_trigger, step_trigger, gc_trigger)
        self._set_up(env, video_folder, video_length, name_prefix, fps, disable_logger, sound)
        #: Frames of a list mode that were read for a video and not yet returned by `render`.
        self.render_history: list[RenderFrame] = []
        self._over = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment; a recording may end, start, and get its first frame."""
        result = self.env.reset(seed=seed, options=options)
        self._begin()
        return result

    def _begin(self) -> None:
        self._over = False
        if self.render_history and not self._collects_without("reset_clean"):
            self.render_history = []
        self._start_episode()
        if self.recording:
            self._listen(True)  # what was heard during the reset is not of the first frame
            self._capture_frame()

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; a recording gets a frame."""
        is_reset = self._over and next_step_resets(self.env)
        result = self.env.step(action)
        if is_reset:
            self._begin()
        else:
            self._after_step()
            self._over = bool(result[2] or result[3])
        return result

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Render the wrapped environment; frames read for a video are not missing in a list."""
        rendered = self.env.render()
        if not isinstance(rendered, list):
            return rendered
        self._remember(rendered)
        history, self.render_history = self.render_history, []
        return history

    def close(self) -> None:
        """Finish the video and close the wrapped environment."""
        try:
            if self.recording:
                self.stop_recording()
        finally:
            super().close()

    def _newest_frame(self) -> Any:
        if isinstance(self.env, RenderCollection) and not self.env.pop_frames:
            # It keeps them all for whoever asks; to ask at each step would copy them all each time.
            frames = self.env.frame_list
            return frames[-1] if frames else []
        rendered = self.env.render()
        if not isinstance(rendered, list) or not rendered:
            return rendered
        self._remember(rendered)
        return rendered[-1]

    def _remember(self, frames: list[RenderFrame]) -> None:
        """Add frames to those that the user has yet to get."""
        if self._collects_without("pop_frames"):  # what was there before is among them
            self.render_history.clear()
        self.render_history.extend(frames)

    def _collects_without(self, choice: str) -> bool:
        """Return whether a `RenderCollection` below was made without `choice`."""
        return self.env.has_wrapper_attr(choice) and not self.env.get_wrapper_attr(choice)
