"""`AddWhiteNoise`: pixels of the frames are noise, each with the same probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dromos.core import ActType, Env, ObsType
from dromos.error import InvalidProbability
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.noisy_view import NoisyView

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["AddWhiteNoise"]


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
