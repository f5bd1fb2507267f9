"""Seeds and random generators: one stream a seed, the same as NumPy's and Gymnasium's."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from dromos.error import Error

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["RNG", "RandomNumberGenerator", "check_seed", "np_random"]

RNG = RandomNumberGenerator = np.random.Generator


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


def np_random(seed: SupportsIndex | None = None) -> tuple[Generator, int]:
    """Return a generator and the seed that makes it again.

    Args:
        seed: An integer ≥ 0, or None to draw 128 bits of entropy from the system.

    Returns:
        A ``PCG64`` generator on NumPy's ``SeedSequence(seed)``, and the seed used.

    Raises:
        Error: If `seed` is not an integer or is negative.
    """
    sequence = np.random.SeedSequence(check_seed(seed))
    entropy: Any = sequence.entropy
    return np.random.Generator(np.random.PCG64(sequence)), int(entropy)
