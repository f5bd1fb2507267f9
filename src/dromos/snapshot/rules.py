"""What the value of a declared attribute may be.

A class says in ``snapshot_fields`` which of its attributes are its state, and gives each a rule. A
rule takes what is there (`take`), and judges what is to be there (`judge`); the checks are those
of the constructors, the setters and the episodes.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from dromos.plain.errors import MisfitError, shown
from dromos.seeding import check_seed
from dromos.snapshot.fields import judge_space
from dromos.snapshot.hook import Writes, at, judge
from dromos.snapshot.parts import take
from dromos.snapshot.records import refuse_names

__all__ = [
    "Array",
    "Clock",
    "Flag",
    "Frames",
    "Generator",
    "Item",
    "LaneArray",
    "LaneClock",
    "Later",
    "ListOf",
    "Number",
    "Optional",
    "Part",
    "Plain",
    "Queue",
    "Rule",
    "Seed",
    "SpaceGenerators",
    "Sum",
    "count",
    "expected",
]


class Rule:
    """Judges the value of an attribute.

    Attributes:
        is_of_lanes: Whether each lane of a vector has its own; then `take` and `judge` get lanes.
    """

    is_of_lanes = False

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        """Return what of an attribute's value is stored."""
        return value

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        """Return the value to put into the attribute.

        Args:
            value: What the state holds; nobody else's.
            present: The attribute's value now, None if there is none.
            owner: Whose attribute it is.
            writes: Gets what else is to be done.

        Raises:
            SnapshotError, TypeError, ValueError: If the value cannot be.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define `judge`")

    def judge_lanes(self, value: Any, present: Any, owner: Any, lanes: Any, writes: Writes) -> None:
        """Judge rows for some lanes, or one row for all of them; append what puts them there."""
        raise NotImplementedError(f"{type(self).__name__} does not define `judge_lanes`")


def expected(what: str, found: Any) -> MisfitError:
    """Return the error for a value that is not what was expected."""
    return MisfitError(f"expected {what}, found {shown(found)}")


class Plain(Rule):
    """Plain data.

    Args:
        *kinds: The types it may have; any, if there are none.
        name: What messages call it, unless by the names of the types.
        check: The front door's own check, if it has one: raises for what it refuses, else returns
            the value to put into the attribute.
    """

    def __init__(
        self, *kinds: type, name: str = "", check: Callable[[Any], Any] | None = None
    ) -> None:
        self._kinds, self._check = kinds, check
        self._name = name or " or ".join(kind.__name__ for kind in kinds)

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        if self._kinds and type(value) not in self._kinds:
            raise expected(self._name, value)
        refuse_names(value)
        return value if self._check is None else self._check(value)


def Flag() -> Plain:
    """True or False."""
    return Plain(bool, name="True or False")


def Generator() -> Plain:
    """A random generator of NumPy's."""
    return Plain(np.random.Generator, name="a numpy.random.Generator")


def Seed() -> Plain:
    """The seed of a generator: an integer ≥ 0, -1 for that of an unknown one, or None."""
    check = lambda seed: seed if seed == -1 else check_seed(seed)  # noqa: E731
    return Plain(int, type(None), name="a seed", check=check)


def Frames() -> Plain:
    """A list of what ``render`` returns."""

    def check(frames: list[Any]) -> list[Any]:
        if not all(type(frame) in (np.ndarray, str) for frame in frames):
            raise expected("a list of frames", frames)
        return frames

    return Plain(list, name="a list of frames", check=check)


def Sum() -> Plain:
    """A sum of rewards: a number, or an array of them."""

    def check(value: Any) -> Any:
        is_number = isinstance(value, (int, float, np.number, np.ndarray))
        if not is_number or type(value) is bool or np.asarray(value).dtype.kind not in "iuf":
            raise expected("a sum of rewards", value)
        return value

    return Plain(check=check)


class Number(Rule):
    """A number of a range: an int where both bounds are ints, else a float or an int.

    Args:
        low: The least value.
        high: The greatest value.
    """

    def __init__(self, low: float = -math.inf, high: float = math.inf) -> None:
        self._low, self._high = low, high

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        is_integral = type(self._low) is type(self._high) is int
        fits = type(value) in ((int,) if is_integral else (int, float))
        if not fits or not self._low <= value <= self._high or not math.isfinite(value):
            kind = "an integer" if is_integral else "a finite number"
            raise expected(f"{kind} from {self._low} to {self._high}", value)
        return value


def count(low: int = 0, high: int = 2**63 - 1) -> Number:
    """An integer of a range."""
    return Number(low, high)


class Later(Number):
    """A count that never goes back, so that no file is written twice."""

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        return max(super().judge(value, present, owner, writes), present)


class Clock(Number):
    """A time on the clock of `time.perf_counter`, stored as the seconds from now.

    Another process, or this one later, has another clock.
    """

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        return value - time.perf_counter()

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        return super().judge(value, present, owner, writes) + time.perf_counter()


