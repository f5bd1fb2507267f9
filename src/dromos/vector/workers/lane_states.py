"""Snapshots of the lanes of one worker."""

from __future__ import annotations

from typing import Any

from dromos.snapshot import Snapshot, restore_into, snapshot_of
from dromos.vector.lane_queue import LaneQueue
from dromos.vector.lane_states import restore_lanes, state_of_lanes
from dromos.vector.serial_lanes import SerialLanes

__all__ = ["LaneStates"]


class LaneStates:
    """Takes states of lanes, and puts them back all or none. Lanes are a worker's own indices."""

    def __init__(self, serial: SerialLanes) -> None:
        self._serial = serial

    def take(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return the states of lanes; the infos of those that wait are part of them."""
        self._queue = LaneQueue(1)
        self._queue.append(waiting)
        return snapshot_of(self, lanes=lanes).state

    def put(self, state: dict[str, Any]) -> None:
        """Put states into the lanes they name."""
        self._queue = LaneQueue(1)
        restore_into(self, Snapshot([f"{type(self).__module__}:{type(self).__qualname__}"], state))

    def snapshot_state(self, lanes: list[int] | None = None) -> dict[str, Any]:
        """Return the states of lanes, or of all."""
        chosen = list(range(len(self._serial.envs))) if lanes is None else lanes
        return state_of_lanes(self._serial.envs, self._serial.episodes, self._queue, chosen)

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned."""
        restore_lanes(state, self._serial.envs, self._serial.episodes, self._queue, None)
