"""Which action a console with sticky actions holds: the one thing its saved states do not say."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["HeldAction"]

#: Frames are counted together, which is cheap, but not more actions than these are kept for it.
_MOST_ENTRIES = 4096
#: Words of the generator that a frame takes, and by what the first is made a number below 1.
_WORDS = 2
_UNIT = 2.0**-32
#: How far to look for a frame in which an action is taken, and how many frames at a time.
_MOST_FRAMES = 1 << 16
_CHUNK = 64


class HeldAction:
    """The action in force on a console that repeats the last one with some probability.

    Machado et al. (2018), 5.2: in each frame, with that probability, the action of the frame
    before is done instead of the one asked for. The emulator draws from a Mersenne twister with
    two words a frame, of which the first decides. Here the same stream is followed from behind,
    and only when somebody wants to know.
    """

    def __init__(self, probability: float, noop: tuple[Any, float]) -> None:
        """Follow a console.

        Args:
            probability: Of repeating, in a frame.
            noop: The action, and its strength, that a game starts with.
        """
        self._probability = probability
        self._noop = self._held = noop
        self._stream = np.random.MT19937()
        self._log: list[tuple[Any, float, int]] = []

    def follow(self, stream: Any, held: tuple[Any, float] | None = None) -> None:
        """Go on from a state of the generator (`MT19937.state`) and the action held, a no-op."""
        self._stream.state = stream
        self._held = self._noop if held is None else held
        self._log.clear()

    def note(self, action: Any, strength: float, frames: int) -> None:
        """Note that an action was asked for in a number of frames."""
        self._log.append((action, strength, frames))
        if len(self._log) >= _MOST_ENTRIES:
            self.settle()

    def settle(self) -> tuple[Any, float]:
        """Return the action held, and its strength."""
        frames = sum(frames for *_, frames in self._log)
        if frames:
            last = np.flatnonzero(self._taken(frames))[-1:]
            for frame in last:
                self._held = self._asked(int(frame))
            self._log.clear()
        return self._held

    def _taken(self, frames: int) -> Any:
        """Draw for a number of frames; return in which of them the action asked for was taken."""
        words = self._stream.random_raw(_WORDS * frames)[::_WORDS]
        return words * _UNIT >= self._probability

    def _asked(self, frame: int) -> tuple[Any, float]:
        for action, strength, frames in self._log:
            if frame < frames:
                return action, strength
            frame -= frames
        raise AssertionError("more frames than were noted")

    def frames_to_take(self) -> int:
        """Return after how many frames an action that is asked for from now on is held."""
        twin = np.random.MT19937()
        twin.state = self._stream.state
        for first in range(0, _MOST_FRAMES, _CHUNK):
            words = twin.random_raw(_WORDS * _CHUNK)[::_WORDS]
            taken = np.flatnonzero(words * _UNIT >= self._probability)
            if len(taken):
                return first + int(taken[0]) + 1
        return 0  # it is as good as never taken, and never was

    @property
    def stream(self) -> dict[str, Any]:
        """The state of the generator, in the present."""
        self.settle()
        return dict(self._stream.state)
