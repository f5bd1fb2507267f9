"""Lanes that have finished a call and wait, in order, for their results to be received."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dromos.arguments import whole
from dromos.error import AlreadyPendingCallError, NoAsyncCallError, SnapshotError
from dromos.plain.kinds import PlainList

__all__ = [
    "LaneIds",
    "LaneQueue",
    "all_lane_ids",
    "checked_batch_size",
    "checked_lane_ids",
    "rows_of_lanes",
    "target_lanes",
]

#: Lane indices: a sequence or a one-dimensional array of integers.
LaneIds: TypeAlias = "Sequence[int] | npt.NDArray[np.integer[Any]]"


@lru_cache(4)
def all_lane_ids(num_envs: int) -> PlainList:
    """Return all lanes of a vector, in order: always the same list, which nobody changes."""
    return PlainList(range(num_envs))


@lru_cache(4)
def _all_rows(num_envs: int) -> npt.NDArray[np.int64]:
    rows = np.arange(num_envs, dtype=np.int64)
    rows.flags.writeable = False
    return rows


def rows_of_lanes(lanes: list[int]) -> npt.NDArray[np.int64]:
    """Return lanes as an array to index with, which nobody changes; int64 (m,)."""
    is_all = type(lanes) is PlainList and lanes is all_lane_ids(len(lanes))
    return _all_rows(len(lanes)) if is_all else np.array(lanes, np.int64)


def checked_lane_ids(lane_ids: LaneIds | None, num_envs: int) -> list[int]:
    """Return lane indices as a list of ints; all lanes for None.

    Raises:
        TypeError: If the indices are not integers.
        IndexError: If an index is not in ``[0, num_envs)``.
        ValueError: If an index is given twice or none is given.
    """
    if lane_ids is None:
        return list(range(num_envs))
    given = np.asarray(lane_ids)
    if given.size == 0:
        raise ValueError("Expected at least one lane, got none")
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise TypeError(
            f"Lanes must be a list or 1-d array of integers, got {lane_ids!r}; a mask becomes one "
            "with `np.flatnonzero(mask)`"
        )
    ids: list[int] = given.tolist()
    if outside := [lane for lane in ids if not 0 <= lane < num_envs]:
        raise IndexError(f"Lanes go from 0 to {num_envs - 1}, got {outside}")
    if len(set(ids)) != len(ids):
        raise ValueError(f"Expected each lane at most once, got {ids}")
    return ids


def target_lanes(sources: Any, lanes: LaneIds | None, num_envs: int) -> list[int]:
    """Return the lanes that states of the lanes `sources` go into, in a list nobody changes.

    Raises:
        SnapshotError: If there are not as many, or not in a vector of `num_envs` lanes.
    """
    if not isinstance(sources, list) or not set(map(type, sources)) <= {int}:
        raise SnapshotError("lanes: expected a list of integers")
    if lanes is None and sources == all_lane_ids(num_envs):
        return all_lane_ids(num_envs)
    if not sources or len(set(sources)) != len(sources) or sorted(sources)[0] < 0:
        raise SnapshotError("lanes: expected each lane at most once, and at least one")
    targets = sources if lanes is None else checked_lane_ids(lanes, num_envs)
    if len(targets) != len(sources) != 1:
        raise SnapshotError(
            f"The snapshot holds {len(sources)} lanes {sources}, which cannot go into "
            f"{len(targets)} lanes {targets}; name as many lanes, or take a snapshot of one."
        )
    if sorted(targets)[-1] >= num_envs:
        raise SnapshotError(
            f"The snapshot holds lanes {sources}, but the vector has only {num_envs} lanes; say "
            "with `lanes` where they go."
        )
    return targets


def checked_batch_size(batch_size: int | None, num_envs: int) -> int:
    """Return how many lanes are received at a time; all for None.

    Raises:
        TypeError: If it is no integer.
        ValueError: If there are not as many lanes.
    """
    return num_envs if batch_size is None else whole("batch_size", batch_size, most=num_envs)


class LaneQueue:
    """The lanes whose results have not been received, the one that finished first in front.

    A lane is in it at most once: nobody may send it on before its result is received.
    """

    def __init__(self, batch_size: int) -> None:
        """Make an empty queue.

        Args:
            batch_size: How many lanes are received at a time.
        """
        self.batch_size = batch_size
        self.finished: deque[int] = deque()

    def append(self, lane_ids: Iterable[int]) -> None:
        """Let lanes wait for being received."""
        self.finished.extend(lane_ids)

    def discard(self, lane_ids: Iterable[int]) -> None:
        """Drop lanes, whether they wait or not."""
        if not self.finished:
            return
        dropped = set(lane_ids)
        self.finished = deque(lane for lane in self.finished if lane not in dropped)

    def refuse_waiting(self, lane_ids: Iterable[int]) -> None:
        """Raise if one of these lanes waits.

        Raises:
            AlreadyPendingCallError: If one does.
        """
        if self.finished and (busy := sorted(set(lane_ids).intersection(self.finished))):
            raise AlreadyPendingCallError(
                f"Cannot step lanes {busy} before their last results have been taken; call "
                "`recv()` first, or drop the results with `reset()`.",
                "send",
            )

    def refuse_moving(self, moving: Collection[int], lane_ids: Iterable[int]) -> None:
        """Raise if one of these lanes is among those that move.

        Raises:
            AlreadyPendingCallError: If one is.
        """
        if moving and (busy := sorted(set(lane_ids).intersection(moving))):
            raise AlreadyPendingCallError(
                f"Cannot step lanes {busy}, which are still moving; call `recv()` first.", "send"
            )

    def take(self) -> list[int]:
        """Remove and return the first `batch_size` lanes.

        Raises:
            NoAsyncCallError: If fewer wait.
        """
        if len(self.finished) < self.batch_size:
            raise NoAsyncCallError(
                f"Cannot receive {self.batch_size} lanes: the results of "
                f"{len(self.finished)} are pending; call `send()` or `async_reset()` first.",
                "recv",
            )
        return [self.finished.popleft() for _ in range(self.batch_size)]
