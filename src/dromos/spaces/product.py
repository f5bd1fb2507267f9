"""`ProductSpace`: what `Tuple` and `Dict` have in common, the cartesian products of spaces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dromos._core import spaces as native
from dromos.error import CustomSpaceError
from dromos.spaces.bounds import Bounds
from dromos.spaces.composite import CompositeSpace, is_integer
from dromos.spaces.hooks import SpaceHooks, copied_rng
from dromos.spaces.space import Space, T_cov

__all__ = ["ProductSpace", "batch_of_differing"]

_Product = TypeVar("_Product", bound="ProductSpace[Any]")

#: The dtype of a flattened product of no spaces at all; that of `Box` unless told otherwise.
_EMPTY_DTYPE = np.dtype(np.float32)


class ProductSpace(CompositeSpace[T_cov]):
    """A space whose elements have one part for each of its subspaces.

    Elements, batches, seeds, masks and shared memory all have the structure of the space;
    `_parts` takes such a structure apart, in the order of the subspaces, and `_assemble` builds it.
    """

    def _subspaces(self) -> Collection[Space[Any]]:
        raise NotImplementedError

    def _parts(self, structure: Any) -> Sequence[Any]:
        raise NotImplementedError

    def _assemble(self, parts: Iterable[Any]) -> Any:
        raise NotImplementedError

    def _rows(self, columns: Iterable[Iterator[Any]]) -> Iterator[Any]:
        """Return the structures of one part of each column, as an iterator."""
        raise NotImplementedError

    def _columns(self, items: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Return the parts of structures, those of one subspace together."""
        raise NotImplementedError

    def _of(self: _Product, subspaces: Iterable[Space[Any]], seed: Any = None) -> _Product:
        """Return the product of this structure of other subspaces."""
        raise NotImplementedError

    @property
    def is_np_flattenable(self) -> bool:
        """Whether elements flatten into one array of a fixed length: whether all parts do."""
        for space in self._subspaces():  # noqa: SIM110  (`all` is slower)
            if not space.is_np_flattenable:
                return False
        return True

    def _seed_product(self, seed: Any) -> Any:
        """Seed the subspaces from nothing, an integer, or a structure of seeds."""
        if seed is not None and not is_integer(seed):
            seeds = zip(self._subspaces(), self._parts(seed), strict=True)
            return self._assemble([space.seed(part) for space, part in seeds])
        if seed is None:
            return self._assemble([space.seed(None) for space in self._subspaces()])
        self._seed_own(seed)
        return self._assemble(self._seed_subspaces(self._subspaces()))

    def _defect(self) -> str | None:
        return None if self._subspaces() else "empty"

    def _flatdim(self) -> int:
        self._require_flattenable()
        return sum(space._flatdim() for space in self._subspaces())

    def _flat_dtype(self) -> np.dtype[Any]:
        dtypes = [space._flat_dtype() for space in self._subspaces()]
        return np.result_type(*dtypes) if dtypes else _EMPTY_DTYPE

    def _flatten(self, x: Any) -> Any:
        flat = list(map(_flattened, self._subspaces(), self._parts(x)))
        if not self.is_np_flattenable:
            return self._assemble(flat)
        joined = native.join(flat)
        if joined is not None:
            return joined
        return np.concatenate(flat) if flat else np.empty(0, _EMPTY_DTYPE)

    def _unflatten(self, x: Any) -> Any:
        parts = self._split(x) if self.is_np_flattenable else self._parts(x)
        pairs = zip(self._subspaces(), parts, strict=True)
        return self._assemble([space._unflatten(part) for space, part in pairs])

    def _split(self, x: Any) -> list[npt.NDArray[Any]]:
        """Return a flattened element as the flattened parts, views of it."""
        if not isinstance(x, np.ndarray):
            raise TypeError(f"Expected a np.ndarray, into which {self} flattens, found {type(x)}")
        parts, end = [], 0
        for space in self._subspaces():
            begin, end = end, end + space._flatdim()
            parts.append(x[begin:end])
        if x.shape != (end,):
            raise ValueError(f"Expected an array of shape {(end,)} to unflatten, found {x.shape}")
        return parts

    def _flat_space(self) -> Any:
        from dromos.spaces.box import Box

        boxes = [space._flat_space() for space in self._subspaces()]
        if not self.is_np_flattenable:
            return self._of(boxes)
        dtype = self._flat_dtype()
        if not boxes:
            return Box(0, 1, (0,), dtype)
        sides = zip(*(box._bounds for box in boxes), strict=True)
        low, high, *limited = (np.concatenate(side) for side in sides)
        return Box._of(Bounds(low.astype(dtype), high.astype(dtype), *limited), dtype)

    def _is_equivalent(self, other: Any) -> bool:
        if type(other) is not type(self):
            return False
        mine, theirs = self._subspaces(), other._subspaces()
        return len(mine) == len(theirs) and all(map(Space._is_equivalent, mine, theirs))

    def _batch(self, n: int) -> Any:
        return self._of([space._batch(n) for space in self._subspaces()], copied_rng(self))

    def _iterate(self, items: Any) -> Iterator[Any]:
        subspaces = self._subspaces()
        for space in subspaces:
            if type(space)._iterate is SpaceHooks._iterate:
                return self._iterate_tuple(items, type(space))
        return self._rows(list(map(_elements, subspaces, self._parts(items))))

    def _unbatch(self, items: Any) -> Iterator[Any]:
        pairs = zip(self._subspaces(), self._parts(items), strict=True)
        return self._rows([space._unbatch(part) for space, part in pairs])

    def _iterate_tuple(self, items: Any, custom: type[Space[Any]]) -> Iterator[Any]:
        """Iterate over the batch of spaces that know no batches: a tuple of their elements."""
        try:
            return iter(items)
        except TypeError:
            raise CustomSpaceError(
                f"Could not iterate through {self}: {custom} has no implementation of `iterate`, "
                f"and the items are no sequence of elements, found {type(items)}"
            ) from None

    def _concatenate(self, items: Iterable[Any], out: Any) -> Any:
        columns = self._columns(items if isinstance(items, (list, tuple)) else list(items))
        triples = zip(self._subspaces(), columns, self._parts(out), strict=True)
        return self._assemble([space._concatenate(column, part) for space, column, part in triples])

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> Any:
        return self._assemble([space._create_empty(n, fn) for space in self._subspaces()])

    def _batches_to_arrays(self) -> bool:
        return all(space._batches_to_arrays() for space in self._subspaces())

    def _take_rows(self, items: Any, rows: Sequence[int] | npt.NDArray[np.int64]) -> Any:
        pairs = zip(self._subspaces(), self._parts(items), strict=True)
        return self._assemble([space._take_rows(part, rows) for space, part in pairs])

    def _zero(self) -> Any:
        return self._assemble([space._zero() for space in self._subspaces()])

    def _fits(self, x: Any) -> bool:
        return not self._misfits(x) and all(
            space._fits(part) for _, part, space in self._entries_of(x)
        )

    def _create_shared(self, n: int, ctx: Any) -> Any:
        return self._assemble([space._create_shared(n, ctx) for space in self._subspaces()])

    def _read_shared(self, memory: Any, n: int) -> Any:
        pairs = zip(self._subspaces(), self._parts(memory), strict=True)
        return self._assemble([space._read_shared(part, n) for space, part in pairs])

    def _write_shared(self, index: int, value: Any, memory: Any) -> None:
        triples = zip(self._subspaces(), self._parts(value), self._parts(memory), strict=True)
        for space, part, part_memory in triples:
            space._write_shared(index, part, part_memory)


def _flattened(space: Space[Any], part: Any) -> Any:
    return space._flatten(part)


def _elements(space: Space[Any], batch: Any) -> Iterator[Any]:
    return space._iterate(batch)


def batch_of_differing(spaces: Sequence[Space[Any]]) -> Space[Any]:
    """Return the space of batches with one element of each of `spaces`, all of one class.

    Raises:
        ValueError: If there is no space.
        TypeError: If they are of different classes.
    """
    if len(spaces) == 0:
        raise ValueError("Expected at least one space to batch, found none")
    first = type(spaces[0])
    if not issubclass(first, Space) or not all(isinstance(space, first) for space in spaces):
        raise TypeError(
            f"Expected all spaces to be of the same type, found {[type(s) for s in spaces]}"
        )
    batch: Space[Any] = first._batch_differing(spaces)
    return batch
