"""Parameters of the frozen lake that are no single numbers: its map and its rewards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.envs.toy_text.maps import MOST_CELLS, as_map
from dromos.native import Distribution, LaneParameter, NativeEnv
from dromos.native.distributions import possible
from dromos.native.fields import FIRST_LANE, Lanes, read_field, write_field

__all__ = ["MapParameter", "RewardSchedule", "most_cells"]

_EVENTS = 3


def _maps(values: Any) -> list[NDArray[np.bytes_]] | None:
    """Return a map for each lane, or None if `values` is one map for all."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "SU":
        return list(map(as_map, values)) if values.ndim == 3 else None
    if not isinstance(values, (list, tuple, np.ndarray)) or len(values) == 0:
        return None
    if any(isinstance(row, (str, bytes)) for row in values):
        return None
    first = values[0]
    letters = isinstance(first, (list, tuple, np.ndarray)) and all(
        isinstance(letter, (str, bytes)) and len(letter) == 1 for letter in first
    )
    return None if letters or not hasattr(first, "__len__") else list(map(as_map, values))


def most_cells(values: Any) -> int:
    """Return the number of cells of the largest of these maps, one or one a lane."""
    return max(letters.size for letters in _maps(values) or [as_map(values)])


def _columns(maps: Sequence[NDArray[np.bytes_]]) -> dict[str, NDArray[Any]]:
    """Return maps that were checked as the core holds them."""
    cells = np.zeros((len(maps), MOST_CELLS), dtype=np.uint8)
    for row, letters in zip(cells, maps, strict=True):
        row[: letters.size] = letters.ravel().view(np.uint8)
    sizes = np.array([letters.shape for letters in maps], dtype=np.int32).T
    return {"cells": cells, "nrow": sizes[0].copy(), "ncol": sizes[1].copy()}


def _write(batch: core.Batch, lanes: Lanes, maps: Sequence[NDArray[np.bytes_]]) -> None:
    """Write maps that were checked: one for all of the lanes, or one for each."""
    for name, column in _columns(maps).items():
        write_field(batch, "params", name, lanes, column[0] if len(maps) == 1 else column)


class MapParameter(LaneParameter[NDArray[np.bytes_]]):
    """A map: rows of letters. As an attribute, an array of one byte a cell; (rows, columns)."""

    meaning = "the map, one byte a cell: S start, F frozen, H hole, G goal; (rows, columns)"

    def __set__(self, env: NativeEnv[Any, Any], value: Any) -> None:
        cells = most_cells(possible(value))
        if cells > env.observation_space.n:  # type: ignore[attr-defined]
            raise ValueError(
                f"{self.name}: a map of {cells} cells does not fit the observation "
                f"space {env.observation_space}; make a new environment with it"
            )
        super().__set__(env, value)

    def initialise(self, env: NativeEnv[Any, Any], value: Any) -> None:
        """Set the map of a new environment, which has no space yet that it would have to fit."""
        if isinstance(value, Distribution):
            super().initialise(env, value)
        else:
            _write(env.core, FIRST_LANE, [as_map(value)])

    def check(self, values: Any, lanes: int | None) -> None:
        """Raise if `values` are not a map, or one a lane; see `as_map`."""
        maps = _maps(values)
        if maps is None:
            as_map(values)
        elif lanes is None or len(maps) != lanes:
            expected = "one map" if lanes is None else f"one map, or one for each of {lanes} lanes"
            raise ValueError(f"{self.name}: expected {expected}, got {len(maps)} maps")

    def check_columns(self, env: NativeEnv[Any, Any], columns: Any) -> None:
        """Raise unless these are maps whose cells the observation space has room for."""
        space: Any = env.observation_space
        sizes = np.stack([columns["nrow"], columns["ncol"]], axis=1).astype(np.int64)
        if (sizes < 1).any() or (sizes[:, 0] * sizes[:, 1] > space.n).any():
            raise ValueError(f"{self.name}: expected maps of at most {space.n} cells")
        maps = {
            (cells.tobytes(), *size)
            for cells, size in zip(columns["cells"], sizes.tolist(), strict=True)
        }
        for letters, rows, row in maps:
            if any(letters[rows * row :]):
                raise ValueError(f"{self.name}: expected zeros after the map")
            as_map(np.frombuffer(letters[: rows * row], "S1").reshape(rows, row))

    def write(self, batch: core.Batch, lanes: Lanes, values: Any) -> None:
        """Write one map, or one a lane, into some lanes."""
        _write(batch, lanes, _maps(values) or [as_map(values)])

    def columns(self, batch: core.Batch, count: int, values: Any) -> dict[str, NDArray[Any]]:
        """Return maps as the core holds them: an array (count, ...) for each field."""
        return _columns(list(map(as_map, values)))

    def read(self, batch: core.Batch, lanes: Lanes) -> NDArray[Any]:
        """Return the maps of some lanes: bytes (m, rows, columns), or objects (m,)."""
        cells = read_field(batch, "params", "cells", lanes).view("S1")
        rows = read_field(batch, "params", "nrow", lanes)
        columns = read_field(batch, "params", "ncol", lanes)
        if (rows == rows[0]).all() and (columns == columns[0]).all():
            size = rows[0] * columns[0]
            return cells[:, :size].reshape(-1, rows[0], columns[0])
        maps = np.empty(len(lanes), dtype=object)
        for i, (row_count, column_count) in enumerate(zip(rows, columns, strict=True)):
            maps[i] = cells[i, : row_count * column_count].reshape(row_count, column_count)
        return maps

    def value(self, row: Any) -> NDArray[np.bytes_]:
        """Return a map as an array of letters: a copy."""
        letters: NDArray[np.bytes_] = np.array(row)
        return letters

    def described(self, dynamics: str) -> str:
        """Return meaning and default in a line."""
        rows = [b"".join(row).decode() for row in self.default(dynamics).tolist()]
        return f"{self.meaning}; {rows} by default"

    def widest(self, values: Any) -> NDArray[np.bytes_]:
        """Return the map with the most cells."""
        return max(_maps(values) or [as_map(values)], key=lambda letters: letters.size)


class RewardSchedule(LaneParameter["tuple[float, float, float]"]):
    """Rewards for reaching a goal, a hole and any other cell."""

    meaning = "rewards for reaching a goal, a hole, any other cell"

    def check(self, values: Any, lanes: int | None) -> None:
        """Raise if `values` are not three finite numbers, or three a lane.

        Raises:
            TypeError: If they are not numbers.
            ValueError: If there are not three, or one is not finite.
        """
        try:
            array = np.asarray(values)
        except ValueError:  # a ragged list
            array = np.empty(0, dtype=object)
        if array.dtype.kind not in "biuf":
            raise TypeError(
                f"{self.name}: expected three numbers (goal, hole, other), got {values!r}"
            )
        if array.shape not in {(_EVENTS,), (lanes, _EVENTS)} or not np.isfinite(array).all():
            raise ValueError(
                f"{self.name}: expected three finite numbers (goal, hole, other), got {values!r}"
            )

    def value(self, row: Any) -> tuple[float, float, float]:
        """Return the three numbers."""
        goal, hole, other = row.tolist()
        return goal, hole, other

    def widest(self, values: Any) -> tuple[float, float, float]:
        """Return the first of the schedules: spaces do not depend on them."""
        return self.value(np.atleast_2d(values)[0])
