"""Arrays that share memory: which do, and how to copy them so that the copies do too.

An environment may keep a grid and a view of its first row. Two independent copies of them would
not have the same future, so arrays that overlap are copied as one piece of memory with views.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from dromos.plain.arrays import Description
from dromos.plain.dtypes import dtype_to_tree
from dromos.plain.errors import NotPlainError

__all__ = ["Region", "shared_regions"]

#: malloc's alignment. Keeping addresses modulo it makes offsets the same in every run.
_ALIGNMENT = 16


class Region:
    """A stretch of memory that several arrays see.

    Args:
        first: Address of its first byte.
        end: Address after its last byte.
    """

    def __init__(self, first: int, end: int) -> None:
        self.first = first
        self.end = end
        self._padding = first % _ALIGNMENT

    def copy(self) -> np.ndarray:
        """Return a copy of the bytes, uint8 (bytes,), after some zeros that align them."""
        memory = np.zeros(self._padding + self.end - self.first, np.uint8)
        memory[self._padding :] = np.asarray(_Raw(self.first, self.end - self.first))
        return memory

    def describe(self, array: np.ndarray) -> Description:
        """Return where in the copy an array's elements lie.

        Raises:
            NotPlainError: If the array shows elements more often than they are there.
        """
        self._check(array)
        return {
            "dtype": dtype_to_tree(array.dtype),
            "shape": list(array.shape),
            "strides": list(array.strides),
            "offset": _address(array) - self.first + self._padding,
            **({} if array.flags.writeable else {"readonly": True}),
        }

    def view(self, array: np.ndarray, memory: np.ndarray) -> np.ndarray:
        """Return the view on `memory`, a copy of this region, that corresponds to `array`.

        Raises:
            NotPlainError: If the array shows elements more often than they are there.
        """
        self._check(array)
        offset = _address(array) - self.first + self._padding
        view: np.ndarray = np.ndarray(array.shape, array.dtype, memory, offset, array.strides)
        view.flags.writeable = array.flags.writeable
        return view

    def _check(self, array: np.ndarray) -> None:
        # Otherwise a few bytes could claim to be an array of any size.
        first, end = _span(array)
        if array.nbytes > end - first:
            raise NotPlainError(
                f"an array of shape {array.shape} that repeats elements of another array",
                "arrays that share memory must show each element once",
            )


class _Raw:
    """Memory given by its address, as NumPy's array interface."""

    def __init__(self, address: int, size: int) -> None:
        self.__array_interface__ = {
            "data": (address, True),
            "shape": (size,),
            "typestr": "|u1",
            "version": 3,
        }


def shared_regions(arrays: Iterable[np.ndarray]) -> dict[int, Region]:
    """Return the region of every array that overlaps another, by the array's ``id``.

    Args:
        arrays: Distinct array objects.
    """
    by_owner: dict[int | None, list[np.ndarray]] = {}
    for array in arrays:
        if array.nbytes:
            by_owner.setdefault(_owner(array), []).append(array)
    regions: dict[int, Region] = {}
    for family in by_owner.values():
        if len(family) > 1:
            regions.update(_overlaps(family))
    return regions


def _owner(array: np.ndarray) -> int | None:
    """Return the ``id`` of the array that owns the memory, None if no array does."""
    owner: Any = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    return id(owner) if owner.base is None else None


def _overlaps(family: list[np.ndarray]) -> dict[int, Region]:
    spans = sorted((*_span(array), id(array)) for array in family)
    regions: dict[int, Region] = {}
    together: list[int] = []
    first = end = 0
    for start, stop, name in [*spans, (1 << 64, 1 << 64, 0)]:
        if start < end:
            together.append(name)
            end = max(end, stop)
            continue
        if len(together) > 1:
            region = Region(first, end)
            regions.update(dict.fromkeys(together, region))
        together, first, end = [name], start, stop
    return regions


def _span(array: np.ndarray) -> tuple[int, int]:
    """Return the addresses of an array's first byte and of the byte after its last."""
    reach = [(n - 1) * stride for n, stride in zip(array.shape, array.strides, strict=True)]
    address = _address(array)
    first = address + sum(step for step in reach if step < 0)
    return first, address + sum(step for step in reach if step > 0) + array.itemsize


def _address(array: np.ndarray) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
