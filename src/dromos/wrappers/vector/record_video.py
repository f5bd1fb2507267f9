"""`RecordVideo` of a vector: all lanes in one picture, or the first alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import logger
from dromos.core import ActType, ObsType
from dromos.render.frames import fitting_columns, tile
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers import record_video
from dromos.wrappers.rules.array_conversion import as_numpy
from dromos.wrappers.vector.documentation import documented_by
from dromos.wrappers.vector.episodes import EpisodeTracker, reset_lanes
from dromos.wrappers.video_recording import Trigger, VideoRecording

if TYPE_CHECKING:
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["RecordVideo"]

_NO_LAST_FRAME = (
    "In the autoreset mode SAME_STEP, videos lack the last frame of an episode: when step() "
    "returns, the lane has been reset. NEXT_STEP shows it."
)


class RecordVideo(  # pyright: ignore[reportIncompatibleVariableOverride]
    VideoRecording,
    VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType],
    RecordConstructorArgs,
):
    """Record a vector to mp4 files: a frame after each reset and each step, of all lanes.

    Episodes are those of lane 0: `episode_trigger` is asked when one begins, be it by a ``reset``
    that includes lane 0 or by an autoreset, and a recording without `video_length` ends there.
    The other lanes are shown wherever they are in their own episodes. Steps are those of the
    vector. All else is as for the wrapper of a single environment.

    In SAME_STEP mode the last picture of an episode is never seen: when ``step`` returns, the
    lane has been reset.
    """

    __module__ = "dromos.wrappers.vector.rendering"  # the public path, which specs name

    snapshot_fields = {"_steps": rules.Part()}  # noqa: RUF012

    @documented_by(record_video.RecordVideo)
    @recorded
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        video_folder: str | os.PathLike[str],
        video_aspect_ratio: tuple[int, int] = (1, 1),
        record_first_only: bool = False,
        episode_trigger: Trigger | None = None,
        step_trigger: Trigger | None = None,
        video_length: int = 0,
        name_prefix: str = "rl-video",
        fps: float | None = None,
        disable_logger: bool = True,
        gc_trigger: Trigger | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: A vector made with ``render_mode="rgb_array"``.
            video_aspect_ratio: Width and height of the screen on which the lanes, tiled row by
                row, shall be seen as large as possible.
            record_first_only: Whether to record lane 0 alone.
            episode_trigger: Whether to record the episode of lane 0 of this number, counted from
                0; perfect cubes below 1000, then every thousandth, if neither trigger is given.
            video_length: The exact number of frames of a video; 0 to record until the episode of
                lane 0 ends.

        Raises:
            ValueError: If the render mode gives no pictures, or `video_length` or the aspect
                ratio is out of range.
        """
        VectorWrapper.__init__(self, env)
        _check(env, video_aspect_ratio)
        self._steps = EpisodeTracker(env)
        self.video_aspect_ratio = video_aspect_ratio
        self.record_first_only = record_first_only
        self._set_triggers(episode_trigger, step_trigger, gc_trigger)
        self._set_up(env, video_folder, video_length, name_prefix, fps, disable_logger)
        if self._steps.mode is AutoresetMode.SAME_STEP:
            logger.warn(_NO_LAST_FRAME)

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector; a recording may end, start, and get a frame."""
        result = self.env.reset(seed=seed, options=options)
        lanes = reset_lanes(options, self.num_envs)
        self._steps.begin(lanes)
        if lanes is ... or 0 in lanes:
            self._start_episode()
        if self.recording:
            self._capture_frame()
        return result

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector; a recording may end, start, and get a frame."""
        result: Any = self.env.step(actions)
        ended = result[2] | result[3]
        begun = self._steps.begun(ended, ...)
        if self._steps.mode is AutoresetMode.SAME_STEP:
            begun = ended
        if begun is not None and begun[0]:
            self._start_episode()
        self._after_step()
        return result  # type: ignore[no-any-return]

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def close(self, **kwargs: Any) -> None:
        """Finish the video and close the wrapped vector."""
        try:
            if self.recording:
                self.stop_recording()
        finally:
            super().close(**kwargs)

    def _newest_frame(self) -> Any:
        rendered: Any = self.env.render() or ()
        shown = rendered[:1] if self.record_first_only else rendered
        frames = [as_numpy(frame) for frame in shown]
        for frame in frames:
            if not isinstance(frame, np.ndarray):
                return frame
        if not frames:
            return None
        height, width = frames[0].shape[:2]
        return tile(frames, fitting_columns(len(frames), (width, height), self.video_aspect_ratio))


def _check(env: VectorEnv[Any, Any, Any], video_aspect_ratio: tuple[int, int]) -> None:
    if (env.render_mode or "").endswith("_list"):
        raise ValueError(
            f"Render mode is {env.render_mode}, which is incompatible with RecordVideo for "
            'vectors. Make the vector with render_mode="rgb_array".'
        )
    if not (len(video_aspect_ratio) == 2 and min(video_aspect_ratio) > 0):
        raise ValueError(
            "Expected video_aspect_ratio to be a positive width and height, found "
            f"{video_aspect_ratio}"
        )
