"""`TimeLimit`: an episode is over after a number of steps."""

from __future__ import annotations

from typing import Any

from dromos.compat.gym_v25.core import Step, Wrapper
from dromos.error import ResetNeeded

__all__ = ["TimeLimit"]

_KEY = "TimeLimit.truncated"


class TimeLimit(Wrapper[Any, Any]):
    """End an episode after ``_max_episode_steps`` steps, which may be changed at any time.

    Where the limit ends it, ``info["TimeLimit.truncated"]`` is True; where the environment ends
    it in the same step, False.
    """

    def __init__(
        self, env: Any, max_episode_steps: int | None = None, new_step_api: bool = False
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            max_episode_steps: The limit; None for that of the environment's specification.
            new_step_api: Whether ``step`` returns five values.
        """
        super().__init__(env, new_step_api)
        if max_episode_steps is None and self.env.spec is not None:
            max_episode_steps = self.env.spec.max_episode_steps
        self._max_episode_steps = max_episode_steps
        self._elapsed_steps: int | None = None

    def step(self, action: Any) -> Step:
        """Step the wrapped environment; at the limit, ``done`` is True.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        if self._elapsed_steps is None:
            raise ResetNeeded("Cannot call env.step() before calling reset()")
        result = self._stepped(self.env.step(action))
        self._elapsed_steps += 1
        if self.new_step_api:
            obs, reward, terminated, truncated, info = result
            return obs, reward, terminated, truncated or self._past_limit(), info  # type: ignore[return-value]
        obs, reward, done, info = result
        if self._past_limit():
            info = {**info, _KEY: not done or bool(info.get(_KEY, False))}
            done = True
        return obs, reward, done, info

    def _past_limit(self) -> bool:
        limit, elapsed = self._max_episode_steps, self._elapsed_steps
        return limit is not None and elapsed is not None and elapsed >= limit

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment and start the count."""
        self._elapsed_steps = 0
        return self.env.reset(**kwargs)
