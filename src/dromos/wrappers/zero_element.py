"""The element of a space that is nearest to zero."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from dromos.error import CustomSpaceError
from dromos.spaces import (
    Box,
    Dict,
    Discrete,
    Graph,
    GraphInstance,
    MultiBinary,
    MultiDiscrete,
    OneOf,
    Sequence,
    Space,
    Text,
    Tuple,
)
from dromos.vector.utils import batch_space

__all__ = ["create_zero_array"]


@singledispatch
def create_zero_array(space: Any) -> Any:
    """Return an element of `space` that is zero, or as near to zero as its bounds allow.

    Other classes of space join by ``create_zero_array.register(TheSpace, function)``.

    Args:
        space: The space.

    Returns:
        A new element. Spaces without numbers give their smallest: the shortest text, the empty
        sequence, the first of several spaces.

    Raises:
        CustomSpaceError: If the class of the space is not known here.
        TypeError: If it is no space.
    """
    if isinstance(space, Space):
        raise CustomSpaceError(
            f"create_zero_array knows no zero of a {type(space).__name__}: register a function "
            f"with create_zero_array.register({type(space).__name__}, function)"
        )
    raise TypeError(f"create_zero_array expects a Space, found {space!r} of type {type(space)}")


@create_zero_array.register(Box)
def _box(space: Box[Any]) -> Any:
    return np.asarray(np.clip(np.zeros(space.shape, space.dtype), space.low, space.high))


@create_zero_array.register(Discrete)
@create_zero_array.register(MultiDiscrete)
def _integers(space: Any) -> Any:
    count = space.n if isinstance(space, Discrete) else space.nvec
    nearest = np.clip(0, space.start, space.start + (count - 1))
    return np.asarray(nearest).astype(space.dtype)[()]


@create_zero_array.register(MultiBinary)
def _binary(space: MultiBinary) -> Any:
    return np.zeros(space.shape, space.dtype)


@create_zero_array.register(Tuple)
def _tuple(space: Tuple) -> Any:
    return tuple(create_zero_array(part) for part in space.spaces)


@create_zero_array.register(Dict)
def _dict(space: Dict) -> Any:
    return {key: create_zero_array(part) for key, part in space.spaces.items()}


@create_zero_array.register(Text)
def _text(space: Text) -> str:
    return space.characters[:1] * space.min_length


@create_zero_array.register(Sequence)
def _sequence(space: Sequence) -> Any:
    return create_zero_array(batch_space(space.feature_space, 0)) if space.stack else ()


@create_zero_array.register(Graph)
def _graph(space: Graph) -> GraphInstance:
    """Return one node, and one edge from it to itself if the space has edges."""
    nodes = create_zero_array(batch_space(space.node_space, 1))
    if space.edge_space is None:
        return GraphInstance(nodes=nodes, edges=None, edge_links=None)
    edges = create_zero_array(batch_space(space.edge_space, 1))
    return GraphInstance(nodes=nodes, edges=edges, edge_links=np.zeros((1, 2), np.int64))


@create_zero_array.register(OneOf)
def _one_of(space: OneOf) -> Any:
    return 0, create_zero_array(space.spaces[0])
