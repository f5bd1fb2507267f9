"""Arrays of many steps: where they come from, what is written into them, and what fits.

A *tree* is an array, or a dict or tuple of trees. Elements that are no arrays (texts, sequences,
graphs) stand one by one in arrays of objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

__all__ = [
    "Array",
    "Place",
    "array_spaces",
    "leaves_of",
    "like_space",
    "map_arrays",
    "put_row",
    "structure_of",
]

Array = npt.NDArray[Any]

#: Makes an array of a shape and dtype for a named place; zeros.
Place = Callable[[str, tuple[int, ...], Any], Array]

#: The spaces whose elements are arrays or numbers.
array_spaces = (Box, Discrete, MultiBinary, MultiDiscrete)


def map_arrays(function: Callable[..., Any], structure: Any, *others: Any) -> Any:
    """Return arrays in dicts and tuples with a function applied to each, and to those of others."""
    if isinstance(structure, np.ndarray):
        return function(structure, *others)
    if isinstance(structure, dict):
        return {
            key: map_arrays(function, part, *(other[key] for other in others))
            for key, part in structure.items()
        }
    return tuple(map_arrays(function, *parts) for parts in zip(structure, *others, strict=True))


def leaves_of(tree: Any, name: str) -> Iterator[tuple[str, Array]]:
    """Yield each array of a tree with what it is called: ``name['key'][0]``."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from leaves_of(part, f"{name}[{key!r}]")
    elif isinstance(tree, tuple):
        for index, part in enumerate(tree):
            yield from leaves_of(part, f"{name}[{index}]")
    else:
        yield name, tree


def structure_of(space: Space[Any], leaf: Callable[[Space[Any], str], Any], name: str) -> Any:
    """Return a tree with what a function makes of each space that is no `Dict` or `Tuple`."""
    if isinstance(space, array_spaces):  # quick, unlike whether it is a Mapping too
        return leaf(space, name)
    if isinstance(space, Dict):
        return {
            key: structure_of(part, leaf, f"{name}[{key!r}]") for key, part in space.spaces.items()
        }
    if isinstance(space, Tuple):
        parts = enumerate(space.spaces)
        return tuple(structure_of(part, leaf, f"{name}[{index}]") for index, part in parts)
    return leaf(space, name)


def like_space(space: Space[Any], shape: tuple[int, ...], place: Place, name: str) -> Any:
    """Return a tree of arrays for `shape` elements of a space."""

    def leaf(part: Space[Any], where: str) -> Array:
        if isinstance(part, array_spaces):
            return place(where, (*shape, *part.shape), part.dtype)
        return place(where, shape, np.dtype(object))

    return structure_of(space, leaf, name)


def put_row(tree: Any, row: int, batch: Any) -> None:
    """Write a batch of one element a lane into row `row` of a tree."""

    def put(array: Array, elements: Any) -> None:
        if array.dtype != object:
            np.copyto(array[row], np.asarray(elements), casting="same_kind")
            return
        for lane, element in enumerate(elements):
            array[row, lane] = element

    map_arrays(put, tree, batch)


def take_row(tree: Any, row: int) -> Any:
    """Return row `row` of a tree as a batch: views of its arrays, objects as a tuple."""
    if type(tree) is np.ndarray and not tree.dtype.hasobject:  # nearly always, at every step
        return tree[row]
    return map_arrays(
        lambda array: tuple(array[row]) if array.dtype == object else array[row], tree
    )


def names_in(value: Mapping[str, Any]) -> str:
    """Return the keys of a dict, for messages."""
    return ", ".join(map(str, value)) or "none"
