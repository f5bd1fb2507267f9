"""Spaces of one library as spaces of another, by value.

Both libraries have the same classes with the same attributes, so one table serves both ways.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from dromos.error import CustomSpaceError

__all__ = ["convert_space", "convert_value", "holds_graphs"]

_Convert = Callable[[Any], Any]

#: By the name of a class: its arguments in the other library, given how to convert a subspace.
_ARGUMENTS: dict[str, Callable[[Any, _Convert], dict[str, Any]]] = {
    "Box": lambda s, _: {"low": s.low, "high": s.high, "shape": s.shape, "dtype": s.dtype},
    "Discrete": lambda s, _: {"n": s.n, "start": s.start, "dtype": s.dtype},
    "MultiBinary": lambda s, _: {"n": s.n},
    "MultiDiscrete": lambda s, _: {"nvec": s.nvec, "start": s.start, "dtype": s.dtype},
    "Text": lambda s, _: {
        "max_length": s.max_length,
        "min_length": s.min_length,
        "charset": "".join(s.character_list),  # in its order, which decides what a seed draws
    },
    "Dict": lambda s, convert: {
        "spaces": [(key, convert(space)) for key, space in s.spaces.items()],
        "sort_keys": False,
    },
    "Tuple": lambda s, convert: {"spaces": [convert(space) for space in s.spaces]},
    "OneOf": lambda s, convert: {"spaces": [convert(space) for space in s.spaces]},
    "Sequence": lambda s, convert: {"space": convert(s.feature_space), "stack": s.stack},
    "Graph": lambda s, convert: {
        "node_space": convert(s.node_space),
        "edge_space": None if s.edge_space is None else convert(s.edge_space),
    },
}


def convert_space(space: Any, into: Any) -> Any:
    """Return the same space made of another library's classes.

    A space that is of that library already is returned itself. What has drawn random numbers
    goes on with the same ones.

    Args:
        space: A space of either library.
        into: The other library's ``spaces`` module.

    Raises:
        CustomSpaceError: If a space is of a class that the libraries do not share.
    """
    if isinstance(space, into.Space):
        return space
    kind = type(space)
    arguments = _ARGUMENTS.get(kind.__name__)
    if arguments is None or ".spaces." not in kind.__module__:
        raise CustomSpaceError(
            f"{space!r} is of {kind}, which {into.__name__} has no equal of; expected one of "
            f"{', '.join(_ARGUMENTS)}. Convert the environment's spaces to these with a wrapper."
        )
    converted = getattr(into, kind.__name__)(
        **arguments(space, lambda part: convert_space(part, into))
    )
    converted._np_random = copy.deepcopy(space._np_random)
    return converted


def convert_value(space: Any, value: Any, into: Any) -> Any:
    """Return an element of `space` as the other library has it; only graphs differ.

    Args:
        space: A space of either library.
        value: An element of it.
        into: The ``spaces`` module of the library that takes it.
    """
    kind = type(space).__name__
    if kind == "Graph":
        return into.GraphInstance(*value)
    if kind == "Dict":
        return {key: convert_value(part, value[key], into) for key, part in space.spaces.items()}
    if kind == "Tuple":
        pairs = zip(space.spaces, value, strict=True)
        return tuple(convert_value(part, element, into) for part, element in pairs)
    if kind == "OneOf":
        return value[0], convert_value(space.spaces[int(value[0])], value[1], into)
    if kind == "Sequence" and isinstance(value, tuple):  # stacked ones of graphs are tuples too
        return tuple(convert_value(space.feature_space, element, into) for element in value)
    return value


def holds_graphs(space: Any) -> bool:
    """Return whether elements of a space have graphs in them."""
    kind = type(space).__name__
    if kind in {"Dict", "Tuple", "OneOf"}:
        parts = space.spaces.values() if kind == "Dict" else space.spaces
        return any(map(holds_graphs, parts))
    return kind == "Graph" or (kind == "Sequence" and holds_graphs(space.feature_space))
