"""`Box`: arrays between a lower and an upper bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast, overload

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray
from typing_extensions import Self, TypeVar

from dromos import logger
from dromos._core import spaces as native
from dromos.error import Error
from dromos.spaces.array_space import ArraySpace, cast_exactly, repeated
from dromos.spaces.bounds import (
    Bounds,
    bounds_in_place,
    box_dtype,
    box_shape,
    cast_bound,
    is_bounded,
)
from dromos.spaces.box_draws import draw
from dromos.spaces.hooks import copied_rng

__all__ = ["Box", "array_short_repr", "is_float_integer"]

_Real: TypeAlias = np.floating[Any] | np.integer[Any] | np.bool_
_Array_co = TypeVar("_Array_co", bound=NDArray[Any], default=NDArray[Any], covariant=True)
_Scalar = TypeVar("_Scalar", bound=_Real)
_Bound: TypeAlias = float | np.floating[Any] | np.integer[Any] | NDArray[Any]
_Shape: TypeAlias = Sequence[int] | None
_Seed: TypeAlias = int | np.integer[Any] | np.random.Generator | None


class Box(ArraySpace[_Array_co]):
    """The arrays of one shape and dtype whose elements lie between a lower and an upper bound.

    Each element has an interval of its own: ``[a, b]``, ``[a, inf)``, ``(-inf, b]`` or
    ``(-inf, inf)``.

    Args:
        low: The lower bounds, inclusive: one number for all elements, or an array of the shape.
        high: The upper bounds, inclusive, likewise.
        shape: The shape; without it, that of `low` or `high`, or (1,) if both are numbers.
        dtype: An integer, floating or bool dtype. In a signed integer dtype an infinite bound
            becomes the dtype's limit and still counts as no bound when sampling.
        seed: An integer ≥ 0, or a generator to draw from.

    Raises:
        ValueError: If a bound is NaN, out of the dtype's range, infinite in an unsigned or bool
            dtype, of another shape, or if a lower bound is above its upper bound.
        TypeError: If `shape` is not an iterable of integers.

    Attributes:
        low: The lower bounds, of the box's shape and dtype.
        high: The upper bounds, of the box's shape and dtype.
    """

    dtype: np.dtype[Any]
    low: _Array_co
    high: _Array_co

    @overload
    def __init__(
        self: Box[NDArray[np.float32]],
        low: _Bound,
        high: _Bound,
        shape: _Shape = None,
        dtype: type[np.float32] = ...,
        seed: _Seed = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Box[NDArray[_Scalar]],
        low: _Bound,
        high: _Bound,
        shape: _Shape = None,
        *,
        dtype: type[_Scalar] | np.dtype[_Scalar],
        seed: _Seed = None,
    ) -> None: ...
    @overload
    def __init__(
        self: Box[NDArray[Any]],
        low: _Bound,
        high: _Bound,
        shape: _Shape = None,
        dtype: npt.DTypeLike = ...,
        seed: _Seed = None,
    ) -> None: ...
    def __init__(
        self, low: Any, high: Any, shape: Any = None, dtype: Any = np.float32, seed: Any = None
    ) -> None:
        self.dtype = box_dtype(dtype)
        self._shape = box_shape(low, high, shape)
        bounds = bounds_in_place(low, high, self._shape, self.dtype)
        if bounds is None:
            below = cast_bound("low", low, self._shape, self.dtype)
            above = cast_bound("high", high, self._shape, self.dtype)
            bounds = Bounds(below[0], above[0], below[1], above[1])
            if (bounds.low > bounds.high).any():
                raise ValueError(
                    f"Expected low to be at most high everywhere, found low={low}, high={high}"
                )
        low, high, self._limited_below, self._limited_above = bounds
        self.low, self.high = low, high
        super().__init__(self._shape, self.dtype, seed)

    @classmethod
    def _of(cls, bounds: Bounds, dtype: Any, seed: np.random.Generator | None = None) -> Box[Any]:
        """Return the box of these bounds, which are valid and of one shape."""
        box: Box[Any] = Box.__new__(Box)
        ArraySpace.__init__(box, bounds.low.shape, dtype, seed)
        box.low, box.high = bounds.low.astype(box.dtype), bounds.high.astype(box.dtype)
        box._limited_below, box._limited_above = bounds.limited_below, bounds.limited_above
        return box

    @property
    def _bounds(self) -> Bounds:
        return Bounds(self.low, self.high, self._limited_below, self._limited_above)

    @property
    def bounded_below(self) -> NDArray[np.bool_]:
        """Bool array of the box's shape: where there is a lower bound."""
        return is_bounded(self.low, self._limited_below, "low")

    @property
    def bounded_above(self) -> NDArray[np.bool_]:
        """Bool array of the box's shape: where there is an upper bound."""
        return is_bounded(self.high, self._limited_above, "high")

    def is_bounded(self, manner: Literal["both", "below", "above"] = "both") -> bool:
        """Return whether every element has a bound below, above, or both."""
        below, above = bool(self.bounded_below.all()), bool(self.bounded_above.all())
        verdicts = {"both": below and above, "below": below, "above": above}
        if manner not in verdicts:
            raise ValueError(f"Expected manner to be one of {list(verdicts)}, found {manner!r}")
        return verdicts[manner]

    def sample(self, mask: None = None, probability: None = None) -> _Array_co:
        """Return a random element.

        An element of ``[a, b]`` is drawn uniformly, of ``[a, inf)`` as a + Exp(1), of
        ``(-inf, b]`` as b − Exp(1), of ``(-inf, inf)`` from N(0, 1).

        Raises:
            Error: If a mask or a probability is given; a box has neither.
        """
        if mask is not None or probability is not None:
            raise Error(
                "Box.sample cannot be provided a mask or a probability, "
                f"found mask={mask}, probability={probability}"
            )
        rng, dtype = self.np_random, self.dtype
        element: Any = native.sample_box(
            rng, dtype, self.low, self.high, self._limited_below, self._limited_above
        )
        if element is None:  # float16, long double, or attributes of another layout
            below, above = self.bounded_below, self.bounded_above
            element = draw(rng, self.low, self.high, below, above, np.dtype(dtype))
        return element  # type: ignore[no-any-return]

    def contains(self, x: Any) -> bool:
        """Return whether `x` is an array of the shape, within the bounds, that casts to the dtype.

        Anything but an array is cast, with a warning.
        """
        verdict = native.box_contains(x, self.dtype, self._shape, self.low, self.high)
        if verdict is not None:
            return verdict
        if not isinstance(x, np.ndarray):
            if not isinstance(x, np.generic):
                logger.warn("Casting input x to numpy array.", stacklevel=2)
            x = cast_exactly(x, self.dtype)
        return bool(
            x is not None
            and np.can_cast(x.dtype, self.dtype)
            and x.shape == self._shape
            and (x >= self.low).all()
            and (x <= self.high).all()
        )

    def to_jsonable(self, sample_n: Iterable[Any]) -> list[Any]:
        """Return the elements as nested lists of numbers."""
        return [np.asarray(sample).tolist() for sample in sample_n]

    def from_jsonable(self, sample_n: Iterable[Any]) -> list[_Array_co]:
        """Return the elements of `to_jsonable` as arrays."""
        elements: Any = [np.asarray(sample, self.dtype) for sample in sample_n]
        return elements  # type: ignore[no-any-return]

    @property
    def low_repr(self) -> str:
        """The lower bounds as the representation shows them."""
        return array_short_repr(self.low)

    @property
    def high_repr(self) -> str:
        """The upper bounds as the representation shows them."""
        return array_short_repr(self.high)

    def __repr__(self) -> str:
        return f"Box({self.low_repr}, {self.high_repr}, {self.shape}, {self.dtype})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Box)
            and self.shape == other.shape
            and self.dtype == other.dtype
            and np.array_equal(self.low, other.low)
            and np.array_equal(self.high, other.high)
        )

    def __hash__(self) -> int:
        return hash((Box, self.shape, self.dtype))

    def __setstate__(self, state: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> None:
        """Restore a pickled box, of Gymnasium's attributes too."""
        attributes = dict(state)
        for side in ("below", "above"):
            if f"bounded_{side}" in attributes:
                attributes[f"_limited_{side}"] = attributes.pop(f"bounded_{side}")
        super().__setstate__(attributes)

    def _fresh_copy(self) -> Self:
        if type(self) is not Box:
            return super()._fresh_copy()
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.low, copy.high = self.low.copy(), self.high.copy()
        return copy

    def _has_room(self) -> bool:
        """Whether bounds are of the box's shape and low is below high everywhere."""
        return bool(native.box_has_room(self.shape, self.low, self.high))

    def _defect(self) -> str | None:
        if not self._has_room():
            for name in ("low", "high"):
                if getattr(self, name).shape != self.shape:
                    return f"{name} shape"
        return None

    def _misfits(self, x: Any) -> Iterable[str]:
        return super()._misfits(x) or (() if x.dtype == self.dtype else ("dtype",))

    def _zero(self) -> Any:
        return np.asarray(np.clip(np.zeros(self.shape, self.dtype), self.low, self.high))

    def _fits(self, x: Any) -> bool:
        if not isinstance(x, (np.ndarray, np.generic, int, float)):
            return False
        array = np.asarray(x)
        return array.shape == self.shape and np.can_cast(array.dtype, self.dtype, "same_kind")

    def _flat_space(self) -> Box[Any]:
        return Box._of(self._bounds.map(np.ravel), self.dtype)

    def _batch(self, n: int) -> Box[Any]:
        bounds = self._bounds.map(lambda bound: repeated(bound, n))
        return Box._of(bounds, self.dtype, copied_rng(self))

    @staticmethod
    def _batch_differing(spaces: Sequence[Box[Any]]) -> Box[Any]:
        first = spaces[0]
        for space in spaces:
            if (space.shape, space.dtype) != (first.shape, first.dtype):
                raise ValueError(
                    "Expected all boxes to have the same shape and dtype, "
                    f"found {first.shape}, {first.dtype} and {space.shape}, {space.dtype}"
                )
        sides = zip(*(space._bounds for space in spaces), strict=True)
        return Box._of(Bounds(*map(np.stack, sides)), first.dtype, copied_rng(first))

    def _json_fields(self) -> dict[str, Any]:
        from dromos.spaces.json_form import array_to_tree

        arrays = zip(Bounds._fields, self._bounds, strict=True)
        return {
            "dtype": str(np.dtype(self.dtype)),
            "shape": list(self.shape),
            **{name: array_to_tree(array) for name, array in arrays},
        }

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        dtype, shape = fields.dtype("dtype", "biuf"), fields.shape("shape")
        dtypes = (dtype, dtype, np.dtype(bool), np.dtype(bool))
        arrays = zip(Bounds._fields, dtypes, strict=True)
        bounds = Bounds(*(fields.array(name, shape, dtype) for name, dtype in arrays))
        if not (bounds.low <= bounds.high).all():
            raise fields.wrong("low", "numbers at most high")
        return cast("Self", Box._of(bounds, dtype))


def array_short_repr(arr: NDArray[Any]) -> str:
    """Return an array as text; as one value, if all its elements are that value."""
    if arr.size != 0 and np.min(arr) == np.max(arr):
        return str(np.min(arr))
    return str(arr)


def is_float_integer(var: object) -> bool:
    """Return whether `var` is one integer or float of Python or NumPy, and no bool."""
    return isinstance(var, (int, float, np.integer, np.floating)) and not isinstance(var, bool)
