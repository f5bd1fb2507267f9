"""Ids, specifications and `make` of the dialect; see `dromos.compat.gym_v25.registration`."""

from __future__ import annotations

from typing import Any, ClassVar

from dromos.compat.gym_v25 import registration
from dromos.compat.gym_v25.registration import made_by
from dromos.compat.old_ids import Releases
from dromos.registration import load_env_creator

__all__ = ["EnvRegistry", "EnvSpec", "load", "make", "register", "registry", "spec"]

load = load_env_creator


class EnvSpec(registration.EnvSpec):
    """What an id stands for."""

    dialect: ClassVar[str] = "dromos.compat.gym_v23"
    releases: ClassVar[Releases] = ((0, 22), (0, 23))


class EnvRegistry(registration.EnvRegistry):
    """Ids and what they stand for."""

    spec_class: ClassVar[type[registration.EnvSpec]] = EnvSpec


registry = EnvRegistry(with_new=True)


def make(id: str, max_episode_steps: int | None = None, **kwargs: Any) -> Any:
    """Make the environment of an id; the arguments are those of `gym_v25.registration.make`."""
    kwargs.pop("disable_env_checker", None)
    autoreset, five = kwargs.pop("autoreset", None), kwargs.pop("new_step_api", None)
    return made_by(registry, id, max_episode_steps, autoreset, five, kwargs)


def spec(id: str) -> Any:
    """Return the specification of an id."""
    return registry.spec(id)


def register(id: str, **kwargs: Any) -> None:
    """Register an environment of the dialect; the arguments are those of `EnvSpec`."""
    registry.register(id, **kwargs)
