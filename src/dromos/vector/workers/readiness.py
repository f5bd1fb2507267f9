"""Which lanes can be stepped, known before any of them moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dromos.vector.autoreset import idle_error, unknown_error

__all__ = ["Readiness"]


class Readiness:
    """What the vector knows of its lanes without asking the workers.

    Args:
        num_lanes: The number of lanes.

    Attributes:
        idle: The lanes that have no episode to step in.
        ended: Those of them whose episode has ended with autoreset disabled.
    """

    def __init__(self, num_lanes: int) -> None:
        self.idle = set(range(num_lanes))
        self.ended: set[int] = set()
        self._unknown = set(range(num_lanes))

    @property
    def all_observed(self) -> bool:
        """Whether every lane has an observation."""
        return not self._unknown

    def start(self, lanes: Iterable[int]) -> None:
        """Note that lanes have begun an episode."""
        self._unknown.difference_update(lanes)
        self.idle.difference_update(lanes)
        self.ended.difference_update(lanes)

    def end(self, lanes: Iterable[int]) -> None:
        """Note that the episodes of lanes have ended, and that nobody resets them."""
        self.idle.update(lanes)
        self.ended.update(lanes)

    def interrupt(self, lanes: Iterable[int]) -> None:
        """Note that nobody was told of what lanes last did, so that they have to be reset."""
        self.idle.update(lanes)

    def resume(self, lane: int, episode: dict[str, Any]) -> None:
        """Note the state of a lane's episode that was restored."""
        if episode["observed"]:
            self._unknown.discard(lane)
        else:
            self._unknown.add(lane)
        idle = episode["needs_reset"]
        (self.idle.add if idle else self.idle.discard)(lane)
        over = idle and (episode["terminated"] or episode["truncated"])
        (self.ended.add if over else self.ended.discard)(lane)

    def refuse_idle(self, lanes: Iterable[int]) -> None:
        """Raise unless each of the lanes can be stepped.

        Raises:
            EpisodeEnded: If a lane's episode has ended and autoreset is disabled.
            ResetNeeded: If a lane has had no reset, or none since an exception interrupted it.
        """
        if self.idle and (idle := sorted(self.idle.intersection(lanes))):
            raise idle_error(idle, sorted(self.ended.intersection(idle)))

    def refuse_unknown(self, reset: Iterable[int]) -> None:
        """Raise unless every lane that is not about to be reset has an observation.

        Raises:
            ResetNeeded: If one has none.
        """
        if unknown := self._unknown.difference(reset):
            raise unknown_error(sorted(unknown))
