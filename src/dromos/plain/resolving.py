"""Putting real classes, functions and objects in the place of references and records."""

from __future__ import annotations

from typing import Any

from dromos.plain.attributes import set_attribute
from dromos.plain.copying import ATOMS, kind_of
from dromos.plain.errors import LocatedError, MalformedError
from dromos.plain.generators import GENERATORS
from dromos.plain.kinds import Kind
from dromos.plain.records import make_dataclass, make_namedtuple
from dromos.plain.reference import Record, Reference
from dromos.plain.spaces import is_space

__all__ = ["Resolver"]


class Resolver:
    """Walks through a value and replaces what was only named.

    Containers stay the same objects, except those that cannot change. A subclass may say where
    the real things come from; here they are imported.
    """

    def __init__(self) -> None:
        self._results: dict[int, Any] = {}
        self._originals: list[Any] = []  # kept, so that no other object gets the id of one

    def resolve(self, value: Any) -> Any:
        """Return `value` with the real things in it; its containers are changed.

        Raises:
            Error: If something cannot be found under its name.
        """
        if type(value) is Reference:
            return self.reference(value)
        if type(value) in ATOMS:
            return value
        if id(value) in self._results:
            return self._results[id(value)]
        if type(value) is Record:
            return self.record(value)
        kind = kind_of(value)
        if kind is None or type(value) in GENERATORS or is_space(value):
            return value
        return self._parts(kind, value)

    def remember(self, value: Any, result: Any) -> Any:
        """Note that `result` takes the place of `value` wherever it occurs; return it."""
        self._results[id(value)] = result
        self._originals.append(value)
        return result

    def reference(self, reference: Reference) -> Any:
        """Return what `reference` names."""
        return reference.resolve()

    def record_class(self, path: str) -> Any:
        """Return the class of a record, which `path` names."""
        return Reference(path).resolve()

    def record(self, record: Record) -> Any:
        """Return the object that `record` describes."""
        if record.form == "namedtuple":
            fields = self.fields(record)
            if id(record) in self._results:  # a list in a field led back here
                return self._results[id(record)]
            made = make_namedtuple(self.record_class(record.path), fields)
            return self.remember(record, made)
        if record.form == "dataclass":
            made = self.remember(record, make_dataclass(self.record_class(record.path)))
            for name, field in self.fields(record).items():
                set_attribute(made, name, field)
            return made
        raise MalformedError(f"the state of a {record.path} outside of a snapshot")

    def fields(self, record: Record) -> dict[str, Any]:
        """Return the resolved fields of a record."""
        return {name: self._under(f".{name}", field) for name, field in record.fields.items()}

    def _under(self, label: str, value: Any) -> Any:
        try:
            return self.resolve(value)
        except LocatedError as error:
            raise error.under(label) from None

    def _parts(self, kind: Kind, value: Any) -> Any:
        if kind.grows:
            self.remember(value, value)
        arguments, parts = kind.arguments(value), kind.parts(value)
        results = [
            self._under(kind.label(arguments, parts, index), part)
            for index, part in enumerate(parts)
        ]
        if id(value) in self._results and not kind.grows:
            return self._results[id(value)]
        if all(result is part for result, part in zip(results, parts, strict=True)):
            return value
        if not kind.grows:
            return self.remember(value, kind.build_like(value, arguments, results))
        kind.empty(value)
        kind.fill(value, arguments, results)
        return value
