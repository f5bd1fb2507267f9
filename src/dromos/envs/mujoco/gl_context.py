"""OpenGL without a display: the first way that works here."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from dromos.envs.mujoco.library import import_mujoco
from dromos.error import DependencyNotInstalled, UnsupportedMode

__all__ = ["new_gl_context", "refuse_fork"]

#: Ways to draw, in the order they are tried, with what to install for them on Debian and Ubuntu.
_WAYS = {"egl": "libegl1 libgl1-mesa-dri", "osmesa": "libosmesa6", "glfw": None}

_works: str | None = None  # the way that has worked in this process
_drawing: int | None = None  # the process in which it has


def refuse_fork() -> None:
    """Raise in a fork of a process that has drawn: there, drivers wait for threads they had.

    Raises:
        UnsupportedMode: If this is one.
    """
    if _drawing not in (None, os.getpid()):
        raise UnsupportedMode(
            "This process is a fork of one that had drawn with OpenGL, whose drivers cannot go on "
            'in a fork. Start workers afresh: AsyncVectorEnv(..., context="forkserver"), or '
            'make_vec(..., vector_kwargs={"context": "forkserver"}); or before anything is drawn'
        )


def new_gl_context(model: Any, width: int, height: int) -> tuple[Any, Any, str]:
    """Return a GL context, current now, MuJoCo's ``MjrContext`` of a model in it, and their way.

    The environment variable ``MUJOCO_GL`` chooses a way: ``egl``, ``osmesa`` or ``glfw``. Without
    it the first that works is taken.

    Raises:
        DependencyNotInstalled: If none works; the message names the packages.
        UnsupportedMode: If this process is a fork of one that has drawn.
    """
    global _works, _drawing
    refuse_fork()
    import_mujoco()
    chosen = os.environ.get("MUJOCO_GL", "").lower() or _works
    ways = [chosen] if chosen in _WAYS else list(_usual_ways())
    problems = []
    for way in ways:
        try:
            context, drawing = _contexts(way, model, width, height)
        except Exception as problem:  # a broken driver raises whatever it likes
            problems.append(f"{way}: {problem or type(problem).__name__}")
            _forget(way)
        else:
            _works, _drawing = way, os.getpid()
            return context, drawing, way
    raise DependencyNotInstalled(
        f"No way to draw without a display works here ({'; '.join(problems)}). Install one, on "
        f"Debian and Ubuntu: apt-get install {_WAYS['egl']}, or apt-get install {_WAYS['osmesa']}"
    )


def _contexts(way: str, model: Any, width: int, height: int) -> tuple[Any, Any]:
    mujoco = import_mujoco()
    if way == "glfw" and sys.platform.startswith("linux"):
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise RuntimeError("there is no display")  # which GLFW would print, not raise
    context = importlib.import_module(f"mujoco.{way}").GLContext(width, height)
    # MuJoCo looks for OpenGL's functions where this says. It would guess otherwise, and guess EGL
    # wherever that was once tried.
    before = os.environ.get("MUJOCO_GL")
    os.environ["MUJOCO_GL"] = way
    try:
        context.make_current()
        return context, mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_150)
    except BaseException:
        context.free()
        raise
    finally:
        if before is None:
            del os.environ["MUJOCO_GL"]
        else:
            os.environ["MUJOCO_GL"] = before


def _usual_ways() -> tuple[str, ...]:
    return ("egl", "osmesa", "glfw") if sys.platform.startswith("linux") else ("glfw",)


def _forget(way: str) -> None:
    """Take back what a failed attempt has decided: PyOpenGL keeps to the first platform it sees."""
    if os.environ.get("PYOPENGL_PLATFORM", "") == way:
        del os.environ["PYOPENGL_PLATFORM"]
    for name in [name for name in sys.modules if name.split(".")[0] == "OpenGL"]:
        del sys.modules[name]
    for name in [name for name in sys.modules if name.startswith(f"mujoco.{way}")]:
        del sys.modules[name]
