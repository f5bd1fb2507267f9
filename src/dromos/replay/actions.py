"""Actions in JSON, and one lane's element of a batch.

The header of a file says the dtype and shape that actions have; a step then holds plain numbers. An
action of another kind than the first (and a dict, tuple or text) stands for itself as
`dromos.plain` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dromos import plain
from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

__all__ = ["ActionForm", "batch_of_one", "form_of", "row_of"]

_PYTHON_NUMBERS: dict[str, type] = {"bool": bool, "int": int, "float": float}
_PYTHON = "python "  # before the name of a type that is Python's own
_ARRAY_SPACES = (Box, Discrete, MultiBinary, MultiDiscrete)
_KINDS = "biuf"  # the kinds of dtypes whose numbers JSON keeps to the last bit ...
_MOST_BYTES = 8  # ... up to this size
#: The kinds that numbers in a file may have for an action of a kind.
_READ_AS = {"b": "b", "i": "iu", "u": "iu", "f": "iuf"}


class ActionForm(NamedTuple):
    """What numbers in a file become: an array or scalar of a dtype, or, without dtype, a value.

    Attributes:
        dtype: A NumPy dtype; ``"python int"`` and the like for Python's own; None for plain data.
        shape: The shape of the array; empty for a number.
    """

    dtype: str | None
    shape: tuple[int, ...]

    def to_json(self, action: Any) -> Any:
        """Return an action of this form as JSON's lists, dicts and scalars.

        Raises:
            NotPlainError: If it holds something that is not plain data.
        """
        if self.dtype is None:
            return plain.to_tree(action)
        return action.tolist() if isinstance(action, (np.ndarray, np.generic)) else action

    def from_json(self, tree: Any) -> Any:
        """Return the action of which `to_json` made `tree`.

        Raises:
            ValueError: If it is none of this form.
        """
        if self.dtype is None:
            return plain.from_tree(tree)
        if self.dtype.startswith(_PYTHON):
            kind = _PYTHON_NUMBERS[self.dtype.removeprefix(_PYTHON)]
            if type(tree) is not kind:
                raise ValueError(f"expected a number, {kind.__name__}, found {tree!r:.60}")
            return tree
        try:
            found = np.asarray(tree)
            array = found.astype(self.dtype)
        except (TypeError, ValueError, OverflowError) as reason:
            raise ValueError(f"expected numbers of {self.dtype}, found {tree!r:.60}") from reason
        if found.dtype.kind not in _READ_AS[array.dtype.kind] and found.size:
            raise ValueError(f"expected numbers of {self.dtype}, found {tree!r:.60}")
        if array.shape != self.shape:
            raise ValueError(f"expected numbers of shape {self.shape}, found {array.shape}")
        return array if self.shape else array[()]

    @classmethod
    def read(cls, dtype: Any, shape: Any) -> ActionForm:
        """Return the form that a header tells of.

        Raises:
            ValueError: If it tells of none.
        """
        sizes = shape if isinstance(shape, list) else [shape]
        if shape is not None and any(type(size) is not int or size < 0 for size in sizes):
            raise ValueError(f"actions_shape: expected a list of sizes, found {shape!r:.60}")
        if dtype is None:
            return cls(None, ())
        if not isinstance(dtype, str):
            raise ValueError(f"actions_dtype: expected a text or null, found {dtype!r:.60}")
        if dtype.removeprefix(_PYTHON) not in _PYTHON_NUMBERS or not dtype.startswith(_PYTHON):
            try:
                known = _is_kept(np.dtype(dtype))
            except TypeError:
                known = False
            if not known:
                raise ValueError(f"actions_dtype: expected a dtype of numbers, found {dtype!r:.60}")
        return cls(dtype, tuple(sizes) if shape is not None else ())


def form_of(action: Any) -> ActionForm:
    """Return the form in which an action is written."""
    if isinstance(action, np.ndarray) and action.ndim and _is_kept(action.dtype):
        return ActionForm(action.dtype.str, action.shape)
    if isinstance(action, np.generic) and _is_kept(action.dtype):
        return ActionForm(action.dtype.str, ())
    if type(action) in _PYTHON_NUMBERS.values():
        return ActionForm(f"{_PYTHON}{type(action).__name__}", ())
    return ActionForm(None, ())


def _is_kept(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in _KINDS and dtype.itemsize <= _MOST_BYTES


def row_of(space: Space[Any], batch: Any, row: int) -> Any:
    """Return the element of one lane out of a batch; `space` is that of one lane."""
    if isinstance(space, Dict) and isinstance(batch, Mapping):
        return {name: row_of(part, batch[name], row) for name, part in space.spaces.items()}
    if isinstance(space, Tuple):
        pairs = zip(space.spaces, batch, strict=True)
        return tuple(row_of(part, own, row) for part, own in pairs)
    return batch[row]


def batch_of_one(space: Space[Any], action: Any) -> Any:
    """Return a batch for a vector of one lane."""
    if isinstance(space, Dict) and isinstance(action, Mapping):
        return {name: batch_of_one(part, action[name]) for name, part in space.spaces.items()}
    if isinstance(space, Tuple):
        pairs = zip(space.spaces, action, strict=True)
        return tuple(batch_of_one(part, own) for part, own in pairs)
    return np.asarray(action)[None] if isinstance(space, _ARRAY_SPACES) else (action,)
