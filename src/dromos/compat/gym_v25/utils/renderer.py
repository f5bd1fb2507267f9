"""`Renderer` of Gym 0.24 and 0.25: what an environment draws, kept until it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Renderer"]

_RETURNS_NOTHING = frozenset({"human"})
_ONE = frozenset({"single_rgb_array", "single_depth_array", "single_state_pixels", "single_ansi"})


class Renderer:
    """Calls an environment's drawing at each step, in modes that return lists.

    Attributes:
        mode: The render mode, or None.
        render: Draws in a mode: ``render(mode=...)``.
        render_list: What has been drawn since the last call or reset.
    """

    def __init__(self, mode: str | None, render: Callable[..., Any]) -> None:
        self.mode = mode
        self.render = render
        self.render_list: list[Any] = []

    def render_step(self) -> None:
        """Draw a step, unless it is drawn when it is asked for."""
        if self.mode is not None and self.mode not in _ONE:
            drawn = self.render(mode=self.mode)
            if self.mode not in _RETURNS_NOTHING:
                self.render_list.append(drawn)

    def get_renders(self) -> Any:
        """Return what was drawn: a list, one picture in a single mode, None in ``"human"``."""
        if self.mode in _ONE:
            return self.render(mode=self.mode)
        if self.mode is None or self.mode in _RETURNS_NOTHING:
            return None
        drawn, self.render_list = self.render_list, []
        return drawn

    def reset(self) -> None:
        """Forget what was drawn."""
        self.render_list = []
