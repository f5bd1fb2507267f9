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
        if "_saved_kwargs" not in self.__dict__:
            self._saved_kwargs = kwargs if _disable_deepcopy else _copied(kwargs)


def recorded(constructor: _Constructor) -> _Constructor:
    """Record what a constructor is given, before it runs; a decorator of ``__init__``.

    The class derives from `RecordConstructorArgs`, and its first argument is ``env``. All others
    are recorded, those left to their defaults too; a path as text, since a spec is JSON.

    It takes a microsecond. The wrappers that every `make` puts on record without it.
    """
    known = cast(Any, constructor)
    code, last = known.__code__, known.__defaults__ or ()
    names = code.co_varnames[2 : code.co_argcount + code.co_kwonlyargcount]
    defaults = dict.fromkeys(names)
    defaults.update(zip(code.co_varnames[code.co_argcount - len(last) :], last, strict=False))
    defaults.update(known.__kwdefaults__ or {})

    @functools.wraps(constructor)
    def recording(self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
        if "_saved_kwargs" not in self.__dict__:
            given = {**defaults, **kwargs}
            if args:
                given.update(zip(names, args, strict=False))
            own = _copied(given)
            if own is not given:  # there may be a path among them
                own = {n: os.fspath(v) if isinstance(v, os.PathLike) else v for n, v in own.items()}
            self._saved_kwargs = own
        constructor(self, env, *args, **kwargs)

    return cast(_Constructor, recording)


def _copied(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return arguments that nobody else can change."""
    for value in kwargs.values():
        if type(value) not in _ATOMS:
            return copy.deepcopy(kwargs)
    return kwargs
