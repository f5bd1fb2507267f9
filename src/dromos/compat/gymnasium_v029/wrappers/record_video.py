"""`RecordVideo` with the arguments of 0.29."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.render import capped_cubic_video_schedule
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers import rendering

__all__ = ["RecordVideo", "capped_cubic_video_schedule"]


class RecordVideo(rendering.RecordVideo[Any, Any], Wrapper):
    """Record episodes to mp4 files; see `dromos.wrappers.RecordVideo`."""

    def __init__(
        self,
        env: Env[Any, Any],
        video_folder: str,
        episode_trigger: Callable[[int], bool] | None = None,
        step_trigger: Callable[[int], bool] | None = None,
        video_length: int = 0,
        name_prefix: str = "rl-video",
        disable_logger: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with ``render_mode="rgb_array"`` or ``"rgb_array_list"``.
            video_folder: Where the files go.
            episode_trigger: Whether to record the episode of this number.
            step_trigger: Whether to start a recording with the step of this number.
            video_length: The number of frames of a video; 0 to record until the episode ends.
            name_prefix: What the names of the files begin with.
            disable_logger: Whether to stay silent about finished files.

        Raises:
            ValueError: If the render mode gives no pictures.
            DependencyNotInstalled: If PyAV is missing.
            Error: If nothing can be written to the folder.
        """
        settings: dict[str, Any] = {
            "video_folder": video_folder,
            "episode_trigger": episode_trigger,
            "step_trigger": step_trigger,
            "video_length": video_length,
            "name_prefix": name_prefix,
            "disable_logger": disable_logger,
        }
        RecordConstructorArgs.__init__(self, **settings)
        super().__init__(env, **settings)
