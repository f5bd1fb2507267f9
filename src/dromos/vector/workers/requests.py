"""What a worker is asked besides moving its lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dromos.vector.utils.misc import dumps
from dromos.vector.workers.failure import RemoteError
from dromos.vector.workers.lane_states import LaneStates
from dromos.vector.workers.worker_lanes import WorkerLanes

if TYPE_CHECKING:
    from dromos.spaces import Space

__all__ = ["LaneFacts", "Request", "Requests"]


class LaneFacts(NamedTuple):
    """What a vector wants to know of an environment, as the attributes of an `Env`."""

    observation_space: Space[Any]
    action_space: Space[Any]
    metadata: dict[str, Any]
    render_mode: str | None


class Request(NamedTuple):
    """What a worker is asked: a method of `Requests`, and its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()


class Requests:
    """Answers requests.

    Args:
        lanes: The worker's lanes.

    Attributes:
        closed: Whether the last request was to close.
    """

    def __init__(self, lanes: WorkerLanes) -> None:
        self._lanes = lanes
        self._states = LaneStates(lanes.serial)
        self.closed = False

    def respond(self, request: Request) -> Any:
        """Return the answer, or the `RemoteError` that came instead."""
        try:
            answer = getattr(self, request.name)(*request.arguments)
            dumps(answer)  # what cannot travel is an error here
            return answer
        except Exception as error:
            doing = f"answering {request.name}{request.arguments[:1]}"
            return RemoteError(error, self._lanes.span.worker, None, doing)

    def describe(self) -> list[LaneFacts] | None:
        """Return the facts of each lane; None if their spaces cannot travel."""
        facts: list[LaneFacts] = []
        for env in self._lanes.serial.envs:
            new = LaneFacts(env.observation_space, env.action_space, env.metadata, env.render_mode)
            # Equal ones travel once.
            facts.append(facts[-1] if facts and facts[-1][:2] == new[:2] else new)
        try:
            dumps(facts)
        except Exception:
            return None
        return facts

    def attach(self, *arguments: Any) -> None:
        """Take up the shared rows."""
        self._lanes.attach(*arguments)

    def call(
        self, name: str, arguments: Sequence[Any], keywords: dict[str, Any]
    ) -> tuple[Any, ...]:
        """Call a method of each environment, or read an attribute."""
        return self._lanes.serial.call(name, arguments, keywords)

    def set_attr(self, name: str, values: list[Any]) -> None:
        """Set an attribute of each environment."""
        self._lanes.serial.set_attr(name, values)

    def snapshot(self, lanes: list[int], waiting: list[int]) -> dict[str, Any]:
        """Return states of lanes (see `LaneStates`)."""
        return self._states.take(lanes, waiting)

    def restore(self, state: dict[str, Any]) -> int:
        """Put states into lanes, and let those report; return the kind of the first's entry."""
        self._states.put(state)
        return self._lanes.write([self._lanes.span.first + lane for lane in state["lanes"]])

    def close(self) -> None:
        """Close the environments."""
        self.closed = True
        self._lanes.serial.close()
