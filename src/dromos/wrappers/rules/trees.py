"""Batches of observations that are arrays, or dicts and tuples of arrays."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Dict, Space, Tuple

__all__ = ["copy_tree", "first_leaf", "lanes_of", "map_tree", "num_rows", "put_rows", "take_rows"]

#: Which lanes: all of them, or a single environment (`...`), a mask, or indices.
Lanes = Any


def map_tree(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Return `tree` with each array in it, and those in the same places of others, passed on."""
    if isinstance(tree, dict):
        return {
            key: map_tree(function, part, *(other[key] for other in others))
            for key, part in tree.items()
        }
    if isinstance(tree, tuple):
        parts = [
            map_tree(function, part, *(other[i] for other in others)) for i, part in enumerate(tree)
        ]
        return tree._make(parts) if hasattr(tree, "_make") else tuple(parts)  # pyright: ignore[reportAttributeAccessIssue]
    return function(tree, *others)


def copy_tree(tree: Any) -> Any:
    """Return `tree` with arrays of its own; numbers become arrays, other objects are copied."""
    if isinstance(tree, np.ndarray):
        return tree.copy()
    return map_tree(_copied, tree)


def _copied(leaf: Any) -> Any:
    if isinstance(leaf, (np.ndarray, np.generic, int, float)):
        return np.array(leaf)
    return copy.deepcopy(leaf)


def lanes_of(rows: Any, lanes: Lanes) -> Lanes:
    """Return the lanes of some rows, a mask or indices, of a batch of the rows of `lanes`."""
    return rows if lanes is ... else lanes[rows]


def take_rows(tree: Any, lanes: Lanes) -> Any:
    """Return the rows of some lanes."""
    return map_tree(lambda array: array[lanes], tree)


def put_rows(tree: Any, lanes: Lanes, rows: Any) -> None:
    """Write `rows` into the arrays of `tree`."""

    def write(array: npt.NDArray[Any], row: Any) -> None:
        array[lanes] = row

    map_tree(write, tree, rows)


def first_leaf(space: Space[Any], value: Any) -> tuple[Space[Any], Any]:
    """Return the first part of `value`, an element or a batch, that has no parts; and its space."""
    while isinstance(space, (Dict, Tuple)):
        key = next(iter(space.spaces)) if isinstance(space, Dict) else 0
        space, value = space.spaces[key], value[key]  # type: ignore[index]
    return space, value


def num_rows(space: Space[Any], batch: Any) -> int:
    """Return the number of rows in a batch of observations of `space`."""
    return len(first_leaf(space, batch)[1])
