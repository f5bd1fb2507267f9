"""`play`: a person at the keyboard in the place of the agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.play.game import PlayableGame
from dromos.render.window import draw_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dromos.env import Env

__all__ = ["display_arr", "play"]

_DEFAULT_FPS = 30


def play(
    env: Env[Any, Any],
    transpose: bool | None = True,
    fps: float | None = None,
    zoom: float | None = None,
    callback: Callable[..., Any] | None = None,
    keys_to_action: Mapping[Any, Any] | None = None,
    seed: int | None = None,
    noop: Any = 0,
    wait_on_player: bool = False,
) -> None:
    """Let the user play an environment with the keyboard, until Escape or the window is closed.

    A new episode begins when one has ended. A key that was tapped between two steps counts for
    the next one. The environment is not closed.

    Args:
        env: An environment in the mode ``"rgb_array"`` or ``"rgb_array_list"``.
        transpose: False if its frames are (width, height, 3), as pygame's surfaces are.
        fps: Steps per second at most; None for ``metadata["render_fps"]``, or 30.
        zoom: How many pixels of the window a pixel of the frame is wide.
        callback: Called after every step with the observation before it, the observation after
            it, the action, the reward, ``terminated``, ``truncated`` and the info.
        keys_to_action: Which keys, held down at once, mean which action: texts with one character
            a key (``"wa"``), tuples of characters or of codes, or codes (see
            `dromos.render.keys`). None asks the environment's ``get_keys_to_action``.
        seed: Seeds the first reset.
        noop: The action when no key is held down, or keys that mean nothing together.
        wait_on_player: Whether the environment stands still until a key is pressed: a step for
            each press.

    Raises:
        UnsupportedMode: If the environment is in another mode.
        MissingKeysToAction: If nobody says which keys mean which actions.
        DependencyNotInstalled: If pygame-ce is missing.
        NoDisplay: If there is no display.
    """
    obs, _ = env.reset(seed=seed)
    fps = env.metadata.get("render_fps", _DEFAULT_FPS) if fps is None else fps
    game = PlayableGame(env, keys_to_action, zoom, fps=fps, transpose=bool(transpose))
    ended = False
    steps, total = 0, 0.0
    try:
        game.show()
        while game.running:
            if ended:
                obs, _ = env.reset()
                ended, steps, total = False, 0, 0.0
            elif game.tapped_keys or not wait_on_player:
                action = game.actions.get(game.taken_keys(), noop)
                previous = obs
                obs, reward, terminated, truncated, info = env.step(action)
                ended = terminated or truncated
                steps, total = steps + 1, total + float(reward)
                game.tell(f"step {steps}, return {total:g}{', ended' if ended else ''}")
                if callback is not None:
                    callback(previous, obs, action, reward, terminated, truncated, info)
            game.show()
    finally:
        game.window.close()


def display_arr(
    screen: Any, arr: NDArray[Any], video_size: tuple[int, int], transpose: bool | None
) -> None:
    """Draw an array on a pygame surface.

    Args:
        screen: The surface.
        arr: (height, width, 3); integers from 0 to 255 are shown as they are, other numbers are
            stretched so that the least is black and the greatest white.
        video_size: Width and height of the picture in pixels.
        transpose: False if `arr` is (width, height, 3).
    """
    pixels = arr if transpose else np.swapaxes(arr, 0, 1)
    if pixels.dtype != np.uint8:
        least, greatest = float(pixels.min()), float(pixels.max())
        stretched = (pixels - least) * (255.0 / ((greatest - least) or 1.0))
        pixels = stretched.astype(np.uint8)
    draw_on(screen, np.ascontiguousarray(pixels), video_size)
