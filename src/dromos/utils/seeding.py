"""Public path of `dromos.seeding`."""

from dromos.seeding import RNG, RandomNumberGenerator, check_seed, np_random

__all__ = ["RNG", "RandomNumberGenerator", "check_seed", "np_random"]
