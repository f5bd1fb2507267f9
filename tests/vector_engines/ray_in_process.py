"""Stands for Ray where tests are about lanes, not about processes: messages in this process.

All that is sent and answered is pickled on its way, as it is by Ray. With ``--long`` the same tests
run over Ray itself, whose actors then serve one vector after another.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cloudpickle
import pytest

from dromos.vector.ray import cluster
from dromos.vector.ray.host import Host

__all__ = ["ReusedActors", "in_process", "reused_actors"]


class Answer:
    """What stands for an answer: here, the answer, pickled."""

    def __init__(self, value: Any) -> None:
        self.pickled = cloudpickle.dumps(value)

    def value(self) -> Any:
        return pickle.loads(self.pickled)


def _send(actor: Host, *arguments: Any) -> Answer:
    return Answer(actor.do(*Answer(arguments).value()))


@contextmanager
def in_process() -> Iterator[None]:
    """Let actors be objects of this process meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "join", lambda address: None)
        patch.setattr(cluster, "cluster_cpus", lambda: 2)
        patch.setattr(cluster, "require_room", lambda count, options: None)
        patch.setattr(cluster, "start_actor", lambda options: Host())
        patch.setattr(cluster, "end_actor", lambda actor: None)
        patch.setattr(cluster, "send", _send)
        patch.setattr(cluster, "ready", lambda answers, count, seconds: list(answers))
        patch.setattr(cluster, "result", Answer.value)
        yield


class ReusedActors:
    """Stands for starting and ending actors, which takes a second each, in tests that lose none."""

    def __init__(self) -> None:
        self._start, self._end = cluster.start_actor, cluster.end_actor
        self._spare: list[Any] = []

    def start(self, options: Any) -> Any:
        return self._spare.pop() if self._spare else self._start(options)

    def end(self, actor: Any) -> None:
        self._spare.append(actor)

    def end_spare(self) -> None:
        """End the actors that no vector has."""
        while self._spare:
            self._end(self._spare.pop())


@contextmanager
def reused_actors() -> Iterator[None]:
    """Let actors of Ray hold the groups of one vector after another meanwhile."""
    actors = ReusedActors()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "start_actor", actors.start)
        patch.setattr(cluster, "end_actor", actors.end)
        yield
    actors.end_spare()
