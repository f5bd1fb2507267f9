"""Kinds of objects with named fields: namedtuples, dataclasses, and records of objects."""

from __future__ import annotations

from typing import Any

from dromos.plain.attributes import attributes_of, set_attribute
from dromos.plain.errors import MalformedError, NotPlainError, type_name
from dromos.plain.kinds import Kind
from dromos.plain.reference import Record, Reference, reference_to

__all__ = ["RECORDS", "make_dataclass", "make_namedtuple", "record_kind"]


def record_kind(value: Any) -> Kind | None:
    """Return the kind of a namedtuple, a dataclass instance or a `Record`, None for others."""
    cls = type(value)
    if cls is Record:
        return RECORDS[f"${value.form}"]
    if _is_namedtuple_class(cls):
        return _NAMEDTUPLE
    if hasattr(cls, "__dataclass_fields__"):
        return _DATACLASS
    return None


def _is_namedtuple_class(cls: Any) -> bool:
    return issubclass(cls, tuple) and type(getattr(cls, "_fields", None)) is tuple


def make_namedtuple(cls: Any, fields: dict[str, Any]) -> Any:
    """Return a namedtuple of class `cls` without running any code of the class.

    Raises:
        MalformedError: If `cls` is not a class of namedtuples with these fields.
    """
    if not isinstance(cls, type) or not _is_namedtuple_class(cls) or _deletes(cls):
        raise MalformedError(f"expected a class of namedtuples, found {cls!r:.60}")
    names = tuple(getattr(cls, "_fields", ()))
    if tuple(fields) != names:
        raise MalformedError(
            f"{cls.__qualname__} has the fields {', '.join(names)}, found {', '.join(fields)}"
        )
    return tuple.__new__(cls, fields.values())


def make_dataclass(cls: Any) -> Any:
    """Return an instance of the dataclass `cls` without fields and without running its code.

    Raises:
        MalformedError: If `cls` is not a dataclass, or its instances are more than attributes.
    """
    if not isinstance(cls, type) or not hasattr(cls, "__dataclass_fields__") or _deletes(cls):
        raise MalformedError(f"expected a dataclass, found {cls!r:.60}")
    try:
        return object.__new__(cls)
    except TypeError as reason:
        raise MalformedError(f"expected a dataclass ({reason})") from None


def _deletes(cls: type) -> bool:
    # A finaliser is code that would run on whatever the data put into the fields.
    return hasattr(cls, "__del__")


class _Fields(Kind):
    """Arguments are the class's path, then the fields' names; parts are the fields' values."""

    def arguments(self, value: Any) -> list[Any]:
        reference = reference_to(type(value))
        if reference is None:
            raise NotPlainError(
                f"an instance of {type_name(value)}",
                "its class cannot be imported by name; define the class at the top of a module",
            )
        return [reference.path]

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return f".{arguments[1 + index]}"


class _NamedTuple(_Fields):
    tag = "$namedtuple"
    by_value = True

    def arguments(self, value: Any) -> list[Any]:
        return [*super().arguments(value), *value._fields]

    def parts(self, value: Any) -> list[Any]:
        return list(value)

    def build_like(self, value: Any, arguments: list[Any], parts: list[Any]) -> Any:
        return tuple.__new__(type(value), parts)


class _Dataclass(_Fields):
    tag = "$dataclass"
    grows = True

    def arguments(self, value: Any) -> list[Any]:
        try:
            make_dataclass(type(value))
        except MalformedError:
            raise NotPlainError(
                f"an instance of {type_name(value)}",
                "it is a dataclass with more to it than its fields",
            ) from None
        return [*super().arguments(value), *attributes_of(value)]

    def parts(self, value: Any) -> list[Any]:
        return list(attributes_of(value).values())

    def shell_like(self, value: Any, arguments: list[Any]) -> Any:
        return make_dataclass(type(value))

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        for name, part in zip(arguments[1:], parts, strict=True):
            set_attribute(shell, name, part)

    def empty(self, value: Any) -> None:
        """Leave the fields to `fill`, which overwrites all of them."""


class _Record(Kind):
    """What is loaded for a namedtuple, a dataclass or another object."""

    grows = True

    def __init__(self, form: str) -> None:
        self.form = form
        self.tag = f"${form}"

    def arguments(self, value: Any) -> list[Any]:
        return [value.path, *value.fields]

    def parts(self, value: Any) -> list[Any]:
        return list(value.fields.values())

    def shell(self, arguments: list[Any]) -> Any:
        if not arguments or any(type(argument) is not str for argument in arguments):
            raise MalformedError(f"expected a class and its fields, found {arguments!r:.60}")
        if self.form in ("namedtuple", "dataclass"):
            Reference(arguments[0])  # raises unless it could be one
        return Record(self.form, arguments[0])

    def fill(self, shell: Any, arguments: list[Any], parts: list[Any]) -> None:
        names = arguments[1:]
        if len(names) != len(parts) or len(set(names)) != len(names):
            raise MalformedError(f"a record of {len(names)} fields with {len(parts)} values")
        shell.fields.update(zip(names, parts, strict=True))

    def empty(self, value: Any) -> None:
        value.fields.clear()

    def label(self, arguments: list[Any], parts: list[Any], index: int) -> str:
        return f".{arguments[1 + index]}"


_NAMEDTUPLE = _NamedTuple()
_DATACLASS = _Dataclass()

#: By the tag: objects with snapshot hooks are "object", the generators of a space "generators".
RECORDS: dict[str, Kind] = {
    f"${form}": _Record(form) for form in ("namedtuple", "dataclass", "object", "generators")
}
