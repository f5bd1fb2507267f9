"""Reading and writing the named fields of a batch: parameters, states, options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.error import SnapshotError
from dromos.plain.errors import shown
from dromos.snapshot import at, require_names

__all__ = [
    "FIRST_LANE",
    "FieldType",
    "Lanes",
    "all_lanes",
    "field_column",
    "field_names",
    "judge_lanes",
    "layout_of",
    "read_field",
    "read_lanes",
    "write_field",
    "write_lanes",
]

Lanes = NDArray[np.int64]

#: The only lane of a single environment, the first of a vector.
FIRST_LANE: Lanes = np.zeros(1, dtype=np.int64)

_GROUPS = {
    "params": core.Group.PARAMS,
    "state": core.Group.STATE,
    "options": core.Group.OPTIONS,
}


def all_lanes(batch: core.Batch) -> Lanes:
    """Return the indices of every lane; int64 (lanes,)."""
    return np.arange(batch.lanes, dtype=np.int64)


@functools.cache
def layout_of(dynamics: str) -> core.Layout:
    """Return what the core says of dynamics: their fields and actions."""
    return core.layout(dynamics)


class FieldType(NamedTuple):
    """What the core says of a field.

    Attributes:
        place: Its index among the fields of its group.
        dtype: Of a number.
        shape: Of one lane's value: () or (count,).
        initial: The value of a new lane, a number or an array.
        unit: Its unit; "" for none.
        meaning: What it is, in a few words.
        above: Values must be greater than this,
        at_least: not less than this,
        at_most: and not greater than this.
        least_is_widest: Whether of several values the least makes the widest spaces, instead of
            the greatest.
    """

    place: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    initial: Any
    unit: str
    meaning: str
    above: float
    at_least: float
    at_most: float
    least_is_widest: bool


@functools.cache
def field_names(dynamics: str, group: str) -> dict[str, FieldType]:
    """Return what each field of ``"params"``, ``"state"`` or ``"options"`` is."""
    fields = layout_of(dynamics)[group]  # type: ignore[literal-required]
    return {
        name: FieldType(index, np.dtype(dtype), (count,) if count else (), *rest)
        for index, (name, dtype, count, *rest) in enumerate(fields)
    }


def field_column(
    batch: core.Batch, group: str, name: str, lanes: Lanes, values: Any
) -> NDArray[Any]:
    """Return values of one field as the array that the core takes.

    Args:
        batch: The batch.
        group: ``"params"``, ``"state"`` or ``"options"``.
        name: The field.
        lanes: The lanes; int64 (m,).
        values: One value, or one a lane (m, ...); a value is a number, or an array of as many as
            the field holds.

    Raises:
        TypeError: If the values are not real numbers.
        ValueError: If a value is NaN or there are not m values.
    """
    _, dtype, item, *_ = field_names(batch.name, group)[name]
    shape = lanes.shape + item
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name}: expected a number, or one a lane, got {values!r}")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(f"{name}: expected numbers, got {values!r}, which holds NaN")
    if dtype.kind in "biu" and not np.array_equal(array, array.astype(dtype)):
        raise ValueError(f"{name}: expected values of type {dtype}, got {values!r}")
    if array.shape not in {item, shape}:
        one = f"an array of shape {item}" if item else "one number"
        raise ValueError(
            f"{name}: expected {one} or an array of shape {shape}, one a lane, got shape "
            f"{array.shape}"
        )
    column = np.empty(shape, dtype=dtype)
    column[...] = array
    return column


def write_field(batch: core.Batch, group: str, name: str, lanes: Lanes, values: Any) -> None:
    """Write one field of some lanes; the arguments and errors are those of `field_column`."""
    column = field_column(batch, group, name, lanes, values)
    batch.write(_GROUPS[group], field_names(batch.name, group)[name].place, lanes, column)


def read_field(batch: core.Batch, group: str, name: str, lanes: Lanes) -> NDArray[Any]:
    """Return one field of some lanes; (m,) or (m, count)."""
    return batch.read(_GROUPS[group], field_names(batch.name, group)[name].place, lanes)


def read_lanes(batch: core.Batch, lanes: Lanes, *, streams: bool) -> dict[str, Any]:
    """Return everything some lanes hold, as plain arrays of one row a lane.

    Args:
        batch: The batch.
        lanes: The lanes; int64 (m,).
        streams: Whether to include the random streams: those of a single environment live in a
            NumPy generator instead.

    Returns:
        ``params``, ``state`` and ``options`` (dicts of arrays (m, ...)), and ``rng``: uint64
        (m, words). Parameters that are the same in all lanes of the batch have one row.
    """
    result: dict[str, Any] = {}
    for group, number in _GROUPS.items():
        rows = lanes[:1] if group == "params" and batch.params_uniform else lanes
        fields = field_names(batch.name, group).items()
        result[group] = {name: batch.read(number, field.place, rows) for name, field in fields}
    if streams:
        result["rng"] = batch.read_rng(lanes).view(np.uint64).reshape(len(lanes), -1)
    return result


def write_lanes(batch: core.Batch, lanes: Lanes, state: dict[str, Any], *, streams: bool) -> None:
    """Do what `judge_lanes` returns."""
    for write in judge_lanes(batch, lanes, state, streams=streams):
        write()


def judge_lanes(
    batch: core.Batch, lanes: Lanes, state: dict[str, Any], *, streams: bool
) -> list[Callable[[], None]]:
    """Return what puts the result of `read_lanes` into lanes.

    Args:
        batch: The batch.
        lanes: The lanes to write; int64 (m,).
        state: What `read_lanes` returned for m lanes, or for one, which goes into all m.
        streams: Whether the state holds random streams.

    Raises:
        SnapshotError: If the state is of other dynamics or of another number of lanes.
    """
    columns: list[tuple[Any, FieldType, NDArray[Any]]] = []
    for group, handle in _GROUPS.items():
        fields = field_names(batch.name, group)
        with at(f".{group}"):
            require_names(state[group], fields)
        for name, field in fields.items():
            column = state[group][name]
            _check_column(column, f"{group}.{name}", field.dtype, lanes, field.shape)
            columns.append((handle, field, column))

    def write_columns() -> None:
        for handle, field, column in columns:
            if handle is _GROUPS["params"] and batch.params_uniform and len(column) < len(lanes):
                here = batch.read(handle, field.place, lanes[:1])
                if here.tobytes() == column.tobytes():  # as all lanes have it
                    continue
            batch.write(handle, field.place, lanes, _filled(column, len(lanes)))

    if not streams:
        return [write_columns]
    words = batch.read_rng(lanes[:1]).size // 8
    _check_column(state["rng"], "rng", np.dtype(np.uint64), lanes, (words,))
    rows = _filled(state["rng"], len(lanes)).view(np.uint8).ravel()
    return [write_columns, lambda: batch.write_rng(lanes, rows)]


def _check_column(
    value: Any, name: str, dtype: np.dtype[Any], lanes: Lanes, item: tuple[int, ...]
) -> None:
    """Raise unless a value is an array of a row for each lane, or for all."""
    if isinstance(value, np.ndarray) and value.dtype == dtype:
        rows = value.shape[:1]
        if value.shape[1:] == item and rows in (lanes.shape, (1,)):
            return
    shape = lanes.shape + item
    raise SnapshotError(f"{name}: expected a {dtype} array of shape {shape}, found {shown(value)}")


def _filled(column: NDArray[Any], rows: int) -> NDArray[Any]:
    """Return a column of a row a lane, in the order of C."""
    if len(column) != rows:
        column = np.broadcast_to(column, (rows, *column.shape[1:]))
    return np.ascontiguousarray(column)
