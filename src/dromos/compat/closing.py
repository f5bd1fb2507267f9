"""`ClosesItself`: what nobody closed is closed when it is forgotten or when the program ends."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

__all__ = ["CLOSED", "ClosesItself"]

#: The attribute that notes that ``close`` was called.
CLOSED = "_has_been_closed"
_open: WeakValueDictionary[int, ClosesItself] = WeakValueDictionary()


class ClosesItself:
    """Calls `close` of its own accord, unless somebody has called it before.

    Attributes:
        closes_itself: Whether it does; wrappers leave it to what they wrap.
    """

    closes_itself: bool = True

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an instance and remember it, for the program's end."""
        made = super().__new__(cls)
        _open[id(made)] = made
        return made

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if (own := cls.__dict__.get("close")) is not None and callable(own):
            cls.close = _noted(own)  # type: ignore[attr-defined]

    def __del__(self) -> None:
        _close(self)


def _noted(close: Callable[..., Any]) -> Callable[..., Any]:
    """Return a ``close`` that leaves a note that it was called."""

    @functools.wraps(close)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.__dict__[CLOSED] = True
        return close(self, *args, **kwargs)

    return call


def _close(env: Any) -> None:
    if not env.closes_itself or not env.__dict__ or env.__dict__.get(CLOSED):
        return  # somebody else does, it was never built, or it is closed
    with contextlib.suppress(Exception):  # there is nobody to tell
        env.close()
    env.__dict__[CLOSED] = True


@atexit.register
def _close_all() -> None:
    for env in list(_open.values()):
        _close(env)


def _leave_to_the_parent() -> None:
    """Leave what a fork has copied to the process that made it."""
    for env in list(_open.values()):
        env.__dict__[CLOSED] = True
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)
