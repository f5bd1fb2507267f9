"""Both ways between environments of Gym up to 0.21 and today's."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos import core
from dromos.compat import hashed_seeds as seeding
from dromos.compat.gym_v25 import conversion
from dromos.compat.gym_v25.conversion import to_new, told_changes

__all__ = ["FromNew", "from_new", "to_new"]


class FromNew(conversion.FromNew):
    """The old face of an environment of today's interface; see `dromos.compat.gym_v25`.

    Seeds give the random numbers that `numpy.random.RandomState` gave then.
    """

    @property
    def np_random(self) -> Any:
        """A `RandomState` that draws from the environment's stream."""
        return np.random.RandomState(self.env.unwrapped.np_random.bit_generator)

    @np_random.setter
    def np_random(self, value: Any) -> None:
        if isinstance(value, np.random.RandomState):
            value = np.random.Generator(value._bit_generator)
        self.env.unwrapped.np_random = value

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers at once and return the seed in use."""
        state, used = seeding.np_random(seed)
        self.np_random = state
        return [used]


def from_new(env: core.Env[Any, Any]) -> FromNew:
    """Return `env`, of today's interface, as an environment of the dialect."""
    return told_changes(FromNew, env)  # type: ignore[no-any-return]
