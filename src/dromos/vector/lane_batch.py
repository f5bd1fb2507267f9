"""The observations and rewards of several lanes put into batches."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Space
from dromos.vector.autoreset import EPISODES, Episode
from dromos.vector.lane_spaces import batches_to_arrays
from dromos.vector.utils.space_utils import concatenate, create_empty_array

__all__ = ["ObservationBatcher", "batch_rewards", "write_results"]

Array = np.ndarray[Any, np.dtype[Any]]


class ObservationBatcher:
    """Makes one batch of the observations of several lanes."""

    def __init__(self, single_space: Space[Any], *, fresh: bool) -> None:
        """Choose where batches go.

        Args:
            single_space: The observations of one lane.
            fresh: Whether each batch gets memory of its own; otherwise batches of one size share
                a buffer.
        """
        self._single_space = single_space
        self._fresh = fresh
        self._all_arrays = batches_to_arrays(single_space)
        self._buffers: dict[int, Any] = {}

    def __call__(self, rows: list[Any]) -> Any:
        """Return the batch of `rows`; an error because one does not fit says which."""
        if self._fresh:
            return self.batch_anew(rows)
        if len(rows) not in self._buffers:
            self._buffers[len(rows)] = create_empty_array(self._single_space, len(rows))
        return self._concatenated(rows, self._buffers[len(rows)])

    def batch_anew(self, rows: list[Any]) -> Any:
        """Return the batch of `rows` in memory of its own."""
        batch = self._concatenated(rows, create_empty_array(self._single_space, len(rows)))
        return batch if self._all_arrays else copy.deepcopy(batch)

    def _concatenated(self, rows: list[Any], out: Any) -> Any:
        try:
            return concatenate(self._single_space, rows, out)
        except Exception as error:
            misfits = [row for row, obs in enumerate(rows) if obs not in self._single_space]
            if hasattr(error, "add_note"):
                error.add_note(
                    f"The observations in rows {misfits} do not fit {self._single_space}."
                )
            raise


def write_results(
    episodes: list[Episode],
    rewards: Array,
    terminated: Array,
    truncated: Array,
    stepped: Array,
    rows: list[int] | None = None,
) -> None:
    """Write what lanes report besides observations and infos.

    Args:
        episodes: Those of the lanes.
        rewards: float64 (n,); changed in place.
        terminated: bool (n,); changed in place.
        truncated: bool (n,); changed in place.
        stepped: bool (n,), whether the environment made a step, not a reset; changed in place.
        rows: The row of each lane, None for all n in their order.

    Raises:
        TypeError: If a reward is not a number.
    """
    if not EPISODES.write(episodes, rewards, terminated, truncated, stepped, rows):
        chosen = slice(None) if rows is None else rows
        rewards[chosen] = batch_rewards([episode.reward for episode in episodes])


def batch_rewards(rewards: list[Any]) -> npt.NDArray[np.float64]:
    """Return the rewards of several lanes as float64 (n,).

    Raises:
        TypeError: If a reward is not a number.
    """
    try:
        batch = np.array(rewards)
        if batch.ndim == 1 and batch.dtype.kind in "fiub":
            return batch.astype(np.float64, copy=False)
    except ValueError:  # rewards of several shapes
        pass
    return np.array([_as_float(row, reward) for row, reward in enumerate(rewards)])


def _as_float(row: int, reward: Any) -> float:
    try:
        if np.ndim(reward) == 0:
            return float(reward)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"Expected the reward in row {row} to be a number, got {reward!r}")
