"""`GrayScaleObservation`: `GrayscaleObservation` as it was written."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.wrappers.transform_observation import GrayscaleObservation

__all__ = ["GrayScaleObservation"]


class GrayScaleObservation(GrayscaleObservation[Any], Wrapper):
    """Make gray images of colour images.

    The weights are today's, of BT.709; 0.29 itself used those of BT.601, so that gray values
    differ by some units.
    """
