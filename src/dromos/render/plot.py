"""Curves, drawn into arrays and files. The only file that imports matplotlib, and on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import DependencyNotInstalled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["new_figure", "pixels_of"]


def new_figure(width: float, height: float) -> Any:
    """Return a matplotlib figure with a canvas of its own: no window, no global pyplot state.

    Args:
        width: Inches.
        height: Inches.

    Raises:
        DependencyNotInstalled: If matplotlib is missing.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise DependencyNotInstalled(
            'Drawing curves needs matplotlib: pip install "dromos[plot]"'
        ) from None
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def pixels_of(figure: Any) -> NDArray[np.uint8]:
    """Draw a figure and return its pixels, uint8 (height, width, 3)."""
    figure.canvas.draw()
    return np.ascontiguousarray(np.asarray(figure.canvas.buffer_rgba())[:, :, :3])
