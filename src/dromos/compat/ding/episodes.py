"""How episodes begin and end: no-ops, the fire button, lost lives, limits, returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat

import numpy as np

from dromos.compat.ding.shapes import KeepsShapes
from dromos.core import ActType, Env, ObsType, Wrapper
from dromos.utils.record_constructor import RecordConstructorArgs, recorded
from dromos.wrappers.rules.rule import checked_count

__all__ = [
    "EpisodicLifeWrapper",
    "EvalEpisodeReturnWrapper",
    "FireResetWrapper",
    "NoopResetWrapper",
    "TimeLimitWrapper",
]

# Actions of Atari games, by their place among the meanings.
_NOOP = 0
_FIRE = 1


class NoopResetWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Begin every episode with 1 to `noop_max` no-ops, as many as the environment's generator says.

    An episode that ends meanwhile is begun again, and the rest of the no-ops follow.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], noop_max: int = 30) -> None:
        """Wrap `env`.

        Args:
            env: An environment whose action 0 means ``"NOOP"``, as Atari games.
            noop_max: The largest number of no-ops, at least 1.

        Raises:
            TypeError: If `noop_max` is not an integer.
            ValueError: If it is less than 1, or the environment has no such action.
        """
        super().__init__(env)
        self.noop_max = checked_count("noop_max", noop_max, 1)
        _require_meaning(self, _NOOP, "NOOP")

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and wait; the observation is that of the last no-op."""
        obs, info = self.env.reset(seed=seed, options=options)
        for _ in range(int(self.np_random.integers(1, self.noop_max + 1))):
            obs, _, terminated, truncated, info = self.env.step(_NOOP)  # type: ignore[arg-type]
            if terminated or truncated:
                obs, info = self.env.reset(options=options)
        return obs, info


class FireResetWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Press fire once at the beginning of every episode, for games that wait for it."""

    def __init__(self, env: Env[ObsType, ActType], actions: Sequence[int] = (_FIRE,)) -> None:
        """Wrap `env`.

        Args:
            env: An environment with at least 3 actions, of which action 1 means ``"FIRE"``.
            actions: What to do at the beginning; OpenAI Baselines do ``(1, 2)``.

        Raises:
            ValueError: If the environment has other actions.
        """
        RecordConstructorArgs.__init__(self, actions=tuple(actions))
        super().__init__(env)
        if len(_require_meaning(self, _FIRE, "FIRE")) < 3:
            raise ValueError("FireResetWrapper needs a game with at least 3 actions")
        self._actions = tuple(actions)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and press fire.

        An episode that an action ends is begun again; the actions after it follow there.
        """
        obs, info = self.env.reset(seed=seed, options=options)
        for action in self._actions:
            obs, _, terminated, truncated, info = self.env.step(action)  # type: ignore[arg-type]
            if terminated or truncated:
                obs, info = self.env.reset(options=options)
        return obs, info


class EpisodicLifeWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """End the episode with every life, but reset the game only when it is over.

    Attributes:
        lives: The lives left after the last step.
        was_real_done: Whether the game itself was over then, or has not begun.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`, an Atari game: ``env.unwrapped.ale.lives()`` tells its lives."""
        super().__init__(env)
        self.lives = 0
        self.was_real_done = True

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; a life lost is a termination."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        self.was_real_done = bool(terminated or truncated)
        lives = info.get("lives")  # as games of ours tell it; looking into them takes longer
        if type(lives) is not int:
            lives = self._current_lives()
        # With 0 lives some games go on for a few frames: then only the game's end counts.
        terminated = terminated or 0 < lives < self.lives
        self.lives = lives
        return obs, reward, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Go on with a no-op if the game is not over; else, or when asked to seed, reset it."""
        if self.was_real_done or seed is not None or options:
            obs, info = self.env.reset(seed=seed, options=options)
        else:
            obs, _, terminated, truncated, info = self.env.step(_NOOP)  # type: ignore[arg-type]
            if terminated or truncated:
                obs, info = self.env.reset()
        self.was_real_done = False
        self.lives = self._current_lives()
        return obs, info

    def _current_lives(self) -> int:
        return int(self.unwrapped.ale.lives())  # type: ignore[attr-defined]


class TimeLimitWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Truncate episodes after `max_limit` steps, and tell the clock.

    ``info["time_count"]`` is the number of steps so far, ``info["time_limit"]`` whether it is all.
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType], max_limit: int) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            max_limit: The number of steps.
        """
        super().__init__(env)
        self.max_limit = max_limit
        self.time_count = 0

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment; at the limit ``truncated`` is True."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        self.time_count += 1
        over = self.time_count >= self.max_limit
        info = {**info, "time_limit": over, "time_count": self.time_count}
        return obs, reward, terminated, truncated or over, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and the clock."""
        self.time_count = 0
        return self.env.reset(seed=seed, options=options)


class EvalEpisodeReturnWrapper(
    Wrapper[ObsType, ActType, ObsType, ActType], KeepsShapes, RecordConstructorArgs
):
    """Tell the sum of an episode's rewards in its last info.

    ``info["eval_episode_return"]`` is float32 (1,).
    """

    @recorded
    def __init__(self, env: Env[ObsType, ActType]) -> None:
        """Wrap `env`."""
        super().__init__(env)
        self._return = 0.0

    def step(self, action: ActType) -> tuple[ObsType, SupportsFloat, bool, bool, dict[str, Any]]:
        """Step the wrapped environment and add up."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._return += float(reward)
        if terminated or truncated:
            info = {**info, "eval_episode_return": np.array([self._return], np.float32)}
        return obs, reward, terminated, truncated, info

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the wrapped environment and the sum."""
        self._return = 0.0
        return self.env.reset(seed=seed, options=options)


def _require_meaning(wrapper: Wrapper[Any, Any], action: int, meaning: str) -> list[str]:
    """Return the meanings of the actions.

    Raises:
        ValueError: If `action` does not mean `meaning`.
    """
    tell = getattr(wrapper.unwrapped, "get_action_meanings", None)
    meanings = [] if tell is None else list(tell())
    if len(meanings) <= action or meanings[action] != meaning:
        found = "no `get_action_meanings`" if tell is None else f"the actions {meanings}"
        raise ValueError(
            f"{type(wrapper).__name__} needs an environment whose action {action} is {meaning!r}, "
            f"as Atari games have; found {found} in {wrapper.unwrapped}"
        )
    return meanings
