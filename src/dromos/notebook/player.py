"""Videos in a notebook: the file itself within the page, up to a size."""

from __future__ import annotations

import base64
import os
from html import escape
from typing import Any

__all__ = ["LARGEST_VIDEO", "recorder_html", "video_html"]

#: The most bytes of a video that are put into a page, which is saved with all it holds.
LARGEST_VIDEO = 8_000_000
_MEGA = 1e6


def video_html(path: str | os.PathLike[str], largest: int = LARGEST_VIDEO) -> str:
    """Return a player with a video in it as HTML, or a sentence that says why there is none.

    Args:
        path: An mp4 file.
        largest: The most bytes of a file to put into the page.
    """
    name = escape(os.fspath(path))
    try:
        size = os.path.getsize(path)
        if size > largest:
            return (
                f"<div>{name} has {size / _MEGA:.1f} MB, more than the {largest / _MEGA:g} MB that "
                "are put into a page: open the file, or "
                "dromos.notebook.video_html(path, largest=...)</div>"
            )
        with open(path, "rb") as file:
            data = base64.b64encode(file.read()).decode("ascii")
    except OSError as reason:
        return f"<div>{name} cannot be shown: {escape(reason.strerror or str(reason))}</div>"
    return (
        '<video controls loop muted playsinline style="max-width:100%;border-radius:4px" '
        f'src="data:video/mp4;base64,{data}"></video>'
        f'<div style="opacity:.7">{name}</div>'
    )


def recorder_html(recorder: Any) -> str:
    """Return the last file of a `Recorder` as a player, and what it records now."""
    running = ""
    if recorder.recording:
        running = (
            f"<div>recording {escape(str(recorder.path))}: {recorder.frame_count} frames so far; "
            "it can be shown when it is finished</div>"
        )
    if recorder.last_file is not None:
        return video_html(recorder.last_file) + running
    return running or f"<div>no video yet in {escape(recorder.folder)}</div>"
