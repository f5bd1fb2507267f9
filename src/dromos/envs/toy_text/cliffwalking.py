"""CliffWalking: along the edge of a cliff, or a safe way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.envs.toy_text.tabular import TabularEnv
from dromos.native import DEFAULT, NativeVectorEnv
from dromos.spaces import Discrete

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = [
    "DOWN",
    "LEFT",
    "POSITION_MAPPING",
    "RIGHT",
    "UP",
    "CliffWalkingEnv",
    "CliffWalkingVectorEnv",
    "Walker",
]

UP, RIGHT, DOWN, LEFT = range(4)

#: By how many rows and columns each action moves.
POSITION_MAPPING = {UP: [-1, 0], RIGHT: [0, 1], DOWN: [1, 0], LEFT: [0, -1]}

_ROWS, _COLUMNS = 4, 12
_START, _GOAL = 36, 47


class Walker(NamedTuple):
    """What a picture shows.

    Attributes:
        cell: ``row * 12 + column``.
        action: The last action, or None.
    """

    cell: int
    action: int | None = None


class CliffWalkingEnv(TabularEnv):
    """A walk from one end of a cliff to the other: example 6.6 of Sutton and Barto's book.

    R. Sutton and A. Barto, "Reinforcement Learning: An Introduction", 2nd edition (2018).

    ============  ===================================================================
    action        ``Discrete(4)``: 0 up, 1 right, 2 down, 3 left
    observation   ``Discrete(48)``: ``row * 12 + column`` on a map of 4 x 12 cells
    start         the bottom left corner, cell 36
    reward        -1 a step; -100 for stepping over the cliff, which leads back to the start
    terminated    in the bottom right corner, cell 47; the cells between are the cliff
    info          ``prob``: how likely the last transition was
    ============  ===================================================================

    Attributes:
        shape: Rows and columns of the map.
        start_state_index: The start.
        nS: Number of states.
        nA: Number of actions.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "rgb_array", "ansi"],
        "render_fps": 4,
    }
    dynamics = "CliffWalking"
    frame_size = (768, 256)
    uncalled = (*TabularEnv.uncalled, "_limit_coordinates", "_calculate_transition_prob")
    action_names = ("Up", "Right", "Down", "Left")

    shape = (_ROWS, _COLUMNS)
    start_state_index = _START
    nS, nA = _ROWS * _COLUMNS, 4

    is_slippery: bool

    def __init__(
        self, render_mode: str | None = None, is_slippery: bool = DEFAULT, **unknown: Any
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"rgb_array"``, ``"ansi"`` or None.
            is_slippery: Whether a step can go to the side.
            **unknown: Nothing: the error names the parameters there are.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
        """
        super().__init__(render_mode, is_slippery=is_slippery, **unknown)

    def make_spaces(self) -> tuple[Discrete, Discrete]:
        """Return the action and the observation space."""
        return Discrete(len(self.action_names)), Discrete(self.nS)

    def drawn_state(self) -> Walker:
        """Return where the walker is."""
        return Walker(self._read("s"), self.lastaction)

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: the arrows."""
        from dromos.render.keys import DOWN, LEFT, RIGHT, UP

        return {(UP,): 0, (RIGHT,): 1, (DOWN,): 2, (LEFT,): 3}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the cliff and the walker; `state` is a `Walker`."""
        from dromos.envs.toy_text.drawing.cliff_walking import draw_cliff_walking

        draw_cliff_walking(canvas, state)

    def text(self, state: Any) -> str:
        """Return four lines: ``x`` the walker, ``C`` cliff, ``T`` the goal; `state` a `Walker`."""
        letters = ["T" if i == _GOAL else "C" if i > _START else "o" for i in range(self.nS)]
        letters[state.cell] = "x"
        rows = (letters[i : i + _COLUMNS] for i in range(0, self.nS, _COLUMNS))
        return "".join("  ".join(row) + "\n" for row in rows) + "\n"


class CliffWalkingVectorEnv(NativeVectorEnv[NDArray[np.int64], NDArray[np.int64]]):
    """Many lanes of `CliffWalkingEnv`.

    Observations and actions are int64 (n,). See `NativeVectorEnv` for the arguments.
    """

    single = CliffWalkingEnv
