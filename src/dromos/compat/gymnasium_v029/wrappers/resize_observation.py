"""`ResizeObservation`, which also takes the side of a square."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.utils.record_constructor import RecordConstructorArgs
from dromos.wrappers import transform_observation

__all__ = ["ResizeObservation"]


class ResizeObservation(transform_observation.ResizeObservation[Any], Wrapper):
    """Make every image another size."""

    def __init__(self, env: Env[Any, Any], shape: tuple[int, int] | int) -> None:
        """Wrap `env`.

        Args:
            env: An environment with images as observations.
            shape: The new height and width in pixels, or the side of a square.
        """
        size = (shape, shape) if isinstance(shape, int) else shape
        RecordConstructorArgs.__init__(self, shape=size)
        super().__init__(env, size)
