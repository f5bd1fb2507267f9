"""Actions of a native vector: brought into the layout that the core reads, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.error import InvalidAction
from dromos.native.fields import layout_of

__all__ = ["as_native_actions"]


def as_native_actions(actions: Any, batch: core.Batch, rows: int) -> NDArray[Any]:
    """Return `actions` as a C-contiguous array of the core's dtype.

    Args:
        actions: One action a row.
        batch: The batch they are for.
        rows: How many there must be.

    Returns:
        int64 (rows,) for discrete actions; the action's dtype (rows, count) otherwise.

    Raises:
        InvalidAction: If the number, shape or kind of the actions is wrong.
    """
    layout = layout_of(batch.name)
    count = layout["action_count"]
    shape = (rows, count) if count else (rows,)
    dtype = np.dtype(layout["action_dtype"])
    try:
        array = np.asarray(actions)
    except ValueError:  # a ragged list
        array = np.empty(0, dtype=object)
    kinds = "biu" if dtype.kind == "i" else "biuf"
    if array.shape != shape or array.dtype.kind not in kinds:
        kind = "integers" if dtype.kind == "i" else "numbers"
        raise InvalidAction(
            f"Expected {kind} of shape {shape}, one row a lane, got {_described(actions, array)}"
        )
    if array.dtype == np.uint64 and (array > np.iinfo(np.int64).max).any():
        raise InvalidAction(f"Expected actions below {layout['action_choices']}, got {array.max()}")
    return np.ascontiguousarray(array, dtype=dtype)


def _described(actions: Any, array: NDArray[Any]) -> str:
    if array.dtype == object:
        return f"{type(actions).__name__} {actions!r}"
    return f"{array.dtype} of shape {array.shape}"
