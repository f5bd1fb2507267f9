"""`FrameStack`: the last observations as `LazyFrames`."""

from __future__ import annotations

from typing import Any

from dromos.compat.gymnasium_v029.core import Wrapper
from dromos.core import Env
from dromos.utils.record_constructor import recorded
from dromos.wrappers.rules.lazy_frames import LazyFrames
from dromos.wrappers.stateful_observation import FrameStackObservation

__all__ = ["FrameStack", "LazyFrames"]


class FrameStack(FrameStackObservation[Any, Any, Any], Wrapper):
    """Show the last observations together, stacked on a new first axis, the newest last.

    Attributes:
        num_stack: The number of observations in a stack.
    """

    @recorded
    def __init__(self, env: Env[Any, Any], num_stack: int, lz4_compress: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            num_stack: The number of observations in a stack.
            lz4_compress: Without effect: stacks share their frames, which saves more.

        Raises:
            TypeError: If the size is no integer or the observations are no arrays.
            ValueError: If the size is below 1.
        """
        super().__init__(env, num_stack, lazy=True)
        self.num_stack = int(num_stack)
        self.lz4_compress = lz4_compress
