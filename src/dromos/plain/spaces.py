"""Spaces as plain data: their JSON form, and the random generators inside them."""

from __future__ import annotations

import copy
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import TypeIs

from dromos.error import CustomSpaceError
from dromos.plain.errors import MalformedError, NotPlainError, type_name
from dromos.plain.kinds import Kind

if TYPE_CHECKING:
    from dromos.spaces.space import Space

__all__ = ["SPACE", "is_space", "parts_of_space"]

#: A box with equal bounds everywhere is a short text, whatever its shape.
_MAX_ELEMENTS = 1 << 24

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
        if type(value) in _LEAVES:
            continue
        if is_space(value):
            if id(value) not in found:
                found[id(value)] = value
                waiting.extend(reversed(vars(value).values()))
        elif isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, (list, tuple)):
            waiting.extend(reversed(value))
    return list(found.values())


class _Space(Kind):
    tag = "$space"

    def arguments(self, value: Any) -> list[Any]:
        try:
            text = value.to_json()
            _check_shapes(value.to_json_tree())
            return [text]
        except MalformedError as reason:
            raise NotPlainError(f"an instance of {type_name(value)}", str(reason)) from None
        except CustomSpaceError as reason:
            raise NotPlainError(
                f"an instance of {type_name(value)}", str(reason).rstrip(".")
            ) from None

    def parts(self, value: Any) -> list[Any]:
        return [getattr(space, "_np_random", None) for space in parts_of_space(value)]

    def build(self, arguments: list[Any], parts: list[Any]) -> Any:
        match arguments:
            case [str(text)]:
                return _with_generators(_space_from_json(text), parts)
        raise MalformedError(f"expected the JSON form of a space, found {arguments!r:.60}")

    def build_like(self, value: Any, arguments: list[Any], parts: list[Any]) -> Any:
        return _with_generators(copy.deepcopy(value), parts)

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return ".np_random"


def _space_from_json(text: str) -> Space[Any]:
    from dromos.spaces.json_form import parse
    from dromos.spaces.space import Space

    try:
        _check_shapes(parse(text))
        return Space.from_json(text)
    except MalformedError:
        raise
    except Exception as reason:  # a user's own space may raise anything
        raise MalformedError(f"expected the JSON form of a space: {reason}") from None


def _check_shapes(tree: Any) -> None:
    """Refuse bounds that take far more memory than the text that describes them."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
            shape = value.get("shape")
            sizes = [n for n in shape if type(n) is int] if type(shape) is list else []
            if math.prod(sizes) > _MAX_ELEMENTS:
                raise MalformedError(f"a space of shape {shape} is too large to be stored")
        elif isinstance(value, list):
            waiting.extend(value)


def _with_generators(space: Any, generators: list[Any]) -> Any:
    spaces = parts_of_space(space)
    if len(spaces) != len(generators):
        raise MalformedError(f"{len(generators)} generators for a space of {len(spaces)} parts")
    for part, generator in zip(spaces, generators, strict=True):
        if generator is not None and type(generator) is not np.random.Generator:
            raise MalformedError(f"expected a generator of a space, found {generator!r:.60}")
        part._np_random = generator
    return space


SPACE = _Space()
