"""Frames that are there already to files, and the schedule by which episodes are recorded."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dromos.render.recorder import Recorder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["capped_cubic_video_schedule", "save_video"]

#: The episode from which on only each one of this number is recorded.
_CAP = 1000


def capped_cubic_video_schedule(episode_id: int) -> bool:
    """Return whether to record an episode: 0, 1, 8, 27, …, 729, then every thousandth.

    Args:
        episode_id: The number of the episode, from 0.
    """
    if episode_id >= _CAP:
        return episode_id % _CAP == 0
    return int(round(episode_id ** (1 / 3)) ** 3) == episode_id


def save_video(
    frames: Sequence[NDArray[np.uint8]] | NDArray[np.uint8],
    video_folder: str | os.PathLike[str],
    episode_trigger: Callable[[int], bool] | None = None,
    step_trigger: Callable[[int], bool] | None = None,
    video_length: int | None = None,
    name_prefix: str = "rl-video",
    episode_index: int = 0,
    step_starting_index: int = 0,
    save_logger: str | None = None,
    *,
    fps: float,
) -> None:
    """Save the frames of an episode, as ``render`` returns them in the mode ``"rgb_array_list"``.

    The files are ``<name_prefix>-episode-<episode_index>.mp4`` with all frames and, for each step
    that `step_trigger` chooses, ``<name_prefix>-step-<step>.mp4`` with the frames from that step
    on. The first frame is that of the reset and belongs to no step.

    Args:
        frames: One frame after the reset and one after each step, uint8 (height, width, 3) each.
        video_folder: Where the files go; made if it is not there.
        episode_trigger: Whether to save the episode of this number;
            `capped_cubic_video_schedule` if neither trigger is given.
        step_trigger: Whether to save a video that starts with the step of this number.
        video_length: The most frames of a video, None for all.
        name_prefix: What the names of the files begin with.
        episode_index: The number of the episode.
        step_starting_index: The number of the episode's first step.
        save_logger: ``"bar"`` to print the path of each file, None to be silent.
        fps: Frames per second, 0.01 to 1000; usually ``env.metadata["render_fps"]``.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
        TypeError: If `frames` are no sequence.
        Error: If a frame is no picture or of another size than the first, or a file cannot be
            written.
    """
    rows: Any = frames
    if not hasattr(rows, "__len__") or not hasattr(rows, "__getitem__"):
        raise TypeError(
            f"save_video(): expected a list of frames, found {type(frames)}. Make the environment "
            'with render_mode="rgb_array_list" and pass what env.render() returns.'
        )
    if episode_trigger is None and step_trigger is None:
        episode_trigger = capped_cubic_video_schedule
    starts = {}  # from a file's name to its first frame
    if episode_trigger is not None and episode_trigger(episode_index):
        starts[f"{name_prefix}-episode-{episode_index}"] = 0
    if step_trigger is not None:
        for first in range(1, len(rows)):
            step = step_starting_index + first - 1
            if step_trigger(step):
                starts[f"{name_prefix}-step-{step}"] = first
    recorder = Recorder(video_folder, fps)
    for name, first in starts.items():
        end = None if video_length is None else first + video_length
        path = _save(recorder, name, rows[first:end])
        if save_logger is not None and path is not None:
            print(f"saved {path}")


def _save(recorder: Recorder, name: str, frames: Any) -> str | None:
    recorder.start(name)
    for frame in frames:
        recorder.write(frame)
    return recorder.stop()
