"""`DictInfoToList`: infos as one dict a lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos.core import ActType, ObsType
from dromos.vector import VectorEnv, VectorWrapper
from dromos.vector.base import ArrayType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["DictInfoToList"]

#: Columns whose elements Python has a type for: `int`, `float`, `bool`, as the lanes gave them.
_PYTHON_TYPES = frozenset(map(np.dtype, (np.int64, np.float64, np.bool_)))


class DictInfoToList(VectorWrapper[ObsType, ActType, ObsType, ActType, ArrayType]):
    """Give infos as a list of one dict a lane, as vectors of Gym up to 0.23 did.

    ``infos[i][k]`` is what lane ``i`` had under ``k``; a lane that did not have the key has no
    entry, and the masks ``_k`` are gone. Other vector wrappers expect columns, so this one goes
    outside all of them.

    Example:
        >>> envs = DictInfoToList(dromos.make_vec("Blackjack-v1", 2))
        >>> envs.reset(seed=0)[1]
        [{}, {}]
    """

    def __init__(self, env: VectorEnv[ObsType, ActType, ArrayType]) -> None:
        """Wrap `env`."""
        super().__init__(env)

    def step(  # type: ignore[override]
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, list[dict[str, Any]]]:
        """Step the wrapped vector; the infos are a list of one dict a lane."""
        *result, infos = self.env.step(actions)
        return (*result, _rows(infos, self.num_envs))  # type: ignore[return-value]

    def recv(  # type: ignore[override]
        self,
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, list[dict[str, Any]]]:
        """Receive from the wrapped vector; ``infos[j]["lane_ids"]`` says which lane row j is."""
        self._refuse_unknown_step()
        *result, infos = self.env.recv()
        return (*result, _rows(infos, len(infos["lane_ids"])))  # type: ignore[return-value]

    def reset(  # type: ignore[override]
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, list[dict[str, Any]]]:
        """Reset the wrapped vector; the infos are a list of one dict a lane."""
        observations, infos = self.env.reset(seed=seed, options=options)
        return observations, _rows(infos, self.num_envs)


def _rows(infos: dict[str, Any], num_rows: int) -> list[dict[str, Any]]:
    """Return columns (see `dromos.vector.infos`) as one dict a row."""
    rows: list[dict[str, Any]] = [{} for _ in range(num_rows)]
    _add_columns(rows, infos, range(num_rows))
    return rows


def _add_columns(
    rows: list[dict[str, Any]], columns: dict[str, Any], present: Sequence[int]
) -> None:
    """Enter columns into the rows that had them.

    Args:
        rows: One dict a row; changed in place.
        columns: The columns and their masks.
        present: The rows that had these columns' parent; all that a column without a mask has.
    """
    for key, column in columns.items():
        if key.startswith("_") and key[1:] in columns:
            continue  # a mask
        mask = columns.get(f"_{key}")
        having = present if mask is None else np.flatnonzero(mask).tolist()
        if isinstance(column, dict):
            inner: list[dict[str, Any]] = [{} for _ in rows]
            _add_columns(inner, column, having)
            for row in having:
                rows[row][key] = inner[row]
        elif np.ndim(column) == 0:  # told of the vector, not of its lanes
            for row in having:
                rows[row][key] = column
        else:
            _add_column(rows, key, column, having)


def _add_column(rows: list[dict[str, Any]], key: str, column: Any, having: Sequence[int]) -> None:
    values = np.asarray(column)
    elements = values.tolist() if values.dtype in _PYTHON_TYPES and values.ndim == 1 else column
    for row in having:
        rows[row][key] = elements[row]
