"""Infos as a list of one dict a lane, made of columns when somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from dromos.vector.infos import split_infos

__all__ = ["InfoList"]


class InfoList(list[dict[str, Any]]):
    """What `split_infos` returns, as a list that is filled by the first call of any of its methods.

    Copies and pickles are plain lists.
    """

    __slots__ = ("_columns", "_num_rows")

    def __init__(self, columns: dict[str, Any], num_rows: int) -> None:
        """Keep the columns.

        Args:
            columns: Columns with their masks, which nobody changes any more.
            num_rows: Their length.
        """
        super().__init__()
        self._columns: dict[str, Any] | None = columns
        self._num_rows = num_rows

    def _fill(self) -> None:
        if self._columns is not None:
            # In this order, an error or an interrupt leaves the columns for another look.
            list.__setitem__(self, slice(None), split_infos(self._columns, self._num_rows))
            self._columns = None

    def __radd__(self, other: list[Any]) -> list[Any]:
        """Return ``other + self``, for which lists have no method."""
        return [*other, *self]

    def __reduce__(self) -> tuple[Any, ...]:
        """Become a plain list."""
        return list, (list(self),)


def _filled_first(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: InfoList, *args: Any, **kwargs: Any) -> Any:
        self._fill()
        return method(self, *args, **kwargs)

    return call


#: The methods of `list` that look neither at its elements nor at their number.
_BLIND = {"__class_getitem__", "__getattribute__", "__init__", "__new__"}

for _name, _method in vars(list).items():
    if callable(_method) and _name not in _BLIND:
        setattr(InfoList, _name, _filled_first(_method))
