"""`Snapshot`: a state and what it is a state of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from typing_extensions import Self

from dromos.plain.copying import copy_plain
from dromos.plain.errors import MalformedError
from dromos.snapshot.members import describe

__all__ = ["Snapshot"]

_CONTENT = "snapshot"
_FIELDS = {"stack", "spec_id", "state"}
_KILO = 1000


class Snapshot:
    """Everything that decides the future of an environment, a wrapper stack or a vector.

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

    __slots__ = ("_has_inner_records", "_has_references", "_spec_id", "_stack", "_state")

    def __init__(
        self, stack: Sequence[str], state: dict[str, Any], *, spec_id: str | None = None
    ) -> None:
        self._stack = tuple(stack)
        self._state = copy_plain(state) if state else {}
        self._spec_id = spec_id
        self._has_inner_records = True
        self._has_references = True

    @classmethod
    def of_copy(
        cls,
        stack: Sequence[str],
        state: dict[str, Any],
        *,
        spec_id: str | None,
        has_inner_records: bool,
    ) -> Self:
        """Return a snapshot that owns `state`, which was taken from live objects.

        Args:
            stack: As for the class.
            state: A copy nobody else has.
            spec_id: As for the class.
            has_inner_records: Whether records lie inside containers in it.
        """
        snapshot = cls(stack, {}, spec_id=spec_id)
        snapshot._state = state
        snapshot._has_inner_records = has_inner_records
        snapshot._has_references = False
        return snapshot

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
        """A copy of the state, as ``snapshot_state`` returned it."""
        state: dict[str, Any] = copy_plain(self._state)
        return state

    @property
    def has_references(self) -> bool:
        """Whether it was read from bytes, so that classes in it may be mere names."""
        return self._has_references

    @property
    def has_inner_records(self) -> bool:
        """Whether states of spaces or objects may lie inside containers in the state."""
        return self._has_inner_records

    @property
    def nbytes(self) -> int:
        """The length of `to_bytes`."""
        from dromos.plain.layout import packed_parts, size

        return size(packed_parts(self._contents(), _CONTENT))

    def to_bytes(self) -> bytes:
        """Return the snapshot in the versioned byte format of ``docs/snapshots.md``.

        Equal snapshots have equal bytes.
        """
        from dromos.plain.layout import pack

        return pack(self._contents(), _CONTENT)

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> Self:
        """Return the snapshot that `to_bytes` wrote. Nothing is imported, unpickled or run.

        Args:
            data: Bytes from anywhere.

        Raises:
            MalformedError: If they are damaged, of another format version, or something else; a
                `SnapshotError` and a `ValueError`.
        """
        from dromos.plain.layout import unpack

        contents = unpack(data, _CONTENT)
        if type(contents) is not dict or contents.keys() != _FIELDS:
            raise MalformedError("the snapshot does not say what it is a state of")
        stack, state, spec_id = contents["stack"], contents["state"], contents["spec_id"]
        if type(stack) is not list or not stack or any(type(path) is not str for path in stack):
            raise MalformedError("the snapshot does not say which classes it is a state of")
        if type(state) is not dict or any(type(name) is not str for name in state):
            raise MalformedError("the snapshot holds something else than a state")
        if spec_id is not None and type(spec_id) is not str:
            raise MalformedError(f"expected the id of a spec, found {spec_id!r:.60}")
        snapshot = cls(stack, {}, spec_id=spec_id)
        snapshot._state = state
        return snapshot

    def _contents(self) -> dict[str, Any]:
        return {"stack": list(self._stack), "spec_id": self._spec_id, "state": self._state}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        from dromos.plain.layout import packed_parts

        mine, others = self._contents(), other._contents()
        return packed_parts(mine, _CONTENT) == packed_parts(others, _CONTENT)

    def __hash__(self) -> int:
        from dromos.plain.layout import checksum, packed_parts

        return checksum(packed_parts(self._contents(), _CONTENT))

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
