"""The infos of many steps: for each name that was asked for, one column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from dromos.rollout.actions import as_array
from dromos.rollout.arrays import Array, Place

__all__ = ["InfoColumns", "checked_names"]


def checked_names(names: Any) -> list[str]:
    """Return the names of infos as a list.

    Raises:
        TypeError: If they are not texts.
    """
    found = [names] if isinstance(names, str) else list(names)
    for name in found:
        if not isinstance(name, str):
            raise TypeError(f"infos: expected names of infos, found {name!r}")
    return found


class InfoColumns:
    """Columns (T, N, ...) of the infos that are asked for, and under ``_name`` who had them.

    A column is made when its name is seen first: what it is of, only the infos say.

    Attributes:
        names: The names.
        columns: The columns and masks so far.
    """

    def __init__(self, names: Iterable[str], shape: tuple[int, int], place: Place) -> None:
        self.names = list(names)
        self._shape, self._place = shape, place
        self.columns: dict[str, Any] = {}

    def prepare(self, kinds: Mapping[str, tuple[Any, tuple[int, ...]]]) -> None:
        """Make the columns of names whose dtype and shape, of one lane, are known."""
        for name in self.names:
            dtype, shape = kinds[name]
            where = f"infos[{name!r}]"
            self.columns[name] = self._place(where, (*self._shape, *shape), np.dtype(dtype))
            self._mask(name)

    def write(self, step: int, infos: Mapping[str, Any]) -> None:
        """Take what the infos of a step say."""
        for name in self.names:
            column = infos.get(name)
            if column is None:
                continue
            self._put(self.columns, name, step, column, f"infos[{name!r}]")
            self._mask(name)[step] = as_array(infos.get(f"_{name}", True))

    def write_one(self, place: tuple[int, int], info: Mapping[str, Any]) -> None:
        """Take what the info of a single environment says."""
        for name in self.names:
            if name in info:
                self._put(self.columns, name, place, info[name], f"infos[{name!r}]")
                self._mask(name)[place] = True

    def complete(self) -> dict[str, Any]:
        """Return all columns; None in those whose names never came."""
        for name in self.names:
            self.columns.setdefault(name, np.full(self._shape, None))
            self._mask(name)
        return self.columns

    def _mask(self, name: str) -> Array:
        key = f"_{name}"
        if key not in self.columns:
            where = f"infos[{key!r}]"
            self.columns[key] = self._place(where, self._shape, np.dtype(np.bool_))
        mask: Array = self.columns[key]
        return mask

    def _put(self, columns: dict[str, Any], key: str, place: Any, value: Any, where: str) -> None:
        if isinstance(value, dict):
            inner = columns.setdefault(key, {})
            for name, part in value.items():
                self._put(inner, name, place, part, f"{where}[{name!r}]")
            return
        row = _as_row(value)
        # Of a step of all lanes, without the axis of lanes; one of the vector goes to all of them.
        item = row.shape if isinstance(place, tuple) else row.shape[1:]
        column = columns.get(key)
        if column is None:
            column = self._place(where, (*self._shape, *item), row.dtype)
        elif column.dtype != row.dtype or column.shape[2:] != item:
            column = _widened(column, row, item)
        columns[key] = column
        column[place] = row if column.dtype != object or row.ndim else row.item()


def _as_row(value: Any) -> Array:
    """Return a value, or a column of values, as an array; of objects if it is no number."""
    if isinstance(value, (np.ndarray, np.generic, bool, int, float)) or hasattr(
        value, "__dlpack__"
    ):
        row: Array = as_array(value)
        return row.astype(object) if row.dtype.kind in "USV" else row
    one = np.full((), None)
    one[()] = value
    return one


def _widened(column: Array, row: Array, item: tuple[int, ...]) -> Array:
    """Return a column with room for a row of another dtype or shape."""
    numbers = "O" not in (column.dtype.kind, row.dtype.kind)
    if numbers and column.shape[2:] == item:
        return column.astype(np.result_type(column.dtype, row.dtype), copy=False)
    wide = np.full(column.shape[:2], None)
    for place in np.ndindex(wide.shape):
        wide[place] = column[place]
    return wide
