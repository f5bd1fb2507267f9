"""Checks of ``render``: the declared modes and the frames they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.checks.message import Fault, complaint, entry, going_on, refusal, shown, warn

if TYPE_CHECKING:
    from dromos.env import Env, RenderFrame

__all__ = ["check_render_metadata", "check_render_return", "env_render_passive_checker"]

_LIST = "_list"


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
    modes = env.metadata.get("render_modes")
    if modes is None:
        warn(
            complaint(
                "No render modes was declared in the environment (env.metadata['render_modes'] is "
                "None or not defined), you may have trouble when calling `.render()`.",
                'metadata["render_modes"]',
                "a list of modes",
                "nothing",
                'Declare the modes, such as metadata = {"render_modes": ["rgb_array"]}.',
            )
        )
        return
    _check_modes(modes)
    if len(modes) > 0:
        with going_on():
            _check_fps(env.metadata.get("render_fps"))
    if env.render_mode is not None and env.render_mode not in modes:
        raise refusal(AssertionError, _undeclared(env.render_mode, modes))


def _undeclared(mode: str, modes: Any) -> Fault:
    if len(modes) == 0:
        known = (
            f"With no render_modes, expects the Env.render_mode to be None, actual value: {mode}"
        )
    else:
        known = (
            "The environment was initialized successfully however with an unsupported render mode. "
            f"Render mode: {mode}, modes: {modes}"
        )
    return complaint(
        known,
        "render_mode",
        f"None or one of {list(modes)}",
        repr(mode),
        'Add the mode to metadata["render_modes"] or make the environment with another one.',
    )


def _check_modes(modes: Any) -> None:
    remedy = 'Declare them as a list of names, such as ["human", "rgb_array"].'
    if not isinstance(modes, (list, tuple)):
        warn(
            complaint(
                "Expects the render_modes to be a sequence (i.e. list, tuple), "
                f"actual type: {type(modes)}",
                'metadata["render_modes"]',
                "a list or tuple",
                f"{shown(modes)} of {type(modes)}",
                remedy,
            )
        )
    elif not all(isinstance(mode, str) for mode in modes):
        warn(
            complaint(
                "Expects all render modes to be strings, "
                f"actual types: {[type(mode) for mode in modes]}",
                'metadata["render_modes"]',
                "strings",
                shown(modes),
                remedy,
            )
        )


def _check_fps(fps: Any) -> None:
    path, expected = 'metadata["render_fps"]', "a number of frames per second"
    if fps is None:
        known = (
            "No render fps was declared in the environment (env.metadata['render_fps'] is None or "
            "not defined), rendering may occur at inconsistent fps."
        )
        remedy = "Declare it, so that windows and videos run at the right speed."
        warn(complaint(known, path, expected, "nothing", remedy))
    elif isinstance(fps, bool) or not isinstance(fps, (int, float, np.integer, np.floating)):
        known = "Expects the `env.metadata['render_fps']` to be an integer or a float, "
        known += f"actual type: {type(fps)}"
        found = f"{shown(fps)} of {type(fps)}"
        warn(complaint(known, path, expected, found, "Declare a number, such as 30."))
    elif not fps > 0:
        known = "Expects the `env.metadata['render_fps']` to be greater than zero, "
        known += f"actual value: {fps}"
        remedy = "Declare a positive number, such as 30."
        raise refusal(AssertionError, complaint(known, path, f"{expected} > 0", str(fps), remedy))


def check_render_return(mode: str, frame: Any, path: str = "render()") -> None:
    """Warn if a frame is not what its render mode promises.

    Args:
        mode: The render mode.
        frame: What ``render`` returned.
        path: Where the frame stands.
    """
    if mode.endswith(_LIST):
        _check_list(mode, frame, path)
        return
    fault = _fault_of_frame(mode, frame)
    if fault is not None:
        known, expected, found, remedy = fault
        warn(complaint(known, path, expected, found, remedy))


def _check_list(mode: str, frames: Any, path: str) -> None:
    if not isinstance(frames, list):
        warn(
            complaint(
                f"Render mode `{mode}` should produce a list, got {type(frames)}",
                path,
                "a list of frames",
                f"{type(frames)}",
                "Return the frames since the last call, or leave the mode to RenderCollection.",
            )
        )
        return
    for i, frame in enumerate(frames):
        check_render_return(mode[: -len(_LIST)], frame, entry(path, i))


def _fault_of_frame(mode: str, frame: Any) -> tuple[str, str, str, str] | None:
    """Return the known text, what was expected, what was found and the remedy, or None."""
    if mode == "human" and frame is not None:
        return (
            f"Human rendering should return `None`, got {type(frame)}",
            "None",
            f"{type(frame)}",
            "Show the frame in the window and return nothing.",
        )
    if mode in ("ansi", "ascii") and not isinstance(frame, str):
        return (
            f"ANSI/ASCII rendering should produce a string, got {type(frame)}",
            "a str",
            f"{type(frame)}",
            "Return the text, such as a StringIO's getvalue().",
        )
    if mode == "rgb_array":
        return _fault_of_image(frame)
    if mode == "depth_array":
        return _fault_of_depth(frame)
    return None


def _fault_of_image(frame: Any) -> tuple[str, str, str, str] | None:
    known = "RGB-array rendering should return a numpy array"
    if not isinstance(frame, np.ndarray):
        known, found = f"{known}, got {type(frame)}", str(type(frame))
    elif frame.dtype != np.uint8:
        known, found = f"{known} with dtype uint8, got {frame.dtype}", f"dtype {frame.dtype}"
    elif frame.ndim != 3:
        known, found = f"{known} with three axes, got {frame.ndim}", f"shape {frame.shape}"
    elif frame.shape[2] != 3:
        known += f" in which the last axis has three dimensions, got {frame.shape[2]}"
        found = f"shape {frame.shape}"
    else:
        return None
    return (
        known,
        "uint8 of shape (height, width, 3)",
        found,
        "Return red, green and blue from 0 to 255, rows from top to bottom.",
    )


def _fault_of_depth(frame: Any) -> tuple[str, str, str, str] | None:
    known = "Depth-array rendering should return a numpy array"
    if not isinstance(frame, np.ndarray):
        known, found = f"{known}, got {type(frame)}", str(type(frame))
    elif frame.ndim != 2:
        known, found = f"{known} with two axes, got {frame.ndim}", f"shape {frame.shape}"
    else:
        return None
    return known, "shape (height, width)", found, "Return the distance of each pixel."
