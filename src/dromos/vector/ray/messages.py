"""Messages to actors, and what is kept of each actor to make another one like it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["Message", "Post"]

#: Messages that change nothing, so that nobody has to do them again.
_READS = frozenset(("read", "render"))
#: Messages after which the state of the lanes is all there is to know.
_SETTLED = frozenset(("move", "put", "reset", "run", "write"))
#: Messages that make an actor what it is.
_SETUP = frozenset(("make", "attach", "resume"))


class Message:
    """Something an actor was told to do.

    Args:
        actor: The actor.
        name: A method of its group.
        arguments: Its arguments.
        lanes: The vector's lanes that it moves.
        keep: Whether the state of all its lanes was asked for besides.

    Attributes:
        since: When it was sent.
        promise: What stands for the answer.
        done: Whether the answer has come.
        answer: The answer: what the method returned, a `RemoteError`, or why there is none.
        dropped: Whether nobody wants to know what the lanes report.
        timed: How many lanes it moves, which may each take some time.
        lost: Whether an actor was lost with it.
        again: Whether it is done once more, by the successor of the actor that had answered.
    """

    def __init__(
        self, actor: int, name: str, arguments: tuple[Any, ...], lanes: Sequence[int], keep: bool
    ) -> None:
        self.actor, self.name, self.arguments = actor, name, arguments
        self.lanes, self.keep = lanes, keep
        self.since, self.promise = 0.0, None
        self.done = self.dropped = self.lost = self.again = False
        self.answer: Any = None
        self.timed = len(lanes)

    def once_more(self) -> Message:
        """Return the same for another actor; what its lanes report is known."""
        twin = Message(self.actor, self.name, self.arguments, (), keep=False)
        twin.timed, twin.again = self.timed, True
        return twin

    @property
    def is_setup(self) -> bool:
        """Whether it makes the actor what it is."""
        return self.name in _SETUP

    @property
    def only_reads(self) -> bool:
        """Whether it changes nothing, so that nobody has to do it again."""
        return self.name in _READS


class Post:
    """One actor: its handle, what it has to answer, and how to make its successor the same.

    Attributes:
        plan: What makes its group, pickled.
        handle: The actor.
        pending: Messages without an answer, in their order.
        log: Messages since `state` was told, those pending included; empty if nothing is replaced.
        state: The last state that it told.
        spaces: The arguments of ``attach``, once it was sent.
        losses: How often it was lost since it last answered something new.
        heard: When it last answered.
    """

    def __init__(self, plan: bytes) -> None:
        self.plan, self.handle = plan, None
        self.pending: list[Message] = []
        self.log: list[Message] = []
        self.state: Any = None
        self.spaces: tuple[Any, ...] | None = None
        self.losses, self.heard = 0, 0.0

    def is_to_tell(self, name: str, every: int) -> bool:
        """Return whether the next message is to ask for the state, too.

        Args:
            name: The name of the message.
            every: After how many messages it is told.
        """
        if name not in _SETTLED or any(message.keep for message in self.pending):
            return False
        unborn = self.state is None and name == "reset"  # which may draw from the system
        return unborn or len(self.log) >= every

    def setup(self, actor: int) -> list[Message]:
        """Return the messages that bring a new actor to the last state."""
        begun = {message.name: message for message in self.pending if message.is_setup}
        wanted = {
            "make": (self.plan,),
            "attach": self.spaces,
            "resume": None if self.state is None else (self.state,),
        }
        return [  # somebody may wait for the first ones
            begun.get(name) or Message(actor, name, arguments, (), keep=False)
            for name, arguments in wanted.items()
            if arguments is not None
        ]
