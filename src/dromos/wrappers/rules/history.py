"""The last observations of every lane, and how far each lane is in its episode."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.snapshot import StatePart, Writes, at, rules
from dromos.wrappers.rules.rule import Begun
from dromos.wrappers.rules.trees import Lanes, copy_tree, lanes_of, map_tree, put_rows, take_rows

__all__ = ["History"]


class History(StatePart):
    """The batches of observations of the last steps, the newest last.

    No array in it is written to once it is there, so that views of the history may keep arrays
    without copying them. A lane that began an episode `ages` steps ago has no older observations:
    what the batches hold for it is of the episode before.

    Attributes:
        batches: At most `length` batches, oldest first.
        ages: The number of steps of each lane since its reset; int64 of the batch shape.
    """

    snapshot_fields = {"ages": rules.LaneArray(low=0)}  # noqa: RUF012

    def __init__(self, length: int, batch_shape: tuple[int, ...], template: Any) -> None:
        """Make an empty history.

        Args:
            length: How many batches to keep.
            batch_shape: () for a single environment, (n,) for n lanes.
            template: A batch of one row.
        """
        self._template = template
        self.batches: deque[Any] = deque(maxlen=length)
        self.ages: npt.NDArray[np.int64] = np.zeros(batch_shape, np.int64)

    def snapshot_state(self, lanes: Any = None) -> dict[str, Any]:
        """Return the ages and the batches; of some lanes, their rows."""
        batches = self.batches if lanes is None else [take_rows(b, lanes) for b in self.batches]
        return {**super().snapshot_state(lanes), "batches": list(batches)}

    def judge_state(self, state: dict[str, Any], lanes: Any = None) -> Writes:
        """Return what puts observations of the right shape and dtype into the history."""
        batches = state.pop("batches", None)
        writes = super().judge_state(state, lanes)
        with at(".batches"):
            if type(batches) is not list or len(batches) > (self.batches.maxlen or 0):
                raise rules.expected(f"at most {self.batches.maxlen} batches", batches)
            lead = self.ages.shape
            if lanes is not None:
                lead = (1 if len(state["ages"]) == 1 else len(lanes),)
            for batch in batches:
                map_tree(lambda row, leaf: _check_leaf(leaf, row, lead), self._template, batch)
        put = self._put if lanes is None else self._put_lanes
        return [*writes, lambda: put(batches, lanes)]

    def _put(self, batches: list[Any], _: Any) -> None:
        self.batches = deque(batches, self.batches.maxlen)

    def _put_lanes(self, batches: list[Any], lanes: Any) -> None:
        """Put rows of some lanes into the newest batches; what is older than a lane is not seen."""
        mine = [copy_tree(batch) for batch in self.batches]
        while len(mine) < len(batches):
            mine.insert(0, copy_tree(mine[0] if mine else _rows_for(batches[0], len(self.ages))))
        for batch, rows in zip(mine[len(mine) - len(batches) :], batches, strict=True):
            put_rows(batch, lanes, rows)
        self.batches = deque(mine, self.batches.maxlen)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observations of episodes.

        Args:
            observations: One row for each of these lanes.
            lanes: The lanes whose episodes begin; ``...`` for all.
        """
        taken = _taken(observations)
        self.ages[lanes] = 0
        if lanes is ... or not self.batches:
            self.batches.append(taken)
            return
        newest = copy_tree(self.batches.pop())
        put_rows(newest, lanes, taken)
        self.batches.append(newest)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observations of a step.

        Args:
            observations: One row for each of these lanes.
            lanes: The lanes that made a step; ``...`` for all.
            begun: Which rows are the first of an episode instead; bool (k,). None for none.
        """
        taken = _taken(observations)
        self.ages[lanes] += 1
        if begun is not None:
            self.ages[lanes_of(begun, lanes)] = 0
        if lanes is ...:
            self.batches.append(taken)
        else:
            self._advance_some(taken, lanes)

    def _advance_some(self, observations: Any, lanes: Lanes) -> None:
        """Move the rows of some lanes one batch on; the others stay where they are."""
        moved: deque[Any] = deque(maxlen=self.batches.maxlen)
        if len(self.batches) < (self.batches.maxlen or 0):
            moved.append(self.batches[0])
        for older, newer in zip(self.batches, list(self.batches)[1:], strict=False):
            moved.append(_with_rows(older, lanes, take_rows(newer, lanes)))
        moved.append(_with_rows(self.batches[-1], lanes, observations))
        self.batches = moved


def _taken(observations: Any) -> Any:
    """Return a copy of observations, which are arrays, or dicts and tuples of them.

    Raises:
        TypeError: If they are not.
    """
    taken = copy_tree(observations)
    if type(taken) is not np.ndarray:
        map_tree(_require_array, taken)
    return taken


def _require_array(leaf: Any) -> None:
    if not isinstance(leaf, np.ndarray):
        raise TypeError(f"Expected an observation that is an array, got {leaf!r:.200}")


def _check_leaf(leaf: Any, row: npt.NDArray[Any], lead: tuple[int, ...]) -> None:
    rules.Array(finite=False).checked(leaf, row.dtype, (*lead, *row.shape[1:]))


def _rows_for(rows: Any, lanes: int) -> Any:
    return map_tree(lambda leaf: np.zeros((lanes, *leaf.shape[1:]), leaf.dtype), rows)


def _with_rows(batch: Any, lanes: Lanes, rows: Any) -> Any:
    changed = copy_tree(batch)
    put_rows(changed, lanes, rows)
    return changed
