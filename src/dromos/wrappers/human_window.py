"""The window that `HumanRendering` shows frames in: the same for an environment and a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from dromos.error import Error
from dromos.wrappers.render_collection import with_mode

if TYPE_CHECKING:
    from dromos.render.window import Window

__all__ = ["HumanWindow", "picture_of"]


class HumanWindow:
    """Base of the wrappers `HumanRendering`.

    Attributes:
        window: The window, or None before the first frame and after `close`.
        screen_size: Width and height of the window when it opens; None for those of a frame.
    """

    ACCEPTED_RENDER_MODES: ClassVar[list[str]] = [
        "rgb_array",
        "rgb_array_list",
        "depth_array",
        "depth_array_list",
    ]

    snapshot_exclude = frozenset({"_fps", "screen_size", "window"})

    def _set_up(self, env: Any, screen_size: tuple[int, int] | None = None) -> dict[str, Any]:
        """Set the attributes and return the metadata of the wrapper.

        Raises:
            ValueError: If the mode or the metadata of `env` do not allow a window.
        """
        self.window: Window | None = None
        self.screen_size = screen_size
        if env.render_mode not in self.ACCEPTED_RENDER_MODES:
            raise ValueError(
                f"Expected env.render_mode to be one of {self.ACCEPTED_RENDER_MODES} but got "
                f"'{env.render_mode}'. Make the environment with render_mode=\"rgb_array\"."
            )
        if "render_fps" not in env.metadata:
            raise ValueError(
                "The base environment must specify 'render_fps' to be used with the "
                'HumanRendering wrapper: set metadata["render_fps"] to frames per second.'
            )
        self._fps: float = env.metadata["render_fps"]
        return with_mode(env.metadata, "human")

    def _show(self, frame: np.ndarray, size: tuple[int, int], title: str) -> None:
        """Show a frame, uint8 (height, width, 3); the first one opens a window of `size`."""
        if self.window is None:
            from dromos.render.window import Window

            self.window = Window(title, size, fps=self._fps)
        self.window.show(frame)

    def _close_window(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.close()


def picture_of(rendered: Any) -> np.ndarray:
    """Return the last frame of what ``render`` returned as uint8 (height, width, 3).

    Raises:
        Error: If it is no image.
    """
    if isinstance(rendered, list) and rendered:
        rendered = rendered[-1]
    if not isinstance(rendered, np.ndarray) or rendered.ndim not in (2, 3):
        raise Error(
            "env.render(): expected an array (height, width, 3) or (height, width), found "
            f"{type(rendered)}. The window shows what the environment returns in the modes "
            f"{HumanWindow.ACCEPTED_RENDER_MODES}."
        )
    return rendered if rendered.ndim == 3 else _grey(rendered)


def _grey(depth: np.ndarray) -> np.ndarray:
    """Return a depth image (height, width) in grey: black is nearest, white farthest.

    What is not finite, such as the sky, is as far as the farthest pixel.
    """
    finite = depth[np.isfinite(depth)].astype(np.float64)
    near, far = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    distance = np.where(np.isfinite(depth), depth, far) - near
    grey = (distance * (255 / (far - near if far > near else 1.0))).astype(np.uint8)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)
