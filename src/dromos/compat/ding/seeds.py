"""Seeds given apart from resets, as Gym took them."""

from __future__ import annotations

from typing import Any

from dromos.compat.ding.shapes import KeepsShapes
from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded

__all__ = ["GymToGymnasiumWrapper"]


class GymToGymnasiumWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Take a seed with `seed` that the next reset uses, once; later episodes go on from there."""

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        super().__init__(env)
        self._next_seed: int | None = None

    def seed(self, seed: int) -> None:
        """Seed the environment with the next reset."""
        self._next_seed = seed

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment, with the seed of `seed` unless one is given here."""
        if seed is None:
            seed = self._next_seed
        self._next_seed = None
        return self.env.reset(seed=seed, options=options)
