"""Screens of Atari games, read as the emulator keeps them and given their colours here."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core import pixels

__all__ = ["Screens", "scratch"]

_Pixels = NDArray[np.uint8]

#: Pictures that are used up within a call: one of each kind for all games of a thread.
_pictures = threading.local()


def scratch(name: str, shape: tuple[int, ...]) -> _Pixels:
    """Return the calling thread's picture of this name and shape, to be used before it returns."""
    known: dict[Any, _Pixels] = _pictures.__dict__
    picture = known.get((name, shape))
    if picture is None:
        known[name, shape] = picture = np.zeros(shape, np.uint8)
    return picture


class Screens:
    """Reads the screens of an ``ALEInterface``.

    The emulator hands out bytes a thousand times faster than colours. What the bytes stand for is
    asked of it whenever a screen has one that was not seen yet.

    Attributes:
        ale: The emulator.
        shape: Height and width of a screen in pixels.
        shown: A screen of bytes, (height, width), to show in the emulator's place until it runs
            on: that of a state it was put back to, which it does not draw. None otherwise.
    """

    def __init__(self, ale: Any, shape: tuple[int, int] | None = None) -> None:
        """Read screens of `ale`, which tells their `shape` unless it has no game in it yet."""
        self.ale = ale
        self.shape: tuple[int, int] = ale.getScreenDims() if shape is None else shape
        self._palette = pixels.Palette()
        self.shown: _Pixels | None = None

    def forget(self) -> None:
        """Show the emulator's own screen again."""
        self.shown = None

    def index(self) -> _Pixels:
        """Return the screen in the emulator's own bytes, in `scratch`."""
        if self.shown is not None:
            return self.shown
        screen = scratch("bytes", self.shape)
        self.ale.getScreen(screen)
        return screen

    def grey(self, out: _Pixels | None = None) -> _Pixels:
        """Return the screen in grey, (height, width), in `out` or a new array."""
        screen = self.index()
        grey = self._palette.grey(screen, out)
        return self._learnt(screen, out, self._palette.grey) if grey is None else grey

    def rgb(self, out: _Pixels | None = None) -> _Pixels:
        """Return the screen in colour, (height, width, 3), in `out` or a new array."""
        screen = self.index()
        rgb = self._palette.rgb(screen, out)
        return self._learnt(screen, out, self._palette.rgb) if rgb is None else rgb

    def shrunk(self, other: _Pixels | None, coloured: bool, size: tuple[int, int]) -> _Pixels:
        """Return the screen in grey or in colour, laid over `other`, at another size.

        Args:
            other: A screen read before, by `grey` or `rgb`, to take the maximum with; or None.
            coloured: Whether in colour.
            size: Width and height of the result in pixels.
        """
        screen, (width, height) = self.index(), size
        image = self._palette.shrunk(screen, other, coloured, height, width)
        if image is None:
            self.rgb() if coloured else self.grey()
            image = self._palette.shrunk(screen, other, coloured, height, width)
            assert image is not None
        return image

    def _learnt(self, screen: _Pixels, out: _Pixels | None, paint: Any) -> _Pixels:
        self._palette.learn(screen, self.ale.getScreenGrayscale(), self.ale.getScreenRGB())
        painted: _Pixels = paint(screen, out)
        return painted

    def state(self) -> dict[str, Any]:
        """Return the screen and the colours in it."""
        self.grey()  # learns what is missing
        screen = self.index().copy()
        used = np.unique(screen)[np.newaxis]
        return {
            "screen": screen,
            "bytes": used,
            "grey": self._palette.grey(used),
            "rgb": self._palette.rgb(used),
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Show the screen that `state` returned, in this or another process."""
        self._palette.learn(state["bytes"], state["grey"], state["rgb"])
        self.shown = state["screen"]
