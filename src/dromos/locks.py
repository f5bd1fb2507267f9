"""Locks that a fork leaves to the process it comes from."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

__all__ = ["Lock"]

_locks: list[Lock] = []


class Lock:
    """A lock of a module, which a thread may take again while it holds it.

    In a process that was forked meanwhile it is free: the thread that held it is not there, and
    would never let go.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _locks.append(self)

    @contextlib.contextmanager
    def held(self, patience: float = -1) -> Iterator[None]:
        """Hold the lock meanwhile.

        Args:
            patience: After how many seconds of waiting to go on without it; negative: never.
        """
        lock = self._lock  # a child has another one from the fork on
        taken = lock.acquire(timeout=patience)
        try:
            yield
        finally:
            if taken:
                lock.release()

    def _free(self) -> None:
        self._lock = threading.RLock()


def _free_all() -> None:
    for lock in _locks:
        lock._free()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_all)
