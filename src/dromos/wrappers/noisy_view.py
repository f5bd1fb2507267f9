"""What `AddWhiteNoise` and `ObstructView` share: noise in place of some pixels of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.core import ActType, ObsType, RenderFrame, Wrapper
from dromos.env import takes_no_arguments
from dromos.render.frames import checked_frame
from dromos.snapshot import rules

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["NoisyView"]

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
