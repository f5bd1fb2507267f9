"""Random streams of lanes as NumPy generators, and generators as streams."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos.error import Error

__all__ = ["generator_of", "words_of"]

_LOW = (1 << 64) - 1


def generator_of(words: NDArray[np.uint64]) -> np.random.Generator:
    """Return a generator that goes on where a lane's stream stands.

    Args:
        words: The stream: state and increment of PCG64, high word first, and the buffered half of
            a 64-bit draw; uint64 (5,).
    """
    state_high, state_low, increment_high, increment_low, buffer = words.tolist()
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {
            "state": state_high << 64 | state_low,
            "inc": increment_high << 64 | increment_low,
        },
        "has_uint32": buffer & 0xFFFFFFFF,
        "uinteger": buffer >> 32,
    }
    return np.random.Generator(bits)


def words_of(generator: np.random.Generator) -> NDArray[np.uint64]:
    """Return the stream of a generator; uint64 (5,).

    Raises:
        Error: If the generator is not on PCG64, the only stream that lanes have.
    """
    state: dict[str, Any] = dict(generator.bit_generator.state)
    if state["bit_generator"] != "PCG64":
        raise Error(
            f"Native lanes draw from PCG64, found a generator on {state['bit_generator']}; make "
            "one with numpy.random.default_rng(seed)"
        )
    bits = state["state"]
    return np.array(
        [
            bits["state"] >> 64,
            bits["state"] & _LOW,
            bits["inc"] >> 64,
            bits["inc"] & _LOW,
            state["has_uint32"] | state["uinteger"] << 32,
        ],
        dtype=np.uint64,
    )
