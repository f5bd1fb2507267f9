"""Final observations of lanes: rows chosen from batches, and the columns infos hold of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["choose", "final_infos", "take"]


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


def final_infos(final: Any, ended: NDArray[np.bool_]) -> dict[str, Any]:
    """Return what SAME_STEP infos say of the lanes whose episode ended.

    Args:
        final: Final observations; a batch of n rows, copied.
        ended: Which lanes ended; bool (n,).

    Returns:
        ``final_obs``: object (n,), the final observation or None; ``final_info``: empty; and the
        masks ``_final_obs`` and ``_final_info``.
    """
    column = np.full(len(ended), None, dtype=object)
    rows = np.flatnonzero(ended)
    taken = take(final, rows)
    values = list(zip(*taken, strict=True)) if isinstance(taken, tuple) else list(taken)
    for row, value in zip(rows.tolist(), values, strict=True):
        column[row] = value
    return {
        "final_obs": column,
        "_final_obs": ended.copy(),
        "final_info": {},
        "_final_info": ended.copy(),
    }
