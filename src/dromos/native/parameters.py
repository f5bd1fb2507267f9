"""Parameters of native dynamics as attributes of the environment."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos._core import batch as core
from dromos.native.distributions import Choice, Distribution
from dromos.native.fields import FIRST_LANE, Lanes, field_column, read_field, write_field

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["Derived", "LaneParameter", "Parameter"]

V = TypeVar("V")
T = TypeVar("T", float, int, bool)


#: Integers up to here are exact as float64.
_EXACT = 2**53


class LaneParameter(Generic[V]):
    """A parameter of the dynamics: constructor keyword, attribute, and array over lanes.

    The value lives in the native core only; reading and writing the attribute reads and writes
    it there, with effect from the next step on. A subclass says what values there are and which
    fields of the core hold them.
    """

    name: str
    is_real: bool = False  # whether values are real numbers, which can be drawn from an interval

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, env: None, owner: type) -> Self: ...
    @overload
    def __get__(self, env: NativeEnv[Any, Any], owner: type) -> V: ...
    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Self | V:
        if env is None:
            return self
        return self.value(self.read(env.core, FIRST_LANE)[0])

    def __set__(self, env: NativeEnv[Any, Any], value: V | Distribution) -> None:
        if isinstance(value, Distribution):
            self.check_drawn(value)
            env.set_draw(self.name, value)
        else:
            self.check(value, None)
            self.write(env.core, FIRST_LANE, value)
            env.set_draw(self.name, None)

    def initialise(self, env: NativeEnv[Any, Any], value: V | Distribution) -> None:
        """Set the value of a new environment, or what it is drawn from at each reset.

        Spaces are made of the values in force, so those of a distribution start with the widest.
        """
        if isinstance(value, Distribution):
            self.check_drawn(value)
            self.initialise(env, self.widest(value.extremes()))
            env.set_draw(self.name, value)
        elif self.__get__(env, type(env)) != value:
            self.__set__(env, value)

    def check_drawn(self, distribution: Distribution) -> None:
        """Raise if `distribution` can give values that the dynamics cannot work with.

        Raises:
            TypeError: If values are of the wrong type.
            ValueError: If one is out of range; the message shows it.
        """
        if not (self.is_real or isinstance(distribution, Choice)):
            raise TypeError(
                f"{self.name}: expected Choice([...]) of its values, got {distribution!r}"
            )
        for value in distribution.extremes():
            try:
                self.check(value, None)
            except (TypeError, ValueError) as reason:
                raise type(reason)(f"{reason}, drawn from {distribution!r}") from None

    def check(self, values: Any, lanes: int | None) -> None:
        """Raise if `values` are not what the dynamics can work with.

        Args:
            values: One value, or one for each of `lanes` lanes.
            lanes: How many lanes there are; None if there must be one value.

        Raises:
            TypeError: If they are of the wrong type.
            ValueError: If one is out of range; the message shows it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `check`")

    def write(self, batch: core.Batch, lanes: Lanes, values: Any) -> None:
        """Write one value, or one a lane, into some lanes."""
        write_field(batch, "params", self.name, lanes, values)

    def columns(self, batch: core.Batch, count: int, values: Any) -> dict[str, NDArray[Any]]:
        """Return `count` values as the core holds them: an array (count, ...) for each field."""
        rows = np.arange(count, dtype=np.int64)
        return {self.name: field_column(batch, "params", self.name, rows, values)}

    def read(self, batch: core.Batch, lanes: Lanes) -> NDArray[Any]:
        """Return the values of some lanes, one row a lane."""
        return read_field(batch, "params", self.name, lanes)

    def value(self, row: Any) -> V:
        """Return a row of what `read` returns as the attribute's value."""
        raise NotImplementedError(f"{type(self).__name__} does not define `value`")

    def widest(self, values: Any) -> V:
        """Return the value, of one or one a lane, whose spaces hold what all lanes observe."""
        raise NotImplementedError(f"{type(self).__name__} does not define `widest`")


