"""Random numbers of Gym before 0.22: NumPy's `RandomState`, seeded by a hash of the seed.

An old environment that draws from `np_random` draws the numbers that it drew then.
"""

from __future__ import annotations

import hashlib
import os

import numpy as np

from dromos.error import Error

__all__ = ["create_seed", "hash_seed", "np_random"]

_SEED_BYTES = 8
_WORD = 0xFFFFFFFF


def np_random(seed: int | None = None) -> tuple[np.random.RandomState, int]:
    """Return a generator and the seed it was made with.

    Args:
        seed: An integer ≥ 0; None to take entropy of the system.

    Raises:
        Error: If the seed is not an integer ≥ 0.
    """
    if seed is not None and not (isinstance(seed, (int, np.integer)) and seed >= 0):
        raise Error(f"Seed must be a non-negative integer or omitted, not {seed!r}")
    used = create_seed(None if seed is None else int(seed))
    return np.random.RandomState(_words(hash_seed(used))), used


def hash_seed(seed: int | None = None, max_bytes: int = _SEED_BYTES) -> int:
    """Return an integer of `max_bytes` bytes that has nothing in common with its neighbours'.

    Seeds that follow each other would give correlated streams.
    """
    if seed is None:
        seed = create_seed(max_bytes=max_bytes)
    return _integer(hashlib.sha512(str(seed).encode()).digest()[:max_bytes])


def create_seed(a: int | str | None = None, max_bytes: int = _SEED_BYTES) -> int:
    """Return a seed of `max_bytes` bytes: of the system's entropy, a text, or an integer.

    Raises:
        Error: If `a` is of another type.
    """
    if a is None:
        return _integer(os.urandom(max_bytes))
    if isinstance(a, str):
        text = a.encode()
        return _integer((text + hashlib.sha512(text).digest())[:max_bytes])
    if isinstance(a, int):
        return int(a % 2 ** (8 * max_bytes))
    raise Error(f"Invalid type for seed: {type(a)} ({a!r})")


def _integer(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _words(number: int) -> list[int]:
    """Return an integer as 32-bit words, the lowest first; at least one."""
    words = [number & _WORD]
    while number := number >> 32:
        words.append(number & _WORD)
    return words
