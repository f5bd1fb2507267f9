"""What an actor is: it holds a group of lanes, and does what messages say."""

from __future__ import annotations

import pickle
from typing import Any

from dromos.vector.workers.failure import RemoteError

__all__ = ["Host"]


class Host:
    """Holds a group of lanes in a process of a cluster."""

    def __init__(self) -> None:
        self._group: Any = None

    def do(self, number: int, name: str, arguments: tuple[Any, ...], keep: bool) -> Any:
        """Do what a message says.

        Args:
            number: The actor's number, for messages.
            name: A method of the group; ``"make"`` makes it, of a plan in pickled bytes, so that
                what a node lacks is told as any other error.
            arguments: Its arguments.
            keep: Whether to tell the state of all lanes besides.

        Returns:
            answer: What it returned, or the `RemoteError` that came instead.
            state: The state; None if it was not asked for.
        """
        try:
            if name == "make":
                self._group = pickle.loads(arguments[0]).make()
                return self._group.describe(), None
            answer = getattr(self._group, name)(*arguments)
            return answer, self._group.keep() if keep else None
        except Exception as error:
            doing = f"calling {arguments[0]}" if name == "call" else f"answering {name}"
            return RemoteError(error, number, None, doing), None
