"""Which parameters of which lanes are drawn at each start of an episode."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from dromos._core import batch as core
from dromos.error import SnapshotError
from dromos.native.distributions import Choice, Distribution
from dromos.native.fields import Lanes, field_names

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv

__all__ = ["ParameterDraws"]


class _Held(NamedTuple):
    """What one parameter is drawn from; never changed in place.

    Attributes:
        distributions: Each is that of some lane, equal ones are one.
        which: The distribution of each lane, -1 where the parameter is not drawn; int32 (lanes,).
    """

    distributions: list[Distribution]
    which: NDArray[np.int32]


class ParameterDraws:
    """The distributions in force, by parameter and lane of a batch.

    Args:
        single: The class of the lanes' environments.
        lanes: How many lanes the batch has.
    """

    def __init__(self, single: type[NativeEnv[Any, Any]], lanes: int) -> None:
        self.single = single
        self.lanes = lanes
        self._held: dict[str, _Held] = {}  # in the order of the class body, that of the draws

    def __bool__(self) -> bool:
        """Return whether anything is drawn."""
        return bool(self._held)

    def change(self, name: str, lanes: Lanes, distributions: Sequence[Distribution | None]) -> None:
        """Draw a parameter of some lanes from other distributions, or no longer.

        Args:
            name: The parameter.
            lanes: The lanes; int64 (m,).
            distributions: Distributions of legal values, one for all these lanes or one a lane;
                None for no more draws.
        """
        present = self._held.get(name)
        if present is None:
            if not any(distributions):
                return
            present = _Held([], np.full(self.lanes, -1, dtype=np.int32))
        merged = list(present.distributions)
        places = {_key(held): place for place, held in enumerate(merged)}
        chosen = np.full(len(distributions), -1, dtype=np.int32)
        for row, distribution in enumerate(distributions):
            if distribution is not None:
                chosen[row] = places.setdefault(_key(distribution), len(merged))
                if chosen[row] == len(merged):
                    merged.append(distribution)
        which = present.which.copy()
        which[lanes] = chosen
        used = np.flatnonzero(np.bincount(which + 1, minlength=len(merged) + 1)[1:])
        if not len(used):
            self._held.pop(name, None)
            return
        if len(used) < len(merged):
            moved = np.full(len(merged) + 1, -1, dtype=np.int32)  # the last is where -1 leads
            moved[used] = np.arange(len(used))
            merged, which = [merged[place] for place in used], moved[which]
        self._held[name] = _Held(merged, which)
        if not present.distributions and len(self._held) > 1:
            order = self.single.parameter_names().index
            self._held = dict(sorted(self._held.items(), key=lambda item: order(item[0])))

    def apply(self, batch: core.Batch) -> None:
        """Let a batch draw from now on what is drawn."""
        batch.set_draws(
            [
                ([self._way(batch, name, drawn) for drawn in held.distributions], held.which)
                for name, held in self._held.items()
            ]
        )

    def _way(self, batch: core.Batch, name: str, distribution: Distribution) -> core.Way:
        places = field_names(batch.name, "params")
        if not isinstance(distribution, Choice):
            return distribution.kind, distribution.numbers(), 0, [(places[name].place, None)]
        values = distribution.values
        columns = self.single.parameter(name).columns(batch, len(values), values)
        fields: list[tuple[int, NDArray[Any] | None]] = [
            (places[field].place, column) for field, column in columns.items()
        ]
        return distribution.kind, distribution.numbers(), len(values), fields

    def state(self, lanes: Lanes) -> list[tuple[str, list[Distribution], NDArray[np.int32]]]:
        """Return what is drawn in some lanes, as plain data.

        Returns:
            Parameters, distributions, and which of these each lane has: int32 (m,), -1 for none.
        """
        return [
            (name, list(held.distributions), held.which[lanes]) for name, held in self._held.items()
        ]

    def restore(self, state: Any, lanes: Lanes) -> None:
        """Draw in these lanes what `state` says: of as many lanes, or of one.

        Raises:
            SnapshotError: If it is not what `state` returned, or a distribution is not legal.
        """
        checked = _checked(self.single, state, lanes)
        for name in self.single.parameter_names():
            self.change(name, lanes, checked.get(name, [None]))

    def copy(self) -> Self:
        """Return an independent copy."""
        twin = type(self)(self.single, self.lanes)
        twin._held = dict(self._held)
        return twin


def _key(distribution: Distribution) -> Hashable:
    """Return what equal distributions have in common, if that can be told without a search."""
    try:
        hash(distribution)
    except TypeError:  # a list of choices
        return id(distribution)
    return distribution


def _checked(
    single: type[NativeEnv[Any, Any]], state: Any, lanes: Lanes
) -> dict[str, list[Distribution | None]]:
    checked: dict[str, list[Distribution | None]] = {}
    try:
        for name, distributions, which in state:
            for distribution in distributions:
                distribution.check()
                single.parameter(name).check_drawn(distribution)
            if which.dtype != np.int32 or which.shape not in {(1,), lanes.shape}:
                raise TypeError(f"expected an int32 a lane, found {which!r}")
            if (which < -1).any() or (which >= len(distributions)).any():
                raise ValueError(f"expected -1 to {len(distributions) - 1}, found {which!r}")
            checked[name] = [None if i < 0 else distributions[i] for i in which.tolist()]
    except (TypeError, ValueError, AttributeError) as reason:
        raise SnapshotError(f"draws of parameters: {reason}") from reason
    return checked
