"""`AddWhiteNoise` and `ObstructView`: noise in place of some pixels of a frame."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.core import ActType, Env, ObsType, RenderFrame, Wrapper
from dromos.env import takes_no_arguments
from dromos.error import InvalidProbability
from dromos.render.frames import checked_frame
from dromos.snapshot import rules
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["AddWhiteNoise", "NoisyView", "ObstructView"]

#: ITU-R BT.601: the luma of red, green and blue.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class NoisyView(Wrapper[ObsType, ActType, ObsType, ActType]):
    """Base of wrappers that replace pixels of every frame that is drawn by white noise.

    The noise has a random generator of its own, so that drawing does not change the episodes. It
    is seeded with the seed of `reset`: the same seed and the same calls of ``render`` give the
    same frames. A layer's stream differs from those of like layers below it.
    """

    is_noise_grayscale: bool

    snapshot_fields = {"_noise": rules.Optional(rules.Generator())}  # noqa: RUF012

    _noise: np.random.Generator | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and, if there is a seed, start the noise anew."""
        result = self.env.reset(seed=seed, options=options)
        if seed is not None:
            self._noise = self._stream(seed)
        return result

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Render the wrapped environment, with noise; in a list mode, every frame of the list.

        Raises:
            Error: If the environment does not draw pictures.
        """
        rendered: Any = self.env.render()
        if isinstance(rendered, list):
            return [self._noisy(frame) for frame in rendered]
        return self._noisy(rendered)

    def _noisy(self, rendered: Any) -> npt.NDArray[np.uint8]:
        if self._noise is None:
            self._noise = self._stream(None)
        frame = checked_frame(rendered, f"{type(self).__name__}.render()")
        hidden = np.flatnonzero(self._hidden_pixels(frame.shape[:2], self._noise))
        noise = self._noise.integers(0, 256, (len(hidden), 3), np.uint8)
        noisy = frame.copy()
        noisy.reshape(-1, 3)[hidden] = (
            (noise @ _LUMA)[:, None] if self.is_noise_grayscale else noise
        )
        return noisy

    def _hidden_pixels(
        self, shape: tuple[int, ...], noise: np.random.Generator
    ) -> npt.NDArray[np.bool_]:
        """Return which pixels of a frame (height, width) are noise; bool of that shape."""
        raise NotImplementedError

    def _stream(self, seed: int | None) -> np.random.Generator:
        depth, layer = 0, self.env
        while isinstance(layer, Wrapper):
            depth, layer = depth + 1, layer.env
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(depth,)))
        )


class AddWhiteNoise(NoisyView[ObsType, ActType], RecordConstructorArgs):
    """Replace each pixel of a frame by white noise, with a probability.

    Under `AddRenderObservation` this makes observations noisy. The noise has its own random
    stream, seeded by ``reset(seed=...)``: episodes are the same with and without it.

    Example:
        >>> env = make("CartPole-v1", render_mode="rgb_array")
        >>> env = AddWhiteNoise(env, probability_of_noise_per_pixel=0.2)
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        probability_of_noise_per_pixel: float,
        is_noise_grayscale: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with ``render_mode="rgb_array"`` or ``"rgb_array_list"``.
            probability_of_noise_per_pixel: At least 0, below 1.
            is_noise_grayscale: Whether the noise is grey rather than of all colours.

        Raises:
            InvalidProbability: If the probability is out of range.
        """
        super().__init__(env)
        if not 0 <= probability_of_noise_per_pixel < 1:
            raise InvalidProbability(
                "Expected probability_of_noise_per_pixel to be at least 0 and below 1, found "
                f"{probability_of_noise_per_pixel}"
            )
        self.probability_of_noise_per_pixel = probability_of_noise_per_pixel
        self.is_noise_grayscale = is_noise_grayscale

    def _hidden_pixels(
        self, shape: tuple[int, ...], noise: np.random.Generator
    ) -> npt.NDArray[np.bool_]:
        return noise.random(shape, np.float32) < self.probability_of_noise_per_pixel


class ObstructView(NoisyView[ObsType, ActType], RecordConstructorArgs):
    """Hide parts of every frame behind squares of white noise, at places drawn anew each time.

    There are ``int(height * width * obstructed_pixels_ratio / obstruction_width**2)`` squares.
    They may overlap and stand out over the edge, so somewhat fewer pixels are hidden than the
    ratio says. Under `AddRenderObservation` this makes the environment partially observable. The
    noise has its own random stream, seeded by ``reset(seed=...)``.

    Example:
        >>> env = make("CartPole-v1", render_mode="rgb_array")
        >>> env = ObstructView(env, obstructed_pixels_ratio=0.3, obstruction_width=40)
    """

    __module__ = "dromos.wrappers.rendering"  # the public path, which specs and pickles name

    @recorded
    def __init__(
        self,
        env: Env[ObsType, ActType],
        obstructed_pixels_ratio: float,
        obstruction_width: int,
        is_noise_grayscale: bool = False,
    ) -> None:
        """Wrap `env`.

        Args:
            env: An environment made with ``render_mode="rgb_array"`` or ``"rgb_array_list"``.
            obstructed_pixels_ratio: The area of the squares over that of a frame; at least 0,
                below 1.
            obstruction_width: The width of a square in pixels, at least 1.
            is_noise_grayscale: Whether the noise is grey rather than of all colours.

        Raises:
            TypeError: If the width is not an integer.
            ValueError: If the ratio or the width is out of range.
        """
        super().__init__(env)
        if not 0 <= obstructed_pixels_ratio < 1:
            raise ValueError(
                "Expected obstructed_pixels_ratio to be at least 0 and below 1, found "
                f"{obstructed_pixels_ratio}"
            )
        if operator.index(obstruction_width) < 1:
            raise ValueError(
                f"Expected obstruction_width to be at least 1 pixel, found {obstruction_width}"
            )
        self.obstructed_pixels_ratio = obstructed_pixels_ratio
        self.obstruction_width = obstruction_width
        self.is_noise_grayscale = is_noise_grayscale

    def _hidden_pixels(
        self, shape: tuple[int, ...], noise: np.random.Generator
    ) -> npt.NDArray[np.bool_]:
        height, width = shape
        side = self.obstruction_width
        count = int(height * width * self.obstructed_pixels_ratio / side**2)
        hidden = np.zeros(shape, np.bool_)
        for place in noise.integers(0, height * width, count).tolist():  # of a square's centre
            top, left = place // width - side // 2, place % width - side // 2
            hidden[max(top, 0) : top + side, max(left, 0) : left + side] = True
        return hidden
