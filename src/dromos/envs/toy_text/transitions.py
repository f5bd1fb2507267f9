"""Tables of transitions, made by the native core, once for each set of parameters."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.native.fields import FIRST_LANE, field_names, read_field

__all__ = ["Actions", "Table", "Transitions", "table_of"]

_MOST_TABLES = 32


def _refuse(self: object, *_: Any, **__: Any) -> NoReturn:
    raise TypeError(
        "P describes the transitions of the native core and is shared by all environments of the "
        "same parameters: writing to it would change nothing. Change the parameters instead, or "
        "take a copy with copy.deepcopy(env.P)."
    )


class _ReadOnlyDict(dict[int, Any]):
    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = _refuse
    __ior__ = _refuse

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[int, Any]:
        """Return a copy that can be written."""
        return {key: copy.deepcopy(value, memo) for key, value in self.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class Actions(_ReadOnlyDict):
    """The ways that a step from one state can go, for each action: lists of tuples."""


class Transitions(_ReadOnlyDict):
    """`Actions` for each state.

    ``P[state][action]`` is a list of ``(probability, next state, reward, terminated)``.
    """


class _ReadOnlyList(list[Any]):
    __setitem__ = __delitem__ = append = extend = insert = pop = remove = _refuse
    clear = sort = reverse = __iadd__ = __imul__ = _refuse

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return list(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class Table(NamedTuple):
    """What is known of an environment whose states can be counted.

    Attributes:
        transitions: Where each action leads from each state.
        start: How likely an episode starts in each state; float64 (states,), read-only.
    """

    transitions: Transitions
    start: NDArray[np.float64]


_tables: dict[tuple[Any, ...], Table] = {}


def table_of(batch: core.Batch) -> Table:
    """Return the table of lane 0, made when it is first asked for.

    Raises:
        TypeError: If the states of the dynamics cannot be counted.
    """
    names = field_names(batch.name, "params")
    values = (read_field(batch, "params", name, FIRST_LANE).tobytes() for name in names)
    key = (batch.name, *values)
    table = _tables.get(key)
    if table is None:
        table = _made(batch)
        while len(_tables) >= _MOST_TABLES:
            _tables.pop(next(iter(_tables)), None)
        _tables[key] = table
    return table


def _made(batch: core.Batch) -> Table:
    result = batch.transitions()
    if result is None:
        raise TypeError(f"The states of {batch.name} cannot be counted")
    states, start = result
    start.flags.writeable = False
    rows = (Actions((a, _ReadOnlyList(ways)) for a, ways in enumerate(row)) for row in states)
    return Table(Transitions(enumerate(rows)), start)
