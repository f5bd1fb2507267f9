"""`Sequence`: sequences of any length of elements of one space."""

from __future__ import annotations

import collections.abc
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from typing_extensions import Self

from dromos.error import CustomSpaceError
from dromos.spaces.composite import (
    CompositeSpace,
    checked_spaces,
    flatten_batch,
    is_integer,
    no_fixed_size,
    stacked,
    unflatten_batch,
)
from dromos.spaces.masks import expect, steering
from dromos.spaces.space import Space

__all__ = ["Sequence"]

#: Lengths are geometric with this chance to stop at each element, hence 4 on average.
_STOP = 0.25


class Sequence(CompositeSpace[Any]):
    """Tuples of any length of elements of one space, or, stacked, batches of any length of them.

    Args:
        space: The space of the elements of the sequences.
        seed: An integer ≥ 0 from which the seed of `space` is drawn, a pair of seeds for the
            sequence itself and for `space`, or a generator for the sequence itself.
        stack: True for batches, as `concatenate` makes them, instead of tuples.

    Raises:
        TypeError: If `space` is no space.
    """

    feature_space: Space[Any]
    stack: bool
    is_np_flattenable = False  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]

    def __init__(
        self,
        space: Space[Any],
        seed: (
            int | np.integer[Any] | collections.abc.Sequence[Any] | np.random.Generator | None
        ) = None,
        stack: bool = False,
    ) -> None:
        (self.feature_space,) = checked_spaces([space])
        self.stack = stack
        super().__init__(None, None, seed)

    @property
    def stacked_feature_space(self) -> Space[Any]:
        """The space of batches of one element, of a stacked sequence."""
        if not self.stack:
            raise AttributeError("`stacked_feature_space` is an attribute of stacked sequences")
        batch: Space[Any] = self.feature_space._batch(1)
        return batch

    def seed(
        self, seed: int | np.integer[Any] | tuple[Any, Any] | list[Any] | None = None
    ) -> tuple[Any, Any]:
        """Seed the sequence and the space of its elements.

        Args:
            seed: None to seed both from the system, an integer ≥ 0 for the sequence, from which
                the other is drawn, or a pair of both.

        Returns:
            The seeds of the sequence and of the space of its elements.
        """
        own, feature = self._seed_own_and_subspaces(seed, [self.feature_space])
        return own, feature

    def sample(
        self, mask: tuple[Any, Any] | None = None, probability: tuple[Any, Any] | None = None
    ) -> Any:
        """Return a random sequence, of geometric length unless told otherwise.

        Args:
            mask: ``(length, mask)``: the length, an int array of lengths to choose from, or None;
                and the mask for each element, or None.
            probability: ``(length, probability)``, likewise.

        Raises:
            MaskError: If a length is none.
            ValueError: If both are given.
        """
        name, given = steering(mask, probability)
        if given is None:
            given = (None, None)
        expect(isinstance(given, tuple), f"the type of the {name}", "tuple", type(given))
        expect(len(given) == 2, f"the length of the {name}", 2, len(given))
        length = self._length(given[0], name)
        space = self.feature_space
        if given[1] is None:
            elements = tuple([space.sample() for _ in range(length)])
        else:
            elements = tuple([space.sample(**{name: given[1]}) for _ in range(length)])
        return stacked(space, elements) if self.stack else elements

    def generate_sample_length(self, length_mask: Any, mask_type: str | None) -> int:
        """Return the length of a sample.

        Args:
            length_mask: The length, an int array of lengths to choose from, or None for a
                geometric one.
            mask_type: ``"mask"`` or ``"probability"``, as errors call it.
        """
        return self._length(length_mask, mask_type or "mask")

    def _length(self, given: Any, name: str) -> int:
        """Return the length of a sample, under the length part of a mask or probability."""
        if given is None:
            return int(self.np_random.geometric(_STOP))
        what = f"the length in the {name}"
        if is_integer(given):
            expect(given >= 0, what, "≥ 0", given)
            return int(given)
        if not isinstance(given, np.ndarray):
            raise TypeError(f"Expected {what} to be an integer or a np.ndarray, found {given!r}")
        is_lengths = given.ndim == 1 and given.size > 0 and given.dtype.kind in "iu"
        expect(is_lengths, what, "an integer array of one axis", given)
        expect(bool((given >= 0).all()), what, "≥ 0", given)
        return int(given[self.np_random.integers(len(given))])

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a tuple, or if stacked a batch, of elements of the space."""
        if not self.stack:
            return isinstance(x, tuple) and all(map(self.feature_space.contains, x))
        try:
            return all(map(self.feature_space.contains, self.feature_space._unbatch(x)))
        except (TypeError, ValueError, LookupError, CustomSpaceError):  # `x` is no batch
            return False

    def _entries_of(self, x: Any) -> Iterable[tuple[Any, Any, Any]]:
        if self.stack or not isinstance(x, tuple):
            return ()
        return [(i, part, self.feature_space) for i, part in enumerate(x)]

    def to_jsonable(self, sample_n: Iterable[Any]) -> list[Any]:
        """Return a batch a sequence, as the space of the elements makes it."""
        space = self.feature_space
        if self.stack:
            return [space.to_jsonable(list(space._unbatch(sample))) for sample in sample_n]
        return [space.to_jsonable(sample) for sample in sample_n]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[Any]:
        """Return the elements of `to_jsonable`."""
        space = self.feature_space
        if self.stack:
            return [stacked(space, space.from_jsonable(sample)) for sample in sample_n]
        return [tuple(space.from_jsonable(sample)) for sample in sample_n]

    def __repr__(self) -> str:
        return f"Sequence({self.feature_space}, stack={self.stack})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and self.feature_space == other.feature_space
            and self.stack == other.stack
        )

    def __hash__(self) -> int:
        return hash((Sequence, self.feature_space))

    def __setstate__(
        self, state: Iterable[tuple[str, Any]] | collections.abc.Mapping[str, Any]
    ) -> None:
        """Restore a pickled space, of Gymnasium's attributes too."""
        super().__setstate__({k: v for k, v in dict(state).items() if k != "stacked_feature_space"})

    def _is_equivalent(self, other: Any) -> bool:
        return (
            isinstance(other, Sequence)
            and self.stack == other.stack
            and self.feature_space._is_equivalent(other.feature_space)
        )

    def _flatten(self, x: Any) -> Any:
        if self.stack:
            return flatten_batch(self.feature_space, x)
        return tuple([self.feature_space._flatten(element) for element in x])

    def _unflatten(self, x: Any) -> Any:
        if self.stack:
            return unflatten_batch(self.feature_space, x)
        return tuple([self.feature_space._unflatten(element) for element in x])

    def _flat_space(self) -> Sequence:
        return Sequence(self.feature_space._flat_space(), stack=self.stack)

    def _zero(self) -> Any:
        return self.feature_space._batch(0)._zero() if self.stack else ()

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> tuple[Any, ...]:
        if not self.stack:
            return ((),) * n
        return tuple([self.feature_space._create_empty(1, fn) for _ in range(n)])

    def _not_shareable(self, function: str) -> Any:
        raise no_fixed_size(self)

    def _json_fields(self) -> dict[str, Any]:
        return {"feature_space": self.feature_space.to_json_tree(), "stack": bool(self.stack)}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        return cls(fields.space("feature_space"), stack=fields.get("stack", bool))
