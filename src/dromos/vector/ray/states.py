"""States of lanes in actors, as the local vectors of the same lanes have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from dromos.snapshot import Writes, one_restore, restoring
from dromos.vector.env_lanes import judge_observed
from dromos.vector.lane_vector import LaneVector
from dromos.vector.ray.group import EPISODES
from dromos.vector.workers.states import merged_states, rows_of

if TYPE_CHECKING:
    from dromos.vector.ray.lanes import RayLanes

__all__ = ["BatchStates", "PythonStates"]


class PythonStates:
    """States of environments in Python: a list or array a name, one row a lane."""

    def read(self, lanes: RayLanes, chosen: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return states of lanes as `EnvLanes.read` does."""
        parts = lanes.actors.by_actor(chosen)
        answers = lanes.ask("read", {
            actor: (lanes.own(actor, own), lanes.own(actor, [i for i in own if i in waiting]))
            for actor, own in parts.items()
        })  # fmt: skip
        order = [lane for own in parts.values() for lane in own]
        places = {lane: place for place, lane in enumerate(order)}
        return merged_states(answers, [places[lane] for lane in chosen])

    def judge(self, lanes: RayLanes, state: dict[str, Any], chosen: list[int]) -> Writes:
        """Return what puts states into lanes: each actor judges its own first."""
        parts = lanes.actors.by_actor(chosen)
        places = {lane: place for place, lane in enumerate(chosen)}
        requests = {}
        for actor, own in parts.items():
            rows = [places[lane] for lane in own]
            part = {name: rows_of(column, rows) for name, column in state.items()}
            requests[actor] = (lanes.own(actor, own), part)
        if (restore := restoring.get()) is not None:
            restore.made.append(partial(lanes.undo, parts))
        lanes.ask("judge", requests)
        return [lambda: lanes.put("write", {actor: (own, ()) for actor, own in parts.items()})]

    def judge_status(self, state: dict[str, Any], status: Any) -> None:
        """Raise unless lanes that ever had an episode have observed something."""
        judge_observed(state, status)


class BatchStates:
    """States of lanes that one engine moves: a local vector of them reads, judges and cuts.

    So no text but the engine's own knows what a state is, and what is refused is refused here,
    before anything was sent.

    Args:
        twin: A vector like the one whose lanes are elsewhere, which is never stepped.

    Attributes:
        twin: The same.
    """

    def __init__(self, twin: LaneVector[Any, Any]) -> None:
        self.twin = twin
        self._lanes = twin._lanes

    def read(self, lanes: RayLanes, chosen: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return states of lanes as those of the local vector do."""
        self.pull(lanes, chosen)
        return self._lanes.read(chosen, waiting)

    def pull(self, lanes: RayLanes, chosen: Sequence[int]) -> None:
        """Bring the local vector's lanes to where those in the actors are."""
        parts = lanes.actors.by_actor(chosen)
        requests = {
            actor: (lanes.own(actor, own), lanes.own(actor, own)) for actor, own in parts.items()
        }
        answers = lanes.ask("read", requests)
        for own, (state, episodes) in zip(parts.values(), answers, strict=True):
            for name, column in episodes.items():
                getattr(self._lanes.episodes, name)[own] = column
            with one_restore():
                for write in self._lanes.judge(state, own):
                    write()

    def push(self, lanes: RayLanes, chosen: Sequence[int]) -> None:
        """Bring lanes in the actors to where those of the local vector are."""
        parts = lanes.actors.by_actor(chosen)
        lanes.put("put", {a: (own, (self._lanes.read(own, own),)) for a, own in parts.items()})

    def change(self, lanes: RayLanes, change: Callable[[LaneVector[Any, Any]], Any]) -> Any:
        """Do something with the local vector, in the present state, and let the lanes follow."""
        everyone = range(lanes.actors.bounds[-1])
        self.pull(lanes, everyone)
        result = change(self.twin)
        self.push(lanes, everyone)
        return result

    def judge(self, lanes: RayLanes, state: dict[str, Any], chosen: list[int]) -> Writes:
        """Return what puts states into lanes, judged here."""
        writes = self._lanes.judge(state, chosen)

        def write() -> None:
            for name in EPISODES:
                column = getattr(lanes.episodes, name)
                getattr(self._lanes.episodes, name)[chosen] = column[chosen]
            self.push(lanes, chosen)

        return [*writes, write]

    def judge_status(self, state: dict[str, Any], status: Any) -> None:
        """Raise unless states go with the status of the lanes' episodes."""
        self._lanes.judge_status(state, status)
