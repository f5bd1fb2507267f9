"""Copying plain values: everything that can change is copied, what is shared stays shared."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import numpy as np

from dromos.plain.arrays import check_array, copy_array, scalar_to_parts
from dromos.plain.dtypes import dtype_to_tree
from dromos.plain.errors import NotPlainError, not_plain, type_name
from dromos.plain.generators import GENERATORS
from dromos.plain.kinds import CONTAINERS, DICT, Kind, key_label
from dromos.plain.memory import Region, shared_regions
from dromos.plain.records import record_kind
from dromos.plain.reference import Reference, reference_to, reference_to_member
from dromos.plain.spaces import SPACE, is_space

__all__ = ["ATOMS", "MAX_DEPTH", "Copier", "copy_plain", "copy_sharing_memory", "kind_of"]

#: Immutable, without parts, and the same in every process.
ATOMS = frozenset({type(None), bool, int, float, complex, str, bytes, range, Reference})

#: Containers inside containers. Each takes up to five of the 1000 calls Python allows.
MAX_DEPTH = 64

CopierT = TypeVar("CopierT", bound="Copier")

_KINDS: dict[type, Kind] = {**CONTAINERS, **GENERATORS}


def kind_of(value: Any) -> Kind | None:
    """Return the kind of a value that has parts, None for any other."""
    kind = _KINDS.get(type(value))
    if kind is None:
        kind = SPACE if is_space(value) else record_kind(value)
    return kind


def _is_importable(value: Any) -> bool:
    """Return whether `value` is an enum member, class or function that its name leads to."""
    if isinstance(value, Enum):
        return reference_to_member(value) is not None
    return callable(value) and reference_to(value) is not None


def copy_plain(value: Any) -> Any:
    """Return a copy of `value` that shares nothing with it that can change.

    Raises:
        NotPlainError: If something in it is not plain data.
    """
    return copy_sharing_memory(lambda copier: copier.copy(value), Copier)[0]


def copy_sharing_memory(
    copy_with: Callable[[CopierT], Any], copier_type: type[CopierT]
) -> tuple[Any, CopierT]:
    """Return what `copy_with` returns, with arrays that share memory copied together.

    That they do is known only after the first attempt, and rare: then there is a second one.

    Args:
        copy_with: Makes the copy with the copier it is given.
        copier_type: The class of the copier.

    Returns:
        The copy, and the copier that made it.
    """
    copier = copier_type()
    result = copy_with(copier)
    if copier.has_views:
        regions = shared_regions(copier.arrays)
        if regions:
            second = copier_type(regions)
            return copy_with(second), second
    return result, copier


class Copier:
    """Copies of plain values, made with one memory of what was copied already.

    Args:
        regions: The memory to copy as a whole, by the ``id`` of the arrays that lie in it.

    Attributes:
        arrays: The arrays met so far.
        has_views: Whether one of them does not own its memory.
    """

    def __init__(self, regions: dict[int, Region] | None = None) -> None:
        self.arrays: list[np.ndarray] = []
        self.has_views = False
        self._regions = regions or {}
        self._memory: dict[int, np.ndarray] = {}
        self._copies: dict[int, Any] = {}
        self._originals: list[Any] = []  # kept, so that no other object gets the id of one
        self._depth = 0

    def copy(self, value: Any) -> Any:
        """Return a copy of `value`, the same one whenever it is asked for the same object.

        Raises:
            NotPlainError: If it is not plain data.
        """
        cls = type(value)
        if cls in ATOMS:
            return value
        copied = self._copies.get(id(value))
        if copied is not None:
            return copied
        if cls is np.ndarray:
            return self.remember(value, self._copy_array(value))
        kind = _KINDS.get(cls)
        return self.copy_other(value) if kind is None else self._copy_deeper(kind, value)

    def remember(self, value: Any, copied: Any) -> Any:
        """Note that `copied` is the copy of `value`, and its own; return it."""
        self._copies[id(value)] = self._copies[id(copied)] = copied
        self._originals.append(value)
        self._originals.append(copied)
        return copied

    def copy_other(self, value: Any) -> Any:
        """Return a copy of a value that is neither an array nor of a known type of container.

        Raises:
            NotPlainError: If it is not plain data.
        """
        kind = kind_of(value)
        if kind is not None:
            return self._copy_deeper(kind, value)
        if isinstance(value, np.generic):
            scalar_to_parts(value)
        elif isinstance(value, np.dtype):
            dtype_to_tree(value)
        elif type(value) is bytearray:
            return self.remember(value, bytearray(value))
        elif not _is_importable(value):
            raise not_plain(value)
        return value

    def _copy_deeper(self, kind: Kind, value: Any) -> Any:
        if self._depth >= MAX_DEPTH:
            found = f"an instance of {type_name(value)}"
            raise NotPlainError(found, f"it lies {MAX_DEPTH} containers deep")
        self._depth += 1
        try:
            return self._copy_dict(value) if kind is DICT else self._copy_parts(kind, value)
        finally:
            self._depth -= 1

    def _copy_dict(self, value: dict[Any, Any]) -> dict[Any, Any]:
        # What `_copy_parts` does too, but states are mostly dicts and this takes half the time.
        copied: dict[Any, Any] = self.remember(value, {})
        key: Any = None
        try:
            for key, item in value.items():
                new_key = key if type(key) in ATOMS else self.copy(key)
                copied[new_key] = item if type(item) in ATOMS else self.copy(item)
        except NotPlainError as error:
            raise error.under(key_label(key)) from None
        return copied

    def _copy_parts(self, kind: Kind, value: Any) -> Any:
        whole = kind.copy_whole(value)
        if whole is not None:
            return self.remember(value, whole)
        arguments = kind.arguments(value)
        if kind.grows:
            shell = self.remember(value, kind.shell_like(value, arguments))
            kind.fill(shell, arguments, self._copied(kind, arguments, kind.parts(value)))
            return shell
        copies = self._copied(kind, arguments, kind.parts(value))
        # A list inside may have led back here and already made the copy.
        known = self._copies.get(id(value))
        if known is not None:
            return known
        return self.remember(value, kind.build_like(value, arguments, copies))

    def _copied(self, kind: Kind, arguments: list[Any], parts: list[Any]) -> list[Any]:
        copies: list[Any] = []
        try:
            for part in parts:
                copies.append(part if type(part) in ATOMS else self.copy(part))
        except NotPlainError as error:
            raise error.under(kind.label(arguments, parts, len(copies))) from None
        return copies

    def _copy_array(self, array: np.ndarray) -> np.ndarray:
        self.arrays.append(array)
        self.has_views = self.has_views or array.base is not None
        region = self._regions.get(id(array))
        if region is None:
            return copy_array(array)
        check_array(array)
        memory = self._memory.get(id(region))
        if memory is None:
            memory = self._memory[id(region)] = region.copy()
        return region.view(array, memory)