class Parameter(LaneParameter[T]):
    """A parameter that is a number.

    Args:
        kind: The type: `float`, `int` or `bool`.
        above: Values must be greater than this.
        at_least: Values must not be less than this.
        at_most: Values must not be greater than this.
        widest: Which of several values makes the widest spaces: ``max``, or ``min`` for what
            bounds them from below.
    """

    def __init__(
        self,
        kind: type[T],
        *,
        above: float = -math.inf,
        at_least: float = -math.inf,
        at_most: float = math.inf,
        widest: Callable[[Any], Any] = max,
    ) -> None:
        self.kind: type[T] = kind
        self.above = above
        self.at_least = at_least
        self.at_most = at_most
        self._widest = widest
        self.is_real = kind is float

    @overload
    def __get__(self, env: None, owner: type) -> Self: ...
    @overload
    def __get__(self, env: NativeEnv[Any, Any], owner: type) -> T: ...
    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Self | T:
        return self if env is None else env.core.number(self.name)  # type: ignore[return-value]

    def _is_plain(self, value: Any) -> bool:
        """Return whether `value` is a Python number in range; False where that is not obvious."""
        kind = type(value)
        if self.kind is not float:
            return kind is bool is self.kind
        return (
            (kind is float or (kind is int and -_EXACT <= value <= _EXACT))
            and self.above < value <= self.at_most
            and self.at_least <= value
            and math.isfinite(value)
        )

    def write(self, batch: core.Batch, lanes: Lanes, values: Any) -> None:
        """Write one value, or one a lane, into some lanes."""
        if batch.lanes == 1 and self._is_plain(values):
            batch.set_number(self.name, values)
        else:
            super().write(batch, lanes, values)

    def check(self, values: Any, lanes: int | None) -> None:
        """Raise if `values`, one number or one a lane, are not what the dynamics can work with.

        Raises:
            TypeError: If they are not real numbers.
            ValueError: If one is out of range; the message shows it.
        """
        if self._is_plain(values):
            return
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{self.name}: expected {self.kind.__name__}, got {values!r}")
        good = (array > self.above) & (array >= self.at_least) & (array <= self.at_most)
        if self.kind is float:
            good &= np.isfinite(array)
        if not good.all():
            where = "" if array.ndim == 0 else f" in lane {int(np.flatnonzero(~good)[0])}"
            found = array[~good].flat[0].item()
            raise ValueError(f"{self.name}: expected {self._expected()}, got {found!r}{where}")
        if array.shape not in {(), (lanes,)}:
            rows = "" if lanes is None else f", or one a lane of shape ({lanes},)"
            raise ValueError(f"{self.name}: expected one value{rows}, got shape {array.shape}")

    def _expected(self) -> str:
        bounds = [
            f"{sign} {bound:g}"
            for sign, bound in ((">", self.above), ("≥", self.at_least), ("≤", self.at_most))
            if math.isfinite(bound)
        ]
        return " ".join([f"a finite {self.kind.__name__}", " and ".join(bounds)]).strip()

    def value(self, row: Any) -> T:
        """Return a number of the core as a Python number."""
        number: T = row.item()
        return number

    def widest(self, values: Any) -> T:
        """Return the value that makes the widest spaces."""
        number: T = self._widest(np.asarray(values).tolist()) if np.ndim(values) > 0 else values
        return number


class Derived:
    """A quantity that follows from parameters: computed when asked for, never stored.

    Programs written for environments that do store it write it after they changed a parameter.
    Writing the value that it has anyway is accepted.

    Args:
        compute: Gives the quantity from the environment.
        parameters: What to write instead, named in the error.
    """

    name: str

    def __init__(self, compute: Callable[[Any], float], *parameters: str) -> None:
        self.compute = compute
        self.parameters = parameters

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, env: None, owner: type) -> Derived: ...
    @overload
    def __get__(self, env: NativeEnv[Any, Any], owner: type) -> float: ...
    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Derived | float:
        return self if env is None else self.compute(env)

    def __set__(self, env: NativeEnv[Any, Any], value: float) -> None:
        present = self.compute(env)
        if not math.isclose(value, present, rel_tol=1e-9):
            raise AttributeError(
                f"{self.name} follows from {' and '.join(self.parameters)} and is {present!r}; "
                f"it cannot become {value!r} by itself. Set {' or '.join(self.parameters)}."
            )
