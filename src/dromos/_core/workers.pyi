"""What a process and its worker processes share.

An entry is a 32-bit number, the lane in its low `LANE_BITS` bits. ``bounds`` are the first lanes
of the workers, followed by the number of lanes.
"""

from collections.abc import Sequence
from typing import Any

LANE_BITS: int

#: Whether this process uses what only Linux has; not with DROMOS_PORTABLE in its environment.
USES_LINUX: bool

def exchange_bytes(bounds: Sequence[int]) -> int:
    """Return the size of an exchange in bytes; its memory is zero at first, aligned to 64."""

def end_with_parent(pipe: int, parent: int) -> None:
    """Kill this process once process `parent` is no longer its parent, or `pipe` has closed."""

def discard(file: int, offset: int, bytes: int) -> None:
    """Give the memory of a part of a file back to the system, where that takes it."""

class ParentEnd:
    """Hands entries to the workers of their lanes, and gets entries back.

    Each call happens wholly or, if a signal raises, not at all. ``pending`` are the lanes that
    move, each with the entry that was posted for it, ``finished`` those that have moved.
    """

    def __init__(self, buffer: Any, bounds: Sequence[int]) -> None: ...
    def post(self, entries: list[int]) -> None: ...
    def move(self, entries: list[int], pending: dict[int, int]) -> None:
        """Post entries, whose lanes move from then on."""

    def move_everyone(self) -> None:
        """Post an entry of kind 0 for each lane; all move from then on, though not in `pending`."""

    @property
    def everyone_moves(self) -> bool:
        """Whether all lanes move that are not in ``pending``."""

    def enter_everyone(self, pending: dict[int, int]) -> None:
        """Enter all lanes if `everyone_moves`, which it does no longer then."""

    def collect_everyone(self, seconds: float) -> bool:
        """Wait for an entry from each lane, up to a limit, if `everyone_moves`.

        Returns:
            Whether all have come, all of kind 0; no lane moves then. Otherwise `collect` has
            what came.
        """

    def collect(self, minimum: int, seconds: float) -> list[int]:
        """Wait for `minimum` entries, up to a limit; return those that came, in their order.

        They stay until they are finished or dropped.
        """

    def finish_plain(self, pending: dict[int, int], finished: list[int]) -> int | None:
        """Finish the lanes of the entries up to the first of another kind than 0; return that."""

    def finish_first(self, pending: dict[int, int], finished: list[int]) -> None:
        """Finish the lane of the first entry."""

    def drop_first(self, answer: list[int]) -> None:
        """Post an answer to the first entry, perhaps an empty one, and drop the entry."""

    def clear(self, worker: int) -> None:
        """Forget the entries under way between this process and a worker that has died."""

class WorkerEnd:
    """Takes the entries posted to one worker, and publishes entries."""

    def __init__(self, buffer: Any, bounds: Sequence[int], worker: int) -> None: ...
    def take(self, seconds: float) -> list[int] | None:
        """Wait for entries, up to a limit.

        Returns:
            Those that came; None if they are one of kind 0 for each of the worker's lanes.
        """

    def publish_everyone(self) -> None:
        """Publish an entry of kind 0 for each of the worker's lanes."""

    def publish(self, entries: list[int]) -> None: ...
