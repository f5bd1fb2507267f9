"""Taking snapshots."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from dromos import seeding
from dromos.error import SnapshotError
from dromos.plain.copying import Copier, copy_sharing_memory
from dromos.plain.errors import NotPlainError, type_name
from dromos.plain.memory import Region
from dromos.plain.reference import Record
from dromos.plain.spaces import is_space, parts_of_space
from dromos.snapshot.members import has_hooks, layers_of, stack_of, state_attributes
from dromos.snapshot.snapshot import Snapshot

__all__ = ["default_state", "present_state", "snapshot_of"]

#: The copier of the snapshot that is being taken: what layers share is copied once.
_taking: ContextVar[_StateCopier | None] = ContextVar("_taking", default=None)


def snapshot_of(value: Any, *, lanes: Any = None) -> Snapshot:
    """Return a snapshot of an environment, a wrapper with all it wraps, or a vector.

    Args:
        value: An object with the hooks ``snapshot_state`` and ``restore_state``.
        lanes: For a vector, passed to its hook: the lanes to take, None for all.

    Raises:
        SnapshotError: If something in its state is not plain data; the message names the class
            and the attribute.
    """
    if not has_hooks(value):
        raise SnapshotError(
            f"Expected an environment, found an instance of {type_name(value)}: it has no "
            "snapshot_state and restore_state"
        )
    state, copier = _copied_state(value, lambda: _call_hook(value, lanes))
    spec_id = getattr(getattr(layers_of(value)[-1], "spec", None), "id", None)
    return Snapshot.of_copy(
        stack_of(value),
        state,
        spec_id=spec_id if isinstance(spec_id, str) else None,
        has_inner_records=copier.has_inner_records,
    )


def default_state(value: Any) -> dict[str, Any]:
    """Return a copy of every attribute that decides the future of `value`, by name.

    These are the entries of its ``__dict__`` and its slots, without those named in the
    ``snapshot_exclude`` of its class or of a base, and without ``spec``, ``metadata``,
    ``render_mode`` and ``step``. Of a space, the state is that of its random generators. An
    attribute, or something in one, that has the hooks itself contributes what they return. The
    environment a wrapper wraps is not included: the wrapper's hooks add it as ``"env"``.

    Args:
        value: The object; attributes are read without running its code.

    Raises:
        NotPlainError: If an attribute is not plain data.
    """
    copier = _taking.get()
    if copier is not None:
        return copier.copy_attributes(value)
    return _copied_state(value, lambda: default_state(value))[0]


def present_state(value: Any) -> dict[str, Any]:
    """Return the state of `value` with its attributes themselves instead of copies.

    That is enough to go back to, if hooks put other objects into attributes and change none.
    """
    state: dict[str, Any] = _with_copier(value, lambda: _call_hook(value, None), _Reader())
    return state


def _copied_state(value: Any, hook: Callable[[], Any]) -> tuple[dict[str, Any], _StateCopier]:
    """Return a copy of the state of `value`, which `hook` returns, and the copier that made it."""
    return copy_sharing_memory(lambda copier: _with_copier(value, hook, copier), _StateCopier)


def _with_copier(value: Any, hook: Callable[[], Any], copier: _StateCopier) -> Any:
    copier.add_layers(layers_of(value))
    outer = _taking.set(copier)
    try:
        return copier.copy_state(hook())
    finally:
        _taking.reset(outer)


def _call_hook(value: Any, lanes: Any) -> Any:
    state = value.snapshot_state() if lanes is None else value.snapshot_state(lanes)
    if type(state) is not dict or any(type(name) is not str for name in state):
        raise SnapshotError(
            f"{type(value).__name__}.snapshot_state() must return a dict with names as keys, "
            f"found {state!r:.60}"
        )
    return state


class _StateCopier(Copier):
    """Copies states. In attributes, spaces and objects with hooks become records.

    Attributes:
        has_inner_records: Whether a record lies inside a container.
    """

    def __init__(self, regions: dict[int, Region] | None = None) -> None:
        super().__init__(regions)
        self.has_inner_records = False
        self._in_attribute = False
        self._attribute_depth = 0
        self._records: dict[int, Record] = {}
        self._recorded: list[Any] = []  # kept, so that no other object gets the id of one
        self._layers: set[int] = set()

    def add_layers(self, layers: list[Any]) -> None:
        """Note objects whose states the hooks of a stack take: they need not be taken again."""
        self._layers.update(map(id, layers))

    def copy_state(self, state: Any) -> Any:
        """Return a copy of what a hook returned."""
        try:
            return self._copy(state, in_attribute=False)
        except NotPlainError as error:
            error.root = "snapshot_state()"
            error.remedy = "Let the method convert it to plain data, and restore_state back"
            raise

    def copy_attributes(self, value: Any) -> dict[str, Any]:
        """Return copies of the attributes of `value` that are its state."""
        copies: dict[str, Any] = {}
        owner = type(value).__qualname__
        for name, attribute in state_attributes(value).items():
            try:
                copies[name] = self._copy(attribute, in_attribute=True)
            except NotPlainError as error:
                error.remedy = error.remedy or (
                    f'If "{name}" does not decide the future of a {owner}, name it in the class: '
                    f'snapshot_exclude = frozenset({{"{name}"}}). If it does, override '
                    "snapshot_state and restore_state"
                )
                error.root = owner
                raise error.under(f".{name}") from None
        return copies

    def _copy(self, value: Any, *, in_attribute: bool) -> Any:
        outer = self._in_attribute, self._attribute_depth
        self._in_attribute, self._attribute_depth = in_attribute, self._depth
        try:
            return self.copy(value)
        finally:
            self._in_attribute, self._attribute_depth = outer

    def copy_other(self, value: Any) -> Any:
        space = is_space(value)
        if not self._in_attribute or not (space or has_hooks(value)):
            return super().copy_other(value)
        self.has_inner_records = self.has_inner_records or self._depth > self._attribute_depth
        record = self._records.get(id(value))
        if record is not None:
            return record
        return self._generators(value) if space else self._object(value)

    def _generators(self, space: Any) -> Record:
        generators = []
        for part in parts_of_space(space):
            if part._np_random is None:
                # Drawn from the system at the first sample, it would not be decided yet.
                part._np_random, _ = seeding.np_random()
            generators.append(self.copy(part._np_random))
        record = Record("generators", stack_of(space)[0], {"generators": generators})
        return self._record(space, record)

    def _object(self, value: Any) -> Record:
        stack = stack_of(value)
        record = self._record(value, Record("object", stack[0], {"stack": stack, "state": None}))
        if id(value) not in self._layers:
            self.add_layers(layers_of(value))
            record.fields["state"] = self.copy_state(_call_hook(value, None))
        return record

    def _record(self, value: Any, record: Record) -> Record:
        self._records[id(value)] = record
        self.remember(record, record)
        self._recorded.append(value)
        return record


class _Reader(_StateCopier):
    """Copies nothing, and makes records of the spaces in attributes only."""

    def copy(self, value: Any) -> Any:
        return value

    def _copy(self, value: Any, *, in_attribute: bool) -> Any:
        if in_attribute and is_space(value):
            return self._records.get(id(value)) or self._generators(value)
        return value
