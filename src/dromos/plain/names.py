"""What is only named: things that live in modules, and objects of classes that do.

Reading data must not import or run anything. So a class, a function or an enum member is read as
a `Reference`, and an instance of a class from a module as a `Record`; both can be turned into the
real thing by whoever trusts the data. Attributes are read and written without running any code.
"""

from __future__ import annotations

import re
import sys
from enum import Enum, Flag
from functools import reduce
from operator import or_
from types import MemberDescriptorType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from dromos.error import Error
from dromos.homes import home_of, load
from dromos.plain.errors import MalformedError, NotPlainError, shown

__all__ = [
    "Record",
    "Reference",
    "attributes_of",
    "find_loaded",
    "instance_of",
    "is_dataclass",
    "is_namedtuple",
    "member_of",
    "name_of_member",
    "path_of",
    "reference_to",
    "set_attribute",
    "slots_of",
]

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_slots: WeakKeyDictionary[type, dict[str, Any]] = WeakKeyDictionary()


class _Named:
    """A value that is equal to others with the same attributes."""

    __slots__: tuple[str, ...] = ()

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Named) or type(other) is not type(self):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._key()))})"


class Reference(_Named):
    """The name of a class, a function or an enum member, which may not be imported yet.

    Args:
        path: ``"module:qualname"``.
        member: For an enum member its name; for a combination of flags their names joined
            with ``|``, empty for the flag without any.

    Raises:
        MalformedError: If `path` is not of this form.
    """

    __slots__ = ("path", "member")  # noqa: RUF023  (in the order of the arguments)

    def __init__(self, path: str, member: str | None = None) -> None:
        if type(path) is not str or not _PATH.fullmatch(path):
            raise MalformedError(f'expected a reference "module:qualname", found {shown(path)}')
        self.path = path
        self.member = member

    def resolve(self) -> Any:
        """Import the module and return what the reference names. Only for trusted data.

        Raises:
            Error: If there is no such module, or it holds no such thing.
        """
        try:
            target = load(self.path)
        except Exception as reason:  # what a module raises as it is imported
            raise Error(f"Cannot import {self.path!r}: {reason}") from reason
        return target if self.member is None else member_of(target, self.member, self.path)


class Record(_Named):
    """The contents of an object whose class is only named.

    Args:
        form: What kind of object: ``"namedtuple"`` or ``"dataclass"``; in a snapshot also
            ``"state"`` (of something with the hooks), ``"generators"`` (those of a space) or
            ``"same"`` (a function or class, which is not stored).
        path: The class, ``"module:qualname"``, or the classes of a stack, joined with spaces.
        fields: The object's fields by name.
    """

    __slots__ = ("form", "path", "fields")  # noqa: RUF023

    def __init__(self, form: str, path: str, fields: dict[str, Any] | None = None) -> None:
        self.form = form
        self.path = path
        self.fields = {} if fields is None else fields

    def __hash__(self) -> int:
        if self.form != "namedtuple":  # what may be shared may be larger than what was read
            raise TypeError(f"a {self.form} cannot be a key")
        return hash((self.path, *self.fields.values()))


def find_loaded(path: str) -> Any:
    """Return what ``"module:qualname"`` names if its module is loaded, else None.

    Nothing is imported and no attribute hook runs: only the dictionaries of the module and of the
    classes in it are read.
    """
    module, _, qualname = path.partition(":")
    target: Any = sys.modules.get(module)
    for name in qualname.split("."):
        if not isinstance(target, (ModuleType, type)):
            return None
        target = vars(target).get(name)
    return target.__func__ if isinstance(target, staticmethod) else target


def reference_to(target: Any) -> Reference | None:
    """Return the reference to a class or function, or None if it cannot be imported by name."""
    module = home_of(target) if isinstance(target, type) else getattr(target, "__module__", None)
    path = f"{module}:{getattr(target, '__qualname__', None)}"
    fits = _PATH.fullmatch(path) and find_loaded(path) is target
    return Reference(path) if fits else None


