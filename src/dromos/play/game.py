"""`PlayableGame`: which keys are held down in front of an environment, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error, UnsupportedMode
from dromos.render.keys import ESCAPE, key_codes
from dromos.render.window import KeyEvent, Window, key_event

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dromos.env import Env

__all__ = ["MissingKeysToAction", "PlayableGame"]

_MODES = ("rgb_array", "rgb_array_list")
_WIDEST = 16384  # pixels of a window, more than any display has


class MissingKeysToAction(Exception):
    """Nobody says which keys mean which actions: neither the caller nor the environment."""


class PlayableGame:
    """An environment, a window, and the keys of it that are held down.

    Attributes:
        env: The environment.
        relevant_keys: The codes of all keys that mean something.
        pressed_keys: Those held down.
        tapped_keys: Those pressed since `taken_keys` was called last, also if let go again.
        original_video_size: Width and height of the picture at the start, in pixels.
        video_size: Those of the picture in the window; the window scales it when it is resized.
        window: The window; it opens with the first frame.
        running: Whether the game goes on: False once the user pressed Escape or closed the window.
    """

    def __init__(
        self,
        env: Env[Any, Any],
        keys_to_action: Mapping[tuple[int, ...], Any] | None = None,
        zoom: float | None = None,
        *,
        fps: float | None = None,
        transpose: bool = True,
    ) -> None:
        """Prepare a game.

        Args:
            env: An environment in the mode ``"rgb_array"`` or ``"rgb_array_list"``.
            keys_to_action: Which keys mean which action; see `dromos.render.keys.key_codes`.
                None asks the environment's ``get_keys_to_action``.
            zoom: How many pixels of the window a pixel of the frame is wide.
            fps: Frames per second, or None for no limit.
            transpose: False if the environment's frames are (width, height, 3).

        Raises:
            UnsupportedMode: If the environment is in another mode.
            MissingKeysToAction: If nobody says which keys mean which actions.
        """
        if env.render_mode not in _MODES:
            raise UnsupportedMode(
                f"Playing works only with the render modes {_MODES}, but the environment's is "
                f'{env.render_mode!r}. Make it with render_mode="rgb_array".'
            )
        self.env = env
        self.actions = key_codes(_keys_of(env) if keys_to_action is None else keys_to_action)
        self.relevant_keys = {key for keys in self.actions for key in keys}
        self.pressed_keys: set[int] = set()
        self.tapped_keys: list[int] = []
        self.running = True
        self._transpose = transpose
        frame = self.frame()
        self.video_size = self.original_video_size = _zoomed(frame, zoom)
        self.window = Window(str(env.unwrapped), self.video_size, fps)

    @property
    def screen(self) -> Any:
        """The pygame surface of the window, or None while it is not open."""
        return None if self.window.handle is None else self.window.handle.get_surface()

    def frame(self) -> NDArray[np.uint8]:
        """Return the environment's last frame, uint8 (height, width, 3)."""
        rendered: Any = self.env.render()
        if isinstance(rendered, list):
            if not rendered:
                raise Error("render(): expected at least one frame, found []. Reset first.")
            rendered = rendered[-1]
        frame = rendered if self._transpose else np.swapaxes(rendered, 0, 1)
        return np.ascontiguousarray(frame)

    def show(self) -> None:
        """Show the environment's last frame, wait until it is time for the next, take in keys."""
        inner: Any = self.env.unwrapped
        if hasattr(inner, "render_size"):  # what is drawn as large as the window is sharp
            handle = self.window.handle
            inner.render_size = self.video_size if handle is None else tuple(handle.size)
        if not self.window.show(self.frame()):
            self.running = False
        for event in self.window.key_events():
            self._take(event)

    def tell(self, text: str) -> None:
        """Show a text in the title bar, behind the environment's name."""
        self.window.title = f"{self.env.unwrapped}: {text}"

    def process_event(self, event: Any) -> None:
        """Take in a pygame event, as `show` does with those of the window."""
        plain = key_event(event)
        if plain is not None:
            self._take(plain)

    def taken_keys(self) -> tuple[int, ...]:
        """Return the codes of the keys held down or tapped since the last call; ascending."""
        keys = {*self.pressed_keys, *self.tapped_keys}
        self.tapped_keys.clear()
        return tuple(sorted(keys))

    def _take(self, event: KeyEvent) -> None:
        if event.kind == "close" or (event.kind == "down" and event.key == ESCAPE):
            self.running = False
        elif event.key in self.relevant_keys:
            if event.kind == "down":
                self.tapped_keys.append(event.key)
                self.pressed_keys.add(event.key)
            else:
                self.pressed_keys.discard(event.key)


def _keys_of(env: Env[Any, Any]) -> Mapping[Any, Any]:
    if not env.has_wrapper_attr("get_keys_to_action"):
        raise MissingKeysToAction(
            f"{env.unwrapped} does not have an explicit key to action mapping. Pass "
            'keys_to_action, such as {"a": 0, "d": 1}, or define get_keys_to_action in its class.'
        )
    mapping: Mapping[Any, Any] = env.get_wrapper_attr("get_keys_to_action")()
    return mapping


def _zoomed(frame: NDArray[np.uint8], zoom: float | None) -> tuple[int, int]:
    """Return the width and height of a frame in the window.

    Raises:
        Error: If `zoom` is no number above 0, or the window would be wider than any display.
    """
    factor = 1.0 if zoom is None else zoom
    if not factor > 0:
        raise Error(f"zoom: expected a number above 0, found {zoom}. None shows frames as is.")
    longest = max(frame.shape[:2])
    if factor == math.inf or longest * factor > _WIDEST:
        raise Error(
            f"zoom: expected at most {_WIDEST // longest} for frames of {longest} pixels, found "
            f"{zoom}. None shows frames as is."
        )
    height, width = (max(1, int(length * factor)) for length in frame.shape[:2])
    return width, height
