"""Taxi: fetch a passenger and bring them where they want to go."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.envs.toy_text.tabular import TabularEnv
from dromos.native import DEFAULT, NativeVectorEnv
from dromos.native.fields import FIRST_LANE, all_lanes, write_field
from dromos.spaces import Discrete
from dromos.utils.colorize import colorize

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = ["MAP", "STANDS", "Ride", "TaxiEnv", "TaxiVectorEnv"]

#: The town: ``|`` is a wall, ``:`` none; R, G, Y and B are the stands.
MAP = [
    "+---------+",
    "|R: | : :G|",
    "| : | : : |",
    "| : : : : |",
    "| | : | : |",
    "|Y| : |B: |",
    "+---------+",
]
#: Row and column of each stand: R, G, Y, B.
STANDS = ((0, 0), (0, 4), (4, 0), (4, 3))

_STATES = 500
_IN_TAXI = 4
_DIRECTIONS = 4


class Ride(NamedTuple):
    """What a picture shows.

    Attributes:
        row: Of the taxi, from the north.
        column: Of the taxi, from the west.
        passenger: The stand where the passenger waits, 0 to 3, or 4 in the taxi.
        destination: The stand where they want to go.
        heading: The direction last driven: 0 south, 1 north, 2 east, 3 west.
        action: The last action, or None.
    """

    row: int
    column: int
    passenger: int
    destination: int
    heading: int = 0
    action: int | None = None


@functools.cache
def _action_masks() -> NDArray[np.int8]:
    """Return the mask of each state, as the core has it; int8 (500, 6)."""
    every = core.make_batch("Taxi", _STATES, core.Autoreset.DISABLED, core.NO_LIMIT)
    lanes = all_lanes(every)
    write_field(every, "state", "s", lanes, lanes)
    masks: NDArray[np.int8] = every.infos(lanes)["action_mask"]
    return masks


class TaxiEnv(TabularEnv):
    """A taxi in a town with walls and four stands; a passenger waits at one of them.

    T. Dietterich, "Hierarchical Reinforcement Learning with the MAXQ Value Function
    Decomposition", Journal of Artificial Intelligence Research 13 (2000); rain and fickle
    passengers are those of its section 7.1.

    ============  ===================================================================
    action        ``Discrete(6)``: drive 0 south, 1 north, 2 east, 3 west; 4 pick up, 5 drop off
    observation   ``Discrete(500)``: ``((row * 5 + column) * 5 + passenger) * 4 + destination``;
                  passenger and destination are R 0, G 1, Y 2, B 3; a passenger in the taxi is 4
    start         one of the 300 states with a passenger who waits at a stand and wants to go to
                  another
    reward        -1 a step; 20 for a passenger brought to the destination; -10 for picking up
                  or dropping off where there is nobody, or no stand
    terminated    when the passenger has arrived
    truncated     after 200 steps
    info          ``prob``: how likely the last transition was; ``action_mask``: int8 (6,), 1 for
                  the actions that change the state
    ============  ===================================================================

    Attributes:
        desc: The map; bytes of shape (7, 11).
        locs: Row and column of each stand.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "ansi", "rgb_array"],
        "render_fps": 4,
    }
    dynamics = "Taxi"
    frame_size = (536, 456)
    uncalled = (
        *(*TabularEnv.uncalled, "encode", "decode", "action_mask", "_pickup", "_dropoff"),
        *("_build_dry_transitions", "_build_rainy_transitions", "_calc_new_position"),
    )
    action_names = ("South", "North", "East", "West", "Pickup", "Dropoff")

    max_row = max_col = 4

    is_rainy: bool
    fickle_passenger: bool
    rainy_probability: float
    fickle_probability: float

    def __init__(
        self,
        render_mode: str | None = None,
        is_rainy: bool = DEFAULT,
        fickle_passenger: bool = DEFAULT,
        rainy_probability: float = DEFAULT,
        fickle_probability: float = DEFAULT,
        **unknown: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"ansi"``, ``"rgb_array"`` or None.
            is_rainy: Whether the taxi can slide to the side.
            fickle_passenger: Whether a passenger can change their mind.
            rainy_probability: How likely the taxi goes straight on in rain.
            fickle_probability: How likely a passenger is one who changes their mind.
            **unknown: Nothing: the error names the parameters there are.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a probability is not between 0 and 1.
        """
        super().__init__(
            render_mode,
            is_rainy=is_rainy,
            fickle_passenger=fickle_passenger,
            rainy_probability=rainy_probability,
            fickle_probability=fickle_probability,
            **unknown,
        )

    def make_spaces(self) -> tuple[Discrete, Discrete]:
        """Return the action and the observation space."""
        return Discrete(len(self.action_names)), Discrete(_STATES)

    def check_state(self, params: Any, state: Any, status: Any) -> None:
        """Raise unless states, actions and likelihoods are some that there are."""
        super().check_state(params, state, status)
        turned = state["taxi_orientation"]
        if (turned < 0).any() or (turned > _DIRECTIONS - 1).any():
            raise ValueError(f"taxi_orientation: expected integers from 0 to {_DIRECTIONS - 1}")

    @property
    def desc(self) -> NDArray[np.bytes_]:
        """The map, a letter a cell; bytes of shape (7, 11)."""
        return np.array([list(row) for row in MAP], dtype="S1")

    @property
    def locs(self) -> list[tuple[int, int]]:
        """Row and column of each stand: R, G, Y, B."""
        return list(STANDS)

    @property
    def fickle_step(self) -> bool:
        """Whether the passenger will change their mind on the next move."""
        return bool(self._read("fickle_step"))

    @fickle_step.setter
    def fickle_step(self, value: bool) -> None:
        write_field(self.core, "state", "fickle_step", FIRST_LANE, bool(value))

    @property
    def taxi_orientation(self) -> int:
        """The direction last driven: 0 south, 1 north, 2 east, 3 west."""
        return int(self._read("taxi_orientation"))

    def encode(self, taxi_row: int, taxi_col: int, pass_loc: int, dest_idx: int) -> int:
        """Return the number of a state."""
        return ((taxi_row * 5 + taxi_col) * 5 + pass_loc) * 4 + dest_idx

    def decode(self, i: int) -> tuple[int, int, int, int]:
        """Return row and column of the taxi, passenger and destination of a state.

        Raises:
            ValueError: If there is no such state.
        """
        if not 0 <= i < _STATES:
            raise ValueError(f"Expected a state from 0 to {_STATES - 1}, got {i!r}")
        rest, destination = divmod(i, 4)
        cell, passenger = divmod(rest, 5)
        return cell // 5, cell % 5, passenger, destination

    def action_mask(self, state: int) -> NDArray[np.int8]:
        """Return which actions change a state; int8 (6,), 1 for those that do.

        Raises:
            ValueError: If there is no such state.
        """
        self.decode(state)
        mask: NDArray[np.int8] = _action_masks()[state].copy()
        return mask

    def drawn_state(self) -> Ride:
        """Return where the taxi and the passenger are."""
        return Ride(*self.decode(self._read("s")), self.taxi_orientation, self.lastaction)

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: the arrows, p picks up, d drops off."""
        from dromos.render.keys import DOWN, LEFT, RIGHT, UP

        return {
            (DOWN,): 0,
            (UP,): 1,
            (RIGHT,): 2,
            (LEFT,): 3,
            (ord("p"),): 4,
            (ord("d"),): 5,
        }

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the town; `state` is a `Ride`."""
        from dromos.envs.toy_text.drawing.taxi import draw_taxi

        draw_taxi(canvas, state)

    def text(self, state: Any) -> str:
        """Return the map; `state` is a `Ride`.

        The taxi has a background, yellow if it is empty and green with a passenger. A waiting
        passenger's stand is blue, the destination's magenta.
        """
        letters = [list(row) for row in MAP]

        def paint(row: int, column: int, **style: Any) -> None:
            letters[1 + row][1 + 2 * column] = colorize(letters[1 + row][1 + 2 * column], **style)

        if state.passenger == _IN_TAXI:
            here = letters[1 + state.row]
            here[1 + 2 * state.column] = here[1 + 2 * state.column].replace(" ", "_")
            paint(state.row, state.column, color="green", highlight=True)
        else:
            paint(state.row, state.column, color="yellow", highlight=True)
            paint(*STANDS[state.passenger], color="blue", bold=True)
        paint(*STANDS[state.destination], color="magenta")
        rows = "".join("".join(row) + "\n" for row in letters)
        return rows + self._last_action_line(state.action)


class TaxiVectorEnv(NativeVectorEnv[NDArray[np.int64], NDArray[np.int64]]):
    """Many lanes of `TaxiEnv`.

    Observations and actions are int64 (n,). See `NativeVectorEnv` for the arguments.
    """

    single = TaxiEnv
