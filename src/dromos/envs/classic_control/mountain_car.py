"""MountainCar: an underpowered car that must swing out of a valley."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv, ObservationBound
from dromos.native import DEFAULT, NativeVectorEnv
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

    A step::

        velocity += force * (action - 1) - gravity * cos(3 * position)
        velocity = clip(velocity, -max_speed, max_speed)
        position = clip(position + velocity, min_position, max_position)

    The hill has the height ``sin(3 position)``; a wall on its left stops the car. Every parameter
    below is a keyword of the constructor, an attribute that can be written at any time, and a
    parameter that lanes of a vector can have of their own. The reset options ``low`` and ``high``
    bound the start position.

    Attributes:
        low: The least observation, float32 (2,), read-only.
        high: The greatest observation, float32 (2,), read-only.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 30,
    }
    dynamics = "MountainCar"
    ordered = (("min_position", "max_position"),)
    state_fields = ("position", "velocity")
    screen_width, screen_height = frame_size = (600, 400)

    min_position: float
    max_position: float
    max_speed: float
    goal_position: float
    goal_velocity: float
    force: float
    gravity: float

    low, high = ObservationBound("low"), ObservationBound("high")

    def __init__(
        self, render_mode: str | None = None, goal_velocity: float = DEFAULT, **parameters: Any
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

    def make_spaces(self) -> tuple[Discrete, Box[NDArray[np.float32]]]:
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
