"""Snapshots of a vector with workers, in the form that all vectors of Python environments share."""

from __future__ import annotations

from typing import Any

from dromos.plain import copy
from dromos.vector.lane_queue import LaneIds, LaneQueue
from dromos.vector.lane_states import target_lanes
from dromos.vector.workers.crew import Crew
from dromos.vector.workers.readiness import Readiness
from dromos.vector.workers.requests import Request

__all__ = ["restore_crew", "state_of_crew"]


def state_of_crew(
    crew: Crew, ready: Readiness, queue: LaneQueue, lanes: list[int]
) -> dict[str, Any]:
    """Return the states of some lanes as plain data, as `state_of_lanes` does.

    Args:
        crew: The workers; no lane is moving.
        ready: Which lanes can be stepped.
        queue: The lanes whose results wait.
        lanes: The lanes to take.
    """
    waiting = [lane for lane in queue.finished if lane in set(lanes)]
    by_worker = crew.staff.by_worker(lanes)
    requests = {}
    for worker, own in by_worker.items():
        first = crew.staff.lanes_of(worker)[0]
        local_waiting = [lane - first for lane in waiting if lane in own]
        requests[worker] = Request("snapshot", ([lane - first for lane in own], local_waiting))
    crew.ask(requests)
    crew.wait_for_answers(None)
    envs: dict[int, Any] = {}
    episodes: dict[int, dict[str, Any]] = {}
    for own, state in zip(by_worker.values(), crew.answers(), strict=True):
        envs.update(zip(own, state["envs"], strict=True))
        episodes.update(zip(own, state["episodes"], strict=True))
    for lane, episode in episodes.items():  # a worker does not know whose results were dropped
        episode["needs_reset"] = lane in ready.idle
    return {
        "lanes": lanes,
        "envs": [envs[lane] for lane in lanes],
        "episodes": [episodes[lane] for lane in lanes],
        "waiting": waiting,
    }


def restore_crew(
    state: dict[str, Any], crew: Crew, ready: Readiness, queue: LaneQueue, lanes: LaneIds | None
) -> None:
    """Put states into lanes, as `restore_lanes` does.

    Args:
        state: What `state_of_crew` or `state_of_lanes` returned.
        crew: The workers; no lane is moving.
        ready: Which lanes can be stepped; changed in place.
        queue: The lanes whose results wait; changed in place.
        lanes: The lanes to restore into.

    Raises:
        SnapshotError: If the numbers of lanes differ, the vector has too few, or a state does
            not fit its environment.
    """
    sources: list[int] = state["lanes"]
    targets = target_lanes(sources, lanes, crew.regions.num_lanes)
    queue.discard(targets)
    states = {}
    for position, target in enumerate(targets):
        source = min(position, len(sources) - 1)
        pair = state["envs"][source], state["episodes"][source]
        states[target] = copy(pair) if position > source else pair
    ready.interrupt(targets)
    by_worker = crew.staff.by_worker(targets)
    crew.ask({worker: _request(crew, worker, own, states) for worker, own in by_worker.items()})
    crew.wait_for_answers(None)
    for lane in crew.answers():
        if lane is not None:
            crew.take_results(lane)
            crew.file.free()
    for lane, (_, episode) in states.items():
        ready.resume(lane, episode)
    for lane in state["waiting"]:
        queue.append(targets if len(sources) == 1 else [targets[sources.index(lane)]])


def _request(crew: Crew, worker: int, own: list[int], states: dict[int, Any]) -> Request:
    first = crew.staff.lanes_of(worker)[0]
    state = {
        "lanes": [lane - first for lane in own],
        "envs": [states[lane][0] for lane in own],
        "episodes": [states[lane][1] for lane in own],
        "waiting": [],
    }
    return Request("restore", (state,))
