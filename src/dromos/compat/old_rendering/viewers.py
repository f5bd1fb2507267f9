"""Frames of shapes, returned or shown in a window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.compat.old_rendering import painting
from dromos.compat.old_rendering.painting import Transform, Where
from dromos.compat.old_rendering.shapes import (
    Geom,
    Line,
    make_circle,
    make_polygon,
    make_polyline,
)
from dromos.error import Error
from dromos.render.raster import Raster
from dromos.render.window import Window

__all__ = ["SimpleImageViewer", "Viewer", "get_display", "get_window"]

_WHITE = (255, 255, 255)


class Viewer:
    """Shapes on a white ground, shown in a window or returned as frames.

    Attributes:
        width: Width in pixels.
        height: Height in pixels.
        geoms: The shapes.
        onetime_geoms: Those of the next frame only.
        transform: What all shapes are transformed by; see `set_bounds`.
        isopen: Whether neither `close` nor the user has closed it.
        window: The window, open once a frame was shown.
    """

    def __init__(self, width: int, height: int, display: Any = None) -> None:
        self.width, self.height = int(width), int(height)
        self.window = get_window(self.width, self.height, get_display(display))
        self.isopen = True
        self.geoms: list[Geom] = []
        self.onetime_geoms: list[Geom] = []
        self.transform = Transform()
        self._frame = np.full((self.height, self.width, 3), 255, np.uint8)

    def close(self) -> None:
        """Close the window. Twice is harmless."""
        self.isopen = False
        self.window.close()

    def window_closed_by_user(self) -> None:
        """Take notice that the user has closed the window."""
        self.isopen = False

    def set_bounds(self, left: float, right: float, bottom: float, top: float) -> None:
        """Set the coordinates of the frame's sides.

        Raises:
            Error: If the right is not right of the left, or the top not above the bottom.
        """
        if not (right > left and top > bottom):
            raise Error(
                f"set_bounds: expected left < right and bottom < top, got {left}, {right}, "
                f"{bottom}, {top}"
            )
        scale = (self.width / (right - left), self.height / (top - bottom))
        self.transform = Transform((-left * scale[0], -bottom * scale[1]), scale=scale)

    def add_geom(self, geom: Geom) -> None:
        """Add a shape to all frames."""
        self.geoms.append(geom)

    def add_onetime(self, geom: Geom) -> None:
        """Add a shape to the next frame."""
        self.onetime_geoms.append(geom)

    def render(self, return_rgb_array: bool = False) -> Any:
        """Draw a frame.

        Returns:
            The frame, uint8 (height, width, 3), if it is asked for; else it is shown, and whether
            the window is open is returned.
        """
        raster = Raster(self.width, self.height)
        raster.background(_WHITE)
        painting.painters.append(painting.Painter(raster))
        try:
            self.transform.enable()
            for geom in (*self.geoms, *self.onetime_geoms):
                geom.render()
            self.transform.disable()
        finally:
            painting.painters.pop()
            self.onetime_geoms = []
        self._frame = raster.pixels()
        if return_rgb_array:
            return self._frame
        self.isopen = self.isopen and self.window.show(self._frame)
        return self.isopen

    def get_array(self) -> NDArray[np.uint8]:
        """Return the last frame."""
        return self._frame.copy()

    def draw_circle(
        self, radius: float = 10, res: int = 30, filled: bool = True, **attrs: Any
    ) -> Geom:
        """Draw a circle in the next frame; `attrs` are ``color`` and ``linewidth``."""
        return self._onetime(make_circle(radius, res, filled), attrs)

    def draw_polygon(self, v: Sequence[Where], filled: bool = True, **attrs: Any) -> Geom:
        """Draw a polygon in the next frame."""
        return self._onetime(make_polygon(v, filled), attrs)

    def draw_polyline(self, v: Sequence[Where], **attrs: Any) -> Geom:
        """Draw a line through points in the next frame."""
        return self._onetime(make_polyline(v), attrs)

    def draw_line(self, start: Where, end: Where, **attrs: Any) -> Geom:
        """Draw a line in the next frame."""
        return self._onetime(Line(start, end), attrs)

    def _onetime(self, geom: Any, attrs: dict[str, Any]) -> Geom:
        if "color" in attrs:
            geom.set_color(*attrs["color"])
        if "linewidth" in attrs:
            geom.set_linewidth(attrs["linewidth"])
        self.add_onetime(geom)
        return geom  # type: ignore[no-any-return]


class SimpleImageViewer:
    """Pictures in a window.

    Attributes:
        isopen: Whether a window is shown.
        maxwidth: A wider picture's window is scaled to it, pixels.
    """

    def __init__(self, display: Any = None, maxwidth: int = 500) -> None:
        self.display = get_display(display)
        self.maxwidth = maxwidth
        self.window: Window | None = None
        self.isopen = False

    def imshow(self, arr: NDArray[np.uint8]) -> None:
        """Show a picture, uint8 (height, width, 3).

        Raises:
            Error: If it is none.
        """
        if arr.ndim != 3:
            raise Error(f"imshow: expected a picture (height, width, 3), got shape {arr.shape}")
        if self.window is None:
            height, width = arr.shape[:2]
            scale = min(1.0, self.maxwidth / width)
            self.width, self.height = int(scale * width), int(scale * height)
            self.window = get_window(self.width, self.height, self.display)
        self.isopen = self.window.show(arr)

    def close(self) -> None:
        """Close the window. Twice is harmless."""
        if self.window is not None:
            self.window.close()
        self.isopen = False


def get_display(spec: str | None) -> str | None:
    """Return what windows are opened on: the display of the process, whatever `spec` names.

    Raises:
        Error: If `spec` is neither None nor a text such as ``":0"``.
    """
    if spec is not None and not isinstance(spec, str):
        raise Error(f"Invalid display specification: {spec}. (Must be a string like :0 or None.)")
    return spec


def get_window(width: int, height: int, display: Any = None, **kwargs: Any) -> Window:
    """Return a window that opens with its first frame.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        display: What `get_display` returned.
        **kwargs: Without effect.
    """
    return Window("dromos", (width, height))
