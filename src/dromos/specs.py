"""What a wrapper says about itself: its name, where it is, and how it was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dromos.homes import lives_in

__all__ = ["WrapperSpec", "same_value"]


@lives_in("dromos.envs.registration")
@dataclass(eq=False)
class WrapperSpec:
    """A wrapper as plain data.

    Attributes:
        name: The wrapper's class name.
        entry_point: ``"module:Class"``.
        kwargs: The constructor's keyword arguments without ``env``; None if the wrapper does not
            record them, in which case it cannot be built from this.
    """

    name: str
    entry_point: str
    kwargs: dict[str, Any] | None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WrapperSpec):
            return NotImplemented
        return same_value(
            (self.name, self.entry_point, self.kwargs),
            (other.name, other.entry_point, other.kwargs),
        )


def same_value(left: object, right: object) -> bool:
    """Return whether two arguments are equal, arrays inside them compared as a whole.

    Unlike ``==``, it gives one bool for containers that hold NumPy arrays.
    """
    if left is right:
        return True
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same_value(left[key], right[key]) for key in left
        )
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return (
            isinstance(left, list) == isinstance(right, list)
            and len(left) == len(right)
            and all(map(same_value, left, right))
        )
    return _equal_leaves(left, right)


def _equal_leaves(left: object, right: object) -> bool:
    import numpy as np

    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        if not (isinstance(left, np.ndarray) and isinstance(right, np.ndarray)):
            return False
        same_kind = left.dtype == right.dtype and left.shape == right.shape
        return same_kind and bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fc"))
    both_nan = left != left and right != right
    return bool(left == right) or bool(both_nan)
