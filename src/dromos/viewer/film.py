"""Films of episodes: played again on a copy of the environment, frame by frame."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dromos.render.video import VideoWriter

if TYPE_CHECKING:
    from dromos.snapshot import Snapshot
    from dromos.viewer.episode import Episode

__all__ = ["film"]


def film(episode: Episode, start: Snapshot) -> bytes:
    """Return an episode as the contents of an mp4 file.

    Args:
        episode: Its subject is a copy of the one it was played on, and is closed at the end.
        start: The state it began in.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
        Error: If a frame is no picture.
    """
    subject = episode.subject
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "episode.mp4"
            with VideoWriter(path, min(subject.fps, 1000.0)) as video:
                subject.env.restore(start)
                video.write(subject.frames([episode.lane])[0])
                for step in episode.steps:
                    subject.env.step(step.actions)
                    video.write(subject.frames([episode.lane])[0])
            return path.read_bytes()
    finally:
        subject.env.close()
