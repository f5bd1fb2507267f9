"""Infos of a vector: one dict of columns made of one dict a lane.

The value of key ``k`` in lane ``i`` stands in row ``i`` of column ``k``; the bool column ``_k``
says which lanes had the key. A dict value becomes a dict of columns. ``int``, ``float``, ``bool``
and NumPy numbers make a column of that dtype, arrays a column of shape ``(n, *shape)``, anything
else, and always ``final_obs``, a column of objects, None where a lane had no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["add_info", "batch_infos"]

Column = npt.NDArray[Any]

#: The types, besides NumPy's numbers, that make a column of numbers; their subclasses do not.
_NUMBERS = frozenset((bool, int, float))


def batch_infos(
    infos: Sequence[Mapping[str, Any]], rows: Sequence[int], num_rows: int
) -> dict[str, Any]:
    """Make columns of the infos of several lanes.

    Args:
        infos: One info a lane.
        rows: The row each info goes to; ascending.
        num_rows: The length of the columns.
    """
    if not any(infos):
        return {}
    gathered: dict[str, tuple[list[int], list[Any]]] = {}
    for row, info in zip(rows, infos, strict=True):
        for key, value in info.items():
            entry = gathered.get(key)
            if entry is None:
                gathered[key] = ([row], [value])
            else:
                entry[0].append(row)
                entry[1].append(value)
    vector_infos: dict[str, Any] = {}
    for key, (present, values) in gathered.items():
        vector_infos[key] = _column(key, present, values, num_rows)
        vector_infos[f"_{key}"] = _mask(present, num_rows)
    return vector_infos


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


def _column(key: str, rows: list[int], values: list[Any], num_rows: int) -> Any:
    """Return the column of one key: `values` in their `rows`, the other rows zero or None."""
    if key != "final_obs":
        kinds = set(map(type, values))
        if all(issubclass(kind, dict) for kind in kinds):
            return batch_infos(values, rows, num_rows)
        if all(map(_is_number, kinds)) or _are_alike_arrays(values):
            try:
                packed = np.array(values, dtype=_common_dtype(values, kinds))
                return _scatter(packed, rows, num_rows)
            except (OverflowError, TypeError):
                pass  # an int beyond the dtype, or dtypes with nothing in common
    objects = np.full(num_rows, None, dtype=object)
    for row, value in zip(rows, values, strict=True):
        objects[row] = value
    return objects


def _scatter(packed: Column, rows: list[int], num_rows: int) -> Column:
    if len(rows) == num_rows:
        return packed
    column = np.zeros((num_rows, *packed.shape[1:]), dtype=packed.dtype)
    column[rows] = packed
    return column


def _mask(rows: list[int], num_rows: int) -> npt.NDArray[np.bool_]:
    if len(rows) == num_rows:
        return np.ones(num_rows, dtype=np.bool_)
    mask = np.zeros(num_rows, dtype=np.bool_)
    mask[rows] = True
    return mask


def _is_number(kind: type) -> bool:
    return kind in _NUMBERS or issubclass(kind, np.number)


def _are_alike_arrays(values: list[Any]) -> bool:
    first = values[0]
    return isinstance(first, np.ndarray) and all(
        isinstance(value, np.ndarray) and value.shape == first.shape for value in values
    )


def _common_dtype(values: list[Any], kinds: set[type]) -> npt.DTypeLike:
    """Return the first value's dtype, widened if another value would lose its kind in it."""
    if len(kinds) == 1 and _is_number(kind := next(iter(kinds))):
        return kind
    common, *others = dict.fromkeys(map(_dtype_of, values))
    for dtype in others:
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
