"""Distributions from which parameters are drawn anew at each start of an episode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dromos._core import batch as core

__all__ = ["Choice", "Distribution", "LogUniform", "Normal", "Uniform", "possible"]


class Distribution:
    """What a parameter's value is drawn from: give one in place of a value.

    The lane's own generator draws the parameters right before the start state, in the order in
    which the environment's class declares them. Lanes without distributions draw nothing.
    """

    kind: ClassVar[core.Distribution]

    def check(self) -> None:
        """Raise if this is no distribution.

        Raises:
            TypeError: If what should be a number is none.
            ValueError: If a number is out of range.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `check`")

    def __post_init__(self) -> None:
        self.check()

    def extremes(self) -> Sequence[Any]:
        """Return values that are legal only if all that can be drawn are."""
        raise NotImplementedError(f"{type(self).__name__} does not define `extremes`")

    def numbers(self) -> list[float]:
        """Return least and greatest value, mean and deviation; unused ones are 0."""
        return [float(getattr(self, name, 0.0)) for name in ("low", "high", "mean", "deviation")]


def possible(value: Any) -> Any:
    """Return the extremes of a distribution, anything else as it is."""
    return value.extremes() if isinstance(value, Distribution) else value


@dataclass(frozen=True)
class Uniform(Distribution):
    """Equally likely everywhere in [low, high): ``numpy.random.Generator.uniform``.

    Attributes:
        low: The least value.
        high: The upper bound.
    """

    low: float
    high: float

    kind = core.Distribution.UNIFORM

    def check(self) -> None:
        """Raise unless the bounds are finite, in order, and not too far apart."""
        _check_bounds(self, self.low, self.high)
        if not math.isfinite(float(self.high) - float(self.low)):
            raise ValueError(f"{self}: expected high - low to be a finite float64")

    def extremes(self) -> Sequence[float]:
        """Return the bounds."""
        return self.low, self.high


@dataclass(frozen=True)
class LogUniform(Uniform):
    """A positive value whose logarithm is equally likely everywhere: each order of magnitude.

    Attributes:
        low: The least value, above 0.
        high: The greatest value.
    """

    kind = core.Distribution.LOG_UNIFORM

    def check(self) -> None:
        """Raise unless the bounds are positive, finite and in order."""
        super().check()
        if self.low <= 0:
            raise ValueError(f"{self}: expected low > 0")


@dataclass(frozen=True)
class Normal(Distribution):
    """A normal distribution whose ends are moved to bounds.

    Attributes:
        mean: The mean before that.
        deviation: The standard deviation before that.
        low: Smaller draws become this.
        high: Greater draws become this.
    """

    mean: float
    deviation: float
    low: float
    high: float

    kind = core.Distribution.NORMAL

    def check(self) -> None:
        """Raise unless the numbers are finite, the bounds in order and the deviation ≥ 0."""
        _check_bounds(self, self.low, self.high)
        _check_bounds(self, self.mean, self.mean)
        _check_bounds(self, self.deviation, self.deviation)
        if self.deviation < 0:
            raise ValueError(f"{self}: expected a deviation ≥ 0")

    def extremes(self) -> Sequence[float]:
        """Return the bounds."""
        return self.low, self.high


@dataclass(frozen=True)
class Choice(Distribution):
    """One of several values, equally likely: ``values[generator.integers(len(values))]``.

    Attributes:
        values: Legal values of the parameter: numbers, maps, …
    """

    values: Sequence[Any]

    kind = core.Distribution.CHOICE

    def check(self) -> None:
        """Raise if there is nothing to choose from."""
        if not hasattr(self.values, "__len__") or isinstance(self.values, (str, bytes)):
            raise TypeError(f"{self}: expected a list of values")
        if len(self.values) == 0:
            raise ValueError(f"{self}: expected at least one value")

    def extremes(self) -> Sequence[Any]:
        """Return all values."""
        return self.values


def _check_bounds(distribution: Distribution, low: Any, high: Any) -> None:
    for number in (low, high):
        if isinstance(number, bool) or not hasattr(number, "__float__"):
            raise TypeError(f"{distribution}: expected real numbers, got {number!r}")
        if not math.isfinite(number):
            raise ValueError(f"{distribution}: expected finite numbers, got {number!r}")
    if low > high:
        raise ValueError(f"{distribution}: expected {low!r} to be at most {high!r}")
