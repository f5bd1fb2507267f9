"""``dromos replay``: an episode file played again, shown or filmed if asked."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error, UnsupportedMode
from dromos.render.video import VideoWriter
from dromos.render.window import Window
from dromos.replay import Replay, load, play

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["plain_form", "replayed"]

_USUAL_FPS = 30
_FEW = 5  # files that an error names


def replayed(path: Path, render: str | None, video: Path | None, trust: bool) -> Replay:
    """Play a file again.

    Args:
        path: The file.
        render: ``"human"`` to show it in a window, ``"rgb_array"`` to draw every frame and show
            none, None to draw nothing.
        video: A file for a video of it, or None.
        trust: Whether the file may name code that is neither registered nor of this library.

    Raises:
        DamagedFile: If the file is damaged.
        Error: If it cannot be played; if `render` is no such mode, or `video` no mp4 file.
        DependencyNotInstalled: If what shows or films it is missing.
    """
    if render not in (None, "human", "rgb_array"):
        raise Error(f"--render: expected human or rgb_array, found {render!r}")
    if video is not None and video.suffix.lower() != ".mp4":
        raise Error(f"--video: expected a name that ends in .mp4, found {video}")
    episode = load(_file_of(path))
    if render is None and video is None:
        return play(episode, trust=trust)
    with ExitStack() as opened:
        outlets: list[Callable[[Any, float], None]] = []
        if video is not None:
            outlets.append(_filming(opened, video))
        if render == "human":
            outlets.append(_showing(opened, f"{episode.env_id}: {path.name}"))

        def watch(env: Any, _: int) -> None:
            frame, fps = _frame_of(env), env.metadata.get("render_fps") or _USUAL_FPS
            for outlet in outlets:
                outlet(frame, fps)

        return play(episode, trust=trust, render_mode="rgb_array", watch=watch)


def _file_of(path: Path) -> Path:
    """Return the path of a file; of a folder, say which files are in it."""
    if not path.is_dir():
        return path
    found = ", ".join(sorted(map(str, path.glob("*.jsonl")))[:_FEW]) or "none that ends in .jsonl"
    raise Error(f"{path} is a folder: expected one file of an episode; there is {found}")


def _frame_of(env: Any) -> Any:
    drawn = env.render()
    if isinstance(drawn, (tuple, list)):  # of a vector of one lane
        drawn = drawn[-1] if drawn else None
    if not isinstance(drawn, np.ndarray):
        raise UnsupportedMode(
            f"{env} draws no pictures (render_mode='rgb_array'); leave out --render and --video"
        )
    return drawn


def _filming(opened: ExitStack, path: Path) -> Callable[[Any, float], None]:
    writers: list[VideoWriter] = []

    def film(frame: Any, fps: float) -> None:
        if not writers:
            writers.append(opened.enter_context(VideoWriter(path, fps)))
        writers[0].write(frame)

    return film


def _showing(opened: ExitStack, title: str) -> Callable[[Any, float], None]:
    windows: list[Window] = []

    def show(frame: Any, fps: float) -> None:
        if not windows:
            height, width = frame.shape[:2]
            windows.append(Window(title, (width, height), fps))
            opened.callback(windows[0].close)
        windows[0].show(frame)

    return show


def plain_form(replay: Replay) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    episode, departure = replay.episode, replay.departure
    return {
        "id": episode.env_id,
        "lane": episode.lane,
        "seed": episode.seed,
        "steps": len(episode.steps),
        "return": episode.total,
        "ended": episode.ended,
        "equal": replay.equal,
        "steps_played": replay.steps,
        "hash": episode.hash,
        "hash_played": replay.hash,
        "seed_begins_it": replay.seed_begins_it,
        "departure": None
        if departure is None
        else {
            "step": departure.step,
            "found": {
                name: {"recorded": recorded, "played": played}
                for name, (recorded, played) in departure.found.items()
            },
        },
    }
