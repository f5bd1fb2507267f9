"""Pendulum-v0: the angle is moved before the speed is limited."""

from __future__ import annotations

from typing import Any

import numpy as np

from dromos.compat.gym_v25.core import Step
from dromos.compat.old_envs.base import OldEnv
from dromos.spaces import Box

__all__ = ["PendulumEnv", "angle_normalize"]


def angle_normalize(x: float) -> float:
    """Return an angle between -pi and pi."""
    return ((x + np.pi) % (2 * np.pi)) - np.pi


class PendulumEnv(OldEnv):
    """Swing a pendulum up with a torque of at most 2 N m; `Pendulum-v0`.

    Observations are the cosine and sine of the angle and the speed, float64 (3,).

    Attributes:
        state: Angle from upright (rad) and speed (rad/s).
        last_u: The last torque, None after a reset.
        g: Gravitational acceleration, m/s².
    """

    metadata = {  # noqa: RUF012  (as that release had it)
        "render.modes": ["human", "rgb_array"],
        "video.frames_per_second": 30,
    }

    max_speed, max_torque, dt = 8, 2.0, 0.05

    def __init__(self, g: float = 10.0) -> None:
        self.g = g
        self.m = self.l = 1.0
        self.viewer: Any = None
        high = np.array([1.0, 1.0, self.max_speed], dtype=np.float32)
        self.action_space = Box(-self.max_torque, self.max_torque, (1,), np.float32)
        self.observation_space = Box(-high, high, dtype=np.float32)
        self.state = np.zeros(2)
        self.last_u: float | None = None
        self.seed()

    def _start(self) -> Any:
        high = np.array([np.pi, 1.0])
        self.state = self.np_random.uniform(-high, high)
        self.last_u = None
        return self._observation()

    def _observation(self) -> Any:
        angle, speed = self.state
        return np.array([np.cos(angle), np.sin(angle), speed])

    def step(self, action: Any) -> Step:
        """Apply a torque, an array (1,), for `dt` seconds."""
        angle, speed = self.state
        torque = np.clip(action, -self.max_torque, self.max_torque)[0]
        self.last_u = torque
        cost = angle_normalize(angle) ** 2 + 0.1 * speed**2 + 0.001 * torque**2
        pull = -3 * self.g / (2 * self.l) * np.sin(angle + np.pi)
        speed = speed + (pull + 3.0 / (self.m * self.l**2) * torque) * self.dt
        angle = angle + speed * self.dt
        self.state = np.array([angle, np.clip(speed, -self.max_speed, self.max_speed)])
        return self._observation(), -cost, False, {}

    def render(self, mode: str = "human") -> Any:
        """Show the pendulum in a window, or return a frame in the mode ``"rgb_array"``."""
        from dromos.compat import old_rendering as rendering

        if self.viewer is None:
            self.viewer = rendering.Viewer(500, 500)
            self.viewer.set_bounds(-2.2, 2.2, -2.2, 2.2)
            rod = rendering.make_capsule(1, 0.2)
            rod.set_color(0.8, 0.3, 0.3)
            self._turn = rendering.Transform()
            rod.add_attr(self._turn)
            self.viewer.add_geom(rod)
            self.viewer.add_geom(rendering.make_circle(0.05))
        self._turn.set_rotation(self.state[0] + np.pi / 2)
        return self.viewer.render(return_rgb_array=mode == "rgb_array")

    def close(self) -> None:
        """Close the window."""
        if self.viewer is not None:
            self.viewer.close()
            self.viewer = None
