"""Remembering constructor arguments, so that a wrapper can be built again from its spec."""

from __future__ import annotations

import copy
from typing import Any

from dromos.homes import adopt

__all__ = ["RecordConstructorArgs"]

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
