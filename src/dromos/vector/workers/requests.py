"""What a worker is asked besides moving its lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dromos.vector.utils.misc import dumps
from dromos.vector.workers.entries import RESULT_MESSAGE
from dromos.vector.workers.failure import RemoteError
from dromos.vector.workers.lane_states import LaneStates
from dromos.vector.workers.shared_file import SharedFile
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

    def respond(self, file: SharedFile, region: int) -> Any:
        """Return the answer to the request in a region, or the `RemoteError` that came instead."""
        request = None
        try:
            request = file.read(region)
            answer = getattr(self, request.name)(*request.arguments)
            dumps(answer)  # what cannot travel is an error here
            return answer
        except Exception as error:
            doing = f"answering {'a request' if request is None else request.name}"
            if request is not None and request.name == "call":
                doing = f"calling {request.arguments[0]}"
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

    def restore(self, state: dict[str, Any]) -> int | None:
        """Put states into lanes, and let those report that have an observation.

        Returns:
            The lane whose answer region holds `Results`, if there are any.
        """
        self._states.put(state)
        lanes = self._lanes
        own = [lane for lane in state["lanes"] if lanes.serial.episodes[lane].observed]
        observed = [lanes.span.first + lane for lane in own]
        return observed[0] if observed and lanes.write(observed) == RESULT_MESSAGE else None

    def close(self) -> None:
        """Close the environments."""
        self.closed = True
        self._lanes.serial.close()
