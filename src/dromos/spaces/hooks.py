"""The methods that answer the public functions on spaces, and what they do unless overridden."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, cast

import numpy as np
import numpy.typing as npt

from dromos.error import CustomSpaceError

if TYPE_CHECKING:
    from typing_extensions import Self

    from dromos.spaces.json_form import Fields
    from dromos.spaces.space import Space

__all__ = ["SpaceHooks", "copied_rng"]

#: Lanes of a batch of spaces without arrays are seeded with integers below this.
_SEED_LIMIT = 10**8


class SpaceHooks:
    """One method a public function of `spaces.utils`, `vector.utils` and `wrappers.utils`.

    A class of space overrides a method here, or registers an implementation with the public
    function, which comes to the same thing. Methods that no docstring names a function for answer
    what checks, vectors and snapshots ask, so that none of them looks at classes.
    """

    def _flatdim(self) -> int:
        """`flatdim`: the length of the array that an element flattens into."""
        self._require_flattenable()
        self._unknown("flatdim")

    def _flat_dtype(self) -> np.dtype[Any]:
        """Return the dtype of a flattened element; only asked of flattenable spaces."""
        return cast("np.dtype[Any]", cast("Any", self._flat_space()).dtype)

    def _flatten(self, x: Any) -> Any:
        """`flatten`: element `x` as an array, or as flat as it gets."""
        self._unknown("flatten")

    def _unflatten(self, x: Any) -> Any:
        """`unflatten`: the element that `_flatten` made `x` of."""
        self._unknown("unflatten")

    def _flat_space(self) -> Any:
        """`flatten_space`: the space of flattened elements."""
        self._unknown("flatten_space")

    def _fresh_copy(self) -> Self:
        """Return an independent copy of a space that has not been seeded."""
        return copy.deepcopy(self)

    def _is_equivalent(self, other: Any) -> bool:
        """`is_space_dtype_shape_equiv`: whether elements of both fit into one batch."""
        mine = cast("Space[Any]", self)
        if type(mine) is not type(other):
            return False
        return bool((mine.shape, mine.dtype) == (other.shape, other.dtype))

    def _batch(self, n: int) -> Any:
        """`batch_space`: the space of batches of `n` elements; here, a `Tuple` of copies."""
        return _tuple_of_copies([cast("Space[Any]", self)] * n, cast("Space[Any]", self))

    @staticmethod
    def _batch_differing(spaces: Sequence[Any]) -> Any:
        """`batch_differing_spaces`, for a sequence of spaces of this class."""
        from dromos.spaces.tuple import Tuple

        return Tuple([copy.deepcopy(space) for space in spaces], seed=copied_rng(spaces[0]))

    def _iterate(self, items: Any) -> Iterator[Any]:
        """`iterate`: the elements of a batch, if this is a space of batches."""
        raise CustomSpaceError(
            f"{type(self).__name__} is not a space of batches that `iterate` can take apart: "
            f"define `_iterate` in it or register it with `iterate`"
        )

    def _unbatch(self, items: Any) -> Iterator[Any]:
        """Return the elements of a batch of elements of this space."""
        if type(self)._batch is SpaceHooks._batch:  # a tuple of them
            return iter(items)
        return cast("Iterator[Any]", self._batch(1)._iterate(items))

    def _concatenate(self, items: Iterable[Any], out: Any) -> Any:
        """`concatenate`: `items` as one batch, written to `out` where that is possible."""
        return tuple(items)

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> Any:
        """`create_empty_array`: a batch of `n` for `_concatenate` to write to."""
        return None

    def _batches_to_arrays(self) -> bool:
        """Return whether `_concatenate` copies elements into arrays, and nothing but arrays."""
        return False

    def _take_rows(self, items: Any, rows: Sequence[int] | npt.NDArray[np.int64]) -> Any:
        """Return some elements of a batch of elements of this space, as a batch."""
        if isinstance(items, np.ndarray):
            return items[np.asarray(rows, np.int64)]
        return tuple(items[i] for i in rows)

    def _create_shared(self, n: int, ctx: Any) -> Any:
        """`create_shared_memory`: memory for `n` elements, shared between processes."""
        self._not_shareable("create_shared_memory")

    def _read_shared(self, memory: Any, n: int) -> Any:
        """`read_from_shared_memory`: the batch in `memory`; arrays are views of it."""
        self._not_shareable("read_from_shared_memory")

    def _write_shared(self, index: int, value: Any, memory: Any) -> None:
        """`write_to_shared_memory`: make `value` the element at `index`."""
        self._not_shareable("write_to_shared_memory")

    def _zero(self) -> Any:
        """`create_zero_array`: the element that is zero, or as near to it as bounds allow."""
        raise CustomSpaceError(
            f"create_zero_array knows no zero of a {type(self).__name__}: register a function with "
            f"create_zero_array.register({type(self).__name__}, function)"
        )

    def _fits(self, x: Any) -> bool:
        """Return whether a batch takes `x`, be it within the bounds or not."""
        return cast("Space[Any]", self).contains(x)

    def _json_fields(self) -> dict[str, Any]:
        """Return what `_from_json_fields` needs, as JSON-able dicts, lists and scalars."""
        self._unknown("to_json")

    @classmethod
    def _from_json_fields(cls, fields: Fields) -> Self:
        """Return the space that `_json_fields` described; raise `InvalidJson` if it cannot be."""
        raise CustomSpaceError(f"{cls.__name__} does not define `_from_json_fields`")

    def _entries(self) -> Iterable[tuple[Any, Any]]:
        """Return (key, space) for each space of which elements have a part; here, none."""
        return ()

    def _entries_of(self, x: Any) -> Iterable[tuple[Any, Any, Any]]:
        """Return (key, part, its space) for each part of `x`, or nothing if it has other parts."""
        return ()

    def _defect(self) -> str | None:
        """Return the name of what is empty or contradicts itself in the attributes, or None.

        `dromos.checks.space` has what is told of each name.
        """
        return None

    def _misfits(self, x: Any) -> Iterable[str]:
        """Return the names of what keeps `x` from the form of an element, values aside.

        `dromos.checks.observation` has what is told of each name.
        """
        return ()

    def _require_flattenable(self) -> None:
        if not cast("Space[Any]", self).is_np_flattenable:
            raise ValueError(
                f"{self} cannot be flattened to a numpy array: it is, or contains, a space whose "
                "elements have no fixed size, such as `Graph` or `Sequence`"
            )

    def _unknown(self, function: str) -> NoReturn:
        raise NotImplementedError(
            f"Unknown space: {type(self).__name__} has no implementation of `{function}`. "
            f"Register one with `{function}.register({type(self).__name__})`"
        )

    def _not_shareable(self, function: str) -> NoReturn:
        raise CustomSpaceError(
            f"Space of type {type(self)} has no implementation of `{function}`. Register one with "
            f"`{function}.register({type(self).__name__})`, or use `shared_memory=False`"
        )


def copied_rng(space: Space[Any]) -> np.random.Generator | None:
    """Return a copy of the space's generator, or None if it has not been seeded."""
    return copy.deepcopy(space._np_random)


def _tuple_of_copies(spaces: Sequence[Space[Any]], parent: Space[Any]) -> Space[Any]:
    """Return a `Tuple` of copies of `spaces`, each with a stream of its own."""
    from dromos.spaces.tuple import Tuple

    rng = copy.deepcopy(parent.np_random)
    batch = Tuple([copy.deepcopy(space) for space in spaces], seed=copy.deepcopy(rng))
    batch.seed([int(seed) for seed in rng.integers(0, _SEED_LIMIT, len(spaces))])
    return batch
