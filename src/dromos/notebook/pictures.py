"""The present picture of an environment, or of lanes, as an image in HTML; or why there is none."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.error import ResetNeeded
from dromos.native.drawn import DrawnEnv
from dromos.render.frames import checked_frame, labelled, shrunk, tile
from dromos.render.image import png_bytes
from dromos.snapshot.parts import layers_of

__all__ = ["picture_of_env", "picture_of_lanes"]

Frame = npt.NDArray[np.uint8]

_WIDEST = 600  # pixels of a picture; finer screens show them all
_WIDEST_LANE = 200
_WIDEST_SHOWN = 420  # pixels of the page
#: The lanes that a grid shows; of more, the first.
_MOST_LANES = 16
_NOT_YET = "no picture yet: call reset()"
_TEXT_STYLE = "margin:0;padding:8px;line-height:1.2;overflow:auto;max-width:600px"


class _NoPicture(Exception):
    """There is none; the text is the reason."""


def picture_of_env(env: Any) -> str:
    """Return what an environment shows now as HTML."""
    return _or_reason(lambda: _drawn(_shown(layers_of(env))))


def picture_of_lanes(envs: Any) -> str:
    """Return what the first lanes of a vector show now as HTML."""
    return _or_reason(lambda: _image(_grid(envs.unwrapped)))


def _or_reason(draw: Callable[[], str]) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return draw()
    except _NoPicture as reason:
        return _remark(str(reason))
    except ResetNeeded:
        return _remark(_NOT_YET)
    except Exception as reason:  # a notebook shows what there is, whatever a renderer raises
        return _remark(f"no picture: {type(reason).__name__}: {reason}"[:300])


def _remark(text: str) -> str:
    return f'<div style="opacity:.7;max-width:280px;padding:8px">{escape(text)}</div>'


def _shown(layers: list[Any]) -> Any:
    """Return a frame or a text; wrappers are passed by, since theirs may change something."""
    if any(getattr(layer, "_has_reset", True) is False for layer in layers):
        raise _NoPicture(_NOT_YET)
    env = layers[-1]
    if isinstance(env, DrawnEnv):  # draws its state, whatever its mode is
        if env._is_unset():
            raise _NoPicture(_NOT_YET)
        return env.text(env.drawn_state()) if env.render_mode == "ansi" else env._frame()
    if env.render_mode not in ("rgb_array", "ansi"):
        raise _NoPicture(_remedy(env))
    return env.render()


def _remedy(env: Any) -> str:
    modes = env.metadata.get("render_modes") or []
    if "rgb_array" not in modes:
        return "no picture: it draws none"
    return f'no picture in the render mode {env.render_mode!r}; make it with "rgb_array"'


def _drawn(shown: Any) -> str:
    if isinstance(shown, str):
        return f'<pre style="{_TEXT_STYLE}">{escape(_without_colours(shown))}</pre>'
    return _image(_no_wider(checked_frame(shown, "a notebook"), _WIDEST))


def _without_colours(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _image(frame: Frame) -> str:
    data = base64.b64encode(png_bytes(frame)).decode("ascii")
    width = min(frame.shape[1], _WIDEST_SHOWN)
    return (
        f'<img alt="the present picture" style="width:{width}px;max-width:100%;border-radius:4px" '
        f'src="data:image/png;base64,{data}">'
    )


def _grid(envs: Any) -> Frame:
    if envs.render_mode != "rgb_array":
        raise _NoPicture(_remedy(envs))
    if envs.closed:
        raise _NoPicture("no pictures: the vector is closed")
    lanes = list(range(min(envs.num_envs, _MOST_LANES)))
    frames = [checked_frame(frame, "a notebook") for frame in envs.render_lanes(lanes)]
    small = [_no_wider(frame, _WIDEST_LANE) for frame in frames]
    return tile(labelled(small, [str(lane) for lane in lanes]))


def _no_wider(frame: Frame, widest: int) -> Frame:
    return shrunk(frame, -(-frame.shape[1] // widest))
