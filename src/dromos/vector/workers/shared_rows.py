"""What every step moves between a vector and its workers, as arrays they share.

    actions        (n, …) in the structure of the action space       the vector writes
    observations   (n, …) in the structure of the observation space  the workers write
    finals         the same, in SAME_STEP mode only: where a row's episode ended, its last
                   observation
    rewards        float64 (n,)
    terminated     bool (n,)
    truncated      bool (n,)
    stepped        bool (n,): whether the environment made a step, not a reset

Observations or actions that are not all arrays have no place here and travel as messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from dromos._core import spaces as native
from dromos.spaces import Space
from dromos.spaces.array_space import ArraySpace
from dromos.vector.autoreset import EPISODES, Episode
from dromos.vector.lane_batch import write_results
from dromos.vector.utils.space_utils import concatenate, create_empty_array

__all__ = ["RowLayout", "SharedRows", "map_arrays", "write_rows"]

_ALIGNMENT = 64

Array = np.ndarray[Any, np.dtype[Any]]


def map_arrays(function: Callable[[Array], Any], structure: Any) -> Any:
    """Return `structure`, arrays in dicts and tuples, with `function` applied to each array."""
    if isinstance(structure, np.ndarray):
        return function(structure)
    if isinstance(structure, Mapping):
        return {key: map_arrays(function, part) for key, part in structure.items()}
    return tuple(map_arrays(function, part) for part in structure)


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
        observations: Whether observations have a place.
        finals: Whether final observations have one too.
        actions: Whether actions have one.
    """

    num_lanes: int
    offset: int
    observations: bool
    finals: bool
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
        self.stepped = self._place((lanes,), np.bool_)
        self.actions: Any = None
        self.observations: Any = None
        self.finals: Any = None
        if layout.actions:
            self.actions = create_empty_array(action_space, lanes, self._place)
        if layout.observations:
            self.observations = create_empty_array(observation_space, lanes, self._place)
        if layout.observations and layout.finals:
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
    """Adjacent rows, to which episodes are written."""

    def __init__(self, rows: SharedRows, chosen: slice, space: Space[Any]) -> None:
        def part_of(array: Array) -> Array:
            return array[chosen]

        self._space = space
        results = rows.rewards, rows.terminated, rows.truncated, rows.stepped
        self._results = [array[chosen] for array in results]
        self._observations: Any = None
        self._finals: Any = None
        if rows.observations is not None:
            self._observations = map_arrays(part_of, rows.observations)
        if rows.finals is not None:
            self._finals = map_arrays(part_of, rows.finals)
        # Nobody has given the space's class another way to make batches.
        self._stacks = getattr(type(space), "_concatenate", None) is ArraySpace._concatenate
        self._plain: tuple[Array, Array, Array, Array, Array] | None = None
        if self._stacks and rows.observations is not None and rows.finals is None:
            rewards, terminated, truncated, stepped = self._results
            self._plain = self._observations, rewards, terminated, truncated, stepped

    def write(self, episodes: list[Episode], rows: list[int] | None = None) -> list[dict[str, Any]]:
        """Write what episodes report.

        Args:
            episodes: Those of the lanes.
            rows: The row of each among these; None for all in their order.

        Returns:
            Their infos, for which there is no place here; none if all are empty.
        """
        if self._plain is not None and EPISODES.report(episodes, *self._plain, rows):
            return []
        if self._observations is not None:
            self._write_observations(EPISODES.observations(episodes), rows)
        rewards, terminated, truncated, stepped = self._results
        write_results(episodes, rewards, terminated, truncated, stepped, rows)
        if self._finals is not None:
            for row, episode in zip(rows or range(len(episodes)), episodes, strict=True):
                if episode.terminated or episode.truncated:
                    self._write_row(self._finals, row, episode.final_obs)
        return EPISODES.infos(episodes)

    def _write_observations(self, observations: list[Any], rows: list[int] | None) -> None:
        if rows is None:
            concatenate(self._space, observations, self._observations)
        elif not self._stacks or not native.stack(observations, self._observations, rows):
            for row, observation in zip(rows, observations, strict=True):
                self._write_row(self._observations, row, observation)

    def _write_row(self, arrays: Any, row: int, observation: Any) -> None:
        target = map_arrays(lambda array: array[row : row + 1], arrays)
        concatenate(self._space, [observation], target)
