"""Spaces as plain data: their JSON form, and the random generators inside them."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.error import CustomSpaceError
from dromos.plain.errors import MalformedError, NotPlainError, shown, type_name

if TYPE_CHECKING:
    from typing_extensions import TypeIs  # at run time it would bring `inspect`

    from dromos.plain.trees import Reader, Writer
    from dromos.spaces.space import Space

__all__ = [
    "MAX_ELEMENTS",
    "check_generators",
    "is_space",
    "parts_of_space",
    "put_generators",
    "read_space",
    "write_space",
]

#: Of all spaces in one value. A box with equal bounds everywhere is a short text, whatever its
#: shape.
MAX_ELEMENTS = 1 << 24

#: Attributes of these types are no spaces and hold none.
_LEAVES = frozenset({type(None), bool, int, float, str, np.ndarray, np.random.Generator})


def is_space(value: object) -> TypeIs[Space[Any]]:
    """Return whether `value` is a space. If no space was imported yet, nothing is one."""
    module = sys.modules.get("dromos.spaces.space")
    return module is not None and isinstance(value, module.Space)


def parts_of_space(space: Space[Any]) -> list[Space[Any]]:
    """Return a space and the spaces it is made of, each once, in a fixed order."""
    found: dict[int, Space[Any]] = {}
    waiting: list[Any] = [space]
    while waiting:
        value = waiting.pop()
        inside: Any = ()
        if is_space(value):
            if id(value) not in found:
                found[id(value)] = value
                inside = vars(value).values()
        elif isinstance(value, (dict, list, tuple)):
            inside = value.values() if isinstance(value, dict) else value
        waiting += [part for part in reversed(inside) if type(part) not in _LEAVES]
    return list(found.values())


def write_space(writer: Writer, space: Space[Any]) -> dict[str, Any]:
    """Return the node of a space.

    Raises:
        NotPlainError: If it has no JSON form, or describes more elements than may be read.
    """
    found = f"an instance of {type_name(space)}"
    try:
        text, elements = space.to_json(), _elements(space.to_json_tree())
    except CustomSpaceError as reason:
        raise NotPlainError(found, str(reason).rstrip(".")) from None
    if elements > MAX_ELEMENTS:
        raise NotPlainError(found, "it is too large")
    generators = [getattr(part, "_np_random", None) for part in parts_of_space(space)]
    return {"$space": writer.nodes(generators, lambda _: ".np_random"), "of": [text]}


def read_space(reader: Reader, node: dict[str, Any]) -> Space[Any]:
    """Return the space of a node.

    Raises:
        MalformedError: If it describes none, or all spaces that were read are too large.
    """
    from dromos.spaces.json_form import parse
    from dromos.spaces.space import Space

    (text,), generators = node["of"], reader.values(node["$space"])
    try:
        reader.elements += _elements(parse(text))
        if reader.elements > MAX_ELEMENTS:
            raise ValueError(f"spaces of more than {MAX_ELEMENTS} elements")
        space = Space.from_json(text)
    except Exception as reason:  # a user's own space may raise anything
        cause = f"{type(reason).__name__}: {reason!s:.200}"
        raise MalformedError(f"expected the JSON form of a space, {cause}") from None
    parts = parts_of_space(space)
    check_generators(parts, generators, type(None))
    put_generators(parts, generators)
    return space


def check_generators(parts: list[Space[Any]], generators: list[Any], *others: type) -> None:
    """Raise `MalformedError` unless there is a generator, or one of `others`, for each part."""
    kinds = (np.random.Generator, *others)
    if len(parts) != len(generators) or any(type(one) not in kinds for one in generators):
        raise MalformedError(f"expected {len(parts)} generators, found {shown(generators)}")


def put_generators(parts: list[Space[Any]], generators: list[Any]) -> None:
    """Give the parts of a space their random generators."""
    for part, generator in zip(parts, generators, strict=True):
        part._np_random = generator


def _elements(tree: Any) -> int:
    """Return how many elements the shapes in the JSON form of a space claim."""
    elements = 0
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
            shape = value.get("shape")
            if type(shape) is list:
                sizes = [n for n in shape if type(n) is int]
                elements += min(math.prod(sizes[:64]), MAX_ELEMENTS + 1)
        elif isinstance(value, list):
            waiting.extend(value)
    return elements
