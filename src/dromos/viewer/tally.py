"""`Tally`: what each lane has earned in its episode, and how the last episodes ended."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from dromos.viewer.subject import Outcome

__all__ = ["End", "Tally"]

_ENDS_KEPT = 200


class End(NamedTuple):
    """An episode that ended.

    Attributes:
        number: Counted from 0 over all lanes.
        lane: Where.
        total: Its return.
        length: Its steps.
        how: ``"terminated"`` or ``"truncated"``.
    """

    number: int
    lane: int
    total: float
    length: int
    how: str


class Tally:
    """Returns and lengths of the episodes of n lanes.

    Attributes:
        rewards: Of the last step; float64 (n,).
        returns: So far; float64 (n,).
        lengths: Likewise; int64 (n,).
        partial: Whose first steps nobody saw, so that return and length count from when somebody
            looked; bool (n,).
        terminated: Whose episode ended with the last step; bool (n,).
        truncated: Likewise.
        ends: The last episodes that ended.
    """

    def __init__(self, lanes: int) -> None:
        self.rewards = np.zeros(lanes)
        self.returns = np.zeros(lanes)
        self.lengths = np.zeros(lanes, np.int64)
        self.partial = np.ones(lanes, np.bool_)
        self.terminated = np.zeros(lanes, np.bool_)
        self.truncated = np.zeros(lanes, np.bool_)
        self.ends: deque[End] = deque(maxlen=_ENDS_KEPT)
        self._count = 0

    @property
    def ended(self) -> npt.NDArray[np.bool_]:
        """Whose episode ended with the last step; bool (n,)."""
        return self.terminated | self.truncated

    def forget(self) -> None:
        """Begin anew: nobody saw what came before."""
        self.start(...)
        self.partial[:] = True

    def start(self, lanes: Any) -> None:
        """Note that episodes started in lanes; ``...`` for all."""
        for column in (self.rewards, self.returns, self.lengths, self.partial):
            column[lanes] = 0
        self.terminated[lanes] = self.truncated[lanes] = False

    def step(self, outcome: Outcome, fresh: Any, begun: Any, rows: Any = ...) -> None:
        """Note a step.

        Args:
            outcome: What it gave.
            fresh: Whose episode it is the first step of, or the reset before that; bool (m,).
            begun: For whom it was a reset instead; bool (m,), None for nobody.
            rows: Of which lanes, m of them; ``...`` for all.
        """
        if fresh.any():
            for column in (self.returns, self.lengths, self.partial):
                column[rows] = np.where(fresh, 0, column[rows])
        self.rewards[rows] = outcome.rewards
        if begun is None:
            self.returns[rows] += outcome.rewards
            self.lengths[rows] += 1
        else:
            self.returns[rows] += np.where(begun, 0.0, outcome.rewards)
            self.lengths[rows] += ~begun
        self.terminated[rows], self.truncated[rows] = outcome.terminated, outcome.truncated
        done = outcome.terminated | outcome.truncated
        if done.any():
            self._note_ends(np.arange(len(self.returns))[rows][done])

    def _note_ends(self, lanes: npt.NDArray[np.int64]) -> None:
        for lane in lanes[-_ENDS_KEPT:].tolist():
            how = "terminated" if self.terminated[lane] else "truncated"
            if not self.partial[lane]:
                total, length = float(self.returns[lane]), int(self.lengths[lane])
                self.ends.append(End(self._count, lane, total, length, how))
                self._count += 1

    def state(self) -> dict[str, Any]:
        """Return a copy of what `take_back` takes."""
        names = ("rewards", "returns", "lengths", "partial", "terminated", "truncated")
        return {name: getattr(self, name).copy() for name in names}

    def take_back(self, state: dict[str, Any]) -> None:
        """Go back to what `state` returned; episodes that ended since stay told."""
        for name, column in state.items():
            getattr(self, name)[:] = column

    def row(self, lane: int) -> dict[str, Any]:
        """Return what is told of a lane."""
        how = "terminated" if self.terminated[lane] else "truncated"
        return {
            "lane": lane,
            "reward": float(self.rewards[lane]),
            "return": float(self.returns[lane]),
            "length": int(self.lengths[lane]),
            "partial": bool(self.partial[lane]),
            "ended": how if self.ended[lane] else None,
        }
