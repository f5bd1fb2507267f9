"""What the classes of an object say of its attributes, and what their code tells."""

from __future__ import annotations

import opcode
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from dromos.error import SnapshotError
from dromos.homes import home_of
from dromos.plain.names import slots_of

if TYPE_CHECKING:
    from dromos.snapshot.rules import Rule

__all__ = ["Declaration", "declaration_of", "default_of"]

#: Attributes that say how an object was made or is being called, not what will happen in it.
_NEVER = frozenset(
    {
        *("_cached_spec", "_ezpickle_args", "_ezpickle_kwargs", "_metadata", "_saved_kwargs"),
        *("metadata", "render_mode", "spec", "step"),
    }
)

#: Rooms whose classes are written like those of users: of old dialects, and to try things with.
_LIKE_USERS = frozenset({"compat", "testing", "demo", "scaffold"})

_PLAIN_DEFAULTS = (bool, int, float, str)
_ABSENT = object()

_STORE = opcode.opmap["STORE_ATTR"]
_EXTENDED = opcode.opmap["EXTENDED_ARG"]


class Declaration(NamedTuple):
    """What is known of the attributes of a class's instances.

    Attributes:
        rules: The rule of each declared attribute.
        flags: Those of which instances show a number or text of the class till they have their own.
        excluded: Attributes that are not part of the state.
        assigned: Attributes that code of the class assigns.
        made_by_constructor: Those that its constructors assign.
        seeds_itself: Whether reading ``np_random`` makes the generator an instance has for itself.
    """

    rules: Mapping[str, Rule]
    flags: frozenset[str]
    excluded: frozenset[str]
    assigned: frozenset[str]
    made_by_constructor: frozenset[str]
    seeds_itself: bool


_known: WeakKeyDictionary[type, Declaration] = WeakKeyDictionary()


def declaration_of(cls: type) -> Declaration:
    """Return what the classes of an object say.

    A class that declares ``snapshot_fields`` has said all of its own attributes: others that its
    code assigns are not state. That holds for every class of this library.

    Raises:
        SnapshotError: If ``snapshot_exclude`` is a single string.
    """
    known = _known.get(cls)
    if known is None:
        known = _known[cls] = _read(cls)
    return known


def _read(cls: type) -> Declaration:
    rules: dict[str, Rule] = {}
    by_name: set[str] = set()
    excluded, assigned, constructed = set(_NEVER), set(slots_of(cls)), set[str]()
    for base in reversed(cls.__mro__[:-1]):
        names = vars(base)
        own = names.get("snapshot_exclude") or ()
        if isinstance(own, str):
            raise SnapshotError(
                f"{base.__qualname__}.snapshot_exclude is the string {own!r}, expected a "
                f"frozenset of names: frozenset({{{own!r}}})"
            )
        by_name.update(own)
        rules.update(names.get("snapshot_fields", ()))
        stored = {name for value in names.values() for name in _stored(value)}
        room = home_of(base).split(".")[:2]
        if "snapshot_fields" in names or (room[0] == "dromos" and room[-1] not in _LIKE_USERS):
            excluded |= stored
        else:
            assigned |= stored | set(names.get("__annotations__", ()))
            constructed.update(_stored(names.get("__init__")))
        if room[0] == "dromos" and names.get("__slots__"):
            # Those hold what belongs to one live stack, such as the short path of its calls.
            excluded.update(slots_of(base))
    rules = {name: rule for name, rule in rules.items() if name not in by_name}
    left_out = frozenset(excluded | by_name) - rules.keys()
    home = next((base for base in cls.__mro__ if "np_random" in vars(base)), object)
    return Declaration(
        rules,
        frozenset(name for name in rules if isinstance(default_of(cls, name), _PLAIN_DEFAULTS)),
        left_out,
        frozenset(assigned),
        frozenset(constructed - left_out),
        "_np_random" in vars(home),
    )


def default_of(cls: type, name: str) -> Any:
    """Return what instances without an attribute of their own show, `_ABSENT` if nothing.

    No code of the class runs.
    """
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), _ABSENT)


def _stored(value: Any) -> Iterator[str]:
    """Yield the attributes that a function, method or property assigns, whose ever they are."""
    for function in (value, *(getattr(value, name, None) for name in ("fget", "fset", "__func__"))):
        code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
        if isinstance(code, CodeType):
            yield from _stored_in(code)


def _stored_in(code: CodeType) -> Iterator[str]:
    high = 0
    for operation, low in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        if operation == _STORE:
            yield code.co_names[high | low]
        high = (high | low) << 8 if operation == _EXTENDED else 0
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _stored_in(constant)
