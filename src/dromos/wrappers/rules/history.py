"""The last observations of every lane, and how far each lane is in its episode."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.wrappers.rules.memory import Begun, Memory
from dromos.wrappers.rules.trees import Lanes, copy_tree, put_rows, take_rows

__all__ = ["History"]


class History(Memory):
    """The batches of observations of the last steps, the newest last.

    No array in it is written to once it is there, so that views of the history may keep arrays
    without copying them. A lane that began an episode `ages` steps ago has no older observations:
    what the batches hold for it is of the episode before.

    Attributes:
        batches: At most `length` batches, oldest first.
        ages: The number of steps of each lane since its reset; int64 of the batch shape.
    """

    def __init__(self, length: int, batch_shape: tuple[int, ...]) -> None:
        """Make an empty history.

        Args:
            length: How many batches to keep.
            batch_shape: () for a single environment, (n,) for n lanes.
        """
        self.batches: deque[Any] = deque(maxlen=length)
        self.ages: npt.NDArray[np.int64] = np.zeros(batch_shape, np.int64)

    def begin(self, observations: Any, lanes: Lanes = ...) -> None:
        """Take the first observations of episodes.

        Args:
            observations: One row for each of these lanes.
            lanes: The lanes whose episodes begin; ``...`` for all.
        """
        self.ages[lanes] = 0
        if lanes is ... or not self.batches:
            self.batches.append(copy_tree(observations))
            return
        newest = copy_tree(self.batches.pop())
        put_rows(newest, lanes, observations)
        self.batches.append(newest)

    def advance(self, observations: Any, lanes: Lanes = ..., begun: Begun = None) -> None:
        """Take the observations of a step.

        Args:
            observations: One row for each of these lanes.
            lanes: The lanes that made a step; ``...`` for all.
            begun: Which rows are the first of an episode instead; bool (k,). None for none.
        """
        self.ages[lanes] += 1
        if begun is not None:
            self.ages[begun if lanes is ... else lanes[begun]] = 0
        if lanes is ...:
            self.batches.append(copy_tree(observations))
        else:
            self._advance_some(observations, lanes)

    def _advance_some(self, observations: Any, lanes: Lanes) -> None:
        """Move the rows of some lanes one batch on; the others stay where they are."""
        moved: deque[Any] = deque(maxlen=self.batches.maxlen)
        if len(self.batches) < (self.batches.maxlen or 0):
            moved.append(self.batches[0])
        for older, newer in zip(self.batches, list(self.batches)[1:], strict=False):
            moved.append(_with_rows(older, lanes, take_rows(newer, lanes)))
        moved.append(_with_rows(self.batches[-1], lanes, observations))
        self.batches = moved


def _with_rows(batch: Any, lanes: Lanes, rows: Any) -> Any:
    changed = copy_tree(batch)
    put_rows(changed, lanes, rows)
    return changed
