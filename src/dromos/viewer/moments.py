"""`Moments`: states along an episode to which one can go back, a bounded number of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from dromos.error import Error

if TYPE_CHECKING:
    from dromos.snapshot import Snapshot

__all__ = ["Moment", "Moments"]

_MOST = 60
_FIRST_GAP = 5  # steps between two that are taken by themselves, until there are too many
_SHARE = 0.05  # of the time is spent on taking them, at most


class Moment(NamedTuple):
    """A state, and what was told of it.

    Attributes:
        number: Names it.
        step: Of the episode, counted from 0 for the reset.
        by_hand: Whether somebody asked for it; those stay until the episode is over.
        snapshot: The state.
        told: What the run told then.
    """

    number: int
    step: int
    by_hand: bool
    snapshot: Snapshot
    told: Any


class Moments:
    """The moments of an episode, in the order of its steps.

    Attributes:
        kept: They.
    """

    def __init__(self) -> None:
        self.kept: list[Moment] = []
        self._next = 1
        self._gap = _FIRST_GAP
        self._not_before = 0.0

    def clear(self) -> None:
        """Begin an episode."""
        self.kept.clear()
        self._gap = _FIRST_GAP

    def are_due(self, step: int) -> bool:
        """Return whether one should be taken at a step, and whether there is time for it."""
        if step % self._gap or (self.kept and self.kept[-1].step >= step):
            return False
        return time.perf_counter() >= self._not_before

    def took(self, seconds: float) -> None:
        """Note how long one took."""
        self._not_before = time.perf_counter() + seconds / _SHARE

    def add(self, step: int, by_hand: bool, snapshot: Snapshot, told: Any) -> Moment:
        """Keep a moment; where there are too many, every second one goes."""
        moment = Moment(self._next, step, by_hand, snapshot, told)
        self._next += 1
        self.kept.append(moment)
        if len(self.kept) > _MOST:
            self._gap *= 2
            self.kept = [
                one
                for one in self.kept
                if one.by_hand or one.step % self._gap == 0 or one is moment
            ][-_MOST:]
        return moment

    def find(self, number: int) -> Moment:
        """Return a moment by its number.

        Raises:
            Error: If it is gone.
        """
        for moment in self.kept:
            if moment.number == number:
                return moment
        raise Error(
            f"back: there is no snapshot {number} of this episode any more; pause, and pick another"
        )

    def forget_after(self, step: int) -> None:
        """Drop those behind a step: the episode goes on differently."""
        while self.kept and self.kept[-1].step > step:
            self.kept.pop()

    def fork(self) -> Moments:
        """Return a copy that goes on by itself."""
        twin = Moments()
        twin.kept, twin._next, twin._gap = list(self.kept), self._next, self._gap
        return twin
