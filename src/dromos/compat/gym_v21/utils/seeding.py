"""Random numbers of Gym up to 0.21; see `dromos.compat.hashed_seeds`."""

from dromos.compat.hashed_seeds import create_seed, hash_seed, np_random

__all__ = ["create_seed", "hash_seed", "np_random"]
