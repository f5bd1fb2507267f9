"""Parameters of native dynamics as attributes of the environment."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np

from dromos.native.fields import read_field, write_field

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["Derived", "Parameter"]

T = TypeVar("T", float, int, bool)

_LANE = np.zeros(1, dtype=np.int64)


class Parameter(Generic[T]):
    """A parameter of the dynamics: constructor keyword, attribute, and array over lanes.

    The value lives in the native core only; reading and writing the attribute reads and writes
    it there, with effect from the next step on.

    Args:
        kind: The type: `float`, `int` or `bool`.
        above: Values must be greater than this.
        at_least: Values must not be less than this.
        at_most: Values must not be greater than this.
        widest: Which of several values makes the widest spaces: ``max``, or ``min`` for what
            bounds them from below.
    """

    name: str

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
        self.widest = widest

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, env: None, owner: type) -> Parameter[T]: ...
    @overload
    def __get__(self, env: NativeEnv[Any, Any], owner: type) -> T: ...
    def __get__(self, env: NativeEnv[Any, Any] | None, owner: type) -> Parameter[T] | T:
        if env is None:
            return self
        value: T = read_field(env.core, "params", self.name, _LANE)[0].item()
        return value

    def __set__(self, env: NativeEnv[Any, Any], value: T) -> None:
        self.check(value)
        write_field(env.core, "params", self.name, _LANE, value)

    def check(self, values: Any) -> None:
        """Raise if `values`, one number or one a lane, are not what the dynamics can work with.

        Raises:
            TypeError: If they are not real numbers.
            ValueError: If one is out of range; the message shows it.
        """
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

    def _expected(self) -> str:
        bounds = [
            f"{sign} {bound:g}"
            for sign, bound in ((">", self.above), ("≥", self.at_least), ("≤", self.at_most))
            if math.isfinite(bound)
        ]
        return " ".join([f"a finite {self.kind.__name__}", " and ".join(bounds)]).strip()


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
