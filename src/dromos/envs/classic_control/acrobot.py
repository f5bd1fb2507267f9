"""Acrobot: two links that hang from a bar, to be swung up by the motor between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv
from dromos.native import NativeVectorEnv, Parameter
from dromos.spaces import Box, Discrete

if TYPE_CHECKING:
    from dromos.envs.classic_control.drawing import LinkShape
    from dromos.render.canvas import Canvas

__all__ = ["AcrobotEnv", "AcrobotVectorEnv"]

_TORQUES = ("torque_0", "torque_1", "torque_2")


class AcrobotEnv(ClassicControlEnv[int | np.int64]):
    """Two links that hang from a bar; a motor in the joint between them has to swing them up.

    The problem of Sutton, "Generalization in reinforcement learning: successful examples using
    sparse coarse coding" (1996), with the corrected equations of Sutton and Barto's book.

    ============  ===================================================================
    action        ``Discrete(3)``: the torque on the joint, -1, 0 or 1 N m
    observation   float32 (6,): cosine and sine of the upper link's angle from hanging, cosine and
                  sine of the lower link's angle from the upper one, and the two angular
                  velocities (rad/s), up to 4 pi and 9 pi
    start         each of the two angles (rad) and velocities uniform in [-0.1, 0.1]
    reward        -1 a step, 0 in the step that arrives
    terminated    when the tip is higher above the bar than a link is long:
                  ``-cos(theta1) - cos(theta1 + theta2) > 1``
    truncated     after 500 steps
    ============  ===================================================================

    One step is one of the classic Runge-Kutta method. Every parameter below is a keyword of the
    constructor, an attribute that can be written at any time, and a parameter that lanes of a
    vector can have of their own. The reset options ``low`` and ``high`` bound the four numbers of
    the start state.

    Attributes:
        dt: Time between two steps, s.
        LINK_LENGTH_1: Length of the upper link, m.
        LINK_LENGTH_2: Length of the lower link, m; it is drawn, and moves nothing.
        LINK_MASS_1: Mass of the upper link, kg.
        LINK_MASS_2: Mass of the lower link, kg.
        LINK_COM_POS_1: From the upper link's hinge to its centre of mass, m.
        LINK_COM_POS_2: From the lower link's hinge to its centre of mass, m.
        LINK_MOI: Moment of inertia of each link, kg m².
        MAX_VEL_1: The upper link never turns faster, rad/s.
        MAX_VEL_2: The lower link never turns faster, rad/s.
        gravity: Gravitational acceleration, m/s².
        torque_0: Torque of action 0, N m.
        torque_1: Torque of action 1, N m.
        torque_2: Torque of action 2, N m.
        torque_noise_max: Each torque is off by up to this much, N m, either way.
        nips: Whether to use the equations as printed in the paper, which lack a term.
        book_or_nips: `nips` as a word.
        AVAIL_TORQUE: The torques of the three actions, N m.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 15,
    }
    dynamics = "Acrobot"
    state_fields = ("theta1", "theta2", "theta1_dot", "theta2_dot")
    start_bounds = (-0.1, 0.1)
    SCREEN_DIM = 500
    frame_size = (SCREEN_DIM, SCREEN_DIM)
    actions_num = 3

    dt = Parameter(float, above=0)
    LINK_LENGTH_1 = Parameter(float, above=0)
    LINK_LENGTH_2 = Parameter(float, above=0)
    LINK_MASS_1 = Parameter(float, above=0)
    LINK_MASS_2 = Parameter(float, above=0)
    LINK_COM_POS_1 = Parameter(float, above=0)
    LINK_COM_POS_2 = Parameter(float, above=0)
    LINK_MOI = Parameter(float, above=0)
    MAX_VEL_1 = Parameter(float, above=0)
    MAX_VEL_2 = Parameter(float, above=0)
    gravity = Parameter(float)
    torque_0 = Parameter(float)
    torque_1 = Parameter(float)
    torque_2 = Parameter(float)
    torque_noise_max = Parameter(float, at_least=0)
    nips = Parameter(bool)

    def __init__(
        self,
        render_mode: str | None = None,
        *,
        book_or_nips: Literal["book", "nips"] | None = None,
        **parameters: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"`` or None.
            book_or_nips: ``"nips"`` sets the parameter ``nips``, ``"book"`` clears it.
            **parameters: Values of the other parameters.

        Raises:
            TypeError: If there is no such parameter, or a value is not a number.
            ValueError: If a value is out of range.
        """
        super().__init__(render_mode, **parameters)
        if book_or_nips is not None:
            self.book_or_nips = book_or_nips

    def make_spaces(self) -> tuple[Discrete[np.int64], Box[np.float32]]:
        """Return the action and the observation space."""
        high = np.array([1.0, 1.0, 1.0, 1.0, self.MAX_VEL_1, self.MAX_VEL_2], dtype=np.float32)
        return Discrete(3), Box(-high, high, dtype=np.float32)

    @property
    def book_or_nips(self) -> Literal["book", "nips"]:
        """Whose equations: ``"book"``, or ``"nips"`` for those of the paper."""
        return "nips" if self.nips else "book"

    @book_or_nips.setter
    def book_or_nips(self, value: Literal["book", "nips"]) -> None:
        self.nips = is_nips(value)

    @property
    def AVAIL_TORQUE(self) -> list[float]:
        """The torques of the three actions, N m; assign three numbers to change them."""
        return [getattr(self, name) for name in _TORQUES]

    @AVAIL_TORQUE.setter
    def AVAIL_TORQUE(self, value: Sequence[float]) -> None:
        if len(value) != len(_TORQUES):
            raise ValueError(f"AVAIL_TORQUE: expected {len(_TORQUES)} numbers, got {value!r}")
        for name, torque in zip(_TORQUES, value, strict=True):
            setattr(self, name, torque)

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: left and right apply the torques, no key none."""
        from dromos.render.keys import LEFT, RIGHT

        return {(): 1, (LEFT,): 0, (RIGHT,): 2}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the two links and the line that the tip has to cross.

        Args:
            canvas: Where to draw.
            state: Four numbers as in the attribute `state`.
        """
        from dromos.envs.classic_control.drawing import draw_acrobot

        draw_acrobot(canvas, state, cast("LinkShape", self))


class AcrobotVectorEnv(NativeVectorEnv[NDArray[np.float32], NDArray[np.int64]]):
    """Many lanes of `AcrobotEnv`.

    Observations are float32 (n, 6), actions int64 (n,). See `NativeVectorEnv` for the arguments.
    """

    single = AcrobotEnv

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        book_or_nips: Literal["book", "nips"] | None = None,
        **arguments: Any,
    ) -> None:
        """Make the lanes.

        Args:
            num_envs: The number of lanes.
            max_episode_steps: Steps after which an episode is truncated; None for no limit.
            render_mode: ``"rgb_array"`` or None.
            book_or_nips: ``"nips"`` sets the parameter ``nips`` of all lanes.
            **arguments: What `NativeVectorEnv` takes.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a value is out of range.
        """
        if book_or_nips is not None:
            arguments["nips"] = is_nips(book_or_nips)
        super().__init__(num_envs, max_episode_steps, render_mode, **arguments)


def is_nips(value: str) -> bool:
    """Return whether a value of ``book_or_nips`` means the paper's equations.

    Raises:
        ValueError: If it is neither ``"book"`` nor ``"nips"``.
    """
    if value not in ("book", "nips"):
        raise ValueError(f'book_or_nips: expected "book" or "nips", got {value!r}')
    return value == "nips"
