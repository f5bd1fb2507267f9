"""Errors of one library raised as those of the other."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from dromos.homes import home_of

__all__ = ["counterpart", "raising_its_own"]

_Method = TypeVar("_Method", bound=Callable[..., Any])


def raising_its_own(method: _Method) -> _Method:
    """Make errors that a method meets those of the same name in its object's ``_errors``.

    That is the ``error`` module of the library whose clients call the method.
    """

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except Exception as problem:
            if (other := counterpart(problem, self._errors)) is None:
                raise
            raise other from problem

    return call  # type: ignore[return-value]


def counterpart(problem: Exception, errors: Any) -> Exception | None:
    """Return the error in `errors` that stands for `problem`; None if there is nothing to change.

    Args:
        problem: What one library raised.
        errors: The ``error`` module of the other.
    """
    for kind in type(problem).__mro__:
        if not kind.__module__.endswith(".error") or home_of(kind) == errors.__name__:
            continue
        other = getattr(errors, kind.__name__, None)
        if isinstance(other, type) and issubclass(other, Exception):
            pending = getattr(problem, "name", None)  # which call, of asynchronous ones
            return other(str(problem)) if pending is None else other(str(problem), pending)
    return None
