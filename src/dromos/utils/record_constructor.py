"""Remembering constructor arguments, so that a wrapper can be built again from its spec."""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

from dromos.homes import adopt

__all__ = ["RecordConstructorArgs", "recorded"]

_Constructor = TypeVar("_Constructor", bound=Callable[..., None])

#: Types whose values a deep copy would return as they are.
_ATOMS = frozenset({type(None), bool, int, float, complex, str, bytes})


@adopt
class RecordConstructorArgs:
    """A mix-in that keeps the keyword arguments of a constructor in ``_saved_kwargs``.

    `Wrapper.spec` reads them. A class and its subclass may both record: the first call wins,
    which is the outermost subclass's when each class records before it calls the next
    constructor.
    """

    _saved_kwargs: dict[str, Any]

    def __init__(self, *, _disable_deepcopy: bool = False, **kwargs: Any) -> None:
        """Record `kwargs` unless a subclass already did.

        Args:
            _disable_deepcopy: Whether to keep the very objects instead of deep copies of them.
            **kwargs: The constructor's arguments by name.
        """
        if "_saved_kwargs" in self.__dict__:
            return
        if kwargs and not _disable_deepcopy:
            for value in kwargs.values():
                if type(value) not in _ATOMS:
                    kwargs = copy.deepcopy(kwargs)
                    break
        self._saved_kwargs = kwargs


def recorded(constructor: _Constructor) -> _Constructor:
    """Record what a constructor is given, before it runs; a decorator of ``__init__``.

    The class derives from `RecordConstructorArgs`. All arguments but the environment, which is the
    first, are recorded, those left to their defaults too. A path is recorded as text, since a spec
    is JSON.
    """
    code = cast(Any, constructor).__code__
    positional: tuple[str, ...] = code.co_varnames[1 : code.co_argcount]
    names = code.co_varnames[2 : code.co_argcount + code.co_kwonlyargcount]
    last = cast(Any, constructor).__defaults__ or ()
    defaults = dict(zip(positional[len(positional) - len(last) :], last, strict=True))
    defaults |= cast(Any, constructor).__kwdefaults__ or {}

    @functools.wraps(constructor)
    def recording(self: Any, *args: Any, **kwargs: Any) -> None:
        if "_saved_kwargs" not in self.__dict__:
            given = {**defaults, **dict(zip(positional, args, strict=False)), **kwargs}
            own = {name: _written(given[name]) for name in names if name in given}
            RecordConstructorArgs.__init__(self, **own)
        constructor(self, *args, **kwargs)

    return cast(_Constructor, recording)


def _written(value: Any) -> Any:
    return os.fspath(value) if isinstance(value, os.PathLike) else value
