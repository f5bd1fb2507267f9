"""What every step moves between a vector and its workers, as arrays they share.

    actions        (n, …) in the structure of the action space       the vector writes
    observations   (n, …) in the structure of the observation space  the workers write
    finals         the same, in SAME_STEP mode only: where a row's episode ended, its last
                   observation
    rewards        float64 (n,)
    terminated     bool (n,)
    truncated      bool (n,)
    episodes       where each lane is in its episode (see `dromos.vector.autoreset`)

Observations or actions that are not all arrays have no place here and travel as messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dromos._core import spaces as native
from dromos.spaces import Space
from dromos.spaces.array_space import ArraySpace
from dromos.vector.autoreset import AutoresetMode, make_episodes, part_of_episodes
from dromos.vector.env_lanes import EnvLanes
from dromos.vector.lanes import map_arrays
from dromos.vector.utils.space_utils import concatenate, create_empty_array

__all__ = ["RowLayout", "RowsPart", "SharedRows", "write_rows"]

_ALIGNMENT = 64

Array = np.ndarray[Any, np.dtype[Any]]


def write_rows(batch: Any, target: Any, rows: Any) -> bool:
    """Copy a batch to rows of shared arrays, if it is of exactly their dtypes and shapes.

    Args:
        batch: Arrays of one row for each of `rows`, in the structure of `target`.
        target: The shared arrays.
        rows: The indices of the rows, None for all.

    Returns:
        Whether it was; otherwise what has been written does not count.
    """
    if type(target) is np.ndarray:
        if rows is None and native.copy_to(batch, target):
            return True
        if type(batch) is not np.ndarray or batch.dtype != target.dtype:
            return False
        if batch.shape != (target.shape if rows is None else (len(rows), *target.shape[1:])):
            return False
        target[slice(None) if rows is None else rows] = batch
        return True
    if isinstance(target, Mapping):
        if not isinstance(batch, Mapping) or batch.keys() != target.keys():
            return False
        return all(write_rows(batch[key], part, rows) for key, part in target.items())
    if not isinstance(batch, tuple) or len(batch) != len(target):
        return False
    return all(map(write_rows, batch, target, [rows] * len(target)))


class RowLayout(NamedTuple):
    """What decides where the rows lie, besides the spaces.

    Attributes:
        num_lanes: The number of rows, n.
        offset: Where they begin in the file, in bytes.
        mode: When a lane whose episode has ended is reset.
        observations: Whether observations have a place.
        actions: Whether actions have one.
    """

    num_lanes: int
    offset: int
    mode: AutoresetMode
    observations: bool
    actions: bool


class SharedRows:
    """The arrays, over memory or, to learn its size, over nothing.

    Args:
        layout: What has a place.
        observation_space: The observations of one lane.
        action_space: The actions of one lane.
        memory: What the vector and its workers have mapped, or None.

    Attributes:
        size: Where the arrays end in the file, in bytes.
    """

    def __init__(
        self,
        layout: RowLayout,
        observation_space: Space[Any],
        action_space: Space[Any],
        memory: Any = None,
    ) -> None:
        self.size = layout.offset
        self._memory = memory
        lanes = layout.num_lanes
        self.rewards = self._place((lanes,), np.float64)
        self.terminated = self._place((lanes,), np.bool_)
        self.truncated = self._place((lanes,), np.bool_)
        self.episodes = make_episodes(lanes, layout.mode, self._place)
        self.actions: Any = None
        self.observations: Any = None
        self.finals: Any = None
        if layout.actions:
            self.actions = create_empty_array(action_space, lanes, self._place)
        if layout.observations:
            self.observations = create_empty_array(observation_space, lanes, self._place)
        if layout.observations and layout.mode is AutoresetMode.SAME_STEP:
            self.finals = create_empty_array(observation_space, lanes, self._place)
        self._observation_space = observation_space

    def _place(self, shape: Any, dtype: Any) -> Array:
        start = -(-self.size // _ALIGNMENT) * _ALIGNMENT
        dtype = np.dtype(dtype)
        self.size = start + int(np.prod(shape)) * dtype.itemsize
        if self._memory is None:
            return np.empty(shape, dtype)
        return np.ndarray(shape, dtype, self._memory, start)

    def part(self, first: int, last: int) -> RowsPart:
        """Return the rows ``[first, last)`` for writing."""
        return RowsPart(self, slice(first, last), self._observation_space)


class RowsPart:
    """Adjacent rows, to which environments report.

    Attributes:
        results: Their episodes, rewards, terminated and truncated, for `EnvLanes.use`.
        stacks: Whether nobody has given the space's class another way to make batches.
    """

    def __init__(self, rows: SharedRows, chosen: slice, space: Space[Any]) -> None:
        def part_of(array: Array) -> Array:
            return array[chosen]

        self._space = space
        own = part_of_episodes(rows.episodes, chosen)
        self.results = own, rows.rewards[chosen], rows.terminated[chosen], rows.truncated[chosen]
        self._observations: Any = None
        self._finals: Any = None
        if rows.observations is not None:
            self._observations = map_arrays(part_of, rows.observations)
        if rows.finals is not None:
            self._finals = map_arrays(part_of, rows.finals)
        self.stacks = getattr(type(space), "_concatenate", None) is ArraySpace._concatenate
        self._is_plain = self.stacks and self._observations is not None and self._finals is None

    def write(self, lanes: EnvLanes, rows: list[int] | None = None) -> list[dict[str, Any]]:
        """Write what environments report besides `results`.

        Args:
            lanes: The environments, one a row.
            rows: Which of them report; None for all.

        Returns:
            Their infos, for which there is no place here; none if all are empty.
        """
        walker = lanes.walker
        if self._is_plain and walker.write_plain(self._observations, rows):
            return []
        if self._observations is not None:
            self._write_observations(walker.observations(rows), rows)
        if self._finals is not None:
            for row in range(len(lanes.envs)) if rows is None else rows:
                if lanes.terminated[row] or lanes.truncated[row]:
                    self._write_row(self._finals, row, lanes.final_obs[row])
        return walker.infos(rows)

    def _write_observations(self, observations: list[Any], rows: list[int] | None) -> None:
        if rows is None:
            concatenate(self._space, observations, self._observations)
        elif not self.stacks or not native.stack(observations, self._observations, rows):
            for row, observation in zip(rows, observations, strict=True):
                self._write_row(self._observations, row, observation)

    def _write_row(self, arrays: Any, row: int, observation: Any) -> None:
        target = map_arrays(lambda array: array[row : row + 1], arrays)
        concatenate(self._space, [observation], target)
