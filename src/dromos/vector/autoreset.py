"""When a lane starts an episode, ends it, starts anew, and which calls it then takes.

What a step does when the previous step ended the episode, or this one does:

    ============  =================================  ====================================
    mode          the step that ends the episode     the step after it
    ============  =================================  ====================================
    NEXT_STEP     reports the final observation      ignores its action, resets, reports
                                                     the reset observation, reward 0
    SAME_STEP     resets, reports the reset          an ordinary step
                  observation; the final one is in
                  the info as ``final_obs``
    DISABLED      reports the final observation      is refused until the lane is reset
    ============  =================================  ====================================

The rules themselves are ``cpp/include/dromos/episodes.hpp``, over arrays of one element a lane.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np

from dromos._core import batch as core
from dromos._core.batch import NO_LIMIT
from dromos._core.episodes import Episodes
from dromos.error import ResetNeeded
from dromos.homes import adopt
from dromos.snapshot import Writes, at, require_names, rules

__all__ = [
    "ENDED",
    "INTERRUPTED",
    "RUNNING",
    "UNSET",
    "AutoresetMode",
    "EpisodeEnded",
    "Writes",
    "judge_episodes",
    "make_episodes",
    "part_of_episodes",
    "read_episodes",
    "refuse_idle",
    "refuse_unset",
]

#: The status of a lane: never reset; in an episode; after its end; or broken off by an exception,
#: so that nobody was told of what it last did.
UNSET, RUNNING, ENDED, INTERRUPTED = range(4)

#: What a lane's episode consists of, and the least and greatest value of each.
_RULES = {
    "elapsed": rules.LaneArray(low=0, high=NO_LIMIT - 1),
    "limit": rules.LaneArray(low=1, high=NO_LIMIT),
    "restarted": rules.LaneArray(low=0, high=1),
    "status": rules.LaneArray(low=UNSET, high=INTERRUPTED),
}

_REMEDY = "reset them with `reset(options={'reset_mask': mask})`, or all lanes with `reset()`"


@adopt
class AutoresetMode(Enum):
    """When a vector resets a sub-environment whose episode has ended."""

    __module__ = "dromos.vector.vector_env"  # the public path

    NEXT_STEP = "NextStep"
    SAME_STEP = "SameStep"
    DISABLED = "Disabled"

    @property
    def native(self) -> core.Autoreset:
        """The mode as the core names it."""
        return core.Autoreset[self.name]


class EpisodeEnded(ResetNeeded, AssertionError):
    """A lane whose episode has ended was stepped although autoreset is disabled.

    It is an `AssertionError` too because that is what Gymnasium's clients catch.
    """


def make_episodes(
    num_lanes: int, mode: AutoresetMode, place: Callable[[Any, Any], Any] = np.zeros
) -> Episodes:
    """Return the episodes of lanes that were never reset and have no limit.

    Args:
        num_lanes: The number of lanes.
        mode: When a lane whose episode has ended is reset.
        place: Makes an array of a shape and dtype, zero or as others left it.
    """
    shape = (num_lanes,)
    episodes = Episodes(
        mode.native,
        place(shape, np.int32),
        place(shape, np.int32),
        place(shape, np.uint8),
        place(shape, np.bool_),
    )
    episodes.limit[episodes.limit == 0] = NO_LIMIT
    return episodes


def refuse_idle(episodes: Episodes, lanes: Any = None) -> None:
    """Raise unless each of some lanes, or of all, is in an episode, so that it can be stepped.

    Raises:
        EpisodeEnded: If a lane's episode has ended and autoreset is disabled.
        ResetNeeded: If a lane has had no reset, or none since an exception interrupted it.
    """
    idle = episodes.idle(lanes)
    if not idle:
        return
    if ended := [lane for lane in idle if episodes.status[lane] == ENDED]:
        raise EpisodeEnded(
            f"Cannot step lanes {ended}: their episodes have ended and autoreset is disabled; "
            f"{_REMEDY}."
        )
    raise ResetNeeded(
        f"Cannot step lanes {idle}, which have no episode: call `reset()` first, since they have "
        f"not been reset yet, or not since an exception interrupted them; {_REMEDY}."
    )


def refuse_unset(episodes: Episodes, lanes: Any) -> None:
    """Raise unless every lane but these has an observation that a partial reset can report.

    Raises:
        ResetNeeded: If one has never been reset.
    """
    unset = np.setdiff1d(np.flatnonzero(episodes.status == UNSET), lanes).tolist()
    if unset:
        raise ResetNeeded(
            f"`reset_mask` leaves out lanes {unset}, which have never been reset and have no "
            "observation to keep; reset all lanes first."
        )


def part_of_episodes(episodes: Episodes, rows: slice, *, copy: bool = False) -> Episodes:
    """Return the episodes of adjacent lanes, in the same memory or in memory of their own."""
    arrays = (episodes.elapsed, episodes.limit, episodes.status, episodes.restarted)
    elapsed, limit, status, restarted = (a[rows].copy() if copy else a[rows] for a in arrays)
    return Episodes(episodes.autoreset, elapsed, limit, status, restarted)  # type: ignore[arg-type]


def read_episodes(episodes: Episodes, lanes: Any) -> dict[str, Any]:
    """Return where lanes are in their episodes: elapsed, limit, restarted, status; (m,) each."""
    return {name: getattr(episodes, name)[lanes] for name in _RULES}


def judge_episodes(episodes: Episodes, state: Any, lanes: Any) -> Writes:
    """Return what puts the result of `read_episodes`, of m lanes or of one, into lanes.

    Raises:
        SnapshotError: If it is none; nothing has been changed.
    """
    require_names(state, _RULES)
    writes: Writes = []
    for name, rule in _RULES.items():
        with at(f".{name}"):
            rule.judge_lanes(state[name], getattr(episodes, name), None, lanes, writes)
    return writes
