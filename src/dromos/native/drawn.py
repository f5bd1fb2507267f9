"""`DrawnEnv`: pictures of an environment's state, in the modes that its metadata name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic

import numpy as np
from numpy.typing import NDArray

from dromos import logger
from dromos.env import ActType, Env, ObsType, RenderFrame, takes_no_arguments
from dromos.error import ResetNeeded

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas
    from dromos.render.raster import Raster
    from dromos.render.window import Window

__all__ = ["DrawnEnv"]


class DrawnEnv(Env[ObsType, ActType], Generic[ObsType, ActType]):
    """An environment that draws its state on a canvas.

    Attributes:
        frame_size: Width and height of a frame in pixels.
        render_size: What was asked for instead, None if nothing was.
    """

    frame_size: ClassVar[tuple[int, int]] = (600, 400)

    render_size: tuple[int, int] | None = None
    _raster: Raster | None = None
    _window: Window | None = None

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return a picture of the present state, as `Env.render` says.

        Raises:
            ResetNeeded: If no episode was started.
        """
        if self.render_mode is None:
            logger.warn(
                "You are calling render method without specifying any render mode. You can "
                "specify the render_mode at initialization, e.g. "
                f'gym.make("{"MyEnv-v0" if self.spec is None else self.spec.id}", '
                'render_mode="rgb_array")',
                detail=f"{self} draws nothing.",
            )
            return None
        if self._is_unset():
            raise ResetNeeded("There is no state to render yet; call `reset()` first")
        if self.render_mode == "ansi":
            return self.text(self.drawn_state())
        frame = self._frame()
        if self.render_mode != "human":
            return frame
        if self._window is None:
            from dromos.render.window import Window

            fps = self.metadata.get("render_fps")
            self._window = Window(str(self), self.render_size or self.picture_size(), fps=fps)
        self._window.show(frame)
        return None

    def _is_unset(self) -> bool:
        """Return whether there is no state yet."""
        raise NotImplementedError(f"{type(self).__name__} does not define `_is_unset`")

    def _frame(self) -> NDArray[np.uint8]:
        from dromos.render.raster import Raster

        raster, size = self._raster, self.render_size or self.picture_size()
        if raster is None or (raster.width, raster.height) != size:
            raster = self._raster = Raster(*size)
        self.draw(raster, self.drawn_state())
        return raster.pixels()

    def picture_size(self) -> tuple[int, int]:
        """Return width and height of a frame in pixels: `frame_size`, unless a state matters."""
        return self.frame_size

    def drawn_state(self) -> Any:
        """Return what `draw` draws: the state of the lane."""
        raise NotImplementedError(f"{type(self).__name__} does not draw")

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw a state; it may be one that was recorded. Never steps."""
        raise NotImplementedError(f"{type(self).__name__} does not draw")

    def text(self, state: Any) -> str:
        """Return a state as text; it may be one that was recorded. Never steps."""
        raise NotImplementedError(f"{type(self).__name__} does not write")

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None
