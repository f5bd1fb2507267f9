"""Frames of lanes as one picture in few bytes. The only file that imports Pillow."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.render.frames import checked_frame, fitting_columns, shrunk, tile
from dromos.render.image import png_bytes

__all__ = ["picture"]

_MOST_PIXELS = 1_500_000  # of a picture; larger ones are made smaller
_SMALL = 60_000  # pixels up to which nothing may be lost
_QUALITY = 90
_SCREEN = (16.0, 10.0)


def picture(frames: Sequence[Any]) -> tuple[dict[str, Any], bytes]:
    """Return some lanes' frames as one picture, and how it is laid out.

    Args:
        frames: uint8 (height, width, 3) each, all of one size; at least one.

    Returns:
        layout: ``columns``, ``rows``, ``width`` and ``height`` of a frame in pixels, ``type``.
        image: A PNG or a JPEG file.

    Raises:
        Error: If a frame is no picture, or of another size.
    """
    height, width = checked_frame(frames[0], "the viewer").shape[:2]
    columns = fitting_columns(len(frames), (width, height), _SCREEN)
    rows = -(-len(frames) // columns)
    step = 1
    while len(frames) * (-(-height // step)) * (-(-width // step)) > _MOST_PIXELS:
        step += 1
    whole = tile(
        [shrunk(checked_frame(frame, "the viewer"), step) for frame in frames],
        columns,
        gap=0,
        colour=(0, 0, 0),
    )
    kind, image = _encoded(whole)
    size = {"width": whole.shape[1] // columns, "height": whole.shape[0] // rows}
    natural = {"natural_width": width, "natural_height": height}
    return {"columns": columns, "rows": rows, **size, **natural, "type": kind}, image


def _encoded(pixels: npt.NDArray[np.uint8]) -> tuple[str, bytes]:
    image = _pillow()
    if image is None or pixels.size <= 3 * _SMALL:
        return "image/png", png_bytes(pixels)
    out = io.BytesIO()
    image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return "image/jpeg", out.getvalue()


@cache
def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        return None
    return Image
