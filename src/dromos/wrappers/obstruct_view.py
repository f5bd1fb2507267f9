"""`ObstructView`: squares of noise hide parts of the frames."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import numpy as np

from dromos.core import ActType, Env, ObsType
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.noisy_view import NoisyView

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["ObstructView"]


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
