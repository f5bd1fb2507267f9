"""The episodes in a rollout, by lane and end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dromos.rollout.arrays import Array, map_arrays

if TYPE_CHECKING:
    from dromos.rollout.value import Rollout

__all__ = ["Episode", "episodes_of"]

Flags = npt.NDArray[np.bool_]


class Episode(NamedTuple):
    """The steps of one episode in one lane, or those of them that were recorded; L of them.

    Attributes:
        lane: The lane.
        first: At which step of the rollout the first of them was made.
        observations: (L + 1, ...) in the structure of the observations; the last is the final one.
            Of futures (L, ...): the first is missing.
        actions: (L, ...) in the structure of the actions.
        rewards: float64 (L,).
        terminated: bool (L,); only the last can be True.
        truncated: bool (L,); likewise.
        infos: The infos that were asked for, (L, ...) each.
    """

    lane: int
    first: int
    observations: Any
    actions: Any
    rewards: Array
    terminated: Flags
    truncated: Flags
    infos: dict[str, Any]

    @property
    def ended(self) -> bool:
        """Whether the episode ended in the last of these steps; it may go on otherwise."""
        return bool(self.terminated[-1] or self.truncated[-1])


def episodes_of(rollout: Rollout) -> Iterator[Episode]:
    """Yield the episodes of a rollout (see `Rollout.episodes`)."""
    for lane in range(rollout.num_lanes):
        part = _Lane(rollout, lane)
        ended = part.terminated | part.truncated
        # An episode is broken off by its end, and by a step that was a reset instead.
        first = 0
        for step in range(rollout.num_steps):
            if not part.valid[step]:
                if step > first:
                    yield part.episode(first, step)
                first = step + 1
            elif ended[step]:
                yield part.episode(first, step + 1)
                first = step + 1
        if first < rollout.num_steps:
            yield part.episode(first, rollout.num_steps)


class _Lane:
    """One lane of a rollout, the time in front."""

    def __init__(self, rollout: Rollout, lane: int) -> None:
        def own(array: Array) -> Array:
            return array[:, lane] if rollout.time_axis == 0 else array[lane]

        self.lane = lane
        self.observations = map_arrays(own, rollout.observations)
        self.finals = map_arrays(own, rollout.final_observations)
        self.has_own_finals = rollout.has_own_finals
        self.is_whole = rollout.time_axis == 0
        self.actions = map_arrays(own, rollout.actions)
        self.infos = map_arrays(own, rollout.infos)
        self.rewards = own(rollout.rewards)
        self.terminated, self.truncated = own(rollout.terminated), own(rollout.truncated)
        self.valid = own(rollout.valid_transition)

    def episode(self, first: int, last: int) -> Episode:
        """Return the steps [first, last) as an episode."""

        def part(array: Array) -> Array:
            return array[first:last]

        end = last + self.is_whole
        observations = map_arrays(lambda array: array[first:end], self.observations)
        if self.has_own_finals:

            def with_final(array: Array, finals: Array) -> Array:
                whole = array.copy()
                whole[-1] = finals[last - 1]
                return whole

            observations = map_arrays(with_final, observations, self.finals)
        return Episode(
            self.lane,
            first,
            observations,
            map_arrays(part, self.actions),
            part(self.rewards),
            part(self.terminated),
            part(self.truncated),
            map_arrays(part, self.infos),
        )
