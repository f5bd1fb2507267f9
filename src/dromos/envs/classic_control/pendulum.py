"""Pendulum: a rod to be swung up and held there by a motor too weak to lift it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv
from dromos.native import DEFAULT, NativeEnv, NativeVectorEnv
from dromos.spaces import Box

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import RodShape
    from dromos.render.canvas import Canvas

__all__ = ["PendulumEnv", "PendulumVectorEnv", "angle_normalize"]

DEFAULT_X = math.pi
DEFAULT_Y = 1.0

_Angle = TypeVar("_Angle", float, NDArray[np.float64])


class PendulumEnv(ClassicControlEnv[NDArray[np.float32]]):
    """A rod on a hinge, driven by a motor too weak to lift it: swing it up and hold it there.

    ============  ===================================================================
    action        float32 (1,): torque (N m, counter-clockwise), from -2 to 2; more is cut off
    observation   float32 (3,): cosine and sine of the angle from upright, and the angular
                  velocity (rad/s), from -8 to 8
    start         angle uniform in [-pi, pi] rad, angular velocity in [-1, 1] rad/s
    reward        ``-(angle ** 2 + 0.1 * velocity ** 2 + 0.001 * torque ** 2)`` of the state before
                  the step, its angle brought into [-pi, pi): from -16.27 to 0
    terminated    never
    truncated     after 200 steps
    ============  ===================================================================

    A step, from the angle ``theta`` of the state::

        theta_acc = 3 * g / (2 * l) * sin(theta) + 3 / (m * l**2) * torque
        theta_dot = clip(theta_dot + dt * theta_acc, -max_speed, max_speed)
        theta += dt * theta_dot

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own. The reset options
    ``x_init`` and ``y_init`` are the greatest angle and angular velocity of the start, either way.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 30,
    }
    dynamics = "Pendulum"
    infinite = frozenset({"torque"})  # before the first step
    uncalled = ("_get_obs",)
    state_fields = ("theta", "theta_dot")
    screen_dim = 500
    frame_size = (screen_dim, screen_dim)

    max_speed: float
    max_torque: float
    dt: float
    g: float
    m: float
    l: float  # noqa: E741

    def __init__(
        self, render_mode: str | None = None, g: float = DEFAULT, **parameters: Any
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            g: Gravitational acceleration, m/s².
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        super().__init__(render_mode, g=g, **parameters)

    def make_spaces(self) -> tuple[Box[NDArray[np.float32]], Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        high = np.array([1.0, 1.0, self.max_speed], dtype=np.float32)
        actions = Box(-self.max_torque, self.max_torque, shape=(1,), dtype=np.float32)
        return actions, Box(-high, high, dtype=np.float32)

    def checked_options(self, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the reset options, checked: ``x_init`` and ``y_init`` bound the start state.

        Raises:
            TypeError: If a bound is not a number.
            ValueError: If a bound is negative or infinite.
        """
        checked = NativeEnv.checked_options(self, options)
        for name, value in checked.items():
            bound = np.asarray(value)
            if bound.dtype.kind not in "biuf":
                raise TypeError(f"{name}: expected a number, got {value!r}")
            if not (np.isfinite(bound) & (bound >= 0)).all():
                raise ValueError(f"{name}: expected a finite number ≥ 0, got {value!r}")
        return checked

    @property
    def last_u(self) -> float | None:
        """The torque of the last step, N m; None before the first of an episode."""
        torque = float(self.read_state("torque"))
        return torque if math.isfinite(torque) else None

    @last_u.setter
    def last_u(self, value: float | None) -> None:
        self.write_state("torque", math.inf if value is None else float(value))

    def drawn_state(self) -> Any:
        """Return `state` and, where there was a step, the torque of the last one."""
        state = self.state
        if state is None:
            return None
        torque = self.last_u
        return (*state.tolist(), *(() if torque is None else (torque,)))

    def get_keys_to_action(self) -> dict[tuple[int, ...], NDArray[np.float32]]:
        """Return the keys of `dromos.play`: left turns counterclockwise, right clockwise."""
        from dromos.render.keys import LEFT, RIGHT

        torques = {(): 0.0, (LEFT,): self.max_torque, (RIGHT,): -self.max_torque}
        return {keys: np.array([torque], dtype=np.float32) for keys, torque in torques.items()}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the rod.

        Args:
            canvas: Where to draw.
            state: Two numbers as in the attribute `state`, and the torque (N m) if an arrow is to
                show it.
        """
        from dromos.envs.classic_control.drawing import draw_pendulum

        draw_pendulum(canvas, state, cast("RodShape", self))


class PendulumVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.float32]]):
    """Many lanes of `PendulumEnv`.

    Observations are float32 (n, 3), actions float32 (n, 1). See `NativeVectorEnv` for the
    arguments.
    """

    single = PendulumEnv


def angle_normalize(x: _Angle) -> _Angle:
    """Return angles in radians without their whole turns: in [-pi, pi)."""
    return ((x + math.pi) % (2 * math.pi)) - math.pi
