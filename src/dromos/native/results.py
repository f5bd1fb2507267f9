"""Results of lanes that wait to be received, in the order in which the lanes finished."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos.error import AlreadyPendingCallError, NoAsyncCallError
from dromos.native.rows import take

__all__ = ["Results", "Waiting"]


class Results(NamedTuple):
    """What some lanes report, one row a lane.

    Attributes:
        lanes: int64 (rows,).
        arrays: Observations (an array or a tuple of arrays), rewards, terminated, truncated, final
            observations, valid transitions, infos and, under SAME_STEP, what infos say besides
            where episodes ended (dicts of arrays); each (rows, ...).
    """

    lanes: NDArray[np.int64]
    arrays: tuple[Any, ...]

    def rows(self, chosen: slice) -> Results:
        """Return some of the rows."""
        return Results(self.lanes[chosen], take(self.arrays, chosen))


class Waiting:
    """A queue of results; a lane is in it at most once."""

    def __init__(self, batch_size: int) -> None:
        self.batch_size = batch_size
        self._queue: deque[Results] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def lanes(self) -> list[int]:
        """Return the lanes in the order in which they will be received."""
        return [int(lane) for results in self._queue for lane in results.lanes]

    def refuse(self, lanes: NDArray[np.int64]) -> None:
        """Raise if one of these lanes waits.

        Raises:
            AlreadyPendingCallError: If one does.
        """
        if self._count and (busy := sorted(set(lanes.tolist()).intersection(self.lanes()))):
            raise AlreadyPendingCallError(
                f"Cannot step lanes {busy} before their last results have been taken; call "
                "`recv()` first, or drop the results with `reset()`.",
                "send",
            )

    def put(self, results: Results) -> None:
        """Let results wait."""
        self._queue.append(results)
        self._count += len(results.lanes)

    def drop(self, lanes: NDArray[np.int64]) -> None:
        """Forget the results of these lanes."""
        if not self._count:
            return
        kept: deque[Results] = deque()
        for results in self._queue:
            for row in np.flatnonzero(~np.isin(results.lanes, lanes)).tolist():
                kept.append(results.rows(slice(row, row + 1)))
        self._queue = kept
        self._count = len(kept)

    def take(self) -> Results:
        """Remove and return the first `batch_size` rows.

        Raises:
            NoAsyncCallError: If fewer wait.
        """
        if self._count < self.batch_size:
            raise NoAsyncCallError(
                f"Cannot receive {self.batch_size} lanes: the results of {self._count} are "
                "pending; call `send()` or `async_reset()` first.",
                "recv",
            )
        taken: list[Results] = []
        missing = self.batch_size
        while missing:
            results = self._queue.popleft()
            if len(results.lanes) > missing:
                self._queue.appendleft(results.rows(slice(missing, None)))
                results = results.rows(slice(missing))
            taken.append(results)
            missing -= len(results.lanes)
        self._count -= self.batch_size
        if len(taken) == 1:
            return taken[0]
        return Results(
            np.concatenate([results.lanes for results in taken]),
            _join([results.arrays for results in taken]),
        )


def _join(parts: list[Any]) -> Any:
    if isinstance(parts[0], tuple):
        return tuple(_join(list(column)) for column in zip(*parts, strict=True))
    if isinstance(parts[0], dict):
        return {name: _join([part[name] for part in parts]) for name in parts[0]}
    return np.concatenate(parts)
