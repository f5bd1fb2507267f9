"""What a vector and its workers tell each other: entries of the exchange, and messages.

An entry is a lane with one of the kinds below in the bits above it. Where the kind says so, a
message lies in one of the lane's or the worker's regions of the shared file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dromos._core import workers as native

__all__ = [
    "ANSWER",
    "BROKEN",
    "FAILED",
    "LANE_MASK",
    "READY",
    "RENEW",
    "REQUEST",
    "RESET",
    "RESET_MESSAGE",
    "RESULT",
    "RESULT_MESSAGE",
    "STEP",
    "STEP_MESSAGE",
    "Loss",
    "Regions",
    "Results",
]

LANE_BITS = native.LANE_BITS
LANE_MASK = (1 << LANE_BITS) - 1

#: To a worker: step with the action in the shared rows, or with the one in the lane's region.
STEP, STEP_MESSAGE = 0 << LANE_BITS, 1 << LANE_BITS
#: To a worker: reset, without seed and options or with those in the lane's region.
RESET, RESET_MESSAGE = 2 << LANE_BITS, 3 << LANE_BITS
#: To a worker: make the lane's environment anew because of the `Loss` in the lane's answer region.
RENEW = 4 << LANE_BITS
#: To a worker: do what its region asks; the entry's lane is the worker's first.
REQUEST = 5 << LANE_BITS

#: From a worker: the lane's results are in the shared rows.
RESULT = 0 << LANE_BITS
#: The same, and what has no place there is in the lane's answer region: the `Results` of this and
#: perhaps further lanes.
RESULT_MESSAGE = 1 << LANE_BITS
#: From a worker: the lane raised the `RemoteError` in its answer region.
FAILED = 2 << LANE_BITS
#: From a worker: the answer to a request is in the worker's answer region.
ANSWER = 3 << LANE_BITS
#: From a worker: it has made its environments, the facts of which are in its answer region.
READY = 4 << LANE_BITS
#: From a worker: it could not; the `RemoteError` is in its answer region.
BROKEN = 5 << LANE_BITS


class Results(NamedTuple):
    """What some lanes report besides the shared rows.

    Attributes:
        lanes: The lanes.
        infos: Their infos; none if all are empty.
        observations: Their observations, if those have no shared rows, else None.
        finals: Likewise their final observations.
    """

    lanes: list[int]
    infos: list[dict[str, Any]]
    observations: list[Any] | None
    finals: list[Any] | None


class Loss(NamedTuple):
    """Why a lane's environment is lost, and how to start the next one.

    Attributes:
        reason: What happened.
        seed: The seed of the next reset, None for one from the system.
    """

    reason: str
    seed: int | None


class Regions(NamedTuple):
    """The regions of the shared file."""

    num_lanes: int
    num_workers: int

    def lane(self, lane: int) -> int:
        """Return the region of what a lane is to do."""
        return lane

    def lane_answer(self, lane: int) -> int:
        """Return the region of what a lane reports."""
        return self.num_lanes + lane

    def request(self, worker: int) -> int:
        """Return the region of what a worker is asked."""
        return 2 * self.num_lanes + worker

    def answer(self, worker: int) -> int:
        """Return the region of what a worker answers."""
        return 2 * self.num_lanes + self.num_workers + worker
