"""Write cpp/include/dromos/ziggurat_{normal,exponential}.hpp: the tables NumPy draws with.

The entries follow from the ziggurat construction (G. Marsaglia and W. W. Tsang, "The Ziggurat
Method for Generating Random Variables", Journal of Statistical Software 5(8), 2000), but their last
digits hang on the arithmetic of whoever computed them. Equal draws need equal digits, so they are
observed from NumPy's public behaviour: a PCG64 state is made whose next two words are chosen, and
the draw it leads to tells on which side of a table entry the words lay.

Usage: python tools/observe_ziggurat_tables.py && clang-format -i cpp/include/dromos/ziggurat_*.hpp
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np

INCLUDE = Path(__file__).parents[1] / "cpp" / "include" / "dromos"
LAYERS = 256
MULTIPLIER = 2549297995355413924 << 64 | 4865540595714422341  # of PCG64
MODULUS = 1 << 128


@dataclass(frozen=True)
class Density:
    """A density f with f(0) = 1, NumPy's draw from it, and how that draw reads its first word."""

    name: str
    f: Callable[[float], float]
    draw: Callable[[np.random.Generator], float]
    bits: int  # of a layer's x coordinate
    word: Callable[[int, int], int]  # (layer, x) -> 64 random bits


NORMAL = Density(
    "normal",
    f=lambda x: math.exp(-0.5 * x * x),
    draw=lambda generator: generator.standard_normal(),
    bits=52,
    word=lambda layer, x: x << 9 | layer,
)
EXPONENTIAL = Density(
    "exponential",
    f=lambda x: math.exp(-x),
    draw=lambda generator: generator.standard_exponential(),
    bits=53,
    word=lambda layer, x: x << 11 | layer << 3,
)


def two_words(first: int, second: int) -> tuple[dict[str, object], int, int]:
    """Return a PCG64 state whose next outputs are these, and its integers after one and two.

    A state below 2^64 outputs itself. The increment, which must be odd, is free and leads from the
    first such state to the second; bit 64 helps when the parities do not fit.
    """
    after_one, after_two = first, second
    if (after_two - after_one * MULTIPLIER) % 2 == 0:
        after_two = 1 << 64 | second ^ 1
    increment = (after_two - after_one * MULTIPLIER) % MODULUS
    before = (after_one - increment) * pow(MULTIPLIER, -1, MODULUS) % MODULUS
    state = {"state": before, "inc": increment}
    return (
        {"bit_generator": "PCG64", "state": state, "has_uint32": 0, "uinteger": 0},
        after_one,
        after_two,
    )


class Observer:
    """Draws from NumPy with chosen words."""

    def __init__(self, density: Density) -> None:
        self.density = density
        self.bits = np.random.PCG64(0)
        self.generator = np.random.Generator(self.bits)

    def draw(self, layer: int, x: int, height: int = 0) -> tuple[float, int]:
        """Return the draw and how many words it took: 1, 2, or 3 for more."""
        state, *stops = two_words(self.density.word(layer, x), height << 11)
        self.bits.state = state
        value = self.density.draw(self.generator)
        stop = self.bits.state["state"]["state"]
        return value, stops.index(stop) + 1 if stop in stops else 3

    def accept(self, layer: int) -> int:
        """Return the smallest x that one word does not settle."""
        return first(1 << self.density.bits, lambda x: self.draw(layer, x)[1] > 1)

    def width(self, layer: int) -> float:
        """Return the distance between neighbouring values of the layer."""
        x = 1 << 30
        return abs(self.draw(layer, x)[0]) / x

    def ceiling(self, layer: int, x: int) -> int:
        """Return the smallest height, in units of 2^-53, that is rejected at x."""
        return first(1 << 53, lambda height: self.draw(layer, x, height)[1] > 2)


def first(stop: int, condition: Callable[[int], bool]) -> int:
    """Return the smallest integer below stop where condition holds from then on, or stop."""
    low, high = 0, stop
    while low < high:
        middle = (low + high) // 2
        if condition(middle):
            high = middle
        else:
            low = middle + 1
    return low


def near(value: float) -> Iterator[float]:
    """Yield value and its neighbours, outwards."""
    yield value
    up = down = value
    for _ in count():
        up, down = math.nextafter(up, math.inf), math.nextafter(down, 0.0)
        yield from (up, down)


def observe_heights(observer: Observer, accept: list[int], width: list[float]) -> list[float]:
    """Return the density at the right edge of each layer, as NumPy rounds it.

    The wedge test is (above - here) * height + here < f(x). Twelve observed ceilings a layer leave
    one double for `here`.
    """
    density = observer.density
    heights = [1.0]
    for layer in range(1, LAYERS):
        top = 1 << density.bits
        xs = [accept[layer] + (top - accept[layer]) * k // 13 for k in range(1, 13)]
        ceilings = [observer.ceiling(layer, x) for x in xs]

        def fits(here: float, layer: int = layer, above: float = heights[-1]) -> bool:
            def below(x: int, height: int) -> bool:
                return (above - here) * (height * 2.0**-53) + here < density.f(x * width[layer])

            return all(
                (ceiling == 0 or below(x, ceiling - 1)) and not below(x, ceiling)
                for x, ceiling in zip(xs, ceilings, strict=True)  # noqa: B023
                if ceiling < 1 << 53
            )

        edge = top * width[layer]
        candidates = islice(near(density.f(edge)), 65)
        (here,) = (here for here in candidates if fits(here))
        heights.append(here)
    return heights


def rows(values: Sequence[str]) -> str:
    """Join the entries of one table."""
    return ",".join(values)


def header(density: Density) -> str:
    """Return the header's text."""
    observer = Observer(density)
    accept = [observer.accept(layer) for layer in range(LAYERS)]
    width = [observer.width(layer) for layer in range(LAYERS)]
    height = observe_heights(observer, accept, width)
    return HEADER.format(
        name=density.name,
        title=density.name.capitalize(),
        bits=density.bits,
        edge=(width[-1] * 2.0**density.bits).hex(),
        accept=rows([hex(x) for x in accept]),
        width=rows([x.hex() for x in width]),
        height=rows([x.hex() for x in height]),
    )


HEADER = """// NumPy's ziggurat of the {name} density. Written by tools/observe_ziggurat_tables.py.
#pragma once

#include <cstdint>

namespace dromos::detail {{

// Layer 0 is the base strip with the tail, 1 the top, 255 the widest rectangle.
struct Ziggurat{title} {{
  // Where the tail begins.
  static constexpr double kEdge = {edge};

  // A {bits}-bit x below this lies under the curve at any height of its layer.
  static constexpr std::uint64_t kAccept[256] = {{{accept}}};

  // What one unit of x is worth.
  static constexpr double kWidth[256] = {{{width}}};

  // The density at the layer's right edge; 1, the peak, for layer 0.
  static constexpr double kHeight[256] = {{{height}}};
}};

}}  // namespace dromos::detail
"""


def main() -> None:
    """Write both headers."""
    for density in (NORMAL, EXPONENTIAL):
        (INCLUDE / f"ziggurat_{density.name}.hpp").write_text(header(density))


if __name__ == "__main__":
    main()
