"""Acrobot: two links that hang from a bar, to be swung up by the motor between them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

import numpy as np
from numpy.typing import NDArray

from dromos.envs.classic_control.base import ClassicControlEnv
from dromos.native import Derived, NativeVectorEnv
from dromos.native.views import ListView
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

    The accelerations of the two angles under a torque on the joint::

        coupling = LINK_MASS_2 * LINK_LENGTH_1 * LINK_COM_POS_2
        d3 = LINK_MASS_2 * LINK_COM_POS_2**2 + LINK_MOI
        d2 = d3 + coupling * cos(theta2)
        d1 = LINK_MASS_1 * LINK_COM_POS_1**2 + LINK_MASS_2 * LINK_LENGTH_1**2 + LINK_MOI
        d1 += d3 + 2 * coupling * cos(theta2)
        weight = LINK_MASS_2 * LINK_COM_POS_2 * gravity * sin(theta1 + theta2)
        torque1 = coupling * sin(theta2) * theta2_dot * (theta2_dot + 2 * theta1_dot) - weight
        upper = LINK_MASS_1 * LINK_COM_POS_1 + LINK_MASS_2 * LINK_LENGTH_1
        torque1 -= upper * gravity * sin(theta1)
        torque2 = torque - coupling * theta1_dot**2 * sin(theta2) - weight
        theta1_acc = (d3 * torque1 - d2 * torque2) / (d1 * d3 - d2**2)
        theta2_acc = (d1 * torque2 - d2 * torque1) / (d1 * d3 - d2**2)

    With `nips`, ``torque2`` has no term of ``coupling``.

    One step is one of the classic Runge-Kutta method. Every parameter below is a keyword of the
    constructor, an attribute that can be written at any time, and a parameter that lanes of a
    vector can have of their own. The reset options ``low`` and ``high`` bound the four numbers of
    the start state.

    Attributes:
        AVAIL_TORQUE: The torques of the three actions, N m.
        book_or_nips: ``"nips"`` or ``"book"``: `nips` as a word.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array"],
        "render_fps": 15,
    }
    dynamics = "Acrobot"
    state_fields = ("theta1", "theta2", "theta1_dot", "theta2_dot")
    SCREEN_DIM = 500
    frame_size = (SCREEN_DIM, SCREEN_DIM)
    uncalled = ("_get_ob", "_terminal", "_dsdt")
    actions_num = 3

    dt: float
    LINK_LENGTH_1: float
    LINK_LENGTH_2: float
    LINK_MASS_1: float
    LINK_MASS_2: float
    LINK_COM_POS_1: float
    LINK_COM_POS_2: float
    LINK_MOI: float
    MAX_VEL_1: float
    MAX_VEL_2: float
    gravity: float
    torque_0: float
    torque_1: float
    torque_2: float
    torque_noise_max: float
    nips: bool

    AVAIL_TORQUE = Derived(
        lambda env: _torques(env),
        given_by=lambda torques: _by_action(torques),
    )
    book_or_nips = Derived(
        lambda env: "nips" if env.nips else "book",
        given_by=lambda word: {"nips": is_nips(word)},
    )

    def make_spaces(self) -> tuple[Discrete, Box[NDArray[np.float32]]]:
        """Return the action and the observation space."""
        high = np.array([1.0, 1.0, 1.0, 1.0, self.MAX_VEL_1, self.MAX_VEL_2], dtype=np.float32)
        return Discrete(3), Box(-high, high, dtype=np.float32)

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


def _by_action(torques: Sequence[float]) -> dict[str, float]:
    if len(torques) != len(_TORQUES):
        raise ValueError(f"AVAIL_TORQUE: expected {len(_TORQUES)} numbers, got {torques!r}")
    return dict(zip(_TORQUES, torques, strict=True))


def _torques(source: AcrobotEnv | type[AcrobotEnv]) -> list[float]:
    """Return the torques of an environment, which can be changed, or the defaults of its class."""

    def read() -> list[float]:
        return [getattr(source, name) for name in _TORQUES]

    if isinstance(source, type):
        return read()
    return ListView(read, functools.partial(setattr, source, "AVAIL_TORQUE"))


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
