"""Finding what a snapshot from bytes only names, without importing anything.

Bytes may come from anywhere, and a function put into an attribute will be called. So enum members
and the classes of namedtuples and dataclasses may be of any module that is loaded, but functions
and classes only of the modules that define the environment, or among what it holds already.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from dromos.error import Error, SnapshotError
from dromos.plain.attributes import attributes_of
from dromos.plain.copying import kind_of
from dromos.plain.generators import GENERATORS
from dromos.plain.reference import Record, Reference, find_loaded, reference_to
from dromos.plain.resolving import Resolver
from dromos.plain.spaces import is_space
from dromos.snapshot.members import has_hooks

__all__ = ["LoadedResolver"]

_SCRIPT = "__main__"


class LoadedResolver(Resolver):
    """Replaces references in a state by what they name, and leaves the states of objects.

    Args:
        live: The object the state is for.
    """

    def __init__(self, live: Any) -> None:
        super().__init__()
        self._live = live

    def reference(self, reference: Reference) -> Any:
        """Return what `reference` names, if it is loaded and may be put into the object."""
        target = self._find(reference.path)
        if reference.member is not None:
            try:
                return reference.select(target)
            except Error as reason:
                raise SnapshotError(f"The snapshot does not fit: {reason}") from None
        if reference.path not in self._known.callables and not self._is_own(target):
            raise SnapshotError(
                f"The snapshot would put {reference.path} into the environment, which neither "
                "holds it nor comes from that module. If that is right, assign it to an attribute "
                "before restoring, or name the attribute in snapshot_exclude"
            )
        return target

    def record_class(self, path: str) -> Any:
        """Return the class of a record, if it is loaded."""
        return self._find(path)

    def record(self, record: Record) -> Any:
        """Return the object that `record` describes; the states of objects stay records."""
        if record.form in ("namedtuple", "dataclass"):
            return super().record(record)
        self.remember(record, record)
        record.fields.update(self.fields(record))
        return record

    def _find(self, path: str) -> Any:
        found = find_loaded(path)
        if found is not None:
            return found
        module, _, name = path.partition(":")
        # The same class may be in a script that is run here and was imported there, or the
        # other way round.
        for other in self._known.modules if module == _SCRIPT else {_SCRIPT}:
            found = find_loaded(f"{other}:{name}")
            if found is not None:
                return found
        raise SnapshotError(
            f"The snapshot holds {path}, which is not there. Import the module {module!r} before "
            "restoring: reading a snapshot imports nothing"
        )

    def _is_own(self, target: Any) -> bool:
        return getattr(target, "__module__", None) in self._known.modules

    @cached_property
    def _known(self) -> _Known:
        return _Known(self._live)


class _Known:
    """What an object and the objects in it are made of.

    Attributes:
        modules: Where their classes are defined.
        callables: The paths of the functions and classes they hold.
    """

    def __init__(self, live: Any) -> None:
        self.modules: set[str] = set()
        self.callables: set[str] = set()
        seen: dict[int, Any] = {}
        waiting = [live]
        while waiting:
            value = waiting.pop()
            if id(value) not in seen:
                seen[id(value)] = value
                waiting += self._look(value)
        self.modules.discard("builtins")

    def _look(self, value: Any) -> list[Any]:
        """Note what `value` is and return what is in it."""
        if has_hooks(value):
            self.modules.update(base.__module__ for base in type(value).__mro__)
            return list(attributes_of(value).values())
        if callable(value):
            reference = reference_to(value)
            if reference is not None:
                self.callables.add(reference.path)
            return []
        kind = None if type(value) in GENERATORS or is_space(value) else kind_of(value)
        return [] if kind is None else kind.parts(value)
