"""FrozenLake: across the ice to the goal, past the holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.envs.toy_text.lake_parameters import MapParameter, RewardSchedule, most_cells
from dromos.envs.toy_text.maps import MAPS, generate_random_map, is_valid, named_map
from dromos.envs.toy_text.tabular import TabularEnv
from dromos.native import DEFAULT, NativeVectorEnv
from dromos.native.distributions import possible
from dromos.native.fields import FIRST_LANE, read_field
from dromos.spaces import Discrete
from dromos.utils.colorize import colorize
from dromos.vector.lane_queue import LaneIds

if TYPE_CHECKING:
    from dromos.render.canvas import Canvas

__all__ = [
    "DOWN",
    "LEFT",
    "MAPS",
    "RIGHT",
    "UP",
    "FrozenLakeEnv",
    "FrozenLakeVectorEnv",
    "Walk",
    "generate_random_map",
    "is_valid",
]

LEFT, DOWN, RIGHT, UP = range(4)


#: The map of a lake that is given none, unless its class has one.
_DEFAULT_MAP = "4x4"

# Pixels of a picture: a cell, and a side at most.
_CELL, _LONGEST = 64, 512


class Walk(NamedTuple):
    """What a picture shows.

    Attributes:
        rows: The map, one string a row.
        cell: ``row * columns + column``.
        action: The last action, or None.
    """

    rows: tuple[str, ...]
    cell: int
    action: int | None = None


class FrozenLakeEnv(TabularEnv):
    """A walk over a frozen lake with holes in the ice, which may be slippery.

    ============  ===================================================================
    action        ``Discrete(4)``: 0 left, 1 down, 2 right, 3 up
    observation   ``Discrete(rows * columns)``: ``row * columns + column``
    start         a cell S; several are equally likely
    reward        1 for reaching a goal, 0 otherwise; see `reward_schedule`
    terminated    on a goal and in a hole
    truncated     after 100 steps (200 in ``FrozenLake8x8-v1``)
    info          ``prob``: how likely the last transition was
    ============  ===================================================================

    The parameters `desc`, `is_slippery`, `success_rate` and `reward_schedule` can be written at
    any time, and lanes of a vector can have their own: ``params={"desc": [map, map, ...]}``.

    Attributes:
        nrow: Rows of the map.
        ncol: Columns of the map.
        reward_range: The least and the greatest reward.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["human", "ansi", "rgb_array"],
        "render_fps": 4,
    }
    dynamics = "FrozenLake"
    action_names = ("Left", "Down", "Right", "Up")

    desc = MapParameter("cells", "nrow", "ncol")
    is_slippery: bool
    success_rate: float
    reward_schedule = RewardSchedule()

    def __init__(
        self,
        render_mode: str | None = None,
        desc: Sequence[str] | None = None,
        map_name: str | None = _DEFAULT_MAP,
        is_slippery: bool = DEFAULT,
        success_rate: float = DEFAULT,
        reward_schedule: Sequence[float] = DEFAULT,
        **unknown: Any,
    ) -> None:
        """Make the environment.

        Args:
            render_mode: ``"human"``, ``"ansi"``, ``"rgb_array"`` or None.
            desc: The map: a list of strings, one a row.
            map_name: Without `desc`, the name of a map in `MAPS`; None for a random map.
            is_slippery: Whether a step can go to the side.
            success_rate: How likely a step on slippery ice goes where it should.
            reward_schedule: Rewards for reaching a goal, a hole, any other cell.
            **unknown: Nothing: the error names the parameters there are.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If the map has flaws, which the message shows, or a value is out of range.
        """
        if desc is None and map_name != _DEFAULT_MAP:
            desc = tuple(generate_random_map() if map_name is None else named_map(map_name))
        super().__init__(
            render_mode,
            desc=DEFAULT if desc is None else desc,
            is_slippery=is_slippery,
            success_rate=success_rate,
            reward_schedule=reward_schedule,
            **unknown,
        )

    def make_spaces(self) -> tuple[Discrete, Discrete]:
        """Return the action and the observation space."""
        return Discrete(len(self.action_names)), Discrete(self.nrow * self.ncol)

    def _number_of_states(self, params: Any) -> Any:
        """Return how many cells the maps of lanes have, one number a lane."""
        return params["nrow"].astype(np.int64) * params["ncol"]

    @property
    def nrow(self) -> int:
        """Rows of the map."""
        return int(self._parameter("nrow"))

    @property
    def ncol(self) -> int:
        """Columns of the map."""
        return int(self._parameter("ncol"))

    def _parameter(self, field: str) -> Any:
        return read_field(self.core, "params", field, FIRST_LANE)[0]

    @property
    def reward_range(self) -> tuple[float, float]:
        """The least and the greatest reward."""
        return min(self.reward_schedule), max(self.reward_schedule)

    def drawn_state(self) -> Walk:
        """Return the map and where the walker is."""
        rows = tuple(b"".join(row).decode() for row in self.desc.tolist())
        return Walk(rows, self._read("s"), self.lastaction)

    def picture_size(self) -> tuple[int, int]:
        """Return width and height: 64 pixels a cell, at most 512."""
        return min(_CELL * self.ncol, _LONGEST), min(_CELL * self.nrow, _LONGEST)

    def get_keys_to_action(self) -> dict[tuple[int, ...], int]:
        """Return the keys of `dromos.play`: the arrows."""
        from dromos.render.keys import DOWN, LEFT, RIGHT, UP

        return {(LEFT,): 0, (DOWN,): 1, (RIGHT,): 2, (UP,): 3}

    def draw(self, canvas: Canvas, state: Any) -> None:
        """Draw the lake; `state` is a `Walk`."""
        from dromos.envs.toy_text.drawing.frozen_lake import draw_frozen_lake

        draw_frozen_lake(canvas, state)

    def text(self, state: Any) -> str:
        """Return the last action and the map with the walker's cell in red; `state` is a `Walk`."""
        row, column = divmod(state.cell, len(state.rows[0]))
        letters = [list(line) for line in state.rows]
        letters[row][column] = colorize(letters[row][column], "red", highlight=True)
        lines = ("".join(line) + "\n" for line in letters)
        return self._last_action_line(state.action) + "".join(lines)


