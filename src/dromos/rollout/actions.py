"""Actions of many steps, and what a policy returns, judged before anything moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dromos.error import InvalidAction
from dromos.rollout.arrays import Array, array_spaces
from dromos.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space, Tuple

__all__ = ["as_array", "checked_actions"]

#: What the leading axes of actions are called: those of a vector, and those of futures.
_AXES = {"T": "steps", "N": "lanes", "K": "futures"}


def as_array(value: Any) -> Any:
    """Return an array of another library as NumPy's, over the same memory where that can be."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach"):  # a tensor that a gradient may be asked for
        value = value.detach().cpu()
    return np.asarray(value)


def checked_actions(
    actions: Any,
    space: Space[Any],
    sizes: Mapping[str, int | None],
    name: str = "actions",
    *,
    bounds: bool = True,
) -> Any:
    """Return actions as a tree of arrays, dtypes as given; raise if they are none.

    Args:
        actions: Arrays, or dicts and tuples of arrays, in the structure of `space`; lists will do.
        space: The actions of one lane in one step.
        sizes: What the leading axes are, ``"T"``, ``"N"`` or ``"K"``, and their sizes; None for
            any from 1 up.
        name: What they are called in messages.
        bounds: Whether to look at every number.

    Raises:
        InvalidAction: If the structure, a shape, a dtype or a bound does not fit; it names the
            place and the axis.
    """
    if isinstance(space, array_spaces):
        array = _numbers(actions, space, name)
        _check_shape(array, (*sizes.values(), *space.shape), list(sizes), space, name)
        if bounds:
            _check_bounds(array, space, list(sizes), name)
        return array
    if isinstance(space, Dict):
        if not isinstance(actions, Mapping) or actions.keys() != space.spaces.keys():
            found = list(actions) if isinstance(actions, Mapping) else type(actions).__name__
            raise InvalidAction(f"{name}: expected a dict of {list(space.spaces)}, found {found}")
        parts = space.spaces.items()
        return {
            key: checked_actions(actions[key], part, sizes, f"{name}[{key!r}]", bounds=bounds)
            for key, part in parts
        }
    if isinstance(space, Tuple):
        if not isinstance(actions, (tuple, list)) or len(actions) != len(space.spaces):
            raise InvalidAction(
                f"{name}: expected a tuple of {len(space.spaces)} arrays, found "
                f"{type(actions).__name__}"
            )
        pairs = enumerate(zip(actions, space.spaces, strict=True))
        return tuple(
            checked_actions(own, part, sizes, f"{name}[{i}]", bounds=bounds)
            for i, (own, part) in pairs
        )
    return _checked_objects(actions, space, sizes, name)


def _numbers(actions: Any, space: Space[Any], name: str) -> Array:
    try:
        array = as_array(actions)
    except (TypeError, ValueError):  # a ragged list
        array = np.empty(0, object)
    kinds = "biu" if space.dtype is not None and space.dtype.kind in "biu" else "biuf"
    if array.dtype.kind not in kinds:
        kind = "integers" if kinds == "biu" else "numbers"
        found = array.dtype if array.dtype != object else type(actions).__name__
        raise InvalidAction(f"{name}: expected {kind}, elements of {space}, found {found}")
    if not hasattr(actions, "dtype"):  # a list has the dtype of the space
        array = array.astype(space.dtype)
    return np.asarray(array)


def _check_shape(
    array: Array, expected: tuple[int | None, ...], axes: list[str], space: Any, name: str
) -> None:
    shape = tuple(axes[i] if size is None else size for i, size in enumerate(expected))
    if array.ndim != len(expected):
        raise InvalidAction(
            f"{name}: expected {len(expected)} axes, ({', '.join(map(str, shape))}), found "
            f"{array.ndim}, {array.shape}; one action is an element of {space}"
        )
    for axis, (size, found) in enumerate(zip(expected, array.shape, strict=True)):
        if found != size if size is not None else found < 1:
            what = f" ({_AXES[axes[axis]]})" if axis < len(axes) else ""
            least = "at least 1" if size is None else str(size)
            raise InvalidAction(
                f"{name}, axis {axis}{what}: expected {least}, found {found}; the shape is to be "
                f"({', '.join(map(str, shape))}), it is {array.shape}"
            )


def _check_bounds(array: Array, space: Any, axes: list[str], name: str) -> None:
    """Raise for integers that are no choices; what lies beyond a Box is for its environment."""
    if isinstance(space, Box):
        bad = np.isnan(array) if array.dtype.kind == "f" else np.zeros((), np.bool_)
    elif isinstance(space, MultiBinary):
        bad = (array != 0) & (array != 1)
    else:
        assert isinstance(space, (Discrete, MultiDiscrete))
        count = space.n if isinstance(space, Discrete) else space.nvec
        bad = (array < space.start) | (array >= space.start + count)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = ", ".join(f"{_AXES[axis][:-1]} {i}" for axis, i in zip(axes, place, strict=False))
        raise InvalidAction(
            f"{name}[{', '.join(map(str, place))}] ({where}): {array[place]!r} is not an action: "
            f"expected elements of {space}"
        )


def _checked_objects(
    actions: Any, space: Space[Any], sizes: Mapping[str, int | None], name: str
) -> Array:
    """Return actions that are no arrays, one by one, as an array of objects."""
    axes = list(sizes)
    rows = list(actions) if isinstance(actions, (list, tuple, np.ndarray)) else []
    lengths = {len(row) for row in rows if isinstance(row, (list, tuple, np.ndarray))}
    if not rows or len(lengths) != 1 or len(lengths) != len({type(r) for r in rows}):
        raise InvalidAction(
            f"{name}: expected a list of {axes[0]} lists of {axes[1]} elements of {space}, found "
            f"{type(actions).__name__}"
        )
    array = np.full((len(rows), *lengths), None, dtype=object)
    for step, row in enumerate(rows):
        for lane, element in enumerate(row):
            if not space.contains(element):
                raise InvalidAction(
                    f"{name}[{step}][{lane}]: {element!r} is not an action: expected an element "
                    f"of {space}"
                )
            array[step, lane] = element
    _check_shape(array, tuple(sizes.values()), axes, space, name)
    return array
