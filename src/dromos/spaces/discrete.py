"""`Discrete`: n consecutive integers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt
from typing_extensions import Self, TypeVar

from dromos._core import spaces as native
from dromos.spaces.array_space import ArraySpace
from dromos.spaces.bounds import dtype_limits
from dromos.spaces.hooks import copied_rng
from dromos.spaces.masks import (
    check_array,
    check_binary,
    check_distribution,
    only_one,
    weighted_indices,
)
from dromos.spaces.space import MaskNDArray

__all__ = ["Discrete"]

if TYPE_CHECKING:

    class Int64(np.int64, int):  # type: ignore[misc]  # pyright: ignore
        """An ``np.int64`` that type checkers take for an int, too.

        With it a `Discrete` is the action space of an environment whose actions are declared as
        ``int`` as well as of one where they are ``np.int64``.
        """
else:
    Int64 = np.int64

_Integer_co = TypeVar("_Integer_co", bound="int | np.integer[Any]", default=Int64, covariant=True)
_Integer = TypeVar("_Integer", bound=np.integer[Any])


class Discrete(ArraySpace[_Integer_co]):
    """The integers ``start, …, start + n - 1``; elements are scalars of the dtype.

    Args:
        n: The number of elements, positive.
        seed: An integer ≥ 0, or a generator to draw from.
        start: The smallest element.
        dtype: An integer dtype.

    Raises:
        TypeError: If `n` or `start` is not an integer, or `dtype` no integer dtype.
        ValueError: If `n` is not positive, or the largest element is beyond the dtype's range.
        OverflowError: If `n` or `start` itself is.
    """

    dtype: np.dtype[Any]
    n: _Integer_co
    start: _Integer_co

    @overload
    def __init__(
        self: Discrete[Int64],
        n: int | np.integer[Any],
        seed: int | np.integer[Any] | np.random.Generator | None = None,
        start: int | np.integer[Any] = 0,
        dtype: type[np.int64] = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: Discrete[_Integer],
        n: int | np.integer[Any],
        seed: int | np.integer[Any] | np.random.Generator | None = None,
        start: int | np.integer[Any] = 0,
        *,
        dtype: type[_Integer] | np.dtype[_Integer],
    ) -> None: ...
    @overload
    def __init__(
        self: Discrete[Any],
        n: int | np.integer[Any],
        seed: int | np.integer[Any] | np.random.Generator | None = None,
        start: int | np.integer[Any] = 0,
        dtype: npt.DTypeLike = ...,
    ) -> None: ...
    def __init__(self, n: Any, seed: Any = None, start: Any = 0, dtype: Any = np.int64) -> None:
        found: np.dtype[Any] | None = None if dtype is None else np.dtype(dtype)
        if found is None or found.kind not in "iu":
            raise TypeError(f"Expected the dtype of a Discrete to be an integer dtype, got {found}")
        count, first = _integer("n", n), _integer("start", start)
        if count <= 0:
            raise ValueError(f"Expected n to be positive, found {n}")
        smallest, largest = dtype_limits(found)
        for name, value in (("n", count), ("start", first)):
            if not smallest <= value <= largest:
                raise OverflowError(
                    f"Expected {name} to be in the range of {found}, "
                    f"[{smallest}, {largest}], found {value}"
                )
        if first + count - 1 > largest:
            raise ValueError(
                f"Expected the largest element, start + n - 1, to be at most {largest}, the "
                f"largest {found}, found {first + count - 1}"
            )
        self.n, self.start = found.type(count), found.type(first)
        super().__init__((), found, seed)

    def sample(
        self, mask: MaskNDArray | None = None, probability: npt.NDArray[np.float64] | None = None
    ) -> _Integer_co:
        """Return a random element, uniformly drawn unless told otherwise.

        Args:
            mask: Int8 array of shape (n,): 1 where an element may be drawn, 0 where not. If none
                may be, `start` is returned.
            probability: Float64 array of shape (n,) whose sum is 1: how likely each element is.

        Raises:
            MaskError: If the mask or the probability is none.
            ValueError: If both are given.
        """
        if mask is None and probability is None:
            rng = self.np_random
            element: Any = native.sample_discrete(rng, self.dtype, self.start, self.n)
            if element is None:
                element = self._element(int(rng.integers(self.n, dtype=np.dtype(self.dtype).type)))
            return element  # type: ignore[no-any-return]
        only_one(mask, probability)
        return self._element(choose(self.np_random, int(self.n), mask, probability))

    def contains(self, x: Any) -> bool:
        """Return whether `x` is an int, or an integer of NumPy that casts to the dtype."""
        verdict = native.discrete_contains(x, self.dtype, self.start, self.n)
        if verdict is not None:
            return verdict
        if isinstance(x, int):
            smallest, largest = dtype_limits(np.dtype(self.dtype))
            is_integer = smallest <= x <= largest
        elif isinstance(x, (np.generic, np.ndarray)):
            is_integer = x.dtype.kind in "iu" and x.shape == () and np.can_cast(x.dtype, self.dtype)
        else:
            return False
        return is_integer and 0 <= int(x) - int(self.start) < int(self.n)

    def to_jsonable(self, sample_n: Iterable[Any]) -> list[int]:
        """Return the elements as ints."""
        return [int(x) for x in sample_n]

    def from_jsonable(self, sample_n: Iterable[int]) -> list[_Integer_co]:
        """Return the elements of `to_jsonable` as scalars of the dtype."""
        return [self.dtype.type(x) for x in sample_n]

    def __repr__(self) -> str:
        start = f", start={self.start}" if int(self.start) != 0 else ""
        dtype = f", dtype={self.dtype}" if self.dtype != np.int64 else ""
        return f"Discrete({self.n}{start}{dtype})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Discrete)
            and bool(self.n == other.n)
            and bool(self.start == other.start)
            and self.dtype == other.dtype
        )

    def __hash__(self) -> int:
        return hash((Discrete, self.dtype))

    def __setstate__(self, state: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> None:
        """Restore a pickled space, of old Gym, which had no `start`, too."""
        super().__setstate__({"start": np.int64(0), **dict(state)})

    def _fresh_copy(self) -> Self:
        if type(self) is not Discrete:
            return super()._fresh_copy()
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        return copy

    def _element(self, index: int) -> _Integer_co:
        element: Any = np.dtype(self.dtype).type(int(self.start) + index)
        return element  # type: ignore[no-any-return]

    def _defect(self) -> str | None:
        return None if self.n > 0 else "n"

    def _misfits(self, x: Any) -> Iterable[str]:
        is_scalar = isinstance(x, np.generic) and x.dtype in (np.int64, self.dtype)
        return () if is_scalar or isinstance(x, int) else ("integer",)

    def _zero(self) -> Any:
        nearest = np.clip(0, self.start, self.start + (self.n - 1))
        return np.asarray(nearest).astype(self.dtype)[()]

    def _flatdim(self) -> int:
        return int(self.n)

    def _flatten(self, x: Any) -> npt.NDArray[Any]:
        flat = native.flatten_discrete(x, self.dtype, self.start, self.n)
        if flat is not None:
            return flat
        index = int(x) - int(self.start)
        if not 0 <= index < self.n:
            raise ValueError(f"Expected an element of {self}, found {x}")
        one_hot = np.zeros(int(self.n), self.dtype)
        one_hot[index] = 1
        return one_hot

    def _unflatten(self, x: Any) -> _Integer_co:
        element: Any = native.unflatten_discrete(x, self.dtype, self.start, self.n)
        if element is not None:
            return element  # type: ignore[no-any-return]
        (ones,) = np.nonzero(x)
        if len(ones) == 0 or ones[0] >= self.n:
            raise ValueError(
                f"Expected a one-hot vector of {self}, found {x}. Not every element of the "
                "flattened space can be unflattened"
            )
        return self._element(int(ones[0]))

    def _flat_space(self) -> Any:
        from dromos.spaces.box import Box

        return Box(0, 1, (int(self.n),), self.dtype)

    def _batch(self, n: int) -> Any:
        from dromos.spaces.multi_discrete import MultiDiscrete

        counts, starts = (np.full(n, value, self.dtype) for value in (self.n, self.start))
        return MultiDiscrete._of(counts, starts, copied_rng(self))

    @staticmethod
    def _batch_differing(spaces: Sequence[Discrete[Any]]) -> Any:
        from dromos.spaces.multi_discrete import MultiDiscrete

        dtypes = [space.dtype for space in spaces]
        common = np.result_type(*dtypes)  # float64, if uint64 and a signed dtype are to meet
        largest = max(dtypes, key=lambda dtype: dtype.itemsize)
        return MultiDiscrete(
            [int(space.n) for space in spaces],
            common if common.kind in "iu" else largest,
            copied_rng(spaces[0]),
            [int(space.start) for space in spaces],
        )

    _unbatch = ArraySpace._iterate

    def _iterate(self, items: Any) -> Iterator[Any]:
        raise TypeError("Unable to iterate over a space of type `Discrete`: it is no batch")

    def _json_fields(self) -> dict[str, Any]:
        return {"n": int(self.n), "start": int(self.start), "dtype": str(np.dtype(self.dtype))}

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        dtype = fields.dtype("dtype", "iu")
        return cls(fields.get("n", int), start=fields.get("start", int), dtype=dtype)


def choose(
    rng: np.random.Generator,
    n: int,
    mask: npt.NDArray[np.int8] | None,
    probability: npt.NDArray[np.float64] | None,
) -> int:
    """Return a random index below `n`, under a mask or a probability of shape (n,).

    An index that no entry of the mask allows is 0.
    """
    if mask is not None:
        check_binary("mask", check_array("mask", mask, (n,), np.int8))
        allowed = np.flatnonzero(mask)
        return int(allowed[rng.integers(len(allowed))]) if len(allowed) else 0
    weights = check_array("probability", probability, (n,), np.float64)
    check_distribution("probability", weights)
    return int(weighted_indices(rng, weights, 1)[0])


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"Expected {name} to be an integer, found {type(value)}")
    return int(value)
