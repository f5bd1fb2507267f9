"""`SkipWrapper`: an action is repeated."""

from __future__ import annotations

from typing import Any

from dromos.compat.gym_v09.core import Wrapper
from dromos.compat.gym_v25.core import Step
from dromos.compat.old_errors import Error

__all__ = ["SkipWrapper"]

_KEY = "skip.stepcount"


def SkipWrapper(repeat_count: int) -> type[Wrapper[Any, Any]]:
    """Return a wrapper class that takes each action `repeat_count` times more than once.

    The rewards are added up; ``info["skip.stepcount"]`` counts the steps of the episode.

    Args:
        repeat_count: The number of repetitions, ≥ 0.
    """

    class SkipWrapper(Wrapper[Any, Any]):
        """Repeat each action until it was taken often enough or the episode is over."""

        def __init__(self, env: Any) -> None:
            """Wrap `env`."""
            super().__init__(env)
            self.repeat_count = repeat_count
            self.stepcount = 0

        def _step(self, action: Any) -> Step:
            obs, total_reward, done, info = self.env.step(action)
            self.stepcount += 1
            for _ in range(self.repeat_count):
                if done:
                    break
                obs, reward, done, info = self.env.step(action)
                total_reward += reward
                self.stepcount += 1
            if _KEY in info:
                raise Error(
                    f"Key {_KEY!r} already in info. Make sure you are not stacking the "
                    "SkipWrapper wrappers."
                )
            return obs, total_reward, done, {**info, _KEY: self.stepcount}

        def _reset(self, **kwargs: Any) -> Any:
            self.stepcount = 0
            return self.env.reset(**kwargs)

    return SkipWrapper
