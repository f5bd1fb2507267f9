"""`MultiBinary`: arrays of zeros and ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos._core import spaces as native
from dromos.spaces.array_space import ArraySpace, array_of
from dromos.spaces.bounds import Bounds
from dromos.spaces.hooks import copied_rng
from dromos.spaces.masks import check_array, check_probabilities, expect, only_one

__all__ = ["MultiBinary"]

#: The value of a mask's entry that leaves the element to chance.
_FREE = 2


class MultiBinary(ArraySpace[NDArray[np.int8]]):
    """The int8 arrays of one shape whose elements are 0 or 1.

    Args:
        n: The length of the arrays, or their shape.
        seed: An integer ≥ 0, or a generator to draw from.

    Raises:
        ValueError: If `n` is neither an integer nor a sequence of them, or one is not positive.
    """

    n: int | tuple[int, ...]

    def __init__(
        self,
        n: int | np.integer[Any] | Sequence[int] | NDArray[np.integer[Any]],
        seed: int | np.integer[Any] | np.random.Generator | None = None,
    ) -> None:
        is_length = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
        sizes: Any = (n,) if is_length else n
        if not isinstance(sizes, (Sequence, np.ndarray)) or not all(
            isinstance(size, (int, np.integer)) and size > 0 for size in sizes
        ):
            raise ValueError(
                f"Expected n to be a positive integer or a sequence of them, found {n!r}"
            )
        shape = tuple(int(size) for size in sizes)
        self.n = shape[0] if is_length else shape
        super().__init__(shape, np.int8, seed)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the elements."""
        return self.n if isinstance(self.n, tuple) else (int(self.n),)

    def sample(
        self, mask: NDArray[np.int8] | None = None, probability: NDArray[np.float64] | None = None
    ) -> NDArray[np.int8]:
        """Return a random element, of fair coin tosses unless told otherwise.

        Args:
            mask: Int8 array of the shape: 0 or 1 where the element is to be that, 2 where it is
                left to chance.
            probability: Float64 array of the shape: how likely each element is 1.

        Raises:
            MaskError: If the mask or the probability is none.
            ValueError: If both are given.
        """
        if mask is None and probability is None:
            return native.sample_binary(self.np_random, self.n)
        only_one(mask, probability)
        if probability is not None:
            weights = check_array("probability", probability, self.shape, np.float64)
            check_probabilities("probability", weights)
            return (self.np_random.random(self.shape) <= weights).astype(np.int8)
        kept = check_array("mask", mask, self.shape, np.int8)
        in_range = bool(((kept >= 0) & (kept <= _FREE)).all())
        expect(in_range, "all values of the mask", "0, 1 or 2", mask)
        return np.where(kept == _FREE, native.sample_binary(self.np_random, self.n), kept)

    def contains(self, x: Any) -> bool:
        """Return whether `x` is an array or sequence of the shape, of zeros and ones."""
        verdict = native.binary_contains(x, self.shape)
        if verdict is not None:
            return verdict
        if isinstance(x, Sequence):
            x = array_of(x)
        return (
            isinstance(x, np.ndarray)
            and x.shape == self.shape
            and bool(((x == 0) | (x == 1)).all())
        )

    def to_jsonable(self, sample_n: Iterable[Any]) -> list[Any]:
        """Return the elements as nested lists of ints."""
        return [np.asarray(sample).tolist() for sample in sample_n]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[NDArray[np.int8]]:
        """Return the elements of `to_jsonable` as arrays."""
        return [np.asarray(sample, self.dtype) for sample in sample_n]

    def __repr__(self) -> str:
        return f"MultiBinary({self.n})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MultiBinary) and self.n == other.n

    def __hash__(self) -> int:
        return hash(MultiBinary)

    def _defect(self) -> str | None:
        return None if all(size > 0 for size in self.shape) else "shape"

    def _zero(self) -> Any:
        return np.zeros(self.shape, self.dtype)

    def _flat_space(self) -> Any:
        return _binary_box((self._flatdim(),), self.dtype)

    def _batch(self, n: int) -> Any:
        return _binary_box((n, *self.shape), self.dtype, copied_rng(self))

    @staticmethod
    def _batch_differing(spaces: Sequence[MultiBinary]) -> Any:
        first = spaces[0]
        for space in spaces:
            if space.shape != first.shape:
                raise ValueError(
                    "Expected all MultiBinary spaces to have the same shape, "
                    f"found {first.shape} and {space.shape}"
                )
        return first._batch(len(spaces))

    def _json_fields(self) -> dict[str, Any]:
        return {"n": list(self.n) if isinstance(self.n, tuple) else int(self.n)}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        return cls(fields.get("n", int, list))


def _binary_box(
    shape: tuple[int, ...], dtype: np.dtype[Any], seed: np.random.Generator | None = None
) -> Any:
    from dromos.spaces.box import Box

    low, high = np.zeros(shape, dtype), np.ones(shape, dtype)
    return Box._of(Bounds.all_limited(low, high), dtype, seed)
