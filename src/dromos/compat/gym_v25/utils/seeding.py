"""Random numbers of Gym 0.22 to 0.25: NumPy's `Generator`, with `RandomState`'s names too."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos import seeding
from dromos.compat.hashed_seeds import create_seed, hash_seed

__all__ = ["RNG", "RandomNumberGenerator", "create_seed", "hash_seed", "np_random"]


class RandomNumberGenerator(np.random.Generator):
    """NumPy's generator, which also answers to the names that environments before 0.22 call.

    The numbers are the generator's, not those that `numpy.random.RandomState` would draw.
    """

    def rand(self, *shape: int) -> Any:
        """Return ``random(shape)``."""
        return self.random(shape or None)

    random_sample = np.random.Generator.random

    def randn(self, *shape: int) -> Any:
        """Return ``standard_normal(shape)``."""
        return self.standard_normal(shape or None)

    def randint(self, low: Any, high: Any = None, size: Any = None, dtype: type[Any] = int) -> Any:
        """Return ``integers(low, high, size, dtype)``."""
        return self.integers(low, high, size=size, dtype=dtype)

    def __reduce__(self) -> Any:
        # NumPy's own would come back as a plain Generator.
        return RandomNumberGenerator, (self.bit_generator,)


RNG = RandomNumberGenerator


def np_random(seed: int | None = None) -> tuple[RandomNumberGenerator, int]:
    """Return a generator and the seed it was made with.

    Args:
        seed: An integer ≥ 0; None to take entropy of the system.

    Raises:
        Error: If the seed is not an integer ≥ 0.
    """
    generator, used = seeding.np_random(seed)
    return RandomNumberGenerator(generator.bit_generator), used