class FrozenLakeVectorEnv(NativeVectorEnv[NDArray[np.int64], NDArray[np.int64]]):
    """Many lanes of `FrozenLakeEnv`, each on a map of its own if ``params["desc"]`` lists them.

    Observations and actions are int64 (n,). The observation space is that of the largest map.
    """

    single = FrozenLakeEnv

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        desc: Any = None,
        map_name: str | None = _DEFAULT_MAP,
        params: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> None:
        """Make the lanes.

        Args:
            num_envs: The number of lanes.
            max_episode_steps: Steps after which an episode is truncated; None for no limit.
            render_mode: One of ``metadata["render_modes"]``, or None.
            desc: The map of all lanes, or a list of one for each.
            map_name: Without `desc`, the name of a map in `MAPS`; None for a random map a lane.
            params: Parameters of the dynamics, each one value or one a lane.
            **arguments: Parameters of the dynamics and the arguments of `NativeVectorEnv`.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a map has flaws, which the message shows, or a value is out of range.
        """
        given = dict(params or {})
        desc = given.pop("desc", desc)
        map_name = given.pop("map_name", map_name)
        if desc is None and map_name is None:
            desc = [generate_random_map() for _ in range(num_envs)]
        given["desc"] = named_map(map_name) if desc is None and map_name is not None else desc
        super().__init__(num_envs, max_episode_steps, render_mode, params=given, **arguments)

    def set_params(self, params: Mapping[str, Any], lanes: LaneIds | None = None) -> None:
        """Set parameters as `NativeVectorEnv.set_params` does.

        Raises:
            ValueError: If a map has more cells than the observation space has elements, too.
        """
        space = self.single_observation_space
        cells = most_cells(possible(params["desc"])) if "desc" in params else 0
        if cells > space.n:  # type: ignore[attr-defined]
            raise ValueError(
                f"desc: a map of {cells} cells does not fit the observation "
                f"space {space}; make a new vector with it"
            )
        super().set_params(params, lanes)
