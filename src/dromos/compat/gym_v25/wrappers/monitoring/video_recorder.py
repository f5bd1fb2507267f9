"""`VideoRecorder`: the frames of an environment in a video file."""

from __future__ import annotations

import os
from typing import Any

from dromos import logger
from dromos.compat.gym_v25.wrappers.monitoring.files import write_json
from dromos.error import Error
from dromos.forks import is_of_this_process
from dromos.render.recorder import Recorder

__all__ = ["VideoRecorder"]

_USUAL_FPS = 30


class VideoRecorder:
    """Renders an environment frame by frame into ``<path>``, with a description beside it.

    Frames go straight to the encoder, and the file can be played while it grows. A frame that
    cannot be had or written ends the recording with a warning; the environment goes on.

    Attributes:
        path: The video file.
        metadata_path: Its description, ``<path without ending>.meta.json``.
        enabled: Whether frames are rendered.
        broken: Whether recording has failed.
        functional: Whether frames are being recorded.
        frames_per_sec: From the environment's metadata.
    """

    def __init__(
        self,
        env: Any,
        path: str | None = None,
        metadata: dict[str, Any] | None = None,
        enabled: bool = True,
        base_path: str | None = None,
    ) -> None:
        """Record `env`; the file appears with the first frame.

        Args:
            env: An environment whose ``render(mode="rgb_array")`` returns a frame.
            path: The video file, which ends in ``.mp4``.
            metadata: What to put into the description.
            enabled: Whether to record at all.
            base_path: The video file without ``.mp4``, instead of `path`.

        Raises:
            Error: If there is no path, or two, or nothing can be written there.
        """
        self.env = env
        self.enabled = enabled
        self.broken = False
        self.metadata = dict(metadata or {})
        self.frames_per_sec = env.metadata.get("video.frames_per_second") or _USUAL_FPS
        self._recorder: Recorder | None = None
        if enabled and "rgb_array" not in _modes(env):
            logger.warn(
                f"Disabling video recorder because {env} has no render mode 'rgb_array'; "
                f"it has {_modes(env)}."
            )
            self.enabled = False
        if not self.enabled:
            return
        self.path = _video_path(path, base_path)
        stem = os.path.splitext(self.path)[0]
        self.metadata_path = f"{stem}.meta.json"
        self._recorder = Recorder(os.path.dirname(self.path), self.frames_per_sec)
        self._recorder.start(os.path.basename(stem))
        self._describe()
        is_of_this_process(self)

    @property
    def functional(self) -> bool:
        """Whether frames are being recorded."""
        return self.enabled and not self.broken

    def capture_frame(self) -> None:
        """Render a frame and append it; while nothing is recorded, do nothing."""
        if not self.functional or self._recorder is None:
            return
        try:
            self._recorder.write(_frame(self.env.render(mode="rgb_array")))
        except Error as reason:
            self.broken = True
            logger.warn(f"The video {self.path} ends here: {reason}")

    def close(self) -> None:
        """Finish the file. One without a frame leaves nothing behind."""
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        self.enabled = False
        try:
            recorder.stop()
        except Error as reason:
            self.broken = True
            logger.warn(f"The video {self.path} is not complete: {reason}")
        if os.path.exists(self.path):
            self._describe()
        else:
            os.remove(self.metadata_path)

    def _leave_to_parent(self) -> None:
        self._recorder, self.enabled = None, False

    def _describe(self) -> None:
        write_json(
            self.metadata_path,
            {
                **self.metadata,
                "content_type": "video/mp4",
                "frames_per_sec": self.frames_per_sec,
                "broken": self.broken,
            },
        )


def _modes(env: Any) -> list[str]:
    return list(env.metadata.get("render.modes") or env.metadata.get("render_modes") or ())


def _frame(rendered: Any) -> Any:
    """Return one frame, also of an environment that returns lists."""
    if rendered is None:
        raise Error("render(mode='rgb_array') returned None")
    return rendered[-1] if isinstance(rendered, list) and rendered else rendered


def _video_path(path: str | None, base_path: str | None) -> str:
    if (path is None) == (base_path is None):
        raise Error(f"Pass one of path and base_path, got {path!r} and {base_path!r}")
    path = f"{base_path}.mp4" if path is None else path
    if not path.endswith(".mp4"):
        raise Error(f"Invalid path given: {path!r} -- must have file extension .mp4")
    return os.path.abspath(path)
