"""`HumanRendering` of a vector: one window with all lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.core import ActType, ObsType
from dromos.error import Error
from dromos.render.frames import fitting_columns, tile
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.vector.base import ArrayType, VectorEnv
from dromos.vector.wrapper import VectorWrapper
from dromos.wrappers.human_rendering import HumanWindow, picture_of

if TYPE_CHECKING:
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["HumanRendering"]


class HumanRendering(
    HumanWindow, VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType], RecordConstructorArgs
):
    """Show the frames of all lanes in one window, at ``metadata["render_fps"]``.

    The lanes are tiled row by row, as large as they fit. The mode of the wrapper is ``"human"``:
    the window follows ``reset`` and ``step`` by itself and ``render`` returns None. It opens with
    the first frame, which needs a display and pygame. Once the user has closed it, nothing is
    shown any more.
    """

    __module__ = "dromos.wrappers.vector.rendering"  # the public path, which specs name

    @recorded
    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, ArrayType],
        screen_size: tuple[int, int] | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: A vector made with one of `ACCEPTED_RENDER_MODES` whose metadata tell
                ``render_fps``, in frames per second.
            screen_size: Width and height of the window in pixels; None for those of one lane's
                frame.

        Raises:
            ValueError: If the vector's mode or metadata, or the size, do not allow it.
        """
        VectorWrapper.__init__(self, env)
        if screen_size is not None and not (len(screen_size) == 2 and min(screen_size) > 0):
            raise ValueError(
                f"Expected screen_size to be a positive width and height, found {screen_size}"
            )
        self.metadata = self._set_up(env, screen_size)

    @property
    def render_mode(self) -> str:  # type: ignore[override]
        """Always ``"human"``."""
        return "human"

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Step the wrapped vector and show the frames."""
        result = self.env.step(actions)
        self._show_present()
        return result

    def _present(self) -> Any:
        return super()._present()  # the observations stay what they are

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped vector and show the frames."""
        result = self.env.reset(seed=seed, options=options)
        self._show_present()
        return result

    def render(self) -> None:
        """Return None: the window follows ``reset`` and ``step`` by itself."""

    def close(self, **kwargs: Any) -> None:
        """Close the window and the wrapped vector."""
        self._close_window()
        super().close(**kwargs)

    def _show_present(self) -> None:
        rendered = self.env.render()
        if rendered is None:
            raise Error("env.render(): expected a frame of each lane, found None")
        frames = [picture_of(frame) for frame in rendered]
        size = (frames[0].shape[1], frames[0].shape[0])
        screen = size if self.screen_size is None else self.screen_size
        columns = fitting_columns(len(frames), size, screen)
        self._show(tile(frames, columns), screen, repr(self.unwrapped))
