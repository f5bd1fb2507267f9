"""What the lanes of actors last reported, kept in the vector's process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dromos.vector.env_lanes import join_rewards
from dromos.vector.infos import split_infos
from dromos.vector.lane_spaces import LaneSpaces, ObservationBatcher, batches_to_arrays
from dromos.vector.lanes import finals_where, map_arrays, rows_in
from dromos.vector.ray.group import Moved
from dromos.vector.ray.runs import Ran
from dromos.vector.utils.space_utils import batch_space, create_empty_array, iterate

__all__ = ["ReportRows"]


class ReportRows:
    """One row a lane.

    Args:
        spaces: The spaces of one lane and of all.
        num_lanes: The number of lanes, n.
        copy: Whether each batch of observations of all lanes has memory of its own.
        finals: Whether episodes are replaced in the step that ends them.

    Attributes:
        terminated, truncated: bool (n,).
    """

    def __init__(self, spaces: LaneSpaces, num_lanes: int, copy: bool, finals: bool) -> None:
        self._space = spaces.observation[0]
        self._copy = copy
        self._all = list(range(num_lanes))
        self._arrays = create_empty_array(self._space, num_lanes)
        self._finals = create_empty_array(self._space, num_lanes) if finals else None
        self._has_arrays = batches_to_arrays(self._space)
        self._seen: list[Any] = [None] * num_lanes  # elements that are no arrays
        self._seen_last: list[Any] = [None] * num_lanes
        self._batch = ObservationBatcher(self._space, fresh=copy)
        self._rewards = np.zeros(num_lanes)
        self._reward_arrays: list[Any] = [None] * num_lanes
        self._reward_shape: tuple[int, ...] | None = None
        self._infos: list[dict[str, Any]] = [{} for _ in self._all]
        self._have_infos = False
        self.terminated, self.truncated = np.zeros((2, num_lanes), np.bool_)

    def write(self, first: int, moved: Moved) -> list[int]:
        """Take over what lanes of a group report.

        Args:
            first: The vector's index of the group's first lane.
            moved: The report.

        Returns:
            The lanes that report.
        """
        if moved.result is None:
            return []
        lanes = [first + lane for lane in moved.lanes]
        observations, rewards, terminated, truncated, infos = moved.result
        place = _place(lanes)
        self.terminated[place], self.truncated[place] = terminated, truncated
        self._write_rewards(lanes, rewards)
        self._write_observations(lanes, place, observations)
        if moved.ended:
            self._write_finals([first + lane for lane in moved.ended], moved.finals)
        if infos or self._have_infos:
            self._have_infos = True
            for lane, info in zip(lanes, split_infos(infos, len(lanes)), strict=True):
                self._infos[lane] = info
        return lanes

    @property
    def are_odd(self) -> bool:
        """Whether rewards were several numbers."""
        return self._reward_shape is not None

    def write_run(self, lanes: list[int], run: Ran) -> None:
        """Take over what the lanes of a group report last in a run that was told whole."""
        last, place = run.steps - 1, _place(lanes)
        rewards, terminated, truncated, _ = (column[last] for column in run.results)
        self._rewards[place] = rewards
        self.terminated[place], self.truncated[place] = terminated, truncated
        self._write_observations(lanes, place, map_arrays(lambda a: a[last], run.observations))
        if self._finals is not None:  # of those that did not end, nobody looks at them
            seen = map_arrays(lambda array: array[last], run.finals)
            map_arrays(lambda rows, own: rows.__setitem__(place, own), self._finals, seen)
        self.forget_infos(lanes)

    def _write_observations(self, lanes: list[int], place: Any, batch: Any) -> None:
        if self._has_arrays:
            map_arrays(lambda rows, seen: rows.__setitem__(place, seen), self._arrays, batch)
            return
        elements = iterate(batch_space(self._space, len(lanes)), batch)
        for lane, element in zip(lanes, elements, strict=True):
            self._seen[lane] = self._seen_last[lane] = element

    def _write_finals(self, lanes: list[int], batch: Any) -> None:
        if self._has_arrays:
            map_arrays(lambda rows, seen: rows.__setitem__(lanes, seen), self._finals, batch)
            return
        elements = iterate(batch_space(self._space, len(lanes)), batch)
        for lane, element in zip(lanes, elements, strict=True):
            self._seen_last[lane] = element

    def _write_rewards(self, lanes: list[int], rewards: Any) -> None:
        if rewards.ndim == 1:
            self._rewards[lanes] = rewards
            if self._reward_shape is not None:
                for lane in lanes:
                    self._reward_arrays[lane] = None
            return
        self._reward_shape = rewards.shape[1:]
        for lane, row in zip(lanes, rewards, strict=True):
            self._reward_arrays[lane] = row.copy()

    def rewards(self, lanes: Sequence[int] | None, restarted: Any) -> Any:
        """Return the rewards of lanes; float64 (m,), or (m, ...) where they are several numbers.

        Args:
            lanes: The lanes, None for all.
            restarted: Which lanes were reset instead; bool (n,).

        Raises:
            TypeError: If lanes have rewards of different shapes.
        """
        chosen = self._all if lanes is None else lanes
        numbers = self._rewards[list(chosen)]
        if self._reward_shape is None:
            return numbers
        arrays = [self._reward_arrays[lane] for lane in chosen]
        reset = np.asarray(restarted)[list(chosen)]
        return join_rewards(numbers, arrays, reset, chosen, self._reward_shape)

    def observations(self, lanes: list[int] | None) -> Any:
        """Return what lanes show, batched; of all, in the one shared batch if so made."""
        if not self._has_arrays:
            chosen = self._all if lanes is None else lanes
            return self._batch([self._seen[lane] for lane in chosen])
        if lanes is not None:
            return rows_in(self._arrays, lanes)
        return map_arrays(np.copy, self._arrays) if self._copy else self._arrays

    def final(self, lanes: list[int] | None) -> Any:
        """Return what lanes observed at the end of their last step, before any reset."""
        chosen = self._all if lanes is None else lanes
        if not self._has_arrays:
            return self._batch.batch_anew([self._seen_last[lane] for lane in chosen])
        if self._finals is None:
            return rows_in(self._arrays, chosen)
        ended = (self.terminated | self.truncated)[chosen]
        seen, finals = rows_in(self._arrays, chosen), rows_in(self._finals, chosen)
        return finals_where(ended, seen, finals)

    def infos(self, lanes: Sequence[int]) -> list[dict[str, Any]]:
        """Return the infos of lanes; none if no lane has any."""
        return [self._infos[lane] for lane in lanes] if self._have_infos else []

    def forget_infos(self, lanes: Sequence[int]) -> None:
        """Drop infos that have been told."""
        if self._have_infos:
            for lane in lanes:
                self._infos[lane] = {}


def _place(lanes: list[int]) -> Any:
    """Return what chooses rows: a slice where they lie side by side."""
    if lanes[-1] - lanes[0] == len(lanes) - 1:
        return slice(lanes[0], lanes[-1] + 1)
    return lanes
