"""`TimeLimit`: an episode is over after a number of steps or seconds."""

from __future__ import annotations

import time
from typing import Any

from dromos.compat.gym_v09.core import Wrapper
from dromos.compat.gym_v25.wrappers import time_limit

__all__ = ["TimeLimit"]


class TimeLimit(time_limit.TimeLimit, Wrapper[Any, Any]):
    """End an episode after ``_max_episode_steps`` steps or ``_max_episode_seconds`` seconds.

    Both may be changed at any time and hold from the next step on.
    """

    def __init__(
        self,
        env: Any,
        max_episode_seconds: float | None = None,
        max_episode_steps: int | None = None,
    ) -> None:
        """Wrap `env`.

        Args:
            env: The environment.
            max_episode_seconds: The limit on the clock, or None.
            max_episode_steps: The limit of steps; None for that of the specification, if any.
        """
        super().__init__(env, max_episode_steps)
        self._max_episode_seconds = max_episode_seconds
        self._episode_started_at = 0.0

    def _past_limit(self) -> bool:
        limit = self._max_episode_seconds
        elapsed = time.monotonic() - self._episode_started_at
        return super()._past_limit() or (limit is not None and elapsed >= limit)

    def reset(self, **kwargs: Any) -> Any:
        """Reset the wrapped environment and start both clocks."""
        self._episode_started_at = time.monotonic()
        return super().reset(**kwargs)
