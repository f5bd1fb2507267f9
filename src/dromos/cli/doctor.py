"""Which parts of dromos work on this machine: tried, not guessed."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from dromos import _core
from dromos.error import DependencyNotInstalled, Error

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Part", "Report", "examine"]

OPENGL = "apt-get install libegl1 libgl1-mesa-dri; or: apt-get install libosmesa6"
VIRTUAL_DISPLAY = "apt-get install xvfb; then: xvfb-run -a python ..."


class Part(TypedDict):
    """An optional part: whether it works here, what was found, and the line that gets it."""

    name: str
    works: bool
    found: str
    remedy: str | None


class Report(TypedDict):
    """What `examine` found out."""

    dromos: str
    python: str
    numpy: str
    platform: str
    instruction_set: str
    threads: int
    threads_reason: str
    parts: list[Part]


def examine() -> Report:
    """Look at the machine, and try every optional part."""
    return Report(
        dromos=_core.__version__,
        python=platform.python_version(),
        numpy=np.__version__,
        platform=platform.platform(),
        instruction_set=_core.batch.instruction_set(),
        threads=_core.thread_count(),
        threads_reason=_core.thread_count_reason(),
        parts=[
            _part("display", _find_display, repair=VIRTUAL_DISPLAY),
            _part("window", _open_window, 'pip install "dromos[window]"', VIRTUAL_DISPLAY),
            _part("video", _encode_video, 'pip install "dromos[video]"'),
            _part("plot", _draw_curve, 'pip install "dromos[plot]"'),
            _part("viewer", _open_a_page, 'pip install "dromos[viewer]"'),
            _part("mujoco", _step_a_robot, 'pip install "dromos[mujoco]"'),
            _part("mujoco pictures", _draw_a_robot, 'pip install "dromos[mujoco]"', OPENGL),
        ],
    )


def _part(
    name: str, attempt: Callable[[], str], install: str | None = None, repair: str | None = None
) -> Part:
    """Try a part; `install` helps where its library is missing, `repair` where it fails."""
    try:
        return Part(name=name, works=True, found=attempt(), remedy=None)
    except DependencyNotInstalled:
        return Part(name=name, works=False, found="not installed", remedy=install)
    except Exception as problem:  # whatever a broken library raises is what was found
        first_sentence = str(problem).partition(". ")[0]
        return Part(name=name, works=False, found=first_sentence, remedy=repair)


def _find_display() -> str:
    if not sys.platform.startswith("linux"):
        return f"that of {platform.system()}"
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return f"{variable}={os.environ[variable]}"
    raise Error("neither WAYLAND_DISPLAY nor DISPLAY is set")


def _open_window() -> str:
    from dromos.render.window import Window

    window = Window("dromos doctor", (64, 48))
    window.open()
    window.close()
    return f"pygame-ce {version('pygame-ce')}"


def _encode_video() -> str:
    from dromos.render.video import VideoWriter

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "frame.mp4"
        with VideoWriter(path, fps=30) as video:
            video.write(np.zeros((48, 64, 3), np.uint8))
    return f"PyAV {version('av')}"


def _draw_curve() -> str:
    from dromos.demo.cross_entropy import Generation
    from dromos.demo.picture import picture

    point = Generation(1, 0.0, 0.0, 1, 1.0, 0.0, np.zeros(0, np.float32))
    with tempfile.TemporaryDirectory() as directory:
        picture([point], 0.0, Path(directory) / "curve.png")
    return f"matplotlib {version('matplotlib')}"


def _open_a_page() -> str:
    from dromos.registration import make
    from dromos.viewer import LiveView

    with LiveView(make("CartPole-v1")) as env:
        env.reset(seed=0)
        return f"websockets {version('websockets')}"


def _step_a_robot() -> str:
    from dromos.envs.mujoco.library import import_mujoco, library

    library()
    return f"mujoco {import_mujoco().__version__}"


def _draw_a_robot() -> str:
    from dromos.envs.mujoco.gl_context import new_gl_context
    from dromos.envs.mujoco.library import import_mujoco

    model = import_mujoco().MjModel.from_xml_string("<mujoco/>")
    try:
        context, drawing, way = new_gl_context(model, 64, 48)
    except DependencyNotInstalled as problem:  # MuJoCo is there: it is the system that lacks it
        raise Error(str(problem)) from None
    drawing.free()
    context.free()
    return way
