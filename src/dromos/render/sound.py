"""The sound of a video: samples of one channel to AAC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import Error

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SoundTrack", "checked_sound"]

# Samples a second in the file: one of the few rates that AAC has.
_RATE = 48_000
# Silence in samples of 8 bits without a sign, and by what they become 16 bits with one.
_SILENCE, _SCALE = 128, 256


class SoundTrack:
    """A stream of sound in a container of PyAV.

    Args:
        av: The module.
        container: Of the file, to which nothing has been written yet.
        rate: Samples a second of what is to be written.

    Attributes:
        length: How many samples were written.
    """

    def __init__(self, av: Any, container: Any, rate: int) -> None:
        self._av, self._rate = av, rate
        self._stream = container.add_stream("aac", rate=_RATE, layout="mono")
        frame_size = self._stream.codec_context.frame_size or 1024
        self._resampler = av.AudioResampler("fltp", "mono", _RATE, frame_size)
        self.length = 0

    def packets(self, sound: NDArray[np.uint8]) -> Iterator[Any]:
        """Append samples, uint8 (n,) around 128; yield what is to be muxed."""
        samples = (sound.astype(np.int16) - _SILENCE) * _SCALE
        frame = self._av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = self._rate, self.length
        self.length += len(sound)
        yield from self._encoded(frame)

    def silence(self, seconds: float) -> Iterator[Any]:
        """Append silence; yield what is to be muxed."""
        count = max(1, round(seconds * self._rate))
        yield from self.packets(np.full(count, _SILENCE, np.uint8))

    def end(self) -> Iterator[Any]:
        """Yield what is left to be muxed."""
        yield from self._encoded(None)
        yield from self._stream.encode(None)

    def _encoded(self, frame: Any) -> Iterator[Any]:
        for resampled in self._resampler.resample(frame):
            yield from self._stream.encode(resampled)


def checked_sound(sound: Any, caller: str) -> NDArray[np.uint8]:
    """Return sound that is samples.

    Raises:
        Error: If it is something else.
    """
    if not isinstance(sound, np.ndarray) or sound.dtype != np.uint8 or sound.ndim != 1:
        found = getattr(sound, "dtype", type(sound).__name__), getattr(sound, "shape", "")
        raise Error(
            f"{caller}: expected sound to be samples, uint8 (n,), found {found[0]} {found[1]}"
        )
    return sound
