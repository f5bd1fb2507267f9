"""MountainCarContinuous: the car in the valley, with a continuous push that has its price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv, ObservationBound
from dromos.native import DEFAULT, NativeVectorEnv
from dromos.spaces import Box

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import HillShape
    from dromos.render.canvas import Canvas

__all__ = ["Continuous_MountainCarEnv", "Continuous_MountainCarVectorEnv"]


class Continuous_MountainCarEnv(ClassicControlEnv[NDArray[np.float32]]):
    """A car in a valley, too weak to climb out at once; the harder it pushes, the more it pays.

    ============  ===================================================================
    action        float32 (1,): the push, from -1 (left) to 1 (right); more is cut off
    observation   float32 (2,): position of the car, from -1.2 to 0.6, and its velocity (per
                  step), from -0.07 to 0.07
    start         position uniform in [-0.6, -0.4], at rest
    reward        ``-0.1 * action ** 2``, and 100 more in the step that arrives
    terminated    when the car has come to position 0.45 at a velocity of at least `goal_velocity`
    truncated     after 999 steps
    ============  ===================================================================

    A step::

        velocity += power * action - gravity * cos(3 * position)
        velocity = clip(velocity, -max_speed, max_speed)
        position = clip(position + velocity, min_position, max_position)

    The hill has the height ``sin(3 position)``; a wall on its left stops the car. Every parameter
    below is a keyword of the constructor, an attribute that can be written at any time, and a
    parameter that lanes of a vector can have of their own. The reset options ``low`` and ``high``
    bound the start position.

    Attributes:
        low_state: The least observation, float32 (2,), read-only.
        high_state: The greatest observation, float32 (2,), read-only.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 30,
    }
    dynamics = "ContinuousMountainCar"
    ordered = (("min_position", "max_position"), ("min_action", "max_action"))
    state_fields = ("position", "velocity")
    screen_width, screen_height = frame_size = (600, 400)

    min_action: float
    max_action: float
    min_position: float
    max_position: float
    max_speed: float
    goal_position: float
    goal_velocity: float
    power: float
    gravity: float

    low_state, high_state = ObservationBound("low"), ObservationBound("high")

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
            ValueError: If a value is out of range, or a lower bound is not less than its upper
                bound.
        """
        super().__init__(render_mode, goal_velocity=goal_velocity, **parameters)

    def make_spaces(self) -> tuple[Box[NDArray[np.float32]], Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        low = np.array([self.min_position, -self.max_speed], dtype=np.float32)
        high = np.array([self.max_position, self.max_speed], dtype=np.float32)
        actions = Box(self.min_action, self.max_action, shape=(1,), dtype=np.float32)
        return actions, Box(low, high, dtype=np.float32)

    def state_dtype(self) -> type[np.floating[Any]]:
        """Return float64 at the start, float32 after a step: to that the car's state is rounded."""
        return np.float32 if self.read_state("single_precision") else np.float64

    def assign_state(self, numbers: NDArray[Any]) -> None:
        """Put the car elsewhere; float32 numbers are taken for those after a step.

        Raises:
            ValueError: If these are not two numbers.
        """
        super().assign_state(numbers)
        self.write_state("single_precision", numbers.dtype == np.float32)

    def get_keys_to_action(self) -> dict[tuple[int, ...], NDArray[np.float32]]:
        """Return the keys of `dromos.play`: left and right accelerate, no key coasts."""
        from dromos.render.keys import LEFT, RIGHT

        forces = {(): 0.0, (LEFT,): self.min_action, (RIGHT,): self.max_action}
        return {keys: np.array([force], dtype=np.float32) for keys, force in forces.items()}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the car on its hill.

        Args:
            canvas: Where to draw.
            state: Two numbers as in the attribute `state`.
        """
        from dromos.envs.classic_control.drawing import draw_mountain_car

        draw_mountain_car(canvas, state, cast("HillShape", self))


class Continuous_MountainCarVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.float32]]):
    """Many lanes of `Continuous_MountainCarEnv`.

    Observations are float32 (n, 2), actions float32 (n, 1). See `NativeVectorEnv` for the
    arguments.
    """

    single = Continuous_MountainCarEnv
