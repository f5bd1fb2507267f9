"""CartPole: a pole hinged on a cart that is pushed left or right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.utils import check_reset_bounds
from dromos.native import Derived, NativeEnv, NativeVectorEnv, Parameter
from dromos.native.fields import ENDED, FIRST_LANE, RUNNING, read_field, write_field
from dromos.spaces import Box, Discrete

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import CartPoleShape
    from dromos.render.canvas import Canvas

__all__ = ["CartPoleEnv", "CartPoleVectorEnv"]

_STATE = ("x", "x_dot", "theta", "theta_dot")


class CartPoleEnv(NativeEnv[NDArray[np.float32], int | np.int64]):
    """A pole hinged on a cart that is pushed left or right; keep it upright.

    The problem of Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve
    difficult learning control problems" (1983), with the parameters that Gym gave it; the
    equations of motion are those of Florian, "Correct equations for the dynamics of the cart-pole
    system" (2007).

    ============  ===================================================================
    action        ``Discrete(2)``: 0 pushes the cart left, 1 right
    observation   float32 (4,): position of the cart (m), its velocity (m/s), angle of the pole
                  from upright (rad), its angular velocity (rad/s)
    start         each of the four uniform in [-0.05, 0.05]
    reward        1 a step, the last one included
    terminated    when the cart is more than 2.4 m from the middle or the pole leans by more than
                  12 degrees
    truncated     after 500 steps (200 in ``CartPole-v0``)
    ============  ===================================================================

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own. The reset options ``low``
    and ``high`` bound the four numbers of the start state.

    Attributes:
        gravity: Gravitational acceleration, m/s².
        masscart: Mass of the cart, kg.
        masspole: Mass of the pole, kg.
        length: Half the length of the pole, m.
        force_mag: Force of a push, N.
        tau: Time between two steps, s.
        x_threshold: The cart fails beyond this distance, m.
        theta_threshold_radians: The pole has fallen beyond this angle, rad.
        semi_implicit: Whether velocities are integrated before positions.
        sutton_barto_reward: Reward 0 a step and -1 at failure, as in Sutton and Barto's book.
        total_mass: ``masspole + masscart``, kg.
        polemass_length: ``masspole * length``, kg m.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 50,
    }
    dynamics = "CartPole"
    screen_width, screen_height = frame_size = (600, 400)

    gravity = Parameter(float)
    masscart = Parameter(float, above=0)
    masspole = Parameter(float, above=0)
    length = Parameter(float, above=0)
    force_mag = Parameter(float)
    tau = Parameter(float, above=0)
    x_threshold = Parameter(float, above=0)
    theta_threshold_radians = Parameter(float, above=0)
    semi_implicit = Parameter(bool)
    sutton_barto_reward = Parameter(bool)

    total_mass = Derived(lambda env: env.masspole + env.masscart, "masspole", "masscart")
    polemass_length = Derived(lambda env: env.masspole * env.length, "masspole", "length")

    def __init__(
        self,
        sutton_barto_reward: bool = False,
        render_mode: str | None = None,
        **parameters: Any,
    ) -> None:
        """Make the environment.

        Args:
            sutton_barto_reward: Reward 0 a step and -1 at failure.
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        super().__init__(render_mode, sutton_barto_reward=sutton_barto_reward, **parameters)

    def make_spaces(self) -> tuple[Discrete[np.int64], Box[np.float32]]:
        """Return the action and the observation space."""
        # Twice the thresholds, so that the observation of a failure is an element too.
        high = np.array(
            [self.x_threshold * 2, np.inf, self.theta_threshold_radians * 2, np.inf],
            dtype=np.float32,
        )
        return Discrete(2), Box(-high, high, dtype=np.float32)

    def checked_options(self, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the reset options, checked: ``low`` and ``high`` bound the start state.

        Raises:
            TypeError: If there is another option, or a bound is not a number.
            ValueError: If ``low`` is greater than ``high``.
        """
        return check_reset_bounds(super().checked_options(options), -0.05, 0.05)

    @property
    def state(self) -> NDArray[np.float64] | None:
        """Position, velocity, angle and angular velocity, float64 (4,); None before a reset.

        A copy that cannot be written; assign four numbers to put the system into another state.
        """
        if self._is_unset():
            return None
        values = [read_field(self.core, "state", name, FIRST_LANE)[0] for name in _STATE]
        state = np.array(values, dtype=np.float64)
        state.flags.writeable = False
        return state

    @state.setter
    def state(self, value: Any) -> None:
        array = np.asarray(value, dtype=np.float64)
        if array.shape != (4,):
            raise ValueError(f"state: expected 4 numbers {_STATE}, got {value!r}")
        for name, number in zip(_STATE, array, strict=True):
            write_field(self.core, "state", name, FIRST_LANE, number)
        if self._is_unset():
            self._set_status(RUNNING)

    @property
    def kinematics_integrator(self) -> str:
        """``"euler"``, or ``"semi-implicit euler"``."""
        return "semi-implicit euler" if self.semi_implicit else "euler"

    @kinematics_integrator.setter
    def kinematics_integrator(self, value: str) -> None:
        self.semi_implicit = value != "euler"

    @property
    def steps_beyond_terminated(self) -> int | None:
        """0 once a step has returned ``terminated = True``, else None.

        Assigning None lets the episode go on, as programs do that also assign `state`.
        """
        return 0 if self.core.status()[0] == ENDED else None

    @steps_beyond_terminated.setter
    def steps_beyond_terminated(self, value: int | None) -> None:
        self._set_status(RUNNING if value is None else ENDED)

    @property
    def isopen(self) -> bool:
        """Whether a window is shown."""
        return self._window is not None

    def _set_status(self, status: int) -> None:
        self.core.write_episode(
            FIRST_LANE,
            self.core.elapsed(),
            np.array([status], dtype=np.uint8),
            self.core.restarted(),
        )

    def drawn_state(self) -> NDArray[np.float64] | None:
        """Return `state`."""
        return self.state

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: left and right push the cart."""
        from dromos.render.keys import LEFT, RIGHT

        return {(LEFT,): 0, (RIGHT,): 1}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the cart and the pole.

        Args:
            canvas: Where to draw.
            state: Four numbers as in the attribute `state`.
        """
        from dromos.envs.classic_control.drawing import draw_cart_pole

        draw_cart_pole(canvas, state, cast("CartPoleShape", self))


class CartPoleVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.int64]]):
    """Many lanes of `CartPoleEnv`.

    Observations are float32 (n, 4), actions int64 (n,). See `NativeVectorEnv` for the arguments.
    """

    single = CartPoleEnv
