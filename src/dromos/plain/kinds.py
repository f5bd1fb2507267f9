"""Kinds of values that consist of other values: what they consist of, and how to make them.

Copying, writing, reading and resolving each walk through values once, whatever their kinds; what
differs between kinds is here, and in `records` and `generators`.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from typing import Any

from dromos.plain.errors import MalformedError, NotPlainError

__all__ = ["CONTAINERS", "DICT", "LIST", "Kind", "key_label"]


class Kind:
    """A kind of value with parts.

    A value of a kind that `grows` is made empty and filled afterwards, so it may contain itself;
    the others are made whole, when their parts are known.

    Attributes:
        tag: The key that marks the kind in a tree.
        grows: Whether `shell` and `fill` make it, rather than `build`.
        by_value: Whether one of scalars alone is just a value: that two places hold the same
            object means nothing, as nobody can change it.
    """

    tag: str
    grows: bool = False
    by_value: bool = False

    def arguments(self, value: Any) -> list[Any]:
        """Return what, besides its parts, makes the value: JSON-able scalars."""
        return []

    def parts(self, value: Any) -> list[Any]:
        """Return the values it consists of."""
        raise NotImplementedError

    def shell(self, arguments: list[Any]) -> Any:
        """Return an empty value.

        Raises:
            MalformedError: If it cannot have these arguments.
        """
        raise NotImplementedError

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        """Put the parts into an empty value.

        Raises:
            MalformedError: If they do not fit.
        """
        raise NotImplementedError

    def build(self, arguments: list[Any], parts: list[Any]) -> Any:
        """Return a value made of the parts.

        Raises:
            MalformedError: If it cannot be made of them.
        """
        raise NotImplementedError

    def shell_like(self, value: Any, arguments: list[Any]) -> Any:
        """Return an empty value of the very type of `value`, whose arguments are given."""
        return self.shell(arguments)

    def build_like(self, value: Any, arguments: list[Any], parts: list[Any]) -> Any:
        """Return a value of the very type of `value`, made of `parts`."""
        return self.build(arguments, parts)

    def copy_whole(self, value: Any) -> Any:
        """Return a copy made in one go, or None if the parts are to be copied one by one."""
        return None

    def empty(self, value: Any) -> None:
        """Take the parts out of a value of a kind that grows."""
        value.clear()

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        """Return how to say where the part at `index` is."""
        return f"[{index}]"


def key_label(key: object) -> str:
    """Return the label of what a dict holds under `key`."""
    return f'["{key}"]' if type(key) is str else f"[{key!r}]"


def _no_arguments(kind: Kind, arguments: list[Any]) -> None:
    if arguments:
        raise MalformedError(f"{kind.tag} takes no arguments, found {arguments!r:.60}")


class _List(Kind):
    tag = "$list"
    grows = True
    make: Any = list

    def parts(self, value: Any) -> list[Any]:
        return list(value)

    def shell(self, arguments: list[Any]) -> Any:
        _no_arguments(self, arguments)
        return self.make()

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        shell.extend(parts)


class _Deque(_List):
    tag = "$deque"

    def arguments(self, value: Any) -> list[Any]:
        return [value.maxlen]

    def shell(self, arguments: list[Any]) -> Any:
        match arguments:
            case [None]:
                return deque()
            case [int(maxlen)] if maxlen >= 0 and type(maxlen) is int:
                try:
                    return deque(maxlen=maxlen)
                except OverflowError:
                    pass
        raise MalformedError(f"expected the greatest length of a deque, found {arguments!r:.60}")

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        if shell.maxlen is not None and len(parts) > shell.maxlen:
            raise MalformedError(f"{len(parts)} elements in a deque of at most {shell.maxlen}")
        shell.extend(parts)


class _Dict(Kind):
    """Parts are key, value, key, value, …: their order is part of the value."""

    grows = True

    def __init__(self, tag: str, make: Any) -> None:
        self.tag = tag
        self.make = make

    def parts(self, value: Any) -> list[Any]:
        return [part for item in value.items() for part in item]

    def shell(self, arguments: list[Any]) -> Any:
        _no_arguments(self, arguments)
        return self.make()

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        if len(parts) % 2:
            raise MalformedError("a dict with a key that has no value")
        try:
            for key, value in zip(parts[::2], parts[1::2], strict=True):
                shell[key] = value
        except (TypeError, ValueError) as reason:
            raise MalformedError(f"a dict with an impossible key ({reason})") from None
        if len(shell) * 2 != len(parts):
            raise MalformedError("a dict with the same key twice")

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return key_label(parts[index - index % 2])


#: Default factories that may be named: calling them without arguments does nothing but that.
_FACTORIES = {kind.__name__: kind for kind in (bool, dict, float, int, list, set, str, tuple)}


class _DefaultDict(_Dict):
    def arguments(self, value: Any) -> list[Any]:
        factory = value.default_factory
        if factory is None:
            return [None]
        for name, known in _FACTORIES.items():
            if factory is known:
                return [name]
        raise NotPlainError(
            f"a defaultdict of {factory!r}",
            f"only {', '.join(_FACTORIES)} can be its default factory",
        )

    def shell(self, arguments: list[Any]) -> Any:
        match arguments:
            case [None]:
                return defaultdict(None)
            case [str(name)] if name in _FACTORIES:
                return defaultdict(_FACTORIES[name])
        raise MalformedError(f"expected the default factory of a dict, found {arguments!r:.60}")


class _Set(Kind):
    tag = "$set"
    grows = True

    def parts(self, value: Any) -> list[Any]:
        return list(value)

    def shell(self, arguments: list[Any]) -> Any:
        _no_arguments(self, arguments)
        return set()

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        shell |= _distinct(parts)

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return f"{{{parts[index]!r}}}"


class _FrozenSet(_Set):
    tag = "$frozenset"
    grows = False
    by_value = True

    def build(self, arguments: list[Any], parts: list[Any]) -> Any:
        _no_arguments(self, arguments)
        return _distinct(parts)


def _distinct(parts: Iterable[Any]) -> frozenset[Any]:
    elements = list(parts)
    try:
        distinct = frozenset(elements)
    except (TypeError, ValueError) as reason:
        raise MalformedError(f"a set with an impossible element ({reason})") from None
    if len(distinct) != len(elements):
        raise MalformedError("a set with the same element twice")
    return distinct


class _Tuple(Kind):
    tag = "$tuple"
    by_value = True

    def parts(self, value: Any) -> list[Any]:
        return list(value)

    def build(self, arguments: list[Any], parts: list[Any]) -> Any:
        _no_arguments(self, arguments)
        return tuple(parts)


LIST = _List()
DICT = _Dict("$dict", dict)

#: By the exact type: an instance of a subclass is not a plain container.
CONTAINERS: dict[type, Kind] = {
    list: LIST,
    dict: DICT,
    tuple: _Tuple(),
    set: _Set(),
    frozenset: _FrozenSet(),
    deque: _Deque(),
    OrderedDict: _Dict("$ordered", OrderedDict),
    Counter: _Dict("$counter", Counter),
    defaultdict: _DefaultDict("$defaultdict", defaultdict),
}
