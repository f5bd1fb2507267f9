"""What the lanes of a vector with workers report, as batches."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos._core import spaces as native
from dromos.spaces import Space
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.infos import batch_infos
from dromos.vector.lane_batch import ObservationBatcher
from dromos.vector.workers.crew import Crew
from dromos.vector.workers.shared_rows import SharedRows, map_arrays

__all__ = ["Reports"]

Flags = npt.NDArray[np.bool_]


class Reports:
    """Batches of what finished lanes have written.

    Args:
        crew: The workers.
        rows: What is shared with them.
        single_space: The observations of one lane.
        copy: Whether each batch of observations has memory of its own.
        autoreset_mode: When a lane whose episode has ended is reset.

    Attributes:
        final_lanes: The lanes that were reported last, None for all.
        stepped: Which of them made a step of their environment.
    """

    def __init__(
        self,
        crew: Crew,
        rows: SharedRows,
        single_space: Space[Any],
        copy: bool,
        autoreset_mode: AutoresetMode,
    ) -> None:
        self._crew = crew
        self._rows = rows
        self._copy = copy
        self._batch = ObservationBatcher(single_space, fresh=copy)
        self._mode = autoreset_mode
        self._results = rows.rewards, rows.terminated, rows.truncated, rows.stepped
        self._num_lanes = len(rows.rewards)
        self._all_lanes = range(self._num_lanes)
        self.final_lanes: list[int] | None = None
        self.stepped: Flags = np.zeros(self._num_lanes, np.bool_)

    def of_reset(self, lanes: list[int]) -> tuple[Any, dict[str, Any]]:
        """Return what a reset returns: all observations, and the infos of the lanes reset."""
        self.final_lanes = None
        self.stepped = np.zeros(self._num_lanes, np.bool_)
        infos = self._take_infos(lanes)
        columns = batch_infos(infos, lanes, self._num_lanes)
        return self._observations(None), columns

    def of_step(self, lanes: list[int] | None) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Return what a step returns, for some lanes or, with None, for all."""
        if lanes is None:
            results = native.copies(self._results)
        else:
            results = tuple(array[lanes] for array in self._results)
        rewards, terminated, truncated, self.stepped = results
        self.final_lanes = lanes
        infos = self._take_infos(self._all_lanes if lanes is None else lanes)
        columns = batch_infos(infos, range(len(infos)), len(infos))
        return self._observations(lanes), rewards, terminated, truncated, columns

    def _take_infos(self, lanes: Any) -> list[dict[str, Any]]:
        """Return the infos of lanes, or, if all are empty, none."""
        infos = self._crew.infos
        return list(map(infos.pop, lanes, repeat({}))) if infos else []

    def _observations(self, lanes: list[int] | None) -> Any:
        shared = self._rows.observations
        if shared is None:
            seen = self._crew.observations
            chosen = self._all_lanes if lanes is None else lanes
            return self._batch([seen[lane][0] for lane in chosen])
        if lanes is not None:
            return map_arrays(lambda array: array[lanes], shared)
        if not self._copy:
            return shared
        return shared.copy() if type(shared) is np.ndarray else map_arrays(np.copy, shared)

    def final_observations(self) -> Any:
        """Return what the lanes that were reported last observed at the end of their steps."""
        shared, finals = self._rows.observations, self._rows.finals
        lanes = list(self._all_lanes) if self.final_lanes is None else self.final_lanes
        if shared is None:
            return self._batch.batch_anew([self._crew.observations[lane][1] for lane in lanes])
        if finals is None:
            return map_arrays(lambda array: array[lanes], shared)
        ended = (self._rows.terminated | self._rows.truncated)[lanes]

        def choose(array: Any, final: Any) -> Any:
            mask = ended.reshape(-1, *[1] * (array.ndim - 1))
            return np.where(mask, final[lanes], array[lanes])

        return _map_pairs(choose, shared, finals)

    def ended(self, lanes: list[int] | None) -> list[int]:
        """Return those of the lanes whose episodes have ended, and stay so until a reset."""
        if self._mode is not AutoresetMode.DISABLED:
            return []
        over = self._rows.terminated | self._rows.truncated
        ids: list[int] = np.flatnonzero(over).tolist()
        return ids if lanes is None else [lane for lane in lanes if over[lane]]


def _map_pairs(function: Any, left: Any, right: Any) -> Any:
    if isinstance(left, np.ndarray):
        return function(left, right)
    if isinstance(left, dict):
        return {key: _map_pairs(function, part, right[key]) for key, part in left.items()}
    return tuple(_map_pairs(function, part, other) for part, other in zip(left, right, strict=True))
