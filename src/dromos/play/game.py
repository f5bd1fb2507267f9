"""`PlayableGame`: which keys are held down in front of an environment, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error, UnsupportedMode
from dromos.render.keys import ESCAPE
from dromos.render.window import KeyEvent, Window, key_event

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dromos.env import Env

__all__ = ["MissingKeysToAction", "PlayableGame", "key_codes"]

_MODES = ("rgb_array", "rgb_array_list")


class MissingKeysToAction(Exception):
    """Nobody says which keys mean which actions: neither the caller nor the environment."""


class PlayableGame:
    """An environment, a window, and the keys of it that are held down.

    Attributes:
        env: The environment.
        relevant_keys: The codes of all keys that mean something.
        pressed_keys: Those held down, in the order in which they were pressed.
        tapped_keys: Those pressed since `taken_keys` was called last, also if let go again.
        video_size: Width and height of the picture in the window, in pixels.
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
            keys_to_action: Which keys mean which action; see `key_codes`. None asks the
                environment's ``get_keys_to_action``.
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
        self.pressed_keys: list[int] = []
        self.tapped_keys: list[int] = []
        self.running = True
        self._transpose = transpose
        frame = self.frame()
        factor = 1.0 if zoom is None else zoom
        if not factor > 0:
            raise Error(f"zoom: expected a number above 0, found {zoom}. None shows frames as is.")
        width, height = (
            max(1, int(length * factor)) for length in (frame.shape[1], frame.shape[0])
        )
        self.video_size = (width, height)
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
        if not self.window.show(self.frame()):
            self.running = False
        for event in self.window.key_events():
            self._take(event)

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
                self.pressed_keys.append(event.key)
            elif event.key in self.pressed_keys:
                self.pressed_keys.remove(event.key)


def key_codes(keys_to_action: Mapping[Any, Any]) -> dict[tuple[int, ...], Any]:
    """Return a mapping from keys to actions with ascending codes.

    Args:
        keys_to_action: Each key of it is what is held down at once: a text with one character a
            key (``"wa"``), a tuple of characters (``("w", " ")``) or of codes
            (``(ord("w"), LEFT)``, see `dromos.render.keys`), or one code. The empty tuple is no
            key.

    Raises:
        Error: If one of them is none of these.
    """
    return {tuple(sorted(_codes(keys))): action for keys, action in keys_to_action.items()}


def _codes(keys: Any) -> list[int]:
    parts: Iterable[Any] = keys if isinstance(keys, (str, tuple)) else (keys,)
    codes = []
    for key in parts:
        if isinstance(key, str) and len(key) == 1:
            codes.append(ord(key))
        elif isinstance(key, int):
            codes.append(int(key))
        else:
            raise Error(
                f"keys_to_action: expected keys as a str, a tuple of characters or of codes, found "
                f"{keys!r}. Arrows and others have codes in dromos.render.keys."
            )
    return codes


def _keys_of(env: Env[Any, Any]) -> Mapping[Any, Any]:
    if not env.has_wrapper_attr("get_keys_to_action"):
        raise MissingKeysToAction(
            f"{env.unwrapped} does not have an explicit key to action mapping. Pass "
            'keys_to_action, such as {"a": 0, "d": 1}, or define get_keys_to_action in its class.'
        )
    mapping: Mapping[Any, Any] = env.get_wrapper_attr("get_keys_to_action")()
    return mapping
