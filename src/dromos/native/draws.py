"""Which parameters of which lanes are drawn at each start of an episode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


class ParameterDraws:
    """The distributions in force, each in some of the lanes of a batch.

    Args:
        single: The class of the lanes' environments.
        lanes: How many lanes the batch has.
    """

    def __init__(self, single: type[NativeEnv[Any, Any]], lanes: int) -> None:
        self.single = single
        self.lanes = lanes
        self._held: list[tuple[str, Distribution, NDArray[np.bool_]]] = []

    def __bool__(self) -> bool:
        """Return whether anything is drawn."""
        return bool(self._held)

    def change(self, name: str, lanes: Lanes, distribution: Distribution | None) -> None:
        """Draw a parameter of some lanes from another distribution, or no longer.

        Args:
            name: The parameter.
            lanes: The lanes; int64 (m,).
            distribution: A distribution of legal values; None for no more draws.
        """
        mask = np.zeros(self.lanes, dtype=np.bool_)
        mask[lanes] = True
        kept = [
            (held, drawn, where & ~mask if held == name else where)
            for held, drawn, where in self._held
        ]
        self._held = [entry for entry in kept if entry[2].any()]
        if distribution is not None:
            self._held.append((name, distribution, mask))
            order = self.single.parameter_names()
            self._held.sort(key=lambda entry: order.index(entry[0]))

    def apply(self, batch: core.Batch) -> None:
        """Let a batch draw from now on what is drawn."""
        batch.set_draws([self._native(batch, *entry) for entry in self._held])

    def _native(
        self, batch: core.Batch, name: str, distribution: Distribution, lanes: NDArray[np.bool_]
    ) -> core.Draw:
        places = field_names(batch.name, "params")
        if not isinstance(distribution, Choice):
            return distribution.kind, distribution.numbers(), 0, [(places[name].place, None)], lanes
        values = distribution.values
        columns = self.single.parameter(name).columns(batch, len(values), values)
        fields: list[tuple[int, NDArray[Any] | None]] = [
            (places[field].place, column) for field, column in columns.items()
        ]
        return distribution.kind, distribution.numbers(), len(values), fields, lanes

    def state(self, lanes: Lanes) -> list[tuple[str, Distribution, NDArray[np.bool_]]]:
        """Return what is drawn in some lanes, as plain data: one row a lane."""
        return [(name, drawn, where[lanes]) for name, drawn, where in self._held]

    def restore(self, state: Any, lanes: Lanes) -> None:
        """Draw in these lanes what `state` says: of as many lanes, or of one.

        Raises:
            SnapshotError: If it is not what `state` returned, or a distribution is not legal.
        """
        checked = _checked(self.single, state, lanes)
        for name in self.single.parameter_names():
            self.change(name, lanes, None)
        for name, distribution, where in checked:
            rows = np.broadcast_to(where, lanes.shape)
            self.change(name, lanes[rows], distribution)

    def copy(self) -> Self:
        """Return an independent copy."""
        twin = type(self)(self.single, self.lanes)
        twin._held = list(self._held)
        return twin


def _checked(
    single: type[NativeEnv[Any, Any]], state: Any, lanes: Lanes
) -> list[tuple[str, Distribution, NDArray[np.bool_]]]:
    try:
        for name, distribution, where in state:
            distribution.check()
            single.parameter(name).check_drawn(distribution)
            if where.dtype != np.bool_ or where.shape not in {(1,), lanes.shape}:
                raise TypeError(f"expected a bool a lane, found {where!r}")
    except (TypeError, ValueError, AttributeError) as reason:
        raise SnapshotError(f"draws of parameters: {reason}") from reason
    return list(state)
