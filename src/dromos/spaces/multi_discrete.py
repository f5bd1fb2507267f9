"""`MultiDiscrete`: arrays of integers, each from a range of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray
from typing_extensions import Self, TypeVar

from dromos import logger
from dromos._core import spaces as native
from dromos.spaces.array_space import ArraySpace, array_of, repeated
from dromos.spaces.bounds import Bounds, dtype_limits, exact_integers
from dromos.spaces.discrete import Discrete, choose
from dromos.spaces.hooks import copied_rng
from dromos.spaces.masks import mask_entries, only_one

__all__ = ["MultiDiscrete"]

_Array_co = TypeVar("_Array_co", bound=NDArray[Any], default=NDArray[Any], covariant=True)
_Integer = TypeVar("_Integer", bound=np.integer[Any])
_Counts: TypeAlias = NDArray[np.integer[Any]] | Sequence[Any]
_Seed: TypeAlias = int | np.integer[Any] | np.random.Generator | None


class MultiDiscrete(ArraySpace[_Array_co]):
    """Arrays whose element i is one of ``start[i], …, start[i] + nvec[i] - 1``.

    Args:
        nvec: The number of values of each element, positive; its shape is the space's shape.
        dtype: An integer dtype.
        seed: An integer ≥ 0, or a generator to draw from.
        start: The smallest value of each element, of the shape of `nvec`; zeros if not given.

    Raises:
        ValueError: If `dtype` is no integer dtype, a count is not positive, the shapes differ, or
            a value is no integer or beyond the dtype's range.
    """

    dtype: np.dtype[Any]
    nvec: _Array_co
    start: _Array_co

    @overload
    def __init__(
        self: MultiDiscrete[NDArray[np.int64]],
        nvec: _Counts,
        dtype: type[np.int64] = ...,
        seed: _Seed = None,
        start: _Counts | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: MultiDiscrete[NDArray[_Integer]],
        nvec: _Counts,
        dtype: type[_Integer] | np.dtype[_Integer],
        seed: _Seed = None,
        start: _Counts | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self: MultiDiscrete[NDArray[Any]],
        nvec: _Counts,
        dtype: npt.DTypeLike = ...,
        seed: _Seed = None,
        start: _Counts | None = None,
    ) -> None: ...
    def __init__(
        self, nvec: Any, dtype: Any = np.int64, seed: Any = None, start: Any = None
    ) -> None:
        found: np.dtype[Any] | None = None if dtype is None else np.dtype(dtype)
        if found is None or found.kind not in "iu":
            raise ValueError(
                f"Expected the dtype of a MultiDiscrete to be an integer dtype, found {found}"
            )
        counts: Any = exact_integers("nvec", nvec, found)
        first: Any = np.zeros_like(counts)
        if start is not None:
            first = exact_integers("start", start, found)
        self.nvec, self.start = counts, first
        if self.start.shape != self.nvec.shape:
            raise ValueError(
                "Expected start and nvec (counts) to have the same shape, "
                f"found {self.start.shape} and {self.nvec.shape}"
            )
        if not (self.nvec > 0).all():
            raise ValueError(f"nvec (counts) have to be positive, found {nvec}")
        if (self.nvec - 1 > dtype_limits(found)[1] - np.maximum(self.start, 0)).any():
            raise ValueError(
                "Expected the largest values, start + nvec - 1, to be in the range of "
                f"{found}, found start={start} and nvec={nvec}"
            )
        super().__init__(self.nvec.shape, found, seed)

    @classmethod
    def _of(
        cls, nvec: NDArray[Any], start: NDArray[Any], seed: np.random.Generator | None
    ) -> MultiDiscrete[Any]:
        """Return the space of these attributes, which are valid and of one shape and dtype."""
        space: MultiDiscrete[Any] = MultiDiscrete.__new__(MultiDiscrete)
        space.nvec, space.start = nvec, start
        ArraySpace.__init__(space, nvec.shape, nvec.dtype, seed)
        return space

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> _Array_co:
        """Return a random element, uniformly drawn unless told otherwise.

        Args:
            mask: A tuple with an int8 array of shape (nvec[i],) for each element: 1 where a value
                may be drawn, 0 where not. Where none may be, the start is drawn. For an `nvec` of
                several axes, tuples nest.
            probability: Likewise, of float64 arrays whose sum is 1: how likely each value is.

        Raises:
            MaskError: If the mask or the probability is none.
            ValueError: If both are given.
        """
        if mask is None and probability is None:
            rng = self.np_random
            element: Any = native.sample_counts(rng, self.dtype, self.start, self.nvec)
            if element is not None:
                return element  # type: ignore[no-any-return]
            fraction = rng.random(self.nvec.shape)
            steps = np.minimum((fraction * self.nvec).astype(self.dtype), self.nvec - 1)
            return self._above_start(steps)
        only_one(mask, probability)
        steps = np.empty(self.nvec.shape, self.dtype)
        for index, entry in mask_entries(self.nvec.shape, probability if mask is None else mask):
            n = int(self.nvec[index])
            entry_mask, entry_weights = (None, entry) if mask is None else (entry, None)
            steps[index] = choose(self.np_random, n, entry_mask, entry_weights)
        return self._above_start(steps)

    def _above_start(self, steps: NDArray[Any]) -> _Array_co:
        element: Any = np.asarray(steps + self.start, self.dtype)
        return element  # type: ignore[no-any-return]

    def contains(self, x: Any) -> bool:
        """Return whether `x` is an array or sequence of the shape, in range, that casts."""
        verdict = native.counts_contain(x, self.dtype, self.start, self.nvec)
        if verdict is not None:
            return verdict
        if isinstance(x, Sequence):
            x = array_of(x)
        return bool(
            isinstance(x, np.ndarray)
            and x.shape == self.shape
            and np.can_cast(x.dtype, self.dtype)
            and (x >= self.start).all()
            and (x <= self.start + (self.nvec - 1)).all()
        )

    def to_jsonable(self, sample_n: Iterable[Any]) -> list[Any]:
        """Return the elements as nested lists of ints."""
        return [np.asarray(sample).tolist() for sample in sample_n]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[_Array_co]:
        """Return the elements of `to_jsonable` as arrays."""
        elements: Any = [np.array(sample, self.dtype) for sample in sample_n]
        return elements  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        start = f", start={self.start}" if self.start.any() else ""
        return f"MultiDiscrete({self.nvec}{start})"

    def __getitem__(self, index: Any) -> Discrete[Any] | MultiDiscrete[_Array_co]:
        """Return the space of the elements at `index`, with a copy of the generator's state."""
        nvec, start = self.nvec[index], self.start[index]
        space: Any
        if nvec.ndim == 0:
            space = Discrete(int(nvec), start=int(start), dtype=self.dtype)
        else:
            space = MultiDiscrete(nvec, start=start, dtype=self.dtype)
        space._np_random = copy.deepcopy(self.np_random)
        return space  # type: ignore[no-any-return]

    def __len__(self) -> int:
        """Return the length of the elements."""
        if self.nvec.ndim >= 2:
            logger.warn(
                "Getting the length of a multi-dimensional MultiDiscrete space.", stacklevel=2
            )
        return len(self.nvec)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, MultiDiscrete)
            and self.dtype == other.dtype
            and np.array_equal(self.nvec, other.nvec)
            and np.array_equal(self.start, other.start)
        )

    def __hash__(self) -> int:
        return hash((MultiDiscrete, self.dtype))

    def __setstate__(self, state: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> None:
        """Restore a pickled space, of old Gym, which had no `start`, too."""
        attributes = dict(state)
        if "start" not in attributes:
            attributes["start"] = np.zeros_like(attributes["nvec"])
        super().__setstate__(attributes)

    def _defect(self) -> str | None:
        if self.shape != self.nvec.shape:
            return "nvec shape"
        return None if (self.nvec > 0).all() else "nvec"

    def _zero(self) -> Any:
        nearest = np.clip(0, self.start, self.start + (self.nvec - 1))
        return np.asarray(nearest).astype(self.dtype)[()]

    def _flatdim(self) -> int:
        return int(self.nvec.sum(dtype=np.int64))

    def _flatten(self, x: Any) -> NDArray[Any]:
        flat = native.flatten_counts(x, self.dtype, self.start, self.nvec)
        if flat is not None:
            return flat
        given = np.asarray(x)
        nvec = self.nvec.ravel().astype(np.int64)
        # Subtraction modulo 2^64 is exact wherever the result is in range.
        steps = given.ravel().astype(np.int64) - self.start.ravel().astype(np.int64)
        is_element = given.dtype.kind in "iub" and steps.shape == nvec.shape
        if not (is_element and ((steps >= 0) & (steps < nvec)).all()):
            raise ValueError(f"Expected an element of {self}, found {x}")
        ends = nvec.cumsum()
        one_hot = np.zeros(ends[-1] if len(ends) else 0, self.dtype)
        one_hot[ends - nvec + steps] = 1
        return one_hot

    def _unflatten(self, x: Any) -> _Array_co:
        element: Any = native.unflatten_counts(x, self.dtype, self.start, self.nvec)
        if element is not None:
            return element  # type: ignore[no-any-return]
        (ones,) = np.nonzero(x)
        nvec = self.nvec.ravel().astype(np.int64)
        ends = nvec.cumsum()
        if len(ones) != len(nvec) or ((ones < ends - nvec) | (ones >= ends)).any():
            raise ValueError(
                f"Expected one-hot vectors of {self}, one after the other, found {x}. Not every "
                "element of the flattened space can be unflattened"
            )
        return self._above_start((ones - (ends - nvec)).astype(self.dtype).reshape(self.nvec.shape))

    def _flat_space(self) -> Any:
        from dromos.spaces.box import Box

        return Box(0, 1, (self._flatdim(),), self.dtype)

    def _batch(self, n: int) -> Any:
        low, high = repeated(self.start, n), repeated(self.start + (self.nvec - 1), n)
        return _box(low, high, self)

    @staticmethod
    def _batch_differing(spaces: Sequence[MultiDiscrete[Any]]) -> Any:
        first = spaces[0]
        for space in spaces:
            if (space.shape, space.dtype) != (first.shape, first.dtype):
                raise ValueError(
                    "Expected all MultiDiscrete spaces to have the same shape and dtype, "
                    f"found {first.shape}, {first.dtype} and {space.shape}, {space.dtype}"
                )
        low = np.stack([space.start for space in spaces])
        return _box(low, low + np.stack([space.nvec - 1 for space in spaces]), first)

    def _json_fields(self) -> dict[str, Any]:
        return {
            "nvec": self.nvec.tolist(),
            "start": self.start.tolist(),
            "dtype": str(np.dtype(self.dtype)),
        }

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        dtype = fields.dtype("dtype", "iu")
        return cls(fields.get("nvec", list, int), dtype, start=fields.get("start", list, int))


def _box(low: NDArray[Any], high: NDArray[Any], parent: MultiDiscrete[Any]) -> Any:
    from dromos.spaces.box import Box

    return Box._of(Bounds.all_limited(low, high), parent.dtype, copied_rng(parent))
