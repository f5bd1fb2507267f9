"""Rows chosen from batches of observations and from columns of infos."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["choose", "scattered", "take", "unmarked"]


def choose(rows: NDArray[np.bool_], chosen: Any, others: Any) -> Any:
    """Return a batch with some rows from `chosen` and the rest from `others`.

    Args:
        rows: Which rows come from `chosen`; bool (n,).
        chosen: A batch: an array (n, ...) or a tuple of arrays.
        others: A batch like it.
    """
    if isinstance(chosen, tuple):
        return tuple(choose(rows, *pair) for pair in zip(chosen, others, strict=True))
    return np.where(rows.reshape(-1, *[1] * (chosen.ndim - 1)), chosen, others)


def take(batch: Any, rows: NDArray[np.int64] | slice) -> Any:
    """Return some rows of arrays in tuples and dicts: copied, or a view of a slice of them."""
    if isinstance(batch, tuple):
        return tuple(take(part, rows) for part in batch)
    if isinstance(batch, dict):
        return {name: take(part, rows) for name, part in batch.items()}
    return batch[rows]


def scattered(infos: dict[str, Any], rows: NDArray[np.int64], num_rows: int) -> dict[str, Any]:
    """Return columns of `num_rows` with these infos in their rows, the others zero."""
    result = {}
    for name, column in infos.items():
        result[name] = np.zeros((num_rows, *column.shape[1:]), dtype=column.dtype)
        result[name][rows] = column
    return result


def unmarked(infos: dict[str, Any]) -> dict[str, Any]:
    """Return columns like those of `infos` that say that no lane has any of them."""
    return {name: np.zeros_like(column) for name, column in infos.items()}
