"""`HumanRendering`: a window for environments that only draw arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.env import takes_no_arguments
from dromos.error import Error
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.render_collection import with_mode

if TYPE_CHECKING:
    from dromos.render.window import Window

__all__ = ["HumanRendering", "HumanWindow", "picture_of"]


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
        """Set the attributes and return the metadata of the wrapper."""
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


class HumanRendering(
    HumanWindow, Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs
):
    """Show every frame of an environment in a window, at ``metadata["render_fps"]``.

    The mode of the wrapper is ``"human"``: the window follows ``reset`` and ``step`` by itself and
    ``render`` returns None. It opens with the first frame, which needs a display and pygame, and
    a copy of the wrapper opens its own. Once the user has closed it, nothing is shown any more.
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with one of `ACCEPTED_RENDER_MODES` whose metadata tell
                ``render_fps``, in frames per second.

        Raises:
            ValueError: If the environment's mode or metadata do not allow it.
        """
        Wrapper.__init__(self, env)
        self.metadata = self._set_up(env)

    @property
    def render_mode(self) -> str:  # type: ignore[override]
        """Always ``"human"``."""
        return "human"

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and show the frame."""
        result = self.env.step(action)
        self._show_present()
        return result

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and show the first frame."""
        result = self.env.reset(seed=seed, options=options)
        self._show_present()
        return result

    @takes_no_arguments
    def render(self) -> None:
        """Return None: the window follows ``reset`` and ``step`` by itself."""

    def close(self) -> None:
        """Close the window and the wrapped environment."""
        self._close_window()
        super().close()

    def _show_present(self) -> None:
        frame = picture_of(self.env.render())
        self._show(frame, (frame.shape[1], frame.shape[0]), str(self.unwrapped))


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
