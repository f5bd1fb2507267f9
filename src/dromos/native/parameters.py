"""Parameters of native dynamics as attributes of the environment."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.native.distributions import Choice, Distribution
from dromos.native.fields import (
    FIRST_LANE,
    FieldType,
    Lanes,
    field_column,
    read_field,
    write_field,
)

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["DEFAULT", "Derived", "LaneParameter", "Parameter", "given"]

V = TypeVar("V")
T = TypeVar("T", float, bool)


class _Default:
    def __repr__(self) -> str:
        return "the class's default"


#: An argument of a constructor that was not given.
DEFAULT: Any = _Default()

#: Python's types of numbers by NumPy's kinds of dtypes.
_KINDS = {"b": bool, "i": int, "u": int, "f": float}

#: Integers up to here are exact as float64.
_EXACT = 2**53


class LaneParameter(Generic[V]):
    """A parameter of the dynamics: constructor keyword, attribute, and array over lanes.

    The value lives in the native core only; reading and writing the attribute reads and writes
    it there, with effect from the next step on. On the class the attribute is the default. A
    subclass says what values there are.

    Args:
        fields: The fields of the core's parameters that hold it; the one of its name if none.

    Attributes:
        name: The name of the attribute.
        meaning: What it is, in a few words.
    """

    name: str
    meaning: str = ""
    is_real: bool = False  # whether values are real numbers, which can be drawn from an interval

    def __init__(self, *fields: str) -> None:
        self.fields = fields

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.fields = self.fields or (name,)

    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type[NativeEnv[Any, Any]]) -> V:
        if env is None:
            value: V = owner.class_constants().get(self.name, self.default(owner.dynamics))
            return value
        return self.value(self.read(env.core, FIRST_LANE)[0])

    def __set__(self, env: NativeEnv[Any, Any], value: V | Distribution) -> None:
        self.check_given(value, None)
        if isinstance(value, Distribution):
            env.set_draw(self.name, value)
        else:
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
        else:
            self.__set__(env, value)

    def check_given(self, value: Any, lanes: int | None) -> None:
        """Do what `check` does, or, for a distribution, `check_drawn`."""
        if isinstance(value, Distribution):
            self.check_drawn(value)
        else:
            self.check(value, lanes)

    def check_drawn(self, distribution: Distribution) -> None:
        """Raise if `distribution` can give values that the dynamics cannot work with.

        Raises:
            TypeError: If values are of the wrong type.
            ValueError: If one is out of range; the message shows it.
        """
        if not isinstance(distribution, Distribution if self.is_real else Choice):
            kind = "a distribution" if self.is_real else "Choice([...])"
            raise TypeError(f"{self.name}: expected {kind} of its values, got {distribution!r}")
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

    def check_columns(self, env: NativeEnv[Any, Any], columns: Any) -> None:
        """Raise unless the core can hold these columns of parameters in lanes like `env`.

        Args:
            env: An environment of the lanes' class.
            columns: All parameters as the core holds them, a row a lane: name to array.

        Raises:
            TypeError, ValueError: As `check`.
        """
        rows = columns[self.name]
        if rows.shape == (1,):  # one value, which the lanes share
            self.check(rows.item(), None)
        else:
            self.check(rows, len(rows))

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

    def default(self, dynamics: str) -> V:
        """Return the value that new lanes have."""
        return self.value(self.read(core.make_single(dynamics), FIRST_LANE)[0])

    def widest(self, values: Any) -> V:
        """Return the value, of one or one a lane, whose spaces hold what all lanes observe."""
        raise NotImplementedError(f"{type(self).__name__} does not define `widest`")

    def described(self, dynamics: str) -> str:
        """Return meaning, bounds and default in a line."""
        return f"{self.meaning}; {self.default(dynamics)!r} by default"


class Parameter(LaneParameter[T]):
    """A parameter that is a number, or an array of them (count,), which nobody can write into.

    Default, unit, meaning and bounds are the core's field's; integers are drawn by `Choice` only.

    Args:
        field: What the core says of it.
    """

    def __init__(self, field: FieldType) -> None:
        super().__init__()
        self.field = field
        self.meaning = f"{field.meaning} ({field.unit})" if field.unit else field.meaning
        self.kind: type[Any] = _KINDS[field.dtype.kind]
        self.is_real = field.dtype == np.float64 and not field.shape

    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type[NativeEnv[Any, Any]]) -> T:
        if env is None or self.field.shape:
            value: Any = super().__get__(env, owner)
        else:
            value = env.core.number(self.name)
        return value  # type: ignore[no-any-return]

    def _is_plain(self, value: Any) -> bool:
        """Return whether `value` is a Python number in range; False where that is not obvious."""
        kind, field = type(value), self.field
        if self.kind is not float or field.shape:
            return kind is bool is self.kind and not field.shape
        return (
            (kind is float or (kind is int and -_EXACT <= value <= _EXACT))
            and field.above < value <= field.at_most
            and field.at_least <= value
            and math.isfinite(value)
        )

    def write(self, batch: core.Batch, lanes: Lanes, values: Any) -> None:
        """Write one value, or one a lane, into some lanes."""
        if batch.lanes == 1 and self._is_plain(values):
            batch.set_number(self.name, values)
        else:
            super().write(batch, lanes, values)

    def check(self, values: Any, lanes: int | None) -> None:
        """Raise if `values`, one or one a lane, are not what the dynamics can work with.

        Raises:
            TypeError: If they are not real numbers.
            ValueError: If one is out of range; the message shows it.
        """
        if self._is_plain(values):
            return
        array, field = np.asarray(values), self.field
        item: tuple[int, ...] = field.shape
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{self.name}: expected {self.kind.__name__}, got {values!r}")
        good = (array > field.above) & (array >= field.at_least) & (array <= field.at_most)
        if self.kind is float:
            good &= np.isfinite(array)
        elif self.kind is int:
            limits = np.iinfo(field.dtype)
            good &= (array == np.trunc(array)) & (array >= limits.min) & (array <= limits.max)
        if not good.all():
            per_lane = array.ndim > len(item)
            where = f" in lane {int(np.argwhere(~good)[0, 0])}" if per_lane else ""
            found = array[~good].flat[0].item()
            raise ValueError(f"{self.name}: expected {self._expected()}, got {found!r}{where}")
        if array.shape not in {item, (lanes, *item)}:
            one = f"one value of shape {item}" if item else "one value"
            rows = "" if lanes is None else f", or one a lane of shape {(lanes, *item)}"
            raise ValueError(f"{self.name}: expected {one}{rows}, got shape {array.shape}")

    def _expected(self) -> str:
        kind = self.field.dtype.name if self.kind is int else f"finite {self.kind.__name__}"
        return f"{'an' if kind[0] == 'i' else 'a'} {kind} {self._bounds()}".strip()

    def _bounds(self) -> str:
        field = self.field
        bounds = ((">", field.above), ("≥", field.at_least), ("≤", field.at_most))
        return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if math.isfinite(bound))

    def value(self, row: Any) -> T:
        """Return a number of the core as a Python number, an array as one of its own."""
        if not self.field.shape:
            number: T = row.item()
            return number
        numbers = np.array(row)
        numbers.flags.writeable = False
        return numbers  # type: ignore[return-value]

    def default(self, dynamics: str) -> T:
        """Return the value that new lanes have."""
        initial = self.field.initial
        return self.value(initial) if self.field.shape else initial

    def widest(self, values: Any) -> T:
        """Return the value that makes the widest spaces, number by number."""
        if np.ndim(values) == len(self.field.shape):
            return values  # type: ignore[no-any-return]
        least = self.field.least_is_widest
        if self.field.shape:
            return (np.min if least else np.max)(values, axis=0)  # type: ignore[no-any-return]
        number: T = (min if least else max)(np.asarray(values).tolist())
        return number

    def described(self, dynamics: str) -> str:
        """Return meaning, bounds and default in a line."""
        bounds = self._bounds()
        initial = np.asarray(self.field.initial).tolist()
        return f"{self.meaning}; {bounds and f'{bounds}, '}{initial!r} by default"


class Derived(Generic[V]):
    """A quantity that follows from parameters: computed when asked for, never stored.

    On the class it follows from the defaults. Where it says of a value which parameters give it,
    it is a constructor keyword and can be written. Otherwise writing the value that it has anyway
    is accepted: programs for environments that do store it write it after they changed a
    parameter.

    Args:
        compute: Gives the quantity from the environment, or from its class.
        parameters: What to write instead, named in the error.
        given_by: Returns the parameters that give a value.
    """

    name: str

    def __init__(
        self,
        compute: Callable[[Any], V],
        *parameters: str,
        given_by: Callable[[Any], Mapping[str, Any]] | None = None,
    ) -> None:
        self.compute = compute
        self.parameters = parameters
        self.given_by = given_by

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type[NativeEnv[Any, Any]]) -> V:
        return self.compute(owner if env is None else env)

    def __set__(self, env: NativeEnv[Any, Any], value: Any) -> None:
        if self.given_by is None:
            self._check_same(self.compute(env), value)
            return
        for name, each in env.as_parameters({self.name: value}).items():
            setattr(env, name, each)

    def giving(self, value: Any) -> Mapping[str, Any]:
        """Return the parameters that give a value.

        Raises:
            AttributeError: If that does not follow.
        """
        if self.given_by is None:
            raise AttributeError(self._advice(value))
        return self.given_by(value)

    def _check_same(self, present: Any, value: Any) -> None:
        if not math.isclose(value, present, rel_tol=1e-9):
            raise AttributeError(f"{self._advice(value)} It is {present!r}.")

    def _advice(self, value: Any) -> str:
        return (
            f"{self.name} follows from {' and '.join(self.parameters)} and cannot become {value!r} "
            f"by itself. Set {' or '.join(self.parameters)}."
        )


def given(**parameters: Any) -> dict[str, Any]:
    """Return the arguments that are not `DEFAULT`."""
    return {name: value for name, value in parameters.items() if value is not DEFAULT}