def path_of(target: Any, what: str) -> str:
    """Return ``"module:qualname"`` of a class or function.

    Args:
        target: The class or function.
        what: What message calls the value that needs it.

    Raises:
        NotPlainError: If it cannot be imported by this name.
    """
    reference = reference_to(target)
    if reference is None:
        reason = "cannot be imported by its name; define it at the top of a module"
        raise NotPlainError(what, f"{target.__qualname__} {reason}")
    return reference.path


def name_of_member(member: Enum) -> str | None:
    """Return the name of an enum member or of a combination of flags; None if it has none."""
    cls, name = type(member), member._name_
    if name not in cls.__members__:
        if not isinstance(member, Flag):
            return None
        bits = {one: flag.value for one, flag in cls.__members__.items()}
        single = (one for one, bit in bits.items() if bit and bit & (bit - 1) == 0)
        name = "|".join(one for one in single if bits[one] & member.value)
    return name if member_of(cls, name, cls.__qualname__) == member else None


def member_of(cls: Any, name: str, path: str) -> Any:
    """Return the member of an enum, or the combination of flags, that `name` names.

    Raises:
        MalformedError: If `cls` is not an enum with this member; `path` says which class that is.
    """
    if isinstance(cls, type) and issubclass(cls, Enum):
        names = name.split("|") if issubclass(cls, Flag) else [name]
        members = [cls.__members__.get(one) for one in names if one or len(names) > 1]
        if None not in members:
            if issubclass(cls, Flag):
                return reduce(or_, members, cls(0))
            if members:
                return members[0]
    raise MalformedError(f"{path!r} is not an enum with the member {shown(name)}")


def is_namedtuple(cls: type) -> bool:
    """Return whether `cls` is a class of namedtuples."""
    return issubclass(cls, tuple) and type(getattr(cls, "_fields", None)) is tuple


def is_dataclass(cls: type) -> bool:
    """Return whether `cls` is a dataclass."""
    return hasattr(cls, "__dataclass_fields__")


def instance_of(form: str, cls: Any, fields: dict[str, Any]) -> Any:
    """Return a namedtuple or an instance of a dataclass without running any code of its class.

    Raises:
        MalformedError, TypeError, AttributeError: If `cls` is no such class, has other fields, or
            more to it than fields.
    """
    known = is_namedtuple if form == "namedtuple" else is_dataclass
    # A finaliser is code that would run on whatever the data put into the fields.
    if not isinstance(cls, type) or not known(cls) or hasattr(cls, "__del__"):
        raise MalformedError(f"expected a {form}, found {shown(cls)}")
    if form == "namedtuple":
        names = cls._fields  # type: ignore[attr-defined]
        if tuple(fields) != names:
            raise MalformedError(f"expected a {cls.__qualname__} of {names}, found {len(fields)}")
        made: Any = tuple.__new__(cls, fields.values())
        return made
    made = object.__new__(cls)
    for name, value in fields.items():
        set_attribute(made, name, value)
    return made


def slots_of(cls: type) -> dict[str, Any]:
    """Return the descriptors of the slots of `cls` and its bases by name."""
    known = _slots.get(cls)
    if known is None:
        known = _slots[cls] = {
            name: member
            for base in cls.__mro__[-2::-1]
            if "__slots__" in vars(base)
            for name, member in vars(base).items()
            if type(member) is MemberDescriptorType
        }
    return known


def attributes_of(value: Any) -> dict[str, Any]:
    """Return a new dict of an object's attributes: those in slots, then its ``__dict__``."""
    found: dict[str, Any] = {}
    for name, member in slots_of(type(value)).items():
        try:
            found[name] = member.__get__(value)
        except AttributeError:  # a slot nobody has filled
            continue
    found.update(getattr(value, "__dict__", ()))
    return found


def set_attribute(value: Any, name: str, *item: Any) -> None:
    """Put an attribute into its slot, or else into ``__dict__``; without an item, take it out.

    Unlike ``setattr``, it calls no property and no ``__setattr__``, and frozen objects allow it.

    Raises:
        AttributeError: If the object has neither.
    """
    slot = slots_of(type(value)).get(name)
    if slot is not None:
        slot.__set__(value, *item) if item else slot.__delete__(value)
    elif item:
        value.__dict__[name] = item[0]
    else:
        del value.__dict__[name]
