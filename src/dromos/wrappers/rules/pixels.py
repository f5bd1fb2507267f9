"""Images in gray, or in another size."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos._core import pixels
from dromos.spaces import Box
from dromos.wrappers.rules.rule import Rule, require_box

__all__ = ["GrayObservation", "ResizedObservation"]

Image = npt.NDArray[np.uint8]


class GrayObservation(Rule):
    """Gray images of colour images."""

    def __init__(self, space: Any, keep_dim: bool) -> None:
        box = _require_images(space, "GrayscaleObservation", {3})
        if box.shape[-1] != 3:
            raise ValueError(
                "GrayscaleObservation needs images of 3 channels, (height, width, 3), found shape "
                f"{box.shape}; move the channels to the last axis first."
            )
        self._keep_dim = keep_dim
        self.space = Box(0, 255, box.shape[:2] + (1,) * bool(keep_dim), np.uint8)

    def __call__(self, value: Image) -> Image:
        """Return gray images."""
        gray = pixels.grayscale(value)
        return gray[..., np.newaxis] if self._keep_dim else gray


class ResizedObservation(Rule):
    """Images in another size."""

    def __init__(self, space: Any, shape: tuple[int, int]) -> None:
        box = _require_images(space, "ResizeObservation", {2, 3})
        self._height, self._width = _checked_size(shape)
        self._has_channels = len(box.shape) == 3
        self.space = Box(0, 255, (self._height, self._width, *box.shape[2:]), np.uint8)

    def __call__(self, value: Image) -> Image:
        """Return images of the new size."""
        return pixels.resize_area(value, self._height, self._width, self._has_channels)


def _require_images(space: Any, user: str, depths: set[int]) -> Box[Any]:
    box: Box[Any] = require_box(space, user, "observation")
    if len(box.shape) not in depths:
        raise ValueError(
            f"{user} needs images of {sorted(depths)} axes, found observations of shape {box.shape}"
        )
    if box.dtype != np.uint8 or np.any(box.low != 0) or np.any(box.high != 255):
        raise ValueError(f"{user} needs images of dtype uint8 from 0 to 255, found {box}")
    return box


def _checked_size(shape: Any) -> tuple[int, int]:
    if not isinstance(shape, (tuple, list)) or not all(
        isinstance(axis, (int, np.integer)) for axis in shape
    ):
        raise TypeError(f"Expected shape to be a tuple of two integers, got {shape!r}")
    if len(shape) != 2 or min(shape) <= 0:
        raise ValueError(f"Expected shape to be (height, width), both at least 1, got {shape!r}")
    return int(shape[0]), int(shape[1])
