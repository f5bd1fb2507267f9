"""The actors of a vector, seen from its process: messages, answers, and what is lost and replaced.

An actor does its messages in the order in which they were sent. So an actor that follows a lost one
is brought to where that one was by the last state that it told and the messages since, done again;
what had not been answered is answered by the new one, and whoever waits for it notices nothing.
"""

from __future__ import annotations

import os
import time
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from dromos import logger
from dromos.error import WorkerError
from dromos.vector.ray import cluster
from dromos.vector.ray.messages import Message, Post
from dromos.vector.ray.settings import RayLimits
from dromos.vector.workers.failure import RemoteError

__all__ = ["Actors"]

#: How often actors that do not answer are looked after, in seconds.
_LOOK = 0.2

#: How often an actor may be lost, and its successors, without an answer to anything new.
_MOST_LOSSES = 4


class Actors:
    """Actors that hold the lanes of a vector.

    Args:
        plans: What makes the group of each, pickled.
        bounds: The first lane of each, and the number of lanes.
        limits: What is done about those that fail.
        options: What each needs, as Ray's ``options`` takes it.

    Attributes:
        bounds: The same.
        dead: Why actors that are lost and not replaced are.
        restarts: How often a lost one was replaced.
        on_moved: Called with each answered message that moved lanes.
    """

    def __init__(
        self,
        plans: Sequence[bytes],
        bounds: list[int],
        limits: RayLimits,
        options: Mapping[str, Any],
    ) -> None:
        self.bounds, self.restarts = bounds, 0
        self.dead: dict[int, Exception] = {}
        self.on_moved: Callable[[Message], None] = lambda _: None
        self._limits, self._options = limits, options
        self._owner = os.getpid()
        cluster.require_room(len(plans), options)
        self._posts = [Post(plan) for plan in plans]
        weakref.finalize(self, _end_all, self._posts, self._owner)
        for actor, post in enumerate(self._posts):
            post.handle = cluster.start_actor(options)
            self._send(actor, Message(actor, "make", (post.plan,), (), keep=False))

    def __len__(self) -> int:
        return len(self._posts)

    @property
    def is_ours(self) -> bool:
        """Whether this process started the actors; one forked from it did not."""
        return os.getpid() == self._owner

    def lanes_of(self, actor: int) -> range:
        """Return the lanes of an actor."""
        return range(self.bounds[actor], self.bounds[actor + 1])

    def by_actor(self, lanes: Sequence[int]) -> dict[int, list[int]]:
        """Return lanes sorted by their actors and ascending."""
        chosen = sorted(lanes)
        cuts = [bisect_left(chosen, bound) for bound in self.bounds]
        parts = enumerate(pairwise(cuts))
        return {actor: chosen[low:high] for actor, (low, high) in parts if low < high}

    def introduce(self) -> list[Any]:
        """Wait until the actors have made their groups, and return what these tell of themselves.

        Raises:
            Exception: What one raised instead, or the end of an actor.
        """
        return self.answers([post.pending[0] for post in self._posts if post.pending])

    # Messages

    def refuse_dead(self, actors: Iterable[int]) -> None:
        """Raise if one of these actors is lost and was not replaced.

        Raises:
            WorkerError: If it is.
        """
        for actor in actors:
            if (error := self.dead.get(actor)) is not None:
                raise WorkerError(f"Cannot move {self._named(actor)} any more: {error}") from error

    def post(self, actor: int, name: str, *arguments: Any, lanes: Sequence[int] = ()) -> Message:
        """Send a message, and return it; it is answered while somebody waits.

        Raises:
            WorkerError: If the actor is lost.
        """
        self.refuse_dead([actor])
        post, limits = self._posts[actor], self._limits
        keep = limits.restart and post.is_to_tell(name, limits.snapshot_every)
        message = Message(actor, name, arguments, lanes, keep)
        if name == "attach":
            post.spaces = arguments
        elif limits.restart:
            post.log.append(message)
        self._send(actor, message)
        return message

    def _send(self, actor: int, message: Message) -> None:
        post = self._posts[actor]
        message.since = time.monotonic()
        message.promise = cluster.send(
            post.handle, actor, message.name, message.arguments, message.keep
        )
        post.pending.append(message)

    def wait(self, missing: Callable[[], int], deadline: float | None) -> bool:
        """Take in answers until nothing is missing, or a time of `time.monotonic`.

        Args:
            missing: Returns how many lanes or answers are missing; 0 ends the wait.
            deadline: The time, None for none.

        Returns:
            Whether nothing is missing.
        """
        while left := missing():
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                return False
            seconds = _LOOK if deadline is None else min(_LOOK, deadline - now)
            self._take_in(left, seconds)
            self._look_after(time.monotonic())
        return True

    def _take_in(self, missing: int, seconds: float) -> None:
        pending = [message for post in self._posts for message in post.pending]
        if not pending:
            return
        moving = sum(max(1, len(message.lanes)) for message in pending)
        count = len(pending) if missing >= moving else 1
        done = set(cluster.ready([message.promise for message in pending], count, seconds))
        for message in pending:
            if message.promise in done:
                self._finish(message)

    def _finish(self, message: Message) -> None:
        """Take in the answer of a message, which has come."""
        post = self._posts[message.actor]
        if message not in post.pending:  # its actor was lost, and an earlier one has told so
            return
        try:
            answer, state = cluster.result(message.promise)
        except cluster.ActorLost as loss:
            self._lose(message.actor, f"was lost ({loss})")
            return
        except WorkerError as error:
            answer, state = error, None
        post.heard = time.monotonic()
        if not (message.is_setup or message.again):
            post.losses = 0
        post.pending.remove(message)
        if message.is_setup and isinstance(answer, RemoteError) and self.restarts:
            self._bury(message.actor, answer.exception())
        if state is not None:
            post.state = state
            post.log = post.log[post.log.index(message) + 1 :]
        elif message.only_reads and message in post.log:
            post.log.remove(message)
        self._answer(message, answer)

    def _answer(self, message: Message, answer: Any) -> None:
        message.answer, message.done = answer, True
        message.promise = None
        if message.lanes:
            self.on_moved(message)

    def answers(self, messages: Sequence[Message]) -> list[Any]:
        """Wait for the answers of messages, and return them.

        Raises:
            Exception: What an actor raised instead of answering, or its end.
        """
        self.wait(lambda: sum(not message.done for message in messages), None)
        for message in messages:
            if isinstance(message.answer, RemoteError):
                raise message.answer.exception()
            if isinstance(message.answer, Exception):
                raise message.answer
        return [message.answer for message in messages]

    # Losses

    def _look_after(self, now: float) -> None:
        """Find actors that take too long."""
        limits = self._limits
        for actor, post in enumerate(self._posts):
            if not post.pending:
                continue
            head = post.pending[0]
            taken = now - max(head.since, post.heard)
            what, name, limit = f"did not finish a {head.name}", "step_timeout", limits.step_timeout
            lanes = head.timed
            if head.is_setup:
                what, name, limit = "did not make its lanes", "start_timeout", limits.start_timeout
                lanes = 1
            if limit is None or not lanes or taken <= limit * lanes:
                continue
            times = f" for each of {lanes} lanes" if lanes > 1 else ""
            self._lose(actor, f"{what} within {name}={limit} s{times}")

    def _lose(self, actor: int, end: str) -> None:
        """Take leave of an actor that has ended or hangs."""
        post, limits = self._posts[actor], self._limits
        cluster.end_actor(post.handle)
        head = post.pending[0] if post.pending else None
        doing = "idle" if head is None else f"busy with {head.name!r}"
        reason = f"Actor {actor}, which holds {self._named(actor)}, {end} while {doing}."
        most = limits.max_restarts
        may = limits.restart and (most is None or self.restarts < most)
        if not may or post.losses >= _MOST_LOSSES:
            starting = head is not None and head.is_setup
            self._bury(actor, WorkerError(f"{reason} {self._remedy(starting)}"))
            return
        self.restarts += 1
        post.losses += 1
        if head is not None and head in post.log:
            if head.lost:
                self._give_up(head, reason)
            head.lost = True
        self._replace(actor)
        logger.warn(f"{reason} Another one takes its place.")

    def _give_up(self, message: Message, reason: str) -> None:
        """Let nobody do a message with which two actors were lost."""
        post = self._posts[message.actor]
        post.log.remove(message)
        post.pending.remove(message)
        error = WorkerError(
            f"{reason} So did the one before it, with the same message: its lanes are as they were "
            "before that, and have to be reset."
        )
        self._answer(message, error)

    def _named(self, actor: int) -> str:
        own = self.lanes_of(actor)
        return f"lane {own[0]}" if len(own) == 1 else f"lanes {own[0]} to {own[-1]}"

    def _remedy(self, starting: bool) -> str:
        if starting:
            return (
                "Look whether the cluster has a free place for it (`ray status`) and whether its "
                "nodes have all that the environments need, dromos in the same version included."
            )
        return (
            "Close the vector, or make it with on_worker_failure='restart' and enough "
            "max_restarts to go on from the last snapshot."
        )

    def _bury(self, actor: int, error: Exception) -> None:
        post = self._posts[actor]
        self.dead[actor] = error
        cluster.end_actor(post.handle)
        pending, post.pending, post.log, post.state = post.pending, [], [], None
        for message in pending:
            self._answer(message, error)

    def _replace(self, actor: int) -> None:
        """Start another actor, and let it do all over again what is not in the last state."""
        post = self._posts[actor]
        try:
            cluster.require_room(len(self._posts) - len(self.dead), self._options)
        except WorkerError as error:
            self._bury(actor, error)
            return
        setup = post.setup(actor)
        post.handle, post.pending = cluster.start_actor(self._options), []
        for message in setup:
            self._send(actor, message)
        for message in post.log:
            self._send(actor, message.once_more() if message.done else message)

    def close(self, grace: float) -> list[Exception]:
        """Let the actors close their lanes, and end them.

        Args:
            grace: How long they may take, in seconds; 0 to end them at once.

        Returns:
            What closing lanes raised.
        """
        if not self.is_ours:
            return []
        self._limits = RayLimits(False, None, None, None, 1)
        self.on_moved = lambda _: None
        messages: list[Message] = []
        try:
            if grace > 0:
                alive = [i for i in range(len(self)) if i not in self.dead]
                messages = [self.post(i, "close") for i in alive if not self._is_starting(i)]
                deadline = time.monotonic() + grace
                self.wait(lambda: sum(not message.done for message in messages), deadline)
        finally:
            _end_all(self._posts, self._owner)
        return [m.answer.exception() for m in messages if isinstance(m.answer, RemoteError)]

    def _is_starting(self, actor: int) -> bool:
        pending = self._posts[actor].pending
        return bool(pending) and pending[0].is_setup


def _end_all(posts: list[Post], owner: int) -> None:
    """End actors, in the process that started them."""
    if os.getpid() != owner:
        return
    for post in posts:
        if post.handle is not None:
            cluster.end_actor(post.handle)
            post.handle, post.pending = None, []
