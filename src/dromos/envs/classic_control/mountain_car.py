"""MountainCar: an underpowered car that must swing out of a valley."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv
from dromos.native import NativeVectorEnv, Parameter
from dromos.spaces import Box, Discrete

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import HillShape
    from dromos.render.canvas import Canvas

__all__ = ["MountainCarEnv", "MountainCarVectorEnv"]


class MountainCarEnv(ClassicControlEnv[int | np.int64]):
    """A car in a valley, too weak to climb out at once: it has to gather momentum first.

    The problem of Moore, "Efficient memory-based learning for robot control" (1990), as Sutton and
    Barto's book gives it.

    ============  ===================================================================
    action        ``Discrete(3)``: 0 pushes the car left, 1 not at all, 2 right
    observation   float32 (2,): position of the car, from -1.2 to 0.6, and its velocity (per
                  step), from -0.07 to 0.07
    start         position uniform in [-0.6, -0.4], at rest
    reward        -1 a step, the last one included
    terminated    when the car has come to position 0.5 at a velocity of at least `goal_velocity`
    truncated     after 200 steps
    ============  ===================================================================

    The hill has the height ``sin(3 position)``; a wall on its left stops the car. Every parameter
    below is a keyword of the constructor, an attribute that can be written at any time, and a
    parameter that lanes of a vector can have of their own. The reset options ``low`` and ``high``
    bound the start position.

    Attributes:
        min_position: Where the wall stands.
        max_position: Where the world ends on the right.
        max_speed: The car is never faster; per step.
        goal_position: Where the flag stands.
        goal_velocity: The least velocity at the flag; per step.
        force: Acceleration by a push; per step².
        gravity: Acceleration by the steepest slope; per step².
        low: The least observation, float32 (2,).
        high: The greatest observation, float32 (2,).
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 30,
    }
    dynamics = "MountainCar"
    ordered = (("min_position", "max_position"),)
    state_fields = ("position", "velocity")
    start_bounds = (-0.6, -0.4)
    screen_width, screen_height = frame_size = (600, 400)

    min_position = Parameter(float, widest=min)
    max_position = Parameter(float)
    max_speed = Parameter(float, above=0)
    goal_position = Parameter(float)
    goal_velocity = Parameter(float)
    force = Parameter(float)
    gravity = Parameter(float)

    def __init__(
        self, render_mode: str | None = None, goal_velocity: float = 0, **parameters: Any
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            goal_velocity: The least velocity at the flag; per step.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range, or ``min_position`` is not less than
                ``max_position``.
        """
        super().__init__(render_mode, goal_velocity=goal_velocity, **parameters)
        bounds = cast("Box[np.float32]", self.observation_space)
        self.low, self.high = bounds.low.copy(), bounds.high.copy()

    def make_spaces(self) -> tuple[Discrete[np.int64], Box[np.float32]]:
        """Return the action and the observation space."""
        low = np.array([self.min_position, -self.max_speed], dtype=np.float32)
        high = np.array([self.max_position, self.max_speed], dtype=np.float32)
        return Discrete(3), Box(low, high, dtype=np.float32)

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the car on its hill.

        Args:
            canvas: Where to draw.
            state: Two numbers as in the attribute `state`.
        """
        from dromos.envs.classic_control.drawing import draw_mountain_car

        draw_mountain_car(canvas, state, cast("HillShape", self))

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: left and right accelerate, no key or both coast."""
        from dromos.render.keys import LEFT, RIGHT

        return {(): 1, (LEFT,): 0, (RIGHT,): 2, (LEFT, RIGHT): 1}


class MountainCarVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.int64]]):
    """Many lanes of `MountainCarEnv`.

    Observations are float32 (n, 2), actions int64 (n,). See `NativeVectorEnv` for the arguments.
    """

    single = MountainCarEnv
