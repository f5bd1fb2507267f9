"""Cars and landers as they ended, and scored, in their releases."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from dromos.core import Wrapper
from dromos.envs.box2d import car_racing, lunar_lander

__all__ = ["CarRacingV0", "CarRacingV1", "CarRacingV2", "LunarLander"]


class _Car(Wrapper[Any, Any, Any, Any]):
    """A car whose infos do not tell that a lap is complete."""

    # Of the class, where `make` looks for modes.
    metadata = car_racing.CarRacing.metadata  # pyright: ignore
    #: Whether that truncates the episode, and does not terminate it.
    truncates: ClassVar[bool] = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(car_racing.CarRacing(**kwargs))

    def step(self, action: Any) -> Any:
        """Step the car."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        if info.pop("lap_finished", False) and self.truncates:
            terminated, truncated = False, True
        return obs, reward, terminated, truncated, info


class CarRacingV0(_Car):
    """`CarRacing-v0`: an episode is over when every tile was touched."""

    def __init__(self, verbose: bool = True, **kwargs: Any) -> None:
        super().__init__(**{"lap_complete_percent": 1.0, "verbose": verbose, **kwargs})


class CarRacingV1(_Car):
    """`CarRacing-v1`: a lap ends the episode, as today."""


class CarRacingV2(_Car):
    """`CarRacing-v2`: a lap truncates the episode."""

    truncates = True


class LunarLander(Wrapper[Any, Any, Any, Any]):
    """The lander of 0.9: its height is in half-widths of the screen, not half-heights."""

    metadata = lunar_lander.LunarLander.metadata  # pyright: ignore
    _SCALE = np.array([1, 2 / 3, 1, 1, 1, 1, 1, 1])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lunar_lander.LunarLander(**kwargs))
        self._last = np.zeros(8)

    def reset(self, **kwargs: Any) -> Any:
        """Begin a descent."""
        obs, info = self.env.reset(**kwargs)
        self._last = np.asarray(obs, np.float64)
        return self._last * self._SCALE, info

    def step(self, action: Any) -> Any:
        """Step the lander; what a step earns follows from what is observed."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        last, self._last = self._last, np.asarray(obs, np.float64)
        seen = self._last * self._SCALE
        if not terminated:
            gained = _worth(seen) - _worth(last * self._SCALE)
            reward = float(reward) + gained - _worth(self._last) + _worth(last)
        return seen, reward, terminated, truncated, info


def _worth(seen: Any) -> float:
    """Return what coming closer, slower and straighter is worth."""
    x, y, vx, vy, angle, _, *legs = map(float, seen)
    return -100 * (math.hypot(x, y) + math.hypot(vx, vy) + abs(angle)) + 10 * sum(legs)
