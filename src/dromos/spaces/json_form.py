"""The JSON form of spaces: exact, and read without importing or executing anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

import numpy as np
import numpy.typing as npt

from dromos.error import InvalidJson
from dromos.spaces.space import Space, space_name

__all__ = ["Fields", "array_to_tree", "parse", "space_from_tree"]

_Space = TypeVar("_Space", bound=Space[Any])

_INFINITIES = {"inf": np.inf, "-inf": -np.inf}


def parse(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        InvalidJson: If it is none.
    """

    def not_json(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=not_json)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidJson(
            f"Expected the JSON form of a space, found {_short(text)} ({error})"
        ) from error


def space_from_tree(tree: Any, expected: type[_Space]) -> _Space:
    """Return the space that a tree of `Space.to_json_tree` describes.

    Raises:
        InvalidJson: If the tree describes no space, or none of class `expected`.
    """
    if not isinstance(tree, dict) or not isinstance(tree.get("space"), str):
        raise InvalidJson(f'Expected an object with a "space" name, found {_short(tree)}')
    cls = _class_named(tree["space"])
    fields = Fields(tree)
    try:
        space = cls._from_json_fields(fields)
    except InvalidJson:
        raise
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError) as error:
        raise InvalidJson(
            f"Expected the fields of a {cls.__name__}, found {_short(tree)} ({error})"
        ) from error
    fields.expect_no_more()
    if not isinstance(space, expected):
        raise InvalidJson(f"Expected a {expected.__name__}, found a {cls.__name__}")
    return space


class Fields:
    """The fields of one space's JSON object, each checked as it is read.

    Args:
        tree: The object; ``tree["space"]`` names the class of space.
    """

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self._unread = set(tree) - {"space"}

    def get(self, name: str, *types: type[Any]) -> Any:
        """Return a field, which has one of these types, exactly."""
        self._unread.discard(name)
        if name not in self.tree or type(self.tree[name]) not in types:
            raise self.wrong(name, " or ".join(t.__name__ for t in types))
        return self.tree[name]

    def space(self, name: str) -> Space[Any]:
        """Return the space in a field."""
        return self.space_of(self.get(name, dict))

    def space_of(self, tree: Any) -> Space[Any]:
        """Return the space that a tree inside a field describes."""
        return space_from_tree(tree, Space)

    def spaces(self, name: str) -> list[Space[Any]]:
        """Return the spaces in a field that is a list."""
        return list(map(self.space_of, self.get(name, list)))

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a field that is a list of sizes."""
        sizes = self.get(name, list)
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise self.wrong(name, "a list of integers ≥ 0")
        return tuple(sizes)

    def dtype(self, name: str, kinds: str) -> np.dtype[Any]:
        """Return the dtype a field names, of one of these kinds (`np.dtype.kind`)."""
        text = self.get(name, str)
        try:
            dtype: np.dtype[Any] = np.dtype(text)
        except (TypeError, ValueError, SyntaxError):
            raise self.wrong(name, "the name of a dtype") from None
        if dtype.kind not in kinds:
            raise self.wrong(name, f"a dtype of a kind in {kinds!r}")
        return dtype

    def array(self, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        """Return a field that `array_to_tree` made of an array."""
        found = self.get(name, list, bool, int, float, str)
        values = found if isinstance(found, list) else [found]
        try:
            flat = np.array([_value(value, dtype) for value in values], dtype)
            if isinstance(found, list):
                return flat.reshape(shape)
            return np.full(shape, flat[0], dtype)
        except (ValueError, TypeError, OverflowError, MemoryError):
            expected = f"values of an array of shape {shape} and dtype {dtype}"
            raise self.wrong(name, expected) from None

    def wrong(self, name: str, expected: str) -> InvalidJson:
        """Return the error that a field is not what is expected."""
        found = _short(self.tree[name]) if name in self.tree else "no such field"
        return InvalidJson(
            f'Expected "{name}" of {self.tree["space"]} to be {expected}, found {found}'
        )

    def expect_no_more(self) -> None:
        """Raise if a field has not been read."""
        if self._unread:
            raise InvalidJson(
                f"Expected no other fields of {self.tree['space']}, found {sorted(self._unread)}"
            )


def array_to_tree(array: npt.NDArray[Any]) -> Any:
    """Return an array's values in C order, or the one value that all of them are."""
    flat = np.ravel(array)
    is_constant = flat.size > 0 and flat.tobytes() == flat[:1].tobytes() * flat.size
    values = [_leaf(value) for value in (flat[:1] if is_constant else flat)]
    return values[0] if is_constant else values


def _leaf(value: Any) -> Any:
    """Return a NumPy scalar as a JSON scalar that says it exactly."""
    if isinstance(value, np.floating) and (np.isinf(value) or type(value) is np.longdouble):
        return str(value) if np.isinf(value) else np.format_float_scientific(value, unique=True)
    return value.item()


def _value(leaf: Any, dtype: np.dtype[Any]) -> Any:
    """Return the scalar of `_leaf`; raise `ValueError` if it is none of `dtype`."""
    if dtype.kind == "f":
        if type(leaf) is str and leaf in _INFINITIES:
            return _INFINITIES[leaf]
        if type(leaf) is str and dtype.type is np.longdouble:
            return np.longdouble(leaf)
        limit = np.finfo(dtype).max.item()
        is_value = isinstance(leaf, (int, float)) and type(leaf) is not bool and abs(leaf) <= limit
    elif dtype.kind == "b":
        is_value = type(leaf) is bool
    else:
        is_value = type(leaf) is int and np.iinfo(dtype).min <= leaf <= np.iinfo(dtype).max
    if not is_value:
        raise ValueError(f"{leaf!r} is not a value of {dtype}")
    return leaf


def _class_named(name: str) -> type[Space[Any]]:
    """Return the class of space of this name, among those that exist; nothing is imported."""
    known = {space_name(cls): cls for cls in _subclasses(Space) if "_json_fields" in cls.__dict__}
    if name not in known:
        hint = "" if ":" not in name else "; import the module that defines it first"
        raise InvalidJson(f"Expected a space to be one of {sorted(known)}, found {name!r}{hint}")
    return known[name]


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    yield cls
    for subclass in cls.__subclasses__():
        yield from _subclasses(subclass)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
