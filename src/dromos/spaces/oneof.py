"""`OneOf`: the disjoint union of spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast, overload

import numpy as np
import numpy.typing as npt
from typing_extensions import Self, TypeVar

from dromos.spaces import shared_arrays
from dromos.spaces.composite import CompositeSpace, checked_spaces
from dromos.spaces.masks import expect, steering
from dromos.spaces.product import ProductSpace
from dromos.spaces.space import Space

if TYPE_CHECKING:
    from dromos.spaces.box import Box
    from dromos.spaces.discrete import Discrete

__all__ = ["OneOf"]

_Choice_co = TypeVar(
    "_Choice_co", bound="tuple[int, Any]", default="tuple[int, Any]", covariant=True
)
_Array = TypeVar("_Array", bound="npt.NDArray[Any]")
_Integer = TypeVar("_Integer", bound="int | np.integer[Any]")

_Seeds: TypeAlias = "int | np.integer[Any] | Sequence[Any] | np.random.Generator | None"

_INDEX = np.dtype(np.int64)


class OneOf(CompositeSpace[_Choice_co]):
    """Pairs of the index of a subspace and an element of that subspace.

    An element flattens into the index and the flattened element of the subspace, padded with that
    one's first value to the length of the longest; the dtype is the subspaces' common one.

    Args:
        spaces: The subspaces, at least one.
        seed: An integer ≥ 0 from which the subspaces' seeds are drawn, a sequence of seeds for
            the space itself and for them, or a generator for the space itself.

    Raises:
        TypeError: If an element of `spaces` is no space.
        ValueError: If there is none.
    """

    spaces: tuple[Space[Any], ...]

    @overload
    def __init__(
        self: OneOf[tuple[int, _Array]], spaces: Iterable[Box[_Array]], seed: _Seeds = None
    ) -> None: ...
    @overload
    def __init__(
        self: OneOf[tuple[int, _Integer]],
        spaces: Iterable[Discrete[_Integer]],
        seed: _Seeds = None,
    ) -> None: ...
    @overload
    def __init__(
        self: OneOf[tuple[int, Any]], spaces: Iterable[Space[Any]], seed: _Seeds = None
    ) -> None: ...
    def __init__(self, spaces: Iterable[Space[Any]], seed: _Seeds = None) -> None:
        self.spaces = checked_spaces(spaces)
        if not self.spaces:
            raise ValueError("Expected at least one subspace of a OneOf, found none")
        super().__init__(None, None, seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Whether elements flatten into one array of a fixed length: whether all subspaces' do."""
        return all(space.is_np_flattenable for space in self.spaces)

    def seed(self, seed: int | np.integer[Any] | Sequence[Any] | None = None) -> tuple[Any, ...]:
        """Seed the space and its subspaces.

        Args:
            seed: None to seed each from the system, an integer ≥ 0 for the space itself, from
                which the others are drawn, or a tuple or list with the space's own seed first.

        Returns:
            The seeds of the space and of its subspaces.
        """
        return self._seed_own_and_subspaces(seed, self.spaces)

    def sample(
        self, mask: tuple[Any, ...] | None = None, probability: tuple[Any, ...] | None = None
    ) -> _Choice_co:
        """Return a random element of a random subspace; each subspace is equally likely.

        Args:
            mask: A tuple with the mask, or None, of each subspace.
            probability: A tuple with the probability, or None, of each subspace.
        """
        name, parts = steering(mask, probability)
        index: Any = self.np_random.integers(0, len(self.spaces), dtype=np.int64)
        if parts is None:
            return cast("_Choice_co", (index, self.spaces[index].sample()))
        expect(isinstance(parts, tuple), f"the type of the {name}", "tuple", type(parts))
        expect(len(parts) == len(self), f"the length of the {name}", len(self), len(parts))
        drawn = self.spaces[index].sample(**{name: parts[index]})
        return cast("_Choice_co", (index, drawn))

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a tuple of an index and an element of the subspace there."""
        return (
            isinstance(x, tuple)
            and len(x) == 2
            and isinstance(x[0], (int, np.integer))
            and 0 <= int(x[0]) < len(self.spaces)
            and self.spaces[x[0]].contains(x[1])
        )

    def to_jsonable(self, sample_n: Iterable[tuple[int, Any]]) -> list[Any]:
        """Return pairs of an index and an element, as that subspace makes it."""
        return [[int(i), _element_to_jsonable(self.spaces[i], part)] for i, part in sample_n]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[tuple[Any, Any]]:
        """Return the elements of `to_jsonable`."""
        return [(np.int64(i), _element_from_jsonable(self.spaces[i], p)) for i, p in sample_n]

    def __getitem__(self, index: int) -> Space[Any]:
        """Return the subspace at an index."""
        return self.spaces[index]

    def __len__(self) -> int:
        """Return the number of subspaces."""
        return len(self.spaces)

    def __repr__(self) -> str:
        return f"OneOf({', '.join(map(str, self.spaces))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OneOf) and self.spaces == other.spaces

    def __hash__(self) -> int:
        return hash((OneOf, self.spaces))

    def _is_equivalent(self, other: Any) -> bool:
        return (
            isinstance(other, OneOf)
            and len(self) == len(other)
            and all(map(Space._is_equivalent, self.spaces, other.spaces))
        )

    def _flatdim(self) -> int:
        self._require_flattenable()
        return 1 + max(space._flatdim() for space in self.spaces)

    def _flat_dtype(self) -> np.dtype[Any]:
        dtype = np.result_type(*(space._flat_dtype() for space in self.spaces))
        last = len(self.spaces) - 1
        holds_index = dtype.kind == "f" or last <= (1 if dtype.kind == "b" else np.iinfo(dtype).max)
        return dtype if holds_index else np.result_type(dtype, np.min_scalar_type(last))

    def _flatten(self, x: tuple[int, Any]) -> npt.NDArray[Any]:
        if not (isinstance(x, tuple) and len(x) == 2):
            raise ValueError(f"Expected a tuple of an index and an element, found {x!r}")
        index, part = x
        values = self._subspace(index)._flatten(part)
        flat = np.zeros(self._flatdim(), self._flat_dtype())
        flat[0] = index
        flat[1 : 1 + len(values)] = values
        padding = flat[1 + len(values) :]
        if len(padding):
            padding[:] = values[0] if len(values) else self._flat_space().low[1]
        return flat

    def _unflatten(self, x: npt.NDArray[Any]) -> tuple[int, Any]:
        index: Any = np.int64(x[0])
        space = self._subspace(index)
        values = x[1 : 1 + space._flatdim()].astype(space._flat_dtype())
        return index, space._unflatten(values)

    def _subspace(self, index: Any) -> Space[Any]:
        if not 0 <= index < len(self.spaces):
            raise ValueError(f"Expected an index below {len(self.spaces)}, found {index}")
        return self.spaces[int(index)]

    def _flat_space(self) -> Any:
        from dromos.spaces.box import Box

        dim, dtype = self._flatdim(), self._flat_dtype()
        boxes = [space._flat_space() for space in self.spaces if space._flatdim()]
        low, high = np.zeros(dim, dtype), np.full(dim, len(self.spaces) - 1, dtype)
        if boxes:
            low[1:] = min(box.low.min() for box in boxes)
            high[1:] = max(box.high.max() for box in boxes)
        return Box(low, high, dtype=dtype)

    def _zero(self) -> tuple[int, Any]:
        return 0, self.spaces[0]._zero()

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> tuple[tuple[()], ...]:
        return ((),) * n

    def _create_shared(self, n: int, ctx: Any) -> tuple[Any, ...]:
        indices = shared_arrays.create_array(ctx, _INDEX, n)
        return (indices, *(space._create_shared(n, ctx) for space in self.spaces))

    def _read_shared(self, memory: tuple[Any, ...], n: int) -> tuple[Any, ...]:
        indices = shared_arrays.view(memory[0], _INDEX, (n,))
        pairs = zip(self.spaces, memory[1:], strict=True)
        batches = [list(space._unbatch(space._read_shared(part, n))) for space, part in pairs]
        return tuple([(index, batches[index][lane]) for lane, index in enumerate(indices)])

    def _write_shared(self, index: int, value: tuple[int, Any], memory: tuple[Any, ...]) -> None:
        chosen, part = value
        self._subspace(chosen)._write_shared(index, part, memory[1 + int(chosen)])
        shared_arrays.write(memory[0], _INDEX, (), index, chosen)

    def _json_fields(self) -> dict[str, Any]:
        return {"spaces": [space.to_json_tree() for space in self.spaces]}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        return cls(fields.spaces("spaces"))


def _element_to_jsonable(space: Space[Any], x: Any) -> Any:
    """Return one element as the batch of it, or, where batches are lists of elements, alone."""
    batch = space.to_jsonable([x])
    return batch if isinstance(space, ProductSpace) else batch[0]


def _element_from_jsonable(space: Space[Any], x: Any) -> Any:
    return space.from_jsonable(x if isinstance(space, ProductSpace) else [x])[0]
