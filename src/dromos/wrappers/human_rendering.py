"""`HumanRendering`: a window for environments that only draw arrays."""

from __future__ import annotations

from typing import Any

from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.env import takes_no_arguments
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.human_window import HumanWindow, picture_of

__all__ = ["HumanRendering"]


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
