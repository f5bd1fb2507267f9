"""Frames: gray and small, scaled, stacked, transposed; and the console's memory as a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos import spaces
from dromos._core import pixels
from dromos.compat.ding.shapes import KeepsShapes, Shapes
from dromos.core import ActType, Env, ObservationWrapper, ObsType
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.stateful_observation import FrameStackObservation

__all__ = [
    "FrameStackWrapper",
    "ObsTransposeWrapper",
    "RamWrapper",
    "ScaledFloatFrameWrapper",
    "WarpFrameWrapper",
]

Array = npt.NDArray[Any]

#: A frame with fewer rows than this has its channels first.
_FEWEST_ROWS = 10


class WarpFrameWrapper(ObservationWrapper[Any, ActType, Any], KeepsShapes, RecordConstructorArgs):
    """Show colour frames gray and small, (size, size); uint8.

    Gray is OpenCV's luma, the size is reached by its area interpolation. Frames with channels
    first keep their channels, (channels, size, size); gray frames are only resized. A tuple of
    frames is done one by one.
    """

    @recorded
    def __init__(self, env: Env[Any, ActType], size: int = 84) -> None:
        """Wrap `env`.

        Args:
            env: An environment of uint8 frames, or tuples of them.
            size: The new height and width in pixels.

        Raises:
            TypeError: If the observations are something else.
        """
        super().__init__(env)
        self.size = size
        inner = env.observation_space
        if isinstance(inner, spaces.Tuple):
            self.observation_space = spaces.Tuple([self._small(each) for each in inner.spaces])
        else:
            self.observation_space = self._small(inner)

    def _small(self, space: spaces.Space[Any]) -> spaces.Box[Any]:
        if not (
            isinstance(space, spaces.Box) and len(space.shape) in (2, 3) and space.dtype == np.uint8
        ):
            raise TypeError(f"WarpFrameWrapper needs frames of dtype uint8, found {space}")
        shape = self.new_shape(space.shape, (), (), size=self.size)[0]
        return spaces.Box(space.low.min(), space.high.max(), shape, np.uint8)

    def observation(self, observation: Any) -> Any:
        """Return a frame, or each of several, gray and small."""
        if isinstance(observation, tuple):
            return tuple(map(self._warped, observation))
        return self._warped(observation)

    def _warped(self, frame: Array) -> Array:
        if frame.ndim == 3 and frame.shape[0] >= _FEWEST_ROWS:
            frame = pixels.luma(frame)
        # Channels in front are many pictures of one channel.
        return pixels.resize_area(frame, self.size, self.size, False)

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside and the wrapper's `size`."""
        size = arguments.get("size", 84)
        channels = obs_shape[:1] if len(obs_shape) == 3 and obs_shape[0] < _FEWEST_ROWS else ()
        return (*channels, size, size), act_shape, rew_shape


class ScaledFloatFrameWrapper(
    ObservationWrapper[Array, ActType, Array], KeepsShapes, RecordConstructorArgs
):
    """Scale observations from their lowest to their highest bound to [0, 1]; float32."""

    @recorded
    def __init__(self, env: Env[Array, ActType]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If its observations are not in a bounded `Box`.
        """
        super().__init__(env)
        space = env.observation_space
        if not isinstance(space, spaces.Box) or not space.is_bounded():
            raise TypeError(f"ScaledFloatFrameWrapper needs a bounded Box, found {space}")
        self.bias = space.low.min().item()
        self.scale = space.high.max().item() - self.bias
        self.observation_space = spaces.Box(0, 1, space.shape, np.float32)

    def observation(self, observation: Array) -> Array:
        """Return `observation` in [0, 1]."""
        return np.asarray((observation - self.bias) / self.scale, np.float32)


class FrameStackWrapper(FrameStackObservation[Any, ActType, ObsType], KeepsShapes):
    """Show the last `n_frames` observations on a new first axis, the newest last.

    A reset fills the stack with the first observation. A tuple of observations becomes a tuple of
    stacks.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], n_frames: int = 4) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            n_frames: The number of observations in a stack.
        """
        super().__init__(env, n_frames)
        self.n_frames = n_frames

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside and the wrapper's `n_frames`."""
        return (arguments.get("n_frames", 4), *obs_shape), act_shape, rew_shape


class ObsTransposeWrapper(
    ObservationWrapper[Array, ActType, Any], KeepsShapes, RecordConstructorArgs
):
    """Put the channels of a frame first: (h, w, c) becomes (c, h, w).

    A tuple of k frames becomes one array (k, c, h, w).
    """

    @recorded
    def __init__(self, env: Env[Any, ActType]) -> None:
        """Wrap `env`.

        Raises:
            TypeError: If its observations are neither arrays of three axes nor tuples of such.
        """
        super().__init__(env)
        inner: Any = env.observation_space
        several = isinstance(inner, spaces.Tuple)
        frames: Any = inner.spaces if several else (inner,)
        if any(not isinstance(each, spaces.Box) or len(each.shape) != 3 for each in frames):
            raise TypeError(f"ObsTransposeWrapper needs frames (h, w, channels), found {inner}")
        lows, highs = tuple(each.low for each in frames), tuple(each.high for each in frames)
        low, high = (self.observation(ends if several else ends[0]) for ends in (lows, highs))
        self.observation_space = spaces.Box(low, high, dtype=frames[0].dtype.type)

    @staticmethod
    def _turned(frame: Array) -> Array:
        return frame.transpose(2, 0, 1)

    def observation(self, observation: Any) -> Array:
        """Return a frame, or several, with the channels first."""
        if isinstance(observation, tuple):
            return np.stack([self._turned(frame) for frame in observation])
        return self._turned(observation)

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside."""
        height, width, channels = obs_shape
        return (channels, height, width), act_shape, rew_shape


class RamWrapper(ObservationWrapper[Array, ActType, Array], KeepsShapes, RecordConstructorArgs):
    """Show the memory of a console, (128,), as a frame (128, 1, 1); float32."""

    @recorded
    def __init__(self, env: Env[Array, ActType], render: bool = False) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose observations are an array of one axis.
            render: Without effect, as in DI-engine.
        """
        super().__init__(env)
        space: Any = env.observation_space
        low, high = (self.observation(bound) for bound in (space.low, space.high))
        self.observation_space = spaces.Box(low, high, dtype=np.float32)

    def observation(self, observation: Array) -> Array:
        """Return the memory as a frame."""
        return observation.reshape(*observation.shape, 1, 1).astype(np.float32)

    @classmethod
    def new_shape(cls, obs_shape: Any, act_shape: Any, rew_shape: Any, **arguments: Any) -> Shapes:
        """Return the shapes outside for those inside."""
        return (*obs_shape, 1, 1), act_shape, rew_shape
