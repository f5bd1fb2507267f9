"""Snapshots of the lanes of a vector, which may go back into other lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dromos.error import SnapshotError
from dromos.plain import copy
from dromos.vector.autoreset import Episode
from dromos.vector.lane_queue import LaneIds, LaneQueue, checked_lane_ids

if TYPE_CHECKING:
    from dromos.core import Env

__all__ = ["restore_lanes", "state_of_lanes", "target_lanes"]

#: The attributes of an episode that a snapshot holds; its mode is the vector's.
_EPISODE = tuple(name for name in Episode.__slots__ if name != "mode")


def state_of_lanes(
    envs: Sequence[Env[Any, Any]], episodes: Sequence[Episode], queue: LaneQueue, lanes: list[int]
) -> dict[str, Any]:
    """Return the states of some lanes as plain data.

    Args:
        envs: The sub-environments of the vector.
        episodes: Their episodes.
        queue: The lanes whose results wait.
        lanes: The lanes to take.

    Returns:
        ``lanes`` (their indices), ``envs`` and ``episodes`` (one state each, in the same order),
        and ``waiting`` (those of the lanes whose results wait, the first in front).
    """
    chosen = set(lanes)
    waiting = [lane for lane in queue.finished if lane in chosen]
    return {
        "lanes": lanes,
        "envs": [envs[lane].snapshot_state() for lane in lanes],
        "episodes": [_state_of_episode(episodes[lane], lane in waiting) for lane in lanes],
        "waiting": waiting,
    }


def restore_lanes(
    state: dict[str, Any],
    envs: Sequence[Env[Any, Any]],
    episodes: Sequence[Episode],
    queue: LaneQueue,
    lanes: LaneIds | None,
) -> None:
    """Put the states of `state_of_lanes` into lanes.

    Args:
        state: What `state_of_lanes` returned.
        envs: The sub-environments of the vector.
        episodes: Their episodes; changed in place.
        queue: The lanes whose results wait; changed in place. Restored lanes wait if they did
            when the state was taken, behind all others.
        lanes: The lanes to restore into, in the order of the state's; any number of lanes for a
            state of one. None for the lanes the state was taken from.

    Raises:
        SnapshotError: If the numbers of lanes differ or the vector has too few.
    """
    sources: list[int] = state["lanes"]
    targets = target_lanes(sources, lanes, len(envs))
    queue.discard(targets)
    for position, target in enumerate(targets):
        source = min(position, len(sources) - 1)
        env_state, episode_state = state["envs"][source], state["episodes"][source]
        if position > source:  # one source for several lanes, which must not share its arrays
            env_state, episode_state = copy((env_state, episode_state))
        episodes[target].needs_reset = True
        envs[target].restore_state(env_state)
        for name in _EPISODE:
            setattr(episodes[target], name, episode_state[name])
    for lane in state["waiting"]:
        queue.append(targets if len(sources) == 1 else [targets[sources.index(lane)]])


def _state_of_episode(episode: Episode, waits: bool) -> dict[str, Any]:
    """Return an episode as plain data; its info has been reported unless its result waits."""
    state = {name: getattr(episode, name) for name in _EPISODE}
    if not waits:
        state["info"] = {}
    return state


def target_lanes(sources: list[int], lanes: LaneIds | None, num_envs: int) -> list[int]:
    """Return the lanes that states of the lanes `sources` go into.

    Raises:
        SnapshotError: If there are not as many, or not in a vector of `num_envs` lanes.
    """
    targets = sources if lanes is None else checked_lane_ids(lanes, num_envs)
    if len(targets) != len(sources) != 1:
        raise SnapshotError(
            f"The snapshot holds {len(sources)} lanes {sources}, which cannot go into "
            f"{len(targets)} lanes {targets}; name as many lanes, or take a snapshot of one."
        )
    if max(targets) >= num_envs:
        raise SnapshotError(
            f"The snapshot holds lanes {sources}, but the vector has only {num_envs} lanes; say "
            "with `lanes` where they go."
        )
    return targets
