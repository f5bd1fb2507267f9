"""Restoring snapshots: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from dromos.error import SnapshotError
from dromos.plain.attributes import attributes_of, remove_attribute, set_attribute
from dromos.plain.copying import copy_plain
from dromos.plain.errors import type_name
from dromos.plain.reference import Record
from dromos.plain.spaces import is_space
from dromos.snapshot.capture import present_state, snapshot_of
from dromos.snapshot.linking import Linker
from dromos.snapshot.loaded import LoadedResolver
from dromos.snapshot.members import (
    describe,
    excluded_names,
    has_hooks,
    layers_of,
    same_stack,
    stack_of,
)
from dromos.snapshot.snapshot import Snapshot

__all__ = ["restore_default_state", "restore_into"]

_UNCHANGED = "which stays as it was"

#: Where the hooks are that put other objects into attributes, but change none in place.
_REPLACING = ("dromos.env", "dromos.wrapper")
_REPLACING_PACKAGES = ("dromos.wrappers.", "dromos.native.")

#: The restore that is under way.
_restoring: ContextVar[_Restore | None] = ContextVar("_restoring", default=None)


class _Restore:
    """What one restore has done so far, so that it can be undone.

    Args:
        has_inner_records: Whether records may lie inside containers in the state.
    """

    def __init__(self, *, has_inner_records: bool) -> None:
        self.has_inner_records = has_inner_records
        self._undo: list[Callable[[], None]] = []
        self.linker = Linker(self._restore_object, self._undo)

    def _restore_object(self, live: Any, state: dict[str, Any]) -> None:
        self.add_backup(live)
        live.restore_state(state)

    def add_backup(self, live: Any) -> None:
        """Note the present state of an object, whose hooks may change anything."""
        try:
            state = present_state(live) if _replaces_only(live) else snapshot_of(live).state
        except SnapshotError:
            return  # it holds something that is not plain, and which is about to be replaced
        self._undo.append(lambda: live.restore_state(state))

    def add_attributes(self, live: Any, before: dict[str, Any]) -> None:
        """Note the present attributes of an object."""
        self._undo.append(lambda: _replace_attributes(live, attributes_of(live), before))

    def run(self, action: Callable[[], None], stack: Sequence[str]) -> None:
        """Do `action`, or, if it fails, nothing.

        Raises:
            SnapshotError: If it fails.
        """
        try:
            self._do(action)
        except BaseException as reason:
            outcome = self._roll_back()
            expected = isinstance(reason, SnapshotError) and outcome == _UNCHANGED
            if expected or not isinstance(reason, Exception):
                raise
            raise SnapshotError(
                f"The snapshot could not be restored into {describe(stack)}, {outcome}: "
                f"{type(reason).__name__}: {reason}"
            ) from reason

    def _roll_back(self) -> str:
        """Undo everything, the last first, and return how that ended."""
        outcome = _UNCHANGED
        for step in reversed(self._undo):
            try:
                _Restore(has_inner_records=True)._do(step)
            except Exception as reason:
                outcome = (
                    f"and going back failed too ({type(reason).__name__}: {reason}), so that its "
                    "state is mixed; make a new one"
                )
        return outcome

    def _do(self, action: Callable[[], None]) -> None:
        outer = _restoring.set(self)
        try:
            action()
        finally:
            _restoring.reset(outer)


def restore_into(value: Any, snapshot: Snapshot, *, lanes: Any = None) -> None:
    """Put an environment, a wrapper with all it wraps, or a vector into the state of `snapshot`.

    Args:
        value: An object built in the same way as that which the snapshot was taken of. If it
            cannot be restored, it stays as it is.
        snapshot: The snapshot; it stays as it is too.
        lanes: For a vector, passed to its hook: the lanes to restore into, None for those the
            snapshot was taken of.

    Raises:
        SnapshotError: If the snapshot is of something else, or does not fit.
    """
    _check_kind(value, snapshot)
    state = snapshot.state
    if snapshot.has_references:
        state = LoadedResolver(value).resolve(state)
    restore = _Restore(has_inner_records=snapshot.has_inner_records)
    restore.add_backup(value)
    arguments = () if lanes is None else (lanes,)
    restore.run(lambda: value.restore_state(state, *arguments), stack_of(value))


def restore_default_state(value: Any, state: dict[str, Any]) -> None:
    """Take over what `default_state` returned.

    Attributes that came after the snapshot go, except spaces; spaces and objects with hooks stay
    the same objects and get their state. The attributes are set without running the object's code.

    Args:
        value: The object; if `state` does not fit, it stays as it is.
        state: A state; an entry ``"env"`` in that of a wrapper is left to the wrapper.

    Raises:
        SnapshotError: If `state` does not fit.
    """
    restore = _restoring.get()
    if restore is None:
        copied = LoadedResolver(value).resolve(copy_plain(state))
        restore = _Restore(has_inner_records=True)
        restore.run(lambda: _restore_attributes(value, copied, restore), stack_of(value))
    else:
        _restore_attributes(value, state, restore)


def _replaces_only(value: Any) -> bool:
    """Return whether all hooks that restoring `value` calls are known to change no attribute."""
    for layer in layers_of(value):
        module = type(layer).restore_state.__module__
        if module not in _REPLACING and not module.startswith(_REPLACING_PACKAGES):
            return False
    return True


def _check_kind(value: Any, snapshot: Snapshot) -> None:
    if not isinstance(snapshot, Snapshot):
        hint = "; read it with Snapshot.from_bytes" if isinstance(snapshot, bytes) else ""
        raise SnapshotError(
            f"Expected a Snapshot to restore, found an instance of {type_name(snapshot)}{hint}"
        )
    if not has_hooks(value):
        raise SnapshotError(
            f"Expected an environment to restore, found an instance of {type_name(value)}"
        )
    stack = stack_of(value)
    if not same_stack(stack, snapshot.stack):
        raise SnapshotError(
            f"The snapshot is of {describe(snapshot.stack)} ({snapshot.kind}), it cannot be "
            f"restored into {describe(stack)} ({stack[-1]}). Build the same environment with the "
            "same wrappers in the same order."
        )


def _restore_attributes(value: Any, state: dict[str, Any], restore: _Restore) -> None:
    """Check and link everything first; from the first assignment on nothing can fail."""
    owner = type(value).__qualname__
    excluded = excluded_names(value)
    before = attributes_of(value)
    own = _checked_attributes(value, state, before, excluded)
    kept = {name: item for name, item in before.items() if name in excluded or is_space(item)}
    linked = restore.linker.link(own, before, owner, into_containers=restore.has_inner_records)
    restore.add_attributes(value, before)
    _replace_attributes(value, before, {**kept, **linked})


def _checked_attributes(
    value: Any, state: dict[str, Any], before: dict[str, Any], excluded: set[str]
) -> dict[str, Any]:
    """Return the entries of `state` that are attributes of `value`."""
    owner = type(value).__qualname__
    if type(state) is not dict or any(type(name) is not str for name in state):
        raise SnapshotError(f"Expected the state of a {owner}, found {state!r:.60}")
    has_dict = hasattr(value, "__dict__")
    own = {name: item for name, item in state.items() if name != "env" or name not in excluded}
    for name, item in own.items():
        if name in excluded:
            raise SnapshotError(
                f'The snapshot holds "{name}", which is not part of the state of a {owner}: it '
                "was taken with another version of the class"
            )
        if not has_dict and name not in before:
            raise SnapshotError(f'{owner} has no place for the attribute "{name}"')
        if is_space(before.get(name)) and type(item) is not Record:
            raise SnapshotError(f"{owner}.{name} is a space, the snapshot holds {item!r:.60}")
    return own


def _replace_attributes(value: Any, present: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name in present.keys() - wanted.keys():
        remove_attribute(value, name)
    for name, item in wanted.items():
        if present.get(name) is not item or name not in present:
            set_attribute(value, name, item)
