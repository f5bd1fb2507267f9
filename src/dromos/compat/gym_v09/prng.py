"""`gym.spaces.prng` of Gym up to 0.10: one generator for all spaces, which programs seeded.

Spaces here have a generator each: `space.seed(seed)` seeds it. What this one draws is what it drew
then.
"""

import numpy as np

__all__ = ["np_random", "seed"]

np_random = np.random.RandomState()


def seed(seed: int | None = None) -> None:
    """Seed the generator."""
    np_random.seed(seed)
