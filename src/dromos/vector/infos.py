"""Infos of a vector: one dict of columns made of one dict a lane.

The value of key ``k`` in lane ``i`` stands in row ``i`` of column ``k``; the bool column ``_k``
says which lanes had the key. A dict value becomes a dict of columns. ``int``, ``float``, ``bool``
and NumPy numbers make a column of that dtype, arrays a column of shape ``(n, *shape)``, anything
else, and always ``final_obs``, a column of objects, None where a lane had no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos._core import episodes

__all__ = ["add_info", "batch_infos", "split_infos"]

Column = npt.NDArray[Any]

#: The types, besides NumPy's numbers, that make a column of numbers; their subclasses do not.
_NUMBERS = frozenset((bool, int, float))


def batch_infos(
    infos: Sequence[dict[str, Any]], rows: Sequence[int], num_rows: int
) -> dict[str, Any]:
    """Make columns of the infos of several lanes.

    Args:
        infos: One info a lane.
        rows: The row each info goes to; ascending.
        num_rows: The length of the columns.
    """
    if not infos:
        return {}
    return episodes.batch_infos(infos, rows, num_rows, _column)


def add_info(
    vector_infos: dict[str, Any], info: Mapping[str, Any], row: int, num_rows: int
) -> dict[str, Any]:
    """Add the info of one lane to columns made of others, and return them.

    Args:
        vector_infos: Columns of length `num_rows`; changed in place.
        info: The lane's info.
        row: The lane's row.
        num_rows: The length of the columns.
    """
    for key, value in info.items():
        mask = vector_infos.setdefault(f"_{key}", np.zeros(num_rows, dtype=np.bool_))
        column = vector_infos.get(key)
        if column is None:
            column = _column(key, [row], [value], num_rows)
        elif isinstance(column, dict):
            add_info(column, value, row, num_rows)
        elif not _put(column, row, value):
            rows = [int(other) for other in np.flatnonzero(mask) if other != row]
            values = [_value(column[other]) for other in rows]
            column = _column(key, [*rows, row], [*values, value], num_rows)
        vector_infos[key] = column
        mask[row] = True
    return vector_infos


def split_infos(vector_infos: dict[str, Any], num_rows: int) -> list[dict[str, Any]]:
    """Return columns as one dict a row, without masks; a row has the keys that its lane had."""
    rows: list[dict[str, Any]] = [{} for _ in range(num_rows)]
    _add_columns(rows, vector_infos, None)
    return rows


def _add_columns(rows: list[dict[str, Any]], columns: dict[str, Any], present: Any) -> None:
    """Enter columns into the rows that had them.

    Args:
        rows: One dict a row; changed in place.
        columns: The columns and their masks.
        present: The mask of these columns' parent, which columns without a mask share; None for
            all rows.
    """
    masks = {f"_{key}" for key in columns}
    for key, column in columns.items():
        if key in masks:
            continue
        mask = columns.get(f"_{key}", present)
        if episodes.fill_rows(rows, key, column, mask):
            continue
        having = range(len(rows)) if mask is None else np.flatnonzero(mask).tolist()
        if isinstance(column, dict):
            inner: list[dict[str, Any]] = [{} for _ in rows]
            _add_columns(inner, column, mask)
            for row in having:
                rows[row][key] = inner[row]
        else:
            of_all = np.ndim(column) == 0  # told of the vector, not of its lanes
            for row in having:
                rows[row][key] = column if of_all else column[row]


def _column(key: str, rows: list[int], values: list[Any], num_rows: int) -> Any:
    """Return the column of one key: `values` in their `rows`, the other rows zero or None."""
    if key != "final_obs":
        kinds = dict.fromkeys(map(type, values))
        dtypes = _dtypes(values, kinds)
        if dtypes:
            try:
                return _scatter(np.array(values, _common_dtype(dtypes)), rows, num_rows)
            except (OverflowError, TypeError):
                pass  # an int beyond the dtype, or dtypes with nothing in common
        elif all(issubclass(kind, dict) for kind in kinds):
            return batch_infos(values, rows, num_rows)
    objects = np.full(num_rows, None, dtype=object)
    for row, value in zip(rows, values, strict=True):
        objects[row] = value
    return objects


def _dtypes(values: list[Any], kinds: Iterable[type]) -> list[np.dtype[Any]]:
    """Return the dtypes of numbers, or of arrays of one shape, the first value's in front."""
    if _NUMBERS.issuperset(kinds) or all(map(_is_number, kinds)):
        return list(map(np.dtype, kinds))
    if all(issubclass(kind, np.ndarray) for kind in kinds):
        shapes = {value.shape for value in values}
        return list({value.dtype: None for value in values}) if len(shapes) == 1 else []
    return []


def _scatter(packed: Column, rows: list[int], num_rows: int) -> Column:
    if len(rows) == num_rows:
        return packed
    column = np.zeros((num_rows, *packed.shape[1:]), dtype=packed.dtype)
    column[rows] = packed
    return column


def _is_number(kind: type) -> bool:
    return kind in _NUMBERS or issubclass(kind, np.number)


def _common_dtype(dtypes: list[np.dtype[Any]]) -> np.dtype[Any]:
    """Return the first dtype, widened if values of another would lose their kind in it."""
    common = dtypes[0]
    for dtype in dtypes[1:]:
        if not _holds(common, dtype):
            common = np.promote_types(common, dtype)
    return common


def _put(column: Column, row: int, value: Any) -> bool:
    """Write `value` into a row if the column can hold it; return whether it did."""
    if column.dtype != object:
        if np.shape(value) != column.shape[1:] or not (
            _is_number(type(value)) or isinstance(value, np.ndarray)
        ):
            return False
        if not _holds(column.dtype, _dtype_of(value)):
            return False
    try:
        column[row] = value
    except OverflowError:
        return False
    return True


def _value(element: Any) -> Any:
    """Return an element of a column as the value it was, where Python has that type."""
    return element.item() if type(element) in (np.bool_, np.int64, np.float64) else element


def _holds(dtype: np.dtype[Any], other: np.dtype[Any]) -> bool:
    texts = dtype.kind in "SU"  # NumPy calls it the same kind when a text is cut off
    return np.can_cast(other, dtype, "safe" if texts else "same_kind")


def _dtype_of(value: Any) -> np.dtype[Any]:
    return value.dtype if isinstance(value, np.ndarray) else np.dtype(type(value))
