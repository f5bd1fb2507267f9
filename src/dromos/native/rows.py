"""Rows chosen from batches of observations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["choose", "take"]


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


def take(batch: Any, rows: NDArray[np.int64]) -> Any:
    """Return some rows of a batch, copied."""
    if isinstance(batch, tuple):
        return tuple(array[rows] for array in batch)
    return batch[rows]
