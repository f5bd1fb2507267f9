"""Seeds and random generators: one stream a seed, the same as NumPy's and Gymnasium's."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
from numpy.random.bit_generator import ISpawnableSeedSequence

from dromos._core import rng as native
from dromos.error import Error

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["RNG", "RandomNumberGenerator", "SeedWords", "check_seed", "entropy_words", "np_random"]

RNG = RandomNumberGenerator = np.random.Generator

_PCG64_WORDS = 4


def check_seed(seed: SupportsIndex | None) -> int | None:
    """Return `seed` as a Python int ≥ 0, or None.

    NumPy integers are integers; booleans and floats are not.

    Raises:
        Error: If `seed` is not an integer or is negative.
    """
    if seed is None or (type(seed) is int and seed >= 0):
        return seed
    if isinstance(seed, (bool, np.bool_)):
        raise Error(f"Seed must be a python integer, actual type: {type(seed)}")
    try:
        value = operator.index(seed)
    except TypeError:
        raise Error(f"Seed must be a python integer, actual type: {type(seed)}") from None
    if value < 0:
        raise Error(f"Seed must be greater or equal to zero, actual value: {value}")
    return value


def entropy_words(seed: int) -> list[int]:
    """Return an integer ≥ 0 as little-endian 32-bit words, as NumPy's ``SeedSequence`` reads it."""
    words = [seed & 0xFFFFFFFF]
    while seed := seed >> 32:
        words.append(seed & 0xFFFFFFFF)
    return words


class SeedWords(ISpawnableSeedSequence):
    """The ``SeedSequence`` of an integer, with the words for PCG64 computed natively.

    That takes a tenth of the time; whatever else one can ask of a seed sequence, the real one
    answers, made when it is first asked.

    Args:
        entropy: The seed, an integer ≥ 0.
    """

    def __init__(self, entropy: int) -> None:
        self.entropy = entropy
        self._sequence: np.random.SeedSequence | None = None

    @property
    def sequence(self) -> np.random.SeedSequence:
        """The same seed as a ``SeedSequence`` of NumPy's."""
        if self._sequence is None:
            self._sequence = np.random.SeedSequence(self.entropy)
        return self._sequence

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """Return `n_words` words of seed material."""
        if n_words == _PCG64_WORDS and dtype is np.uint64:
            return native.seed_words(self.entropy)
        return self.sequence.generate_state(n_words, dtype)

    def spawn(self, n_children: int) -> Sequence[np.random.SeedSequence]:  # type: ignore[override]
        """Return seed sequences of independent children."""
        return self.sequence.spawn(n_children)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_sequence":
            raise AttributeError(name)
        return getattr(self.sequence, name)

    def __reduce__(self) -> Any:
        return self.sequence.__reduce__()


def np_random(seed: SupportsIndex | None = None) -> tuple[Generator, int]:
    """Return a generator and the seed that makes it again.

    Args:
        seed: An integer ≥ 0, or None to draw 128 bits of entropy from the system.

    Returns:
        A ``PCG64`` generator on NumPy's ``SeedSequence(seed)``, and the seed used.

    Raises:
        Error: If `seed` is not an integer or is negative.
    """
    value = check_seed(seed)
    if value is None:
        entropy: Any = np.random.SeedSequence().entropy
        value = int(entropy)
    words: Any = SeedWords(value)  # NumPy takes any ISeedSequence; its stubs do not say so
    return np.random.Generator(np.random.PCG64(words)), value
