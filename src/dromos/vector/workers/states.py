"""States of environments on their way between a vector and the processes that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dromos.snapshot import Written, read_state, taking, types_of, with_types, write_state
from dromos.vector.autoreset import Writes
from dromos.vector.env_lanes import EnvLanes

__all__ = ["joined", "judge_written", "merged_states", "rows_of", "written_states"]


def written_states(
    lanes: EnvLanes, own: list[int], waiting: list[int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what `EnvLanes.read` gives: what is no array as trees, and the arrays.

    Args:
        lanes: The environments.
        own: Which of them, by their index there.
        waiting: Those of them whose results have not been received.
    """
    columns: dict[str, Any] = {}

    def others() -> dict[str, Any]:
        state = lanes.read(own, waiting)
        columns.update({k: v for k, v in state.items() if isinstance(v, np.ndarray)})
        return {k: v for k, v in state.items() if k not in columns}

    return write_state(others), columns


def judge_written(lanes: EnvLanes, own: list[int], state: dict[str, Any]) -> Writes:
    """Return what puts states that have travelled into some lanes; within a `one_restore`."""
    return lanes.judge(with_types(state, *lanes.envs), own)


def merged_states(
    answers: Sequence[tuple[dict[str, Any], dict[str, Any]]], places: list[int]
) -> dict[str, Any]:
    """Return the states of lanes, as `EnvLanes.read` does, from what their holders answered.

    Args:
        answers: One `written_states` a holder.
        places: The row of each lane in all of them together.
    """
    merged: dict[str, Any] = {}
    shared: list[dict[int, Any]] = [{} for _ in answers]
    for name in answers[0][0]:
        trees = zip((tree[name] for tree, _ in answers), shared, strict=True)
        rows = [Written(row, known) for tree, known in trees for row in tree]
        merged[name] = rows_of(rows, places)
    for name in answers[0][1]:
        merged[name] = rows_of(joined([columns[name] for _, columns in answers]), places)
    if taking.get():
        return merged
    state: dict[str, Any] = read_state(write_state(lambda: merged), types_of())
    return state


def rows_of(column: Any, rows: list[int]) -> Any:
    """Return rows of a list or array; one row stands for all."""
    if not isinstance(column, (list, np.ndarray)) or len(column) == 1:
        return column
    if isinstance(column, np.ndarray):
        return column[rows]
    return [column[row] for row in rows]


def joined(parts: list[Any]) -> Any:
    """Return the rows of several lists or arrays in one."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return [row for part in parts for row in part]
