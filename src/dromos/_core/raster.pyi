from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_Colour: TypeAlias = tuple[int, int, int] | tuple[int, int, int, int]
_Points: TypeAlias = Iterable[Sequence[float]] | NDArray[np.float64]

class Raster:
    def __init__(self, width: int, height: int) -> None: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def y_down(self) -> bool: ...
    def pixels(self) -> NDArray[np.uint8]: ...  # (height, width, 3), a copy
    def paste(self, frame: NDArray[np.uint8]) -> None: ...  # (height, width, 3)
    def save(self) -> None: ...
    def restore(self) -> None: ...
    def translate(self, x: float, y: float) -> None: ...
    def scale(self, x: float, y: float) -> None: ...
    def rotate(self, angle: float) -> None: ...
    def background(self, colour: _Colour, bottom: _Colour | None = None) -> None: ...
    def polygon(self, points: _Points, colour: _Colour) -> None: ...
    def polyline(
        self,
        points: _Points,
        width: float,
        colour: _Colour,
        *,
        closed: bool = False,
        join: str = "round",
        cap: str = "round",
    ) -> None: ...
    def strokes(self, lines: Iterable[_Points], width: float, colour: _Colour) -> None: ...
    def disc(self, x: float, y: float, radius: float, colour: _Colour) -> None: ...
    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        colour: _Colour,
        *,
        start: float = 0.0,
        sweep: float = ...,
        cap: str = "butt",
    ) -> None: ...
    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: _Colour,
        *,
        corner: float = 0.0,
    ) -> None: ...
    def shadow(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: _Colour,
        *,
        blur: float,
        corner: float = 0.0,
    ) -> None: ...
