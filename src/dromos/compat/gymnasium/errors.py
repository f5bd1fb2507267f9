"""Errors of one library raised as those of the other."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["counterpart", "raising"]

_Method = TypeVar("_Method", bound=Callable[..., Any])


def raising(errors: Any) -> Callable[[_Method], _Method]:
    """Return a decorator: what the method raises becomes the error of that name in `errors`.

    Args:
        errors: The ``error`` module of the library whose clients call the method.
    """

    def decorate(method: _Method) -> _Method:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except Exception as problem:
                if (other := counterpart(problem, errors)) is None:
                    raise
                raise other from problem

        return call  # type: ignore[return-value]

    return decorate


def counterpart(problem: Exception, errors: Any) -> Exception | None:
    """Return the error in `errors` that stands for `problem`; None if there is nothing to change.

    Args:
        problem: What one library raised.
        errors: The ``error`` module of the other.
    """
    for kind in type(problem).__mro__:
        if not kind.__module__.endswith(".error") or kind.__module__ == errors.__name__:
            continue
        other = getattr(errors, kind.__name__, None)
        if isinstance(other, type) and issubclass(other, Exception):
            pending = getattr(problem, "name", None)  # which call, of asynchronous ones
            return other(str(problem)) if pending is None else other(str(problem), pending)
    return None
