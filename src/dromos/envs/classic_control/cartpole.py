"""CartPole: a pole hinged on a cart that is pushed left or right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv
from dromos.native import DEFAULT, Derived, NativeVectorEnv
from dromos.spaces import Box, Discrete
from dromos.vector.autoreset import ENDED, RUNNING

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import CartPoleShape
    from dromos.render.canvas import Canvas

__all__ = ["CartPoleEnv", "CartPoleVectorEnv"]


class CartPoleEnv(ClassicControlEnv[int | np.int64]):
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

    A step, with ``force`` for `force_mag` to the side of the push::

        push = (force + polemass_length * theta_dot**2 * sin(theta)) / total_mass
        theta_acc = (gravity * sin(theta) - cos(theta) * push) / (
            length * (4 / 3 - masspole * cos(theta) ** 2 / total_mass)
        )
        x_acc = push - polemass_length * theta_acc * cos(theta) / total_mass
        x, x_dot = x + tau * x_dot, x_dot + tau * x_acc
        theta, theta_dot = theta + tau * theta_dot, theta_dot + tau * theta_acc

    Every parameter below is a keyword of the constructor, an attribute that can be written at any
    time, and a parameter that lanes of a vector can have of their own. The reset options ``low``
    and ``high`` bound the four numbers of the start state.

    Attributes:
        total_mass: ``masspole + masscart``, kg.
        polemass_length: ``masspole * length``, kg m.
        kinematics_integrator: ``"euler"``, or ``"semi-implicit euler"``: `semi_implicit` as a word.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 50,
    }
    dynamics = "CartPole"
    state_fields = ("x", "x_dot", "theta", "theta_dot")
    screen_width, screen_height = frame_size = (600, 400)

    gravity: float
    masscart: float
    masspole: float
    length: float
    force_mag: float
    tau: float
    x_threshold: float
    theta_threshold_radians: float
    semi_implicit: bool
    sutton_barto_reward: bool

    total_mass = Derived(lambda env: env.masspole + env.masscart, "masspole", "masscart")
    polemass_length = Derived(lambda env: env.masspole * env.length, "masspole", "length")
    kinematics_integrator = Derived(
        lambda env: "semi-implicit euler" if env.semi_implicit else "euler",
        given_by=lambda word: {"semi_implicit": word != "euler"},
    )

    def __init__(
        self,
        sutton_barto_reward: bool = DEFAULT,
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

    def make_spaces(self) -> tuple[Discrete, Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        # Twice the thresholds, so that the observation of a failure is an element too.
        high = np.array(
            [self.x_threshold * 2, np.inf, self.theta_threshold_radians * 2, np.inf],
            dtype=np.float32,
        )
        return Discrete(2), Box(-high, high, dtype=np.float32)

    @property
    def steps_beyond_terminated(self) -> int | None:
        """0 once a step has returned ``terminated = True``, else None.

        Assigning None lets the episode go on, as programs do that also assign `state`.
        """
        return 0 if self.core.episodes.status[0] == ENDED else None

    @steps_beyond_terminated.setter
    def steps_beyond_terminated(self, value: int | None) -> None:
        self._set_status(RUNNING if value is None else ENDED)

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
