"""`HumanRendering`: a window for environments that only draw arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, SupportsFloat

import numpy as np

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.env import takes_no_arguments
from dromos.error import Error
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers.render_collection import with_mode

if TYPE_CHECKING:
    from dromos.render.window import Window

__all__ = ["HumanRendering"]


class HumanRendering(Wrapper[ObsType, ActType, ObsType, ActType], RecordConstructorArgs):
    """Show every frame of an environment in a window, at ``metadata["render_fps"]``.

    The mode of the wrapper is ``"human"``: the window follows ``reset`` and ``step`` by itself and
    ``render`` returns None. It opens with the first frame, which needs a display and pygame, and
    a copy of the wrapper opens its own. Once the user has closed it, nothing is shown any more.

    Attributes:
        window: The window, or None before the first frame and after `close`.
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    ACCEPTED_RENDER_MODES: ClassVar[list[str]] = [
        "rgb_array",
        "rgb_array_list",
        "depth_array",
        "depth_array_list",
    ]

    snapshot_exclude = frozenset({"window"})

    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with one of `ACCEPTED_RENDER_MODES` whose metadata tell
                ``render_fps``, in frames per second.

        Raises:
            ValueError: If the environment's mode or metadata do not allow it.
        """
        RecordConstructorArgs.__init__(self)
        super().__init__(env)
        self.window: Window | None = None
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
        self.metadata = with_mode(env.metadata, "human")

    @property
    def render_mode(self) -> str:  # type: ignore[override]
        """Always ``"human"``."""
        return "human"

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and show the frame."""
        result = self.env.step(action)
        self._show()
        return result

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and show the first frame."""
        result = self.env.reset(seed=seed, options=options)
        self._show()
        return result

    @takes_no_arguments
    def render(self) -> None:
        """Return None: the window follows ``reset`` and ``step`` by itself."""

    def close(self) -> None:
        """Close the window and the wrapped environment."""
        window, self.window = self.window, None
        if window is not None:
            window.close()
        super().close()

    def _show(self) -> None:
        frame = _image(self.env.render())
        if self.window is None:
            from dromos.render.window import Window

            size = (frame.shape[1], frame.shape[0])
            self.window = Window(str(self.unwrapped), size, fps=self.metadata["render_fps"])
        self.window.show(frame)


def _image(rendered: Any) -> np.ndarray:
    """Return the last frame of what ``render`` returned as uint8 (height, width, 3)."""
    if isinstance(rendered, list) and rendered:
        rendered = rendered[-1]
    if not isinstance(rendered, np.ndarray) or rendered.ndim not in (2, 3):
        raise Error(
            "env.render(): expected an array (height, width, 3) or (height, width), found "
            f"{type(rendered)}. The window shows what the environment returns in the modes "
            f"{HumanRendering.ACCEPTED_RENDER_MODES}."
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
