"""What the environments of old releases have in common: how they are seeded."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.compat import hashed_seeds as seeding
from dromos.compat.gym_v25.core import Env

__all__ = ["OldEnv"]


class OldEnv(Env[Any, Any]):
    """An environment that draws from a `numpy.random.RandomState`.

    Attributes:
        np_random: The generator.
    """

    _np_random: np.random.RandomState | None

    @property
    def np_random(self) -> np.random.RandomState:
        """The generator, seeded from the system if nobody seeded it."""
        if self._np_random is None:
            self.seed()
        assert self._np_random is not None
        return self._np_random

    @np_random.setter
    def np_random(self, value: np.random.RandomState) -> None:
        self._np_random = value

    def seed(self, seed: int | None = None) -> list[int]:
        """Seed the random numbers at once and return the seed in use."""
        self._np_random, used = seeding.np_random(seed)
        return [used]

    def reset(
        self, *, seed: int | None = None, return_info: bool = False, options: Any = None
    ) -> Any:
        """Start an episode and return its first observation.

        Args:
            seed: Seeds before, as later releases do.
            return_info: Whether to return ``(observation, {})``.
            options: Without effect.
        """
        if seed is not None:
            self.seed(seed)
        observation = self._start()
        return (observation, {}) if return_info else observation

    def _start(self) -> Any:
        raise NotImplementedError
