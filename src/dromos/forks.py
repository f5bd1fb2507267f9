"""What a fork leaves to the process it comes from: threads, and files that are being written."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakValueDictionary

from dromos._core import keep_for_ever

__all__ = ["KeptInForks", "Owner", "is_of_this_process"]


class Owner(Protocol):
    """Has what only the process that made it may use."""

    def _leave_to_parent(self) -> None:
        """Let go of that, in a process that has just been forked; nothing may wait in here."""


_owners: WeakValueDictionary[int, Owner] = WeakValueDictionary()


def is_of_this_process(owner: Owner) -> None:
    """Let `owner` be told in each process that is forked from this one."""
    _owners[id(owner)] = owner


class KeptInForks:
    """Objects with threads, as encoders are. A fork never frees them, and so never waits for these.

    Args:
        *objects: The objects, for as long as this one is there.
    """

    def __init__(self, *objects: object) -> None:
        self._objects = objects
        is_of_this_process(self)

    def _leave_to_parent(self) -> None:
        for kept in self._objects:
            keep_for_ever(kept)


def _leave_all() -> None:
    for owner in list(_owners.values()):
        owner._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_all)