class Optional(Rule):
    """None, or what another rule lets pass."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.is_of_lanes = rule.is_of_lanes

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        return None if value is None else self._rule.take(value, owner, lanes)

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        return None if value is None else self._rule.judge(value, present, owner, writes)


class Array(Rule):
    """An array of the shape and dtype of that which is there.

    Args:
        low: The least element.
        high: The greatest element.
        finite: Whether floats must be numbers.
    """

    def __init__(
        self, low: float = -math.inf, high: float = math.inf, *, finite: bool = True
    ) -> None:
        self._low, self._high, self._finite = low, high, finite
        self._is_bounded = (low, high) != (-math.inf, math.inf)

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        return self.checked(value, present.dtype, present.shape)

    def checked(self, value: Any, dtype: Any, shape: tuple[int, ...]) -> Any:
        """Return `value` if it is an array of elements in range, of `dtype` and `shape`."""
        if type(value) is not np.ndarray or value.dtype != dtype or value.shape != shape:
            raise expected(f"a {dtype} array of shape {shape}", value)
        if dtype.kind in "fc" and self._finite and not np.isfinite(value).all():
            raise MisfitError("expected finite numbers, found NaN or infinity")
        if dtype.kind in "iuf" and value.size and self._is_bounded:
            least, greatest = value.min(), value.max()
            if least < self._low or greatest > self._high:
                bounds = f"from {self._low} to {self._high}"
                raise MisfitError(f"expected numbers {bounds}, found {least} to {greatest}")
        return value if value.flags.carray else value.copy()


class LaneArray(Array):
    """An array with a row for each lane of a vector.

    Args:
        axis: The axis of the lanes.
        **bounds: As for `Array`.
    """

    is_of_lanes = True

    def __init__(self, axis: int = 0, **bounds: Any) -> None:
        super().__init__(**bounds)
        self._axis = axis

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        return value if lanes is None else np.take(value, lanes, self._axis)

    def judge_lanes(self, value: Any, present: Any, owner: Any, lanes: Any, writes: Writes) -> None:
        rows = value.shape[self._axis] if isinstance(value, np.ndarray) and value.ndim else None
        shape = list(present.shape)
        shape[self._axis] = 1 if rows == 1 else len(lanes)
        checked = self.checked(value, present.dtype, tuple(shape))
        place = (slice(None),) * self._axis + (lanes,)
        writes.append(lambda: present.__setitem__(place, checked))


class LaneClock(LaneArray):
    """A time, as of `Clock`, for each lane."""

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        return super().take(value, owner, lanes) - time.perf_counter()

    def checked(self, value: Any, dtype: Any, shape: tuple[int, ...]) -> Any:
        return super().checked(value, dtype, shape) + time.perf_counter()


class ListOf(Rule):
    """A list.

    Args:
        rule: That of each element.
    """

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        if type(value) is not list:
            raise expected("a list", value)
        judged = []
        for place, item in enumerate(value):
            with at(f"[{place}]"):
                judged.append(self._rule.judge(item, None, owner, writes))
        return judged


class Queue(ListOf):
    """A deque of the greatest length of that which is there."""

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        if type(value) is not deque or value.maxlen != present.maxlen:
            raise expected(f"a deque of at most {present.maxlen} elements", value)
        return deque(super().judge([*value], None, owner, writes), present.maxlen)


class Item(Rule):
    """An element of a space.

    Args:
        space: Gives the space, from the owner.
    """

    def __init__(self, space: Callable[[Any], Any]) -> None:
        self._space = space

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        space = self._space(owner)
        if not space.contains(value):
            raise expected(f"an element of {space!s:.200}", value)
        return value


class SpaceGenerators(Rule):
    """The random generators of a space; the space itself stays."""

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        judge_space(value, present, writes)
        return present


class Part(Rule):
    """Something with the hooks, or dicts and tuples of such: it stays, and judges its own state."""

    is_of_lanes = True

    def take(self, value: Any, owner: Any, lanes: Any = None) -> Any:
        if type(value) is dict:
            return {name: self.take(part, owner, lanes) for name, part in value.items()}
        if type(value) is tuple:
            return [self.take(part, owner, lanes) for part in value]
        return take(value, lanes)

    def judge(self, value: Any, present: Any, owner: Any, writes: Writes) -> Any:
        self.judge_lanes(value, present, owner, None, writes)
        return present

    def judge_lanes(self, value: Any, present: Any, owner: Any, lanes: Any, writes: Writes) -> None:
        if type(present) not in (dict, tuple):
            writes += judge(present, value, lanes)
            return
        names: Any = present.keys() if type(present) is dict else range(len(present))
        found: Any = value.keys() if type(value) is dict else None
        if type(value) is list:
            found = range(len(value))
        if found != names:
            raise expected(f"states of {list(names)}", value)
        for name in names:
            with at(f"[{shown(name)}]"):
                self.judge_lanes(value[name], present[name], owner, lanes, writes)
