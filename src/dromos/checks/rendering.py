"""Promises of ``render``: the declared modes and the frames they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.checks.promise import Promise, entry

if TYPE_CHECKING:
    from dromos.env import Env, RenderFrame

__all__ = ["check_render_metadata", "check_render_return", "env_render_passive_checker"]

_LIST = "_list"
_MODES, _FPS = 'metadata["render_modes"]', 'metadata["render_fps"]'
_NAMES = 'Declare them as a list of names, such as ["human", "rgb_array"].'
_RATE = "a number of frames per second"
_MODE = ("None or one of {modes}", "{value!r}")
_OTHER_MODE = 'Add the mode to metadata["render_modes"] or make the environment with another one.'
_IMAGE = "uint8 of shape (height, width, 3)"
_RGB = "RGB-array rendering should return a numpy array"
_COLOURS = "Return red, green and blue from 0 to 255, rows from top to bottom."
_DEPTHS = "Depth-array rendering should return a numpy array"
_DISTANCE = "Return the distance of each pixel."

# fmt: off
MODES = Promise(
    UserWarning, _MODES, "No render modes was declared in the environment "
    "(env.metadata['render_modes'] is None or not defined), you may have trouble when calling "
    "`.render()`.", "a list of modes", "nothing",
    'Declare the modes, such as metadata = {{"render_modes": ["rgb_array"]}}.')
MODES_LISTED = Promise(
    UserWarning, _MODES,
    "Expects the render_modes to be a sequence (i.e. list, tuple), actual type: {type}",
    "a list or tuple", "{shown} of {type}", _NAMES)
MODES_NAMED = Promise(
    UserWarning, _MODES, "Expects all render modes to be strings, actual types: {types}",
    "strings", "{shown}", _NAMES)
FPS = Promise(
    UserWarning, _FPS, "No render fps was declared in the environment (env.metadata['render_fps'] "
    "is None or not defined), rendering may occur at inconsistent fps.", _RATE, "nothing",
    "Declare it, so that windows and videos run at the right speed.")
FPS_NUMBER = Promise(
    UserWarning, _FPS, "Expects the `env.metadata['render_fps']` to be an integer or a float, "
    "actual type: {type}", _RATE, "{shown} of {type}", "Declare a number, such as 30.")
FPS_POSITIVE = Promise(
    AssertionError, _FPS, "Expects the `env.metadata['render_fps']` to be greater than zero, "
    "actual value: {value}", f"{_RATE} > 0", "{value}", "Declare a positive number, such as 30.")
MODE_DECLARED = Promise(
    AssertionError, "render_mode", "The environment was initialized successfully however with an "
    "unsupported render mode. Render mode: {value}, modes: {declared}", *_MODE, _OTHER_MODE)
MODE_NONE = Promise(
    AssertionError, "render_mode", "With no render_modes, expects the Env.render_mode to be None, "
    "actual value: {value}", *_MODE, _OTHER_MODE)
FRAMES_LISTED = Promise(
    UserWarning, "{path}", "Render mode `{mode}` should produce a list, got {type}",
    "a list of frames", "{type}",
    "Return the frames since the last call, or leave the mode to RenderCollection.")
TEXT = Promise(
    UserWarning, "{path}", "ANSI/ASCII rendering should produce a string, got {type}",
    "a str", "{type}", "Return the text, such as a StringIO's getvalue().")

#: What is asked of a frame, by render mode, until one of it is broken.
FRAMES: dict[str, tuple[tuple[Callable[[Any], bool], Promise], ...]] = {
    "human": ((lambda frame: frame is None, Promise(
        UserWarning, "{path}", "Human rendering should return `None`, got {type}",
        "None", "{type}", "Show the frame in the window and return nothing.")),),
    "ansi": ((lambda frame: isinstance(frame, str), TEXT),),
    "ascii": ((lambda frame: isinstance(frame, str), TEXT),),
    "rgb_array": (
        (lambda frame: isinstance(frame, np.ndarray), Promise(
            UserWarning, "{path}", f"{_RGB}, got {{type}}", _IMAGE, "{type}", _COLOURS)),
        (lambda frame: frame.dtype == np.uint8, Promise(
            UserWarning, "{path}", f"{_RGB} with dtype uint8, got {{value.dtype}}",
            _IMAGE, "dtype {value.dtype}", _COLOURS)),
        (lambda frame: frame.ndim == 3, Promise(
            UserWarning, "{path}", f"{_RGB} with three axes, got {{value.ndim}}",
            _IMAGE, "shape {value.shape}", _COLOURS)),
        (lambda frame: frame.shape[2] == 3, Promise(
            UserWarning, "{path}", f"{_RGB} in which the last axis has three dimensions, got "
            "{value.shape[2]}", _IMAGE, "shape {value.shape}", _COLOURS)),
    ),
    "depth_array": (
        (lambda frame: isinstance(frame, np.ndarray), Promise(
            UserWarning, "{path}", f"{_DEPTHS}, got {{type}}",
            "shape (height, width)", "{type}", _DISTANCE)),
        (lambda frame: frame.ndim == 2, Promise(
            UserWarning, "{path}", f"{_DEPTHS} with two axes, got {{value.ndim}}",
            "shape (height, width)", "shape {value.shape}", _DISTANCE)),
    ),
}
# fmt: on


def env_render_passive_checker(env: Env[Any, Any]) -> RenderFrame | list[RenderFrame] | None:
    """Check the metadata of `env`, render it, check the frame and return it unchanged."""
    check_render_metadata(env)
    result = env.render()
    if env.render_mode is not None:
        check_render_return(env.render_mode, result)
    return result


def check_render_metadata(env: Env[Any, Any]) -> None:
    """Check ``metadata["render_modes"]``, ``metadata["render_fps"]`` and the mode in use.

    Raises:
        AssertionError: If ``render_fps`` is not positive or the mode in use is not declared.
    """
    modes: Any = env.metadata.get("render_modes")
    if not MODES.kept(modes is not None):
        return
    if MODES_LISTED.kept(isinstance(modes, (list, tuple)), modes):
        are_names = all(isinstance(mode, str) for mode in modes)
        MODES_NAMED.kept(are_names, modes, types=list(map(type, modes)))
    if len(modes) > 0:
        _check_fps(env.metadata.get("render_fps"))
    mode = env.render_mode
    promise = MODE_DECLARED if len(modes) > 0 else MODE_NONE
    promise.kept(mode is None or mode in modes, mode, declared=modes, modes=list(modes))


def _check_fps(fps: Any) -> None:
    numbers = (int, float, np.integer, np.floating)
    is_number = isinstance(fps, numbers) and not isinstance(fps, bool)
    if FPS.kept(fps is not None) and FPS_NUMBER.kept(is_number, fps):
        FPS_POSITIVE.kept(fps > 0, fps)


def check_render_return(mode: str, frame: Any, path: str = "render()") -> None:
    """Warn if a frame is not what its render mode promises.

    Args:
        mode: The render mode.
        frame: What ``render`` returned.
        path: Where the frame stands.
    """
    if mode.endswith(_LIST):
        if FRAMES_LISTED.kept(isinstance(frame, list), frame, path=path, mode=mode):
            for i, one in enumerate(frame):
                check_render_return(mode[: -len(_LIST)], one, entry(path, i))
        return
    for keeps, promise in FRAMES.get(mode, ()):
        if not promise.kept(keeps(frame), frame, path=path):
            return
