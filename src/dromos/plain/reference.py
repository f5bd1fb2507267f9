"""Names of things that live in modules, and values whose class is only named.

Loading data must not import or run anything. So a class, a function or an enum member is loaded
as a `Reference`, and an instance of a class from a module as a `Record`; both can be turned into
the real thing afterwards, by whoever trusts the data.
"""

from __future__ import annotations

import re
import sys
from enum import Enum, Flag
from functools import reduce
from operator import or_
from types import ModuleType
from typing import Any

from dromos.error import Error
from dromos.plain.errors import MalformedError

__all__ = ["Record", "Reference", "find_loaded", "reference_to", "reference_to_member"]

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class Reference:
    """The name of a class, a function or an enum member, which may not be imported yet.

    Args:
        path: ``"module:qualname"``.
        member: For an enum member its name; for a combination of flags their names joined
            with ``|``, empty for the flag without any.

    Raises:
        MalformedError: If `path` is not of this form.
    """

    __slots__ = ("member", "path")

    def __init__(self, path: str, member: str | None = None) -> None:
        if not _PATH.fullmatch(path):
            raise MalformedError(f'expected a reference "module:qualname", found {path!r}')
        self.path = path
        self.member = member

    def resolve(self) -> Any:
        """Import the module and return what the reference names. Only for trusted data.

        Raises:
            Error: If there is no such module, or it holds no such thing.
        """
        import importlib

        module, _, qualname = self.path.partition(":")
        try:
            target: Any = importlib.import_module(module)
            for name in qualname.split("."):
                target = getattr(target, name)
        except (ImportError, AttributeError) as reason:
            raise Error(f"Cannot import {self.path!r}: {reason}") from reason
        return self.select(target)

    def select(self, target: Any) -> Any:
        """Return `target`, which `path` names, or the member of it that the reference means.

        Raises:
            Error: If `target` is not an enum with this member.
        """
        if self.member is None:
            return target
        try:
            if not issubclass(target, Enum):
                raise TypeError
            if issubclass(target, Flag):
                names = filter(None, self.member.split("|"))
                return reduce(or_, (target.__members__[name] for name in names), target(0))
            return target.__members__[self.member]
        except (TypeError, KeyError):
            raise Error(f"{self.path!r} is not an enum with the member {self.member!r}") from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return NotImplemented
        return (self.path, self.member) == (other.path, other.member)

    def __hash__(self) -> int:
        return hash((self.path, self.member))

    def __repr__(self) -> str:
        member = "" if self.member is None else f", {self.member!r}"
        return f"Reference({self.path!r}{member})"


class Record:
    """The contents of an object whose class is only named.

    Args:
        form: What kind of object: ``"namedtuple"``, ``"dataclass"``, ``"object"`` (something with
            snapshot hooks) or ``"generators"`` (the random generators of a space).
        path: The class, ``"module:qualname"``.
        fields: The object's fields by name.
    """

    __slots__ = ("fields", "form", "path")

    def __init__(self, form: str, path: str, fields: dict[str, Any] | None = None) -> None:
        self.form = form
        self.path = path
        self.fields = {} if fields is None else fields

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return (self.form, self.path, self.fields) == (other.form, other.path, other.fields)

    # A namedtuple may be a key, so its record must be hashable; the fields need not be.
    def __hash__(self) -> int:
        return hash((self.form, self.path))

    def __repr__(self) -> str:
        return f"Record({self.form!r}, {self.path!r}, {self.fields!r})"


def reference_to(target: Any) -> Reference | None:
    """Return the reference to a class or function, or None if it cannot be imported by name."""
    module, qualname = getattr(target, "__module__", None), getattr(target, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(qualname, str):
        return None
    path = f"{module}:{qualname}"
    if not _PATH.fullmatch(path) or find_loaded(path) is not target:
        return None
    return Reference(path)


def reference_to_member(member: Enum) -> Reference | None:
    """Return the reference to an enum member or a combination of flags; None if it has none."""
    cls = type(member)
    base = reference_to(cls)
    if base is None:
        return None
    name = member._name_
    if name not in cls.__members__:
        if not isinstance(member, Flag):
            return None
        name = "|".join(one for one, flag in cls.__members__.items() if _is_part(flag, member))
    reference = Reference(base.path, name)
    return reference if reference.select(cls) == member else None


def _is_part(flag: Any, whole: Flag) -> bool:
    bits = flag.value
    return bool(bits) and bits & (bits - 1) == 0 and bits & whole.value == bits


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
