"""`Snapshot`: a state and what it is a state of; taking one of a stack, and restoring it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from typing_extensions import Self

from dromos.error import SnapshotError
from dromos.plain import layout
from dromos.plain.errors import LocatedError, MalformedError, shown, type_name
from dromos.plain.trees import unchanged
from dromos.snapshot.hook import judge, one_restore, write
from dromos.snapshot.parts import (
    describe,
    has_hooks,
    layers_of,
    same_stack,
    stack_of,
    take,
)
from dromos.snapshot.records import StateWriter, read_state, types_of, write_state

__all__ = ["Snapshot", "restore_into", "snapshot_of"]

_CONTENT = "snapshot"
_FIELDS = {"stack", "spec_id", "state"}
_KILO = 1000


class Snapshot:
    """Everything a caller can see next of an environment, a wrapper stack or a vector.

    A snapshot does not change: what it was taken of and what it is restored into get and give
    copies, so it may be restored any number of times, into any number of objects. Snapshots are
    equal if their bytes are; equal snapshots have equal hashes.

    Args:
        stack: The classes, ``"module:qualname"`` each, from the outermost wrapper inwards.
        state: What ``snapshot_state`` returned; it is copied.
        spec_id: The id of the environment's spec, if it has one.

    Raises:
        NotPlainError: If `state` is not plain data.
    """

    __slots__ = ("_blobs", "_data", "_spec_id", "_stack", "_tree")

    def __init__(
        self, stack: Sequence[str], state: dict[str, Any], *, spec_id: str | None = None
    ) -> None:
        self._hold(stack, spec_id, StateWriter().run(state))

    def _hold(
        self,
        stack: Sequence[str],
        spec_id: str | None,
        tree: Any,
        blobs: list[memoryview] | None = None,
        data: bytes | None = None,
    ) -> Self:
        """Hold a state that has been written, the bytes in its tree or beside it, in `data`."""
        self._stack, self._spec_id, self._tree = tuple(stack), spec_id, tree
        self._blobs, self._data = blobs, data
        return self

    @property
    def stack(self) -> tuple[str, ...]:
        """The classes of the layers, ``"module:qualname"`` each, the outermost first."""
        return self._stack

    @property
    def kind(self) -> str:
        """The class of the environment itself, ``"module:qualname"``."""
        return self._stack[-1]

    @property
    def spec_id(self) -> str | None:
        """The id of the environment's spec, or None."""
        return self._spec_id

    @property
    def state(self) -> dict[str, Any]:
        """A copy of the state, as ``snapshot_state`` returned it.

        Enum members, namedtuples, dataclasses and the states of parts are names and records.
        """
        return self._state_for()

    def _state_for(self, *parts: Any) -> dict[str, Any]:
        """Return a copy of the state, with the enum members and the like that parts know."""
        load = unchanged if self._blobs is None else layout.each_once(self._blobs)
        state: dict[str, Any] = read_state(self._tree, types_of(*parts), load)
        return state

    @property
    def nbytes(self) -> int:
        """The length of `to_bytes`."""
        return len(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the snapshot in the versioned byte format of ``docs/snapshots.md``.

        Equal snapshots have equal bytes.
        """
        if self._data is not None:
            return self._data
        contents = {"stack": [*self._stack], "spec_id": self._spec_id, "state": self._tree}
        return layout.pack(contents, _CONTENT)

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> Self:
        """Return the snapshot that `to_bytes` wrote. Nothing is imported, unpickled or run.

        Args:
            data: Bytes from anywhere.

        Raises:
            MalformedError: If they are damaged, of another format version, or something else; a
                `SnapshotError` and a `ValueError`.
        """
        data = bytes(data) if isinstance(data, (bytearray, memoryview)) else data
        contents, blobs = layout.unpack(data, _CONTENT)
        if type(contents) is not dict or contents.keys() != _FIELDS:
            raise MalformedError("the snapshot does not say what it is a state of")
        stack, state, spec_id = contents["stack"], contents["state"], contents["spec_id"]
        if type(stack) is not list or not stack or any(type(path) is not str for path in stack):
            raise MalformedError("the snapshot does not say which classes it is a state of")
        if spec_id is not None and type(spec_id) is not str:
            raise MalformedError(f"expected the id of a spec, found {shown(spec_id)}")
        snapshot = cls.__new__(cls)._hold(stack, spec_id, state, blobs, data)
        if type(snapshot.state) is not dict:
            raise MalformedError("the snapshot holds something else than a state")
        return snapshot

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        return self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def __reduce__(self) -> tuple[Callable[[bytes], Snapshot], tuple[bytes]]:
        return type(self).from_bytes, (self.to_bytes(),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: Any) -> Self:
        return self

    def __repr__(self) -> str:
        spec = "" if self._spec_id is None else f" of {self._spec_id}"
        return f"<Snapshot{spec}: {describe(self._stack)}, {_size(self.nbytes)}>"


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB"):
        if number < _KILO:
            return f"{number:.3g} {unit}"
        number /= _KILO
    return f"{number:.4g} GB"


def snapshot_of(value: Any, *, lanes: Any = None) -> Snapshot:
    """Return a snapshot of an environment, a wrapper with all it wraps, or a vector.

    Args:
        value: An object with the hooks.
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
    layers = layers_of(value)
    try:
        tree = write_state(lambda: take(value, lanes), layers)
    except LocatedError as error:
        raise error.rooted("snapshot_state()") from None
    spec_id = getattr(getattr(layers[-1], "spec", None), "id", None)
    spec_id = spec_id if isinstance(spec_id, str) else None
    return Snapshot.__new__(Snapshot)._hold(stack_of(layers), spec_id, tree)


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
    if not isinstance(snapshot, Snapshot):
        hint = "; read it with Snapshot.from_bytes" if isinstance(snapshot, bytes) else ""
        raise SnapshotError(
            f"Expected a Snapshot to restore, found an instance of {type_name(snapshot)}{hint}"
        )
    if not has_hooks(value):
        raise SnapshotError(
            f"Expected an environment to restore, found an instance of {type_name(value)}"
        )
    stack = stack_of(layers_of(value))
    if not same_stack(stack, snapshot.stack):
        raise SnapshotError(
            f"The snapshot is of {describe(snapshot.stack)} ({shown(snapshot.kind)}), it cannot "
            f"be restored into {describe(stack)} ({stack[-1]}). Build the same environment with "
            "the same wrappers in the same order."
        )
    with one_restore():
        write(judge(value, snapshot._state_for(value), lanes), describe(stack))
