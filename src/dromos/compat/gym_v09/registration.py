"""Ids, specifications and `make` of Gym 0.9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from dromos.compat.gym_v09.conversion import FromNew
from dromos.compat.gym_v09.wrappers.time_limit import TimeLimit
from dromos.compat.gym_v25 import conversion, registration
from dromos.compat.old_errors import Error
from dromos.compat.old_ids import Releases

__all__ = ["EnvRegistry", "EnvSpec", "make", "register", "registry", "spec"]


class EnvSpec(registration.EnvSpec):
    """What an id stands for.

    Args:
        id: ``[namespace/]name[-v(version)]``.
        entry_point: ``"module:Class"``, imported when the environment is made, or a callable.
        trials: How many episodes count for the mean return.
        reward_threshold: The mean return at which the task counts as solved.
        local_only: Whether the environment was for the author's machine only.
        kwargs: Keyword arguments of the entry point.
        nondeterministic: Whether equal seeds and actions may still give different episodes.
        tags: Facts about the environment.
        max_episode_steps: The steps after which an episode is over.
        max_episode_seconds: The seconds after which an episode is over.
        timestep_limit: The older name of `max_episode_steps`.

    Raises:
        Error: If the id is malformed.
    """

    dialect: ClassVar[str] = "dromos.compat.gym_v09"
    adapter: ClassVar[type[conversion.FromNew]] = FromNew
    releases: ClassVar[Releases] = ((0, 7), (0, 10))

    def __init__(
        self,
        id: str,
        entry_point: str | Callable[..., Any] | None = None,
        trials: int = 100,
        reward_threshold: float | None = None,
        local_only: bool = False,
        kwargs: dict[str, Any] | None = None,
        nondeterministic: bool = False,
        tags: dict[str, Any] | None = None,
        max_episode_steps: int | None = None,
        max_episode_seconds: float | None = None,
        timestep_limit: int | None = None,
    ) -> None:
        tags = dict(tags or {})
        limit = tags.get("wrapper_config.TimeLimit.max_episode_steps", max_episode_steps)
        super().__init__(
            id,
            entry_point,
            reward_threshold,
            nondeterministic,
            timestep_limit if limit is None else limit,
            order_enforce=False,
            kwargs=kwargs,
        )
        self.trials = trials
        self.tags = tags
        self.max_episode_seconds = max_episode_seconds
        self._local_only = local_only

    @property
    def timestep_limit(self) -> int | None:
        """The older name of ``max_episode_steps``."""
        return self.max_episode_steps


class EnvRegistry(registration.EnvRegistry):
    """Ids and what they stand for; an id is given once."""

    spec_class = EnvSpec

    def limited(self, env: Any, spec: Any) -> Any:
        """Return `env` in a `TimeLimit`, if its specification has one; else the bare `env`."""
        if spec.max_episode_steps is None and spec.max_episode_seconds is None:
            return env
        return TimeLimit(env, spec.max_episode_seconds, spec.max_episode_steps)

    def answer_taken(self, id: str) -> None:
        """Refuse to register an id a second time."""
        raise Error(
            f"Cannot re-register id: {id}. Give the environment a new version, or delete the "
            "entry in `registry.env_specs`."
        )


registry = EnvRegistry(with_new=True)


def make(id: str, **kwargs: Any) -> Any:
    """Make the environment of an id, with its time limit; see `EnvRegistry.make`."""
    return registry.make(id, **kwargs)


def spec(id: str) -> Any:
    """Return the specification of an id."""
    return registry.spec(id)


def register(id: str, **kwargs: Any) -> None:
    """Register an environment of the dialect; the arguments are those of `EnvSpec`.

    Raises:
        Error: If the id is taken.
    """
    registry.register(id, **kwargs)
