"""Values of any kind as what a page can show: numbers, short texts, and counts of actions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dromos.spaces import Box, Discrete, MultiBinary, MultiDiscrete, Space

__all__ = ["action_counts", "number", "shown_info", "shown_value"]

_MOST_VALUES = 48  # numbers of an array that are shown; of a larger one only its extent
_MOST_ENTRIES = 48  # of an info
_MOST_BARS = 64  # actions
_MOST_PARTS = 8  # dimensions of an action
_BINS = 24
_LONGEST = 160  # characters
_BEYOND = 3.0  # where a dimension without bounds is cut


def number(value: Any) -> float | int | str | bool:
    """Return a number as JSON knows it; infinities and NaN as texts."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 1 << 53 else str(value)
    real = float(value)
    return real if math.isfinite(real) else str(real)


def shown_value(name: str, value: Any) -> dict[str, Any]:
    """Return what a page shows of a value.

    Returns:
        ``name`` and ``values`` (numbers); or ``name``, ``about`` (its shape and dtype) and
        ``extent`` (least, mean, greatest) of a large array; or ``name`` and ``text``.
    """
    if isinstance(value, str):
        return {"name": name, "text": value[:_LONGEST]}
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        array = np.asarray(None)
    if array.dtype.kind not in "biuf" or array.size == 0:
        return {"name": name, "text": repr(value)[:_LONGEST]}
    if array.size <= _MOST_VALUES:
        values = [number(part) for part in array.reshape(-1).tolist()]
        return {"name": name, "values": values, "shape": list(array.shape)}
    extent = [number(part) for part in (array.min(), array.mean(), array.max())]
    about = f"{' × '.join(map(str, array.shape))} {array.dtype}"
    return {"name": name, "about": about, "extent": extent}


def shown_info(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a page shows of an info, nested ones flat."""
    entries: list[dict[str, Any]] = []
    for name, value in _flat(info, "", 0):
        if len(entries) == _MOST_ENTRIES:
            entries.append({"name": "…", "text": f"only the first {_MOST_ENTRIES} are shown"})
            break
        entries.append(shown_value(name, value))
    return entries


def _flat(info: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in info.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < 4:
            yield from _flat(value, f"{name}.", depth + 1)
        else:
            yield name, value


def action_counts(space: Space[Any], actions: Any) -> dict[str, Any] | None:
    """Return how often which actions are in a batch.

    Args:
        space: What each is an element of.
        actions: (n, ...), or one element.

    Returns:
        ``{"start", "counts"}`` of `Discrete`; ``{"parts": [{"low", "high", "counts"}]}`` of the
        first dimensions of arrays; None of others.
    """
    if isinstance(space, Discrete):
        if int(space.n) > _MOST_BARS:
            bounds = (int(space.start), int(space.start + space.n))
            return {"parts": [_histogram(np.reshape(actions, -1), *bounds)]}
        offsets = np.reshape(actions, -1).astype(np.int64) - int(space.start)
        counts = np.bincount(offsets.clip(0, int(space.n) - 1), minlength=int(space.n))
        return {"start": int(space.start), "counts": counts.tolist()}
    if not isinstance(space, (Box, MultiBinary, MultiDiscrete)) or not space.shape:
        return None
    size = math.prod(space.shape)
    if size == 0:
        return None
    rows = np.asarray(actions, np.float64).reshape(-1, size)
    low, high = (bound.reshape(-1) for bound in _bounds(space))
    parts = range(min(size, _MOST_PARTS))
    return {"parts": [_histogram(rows[:, i], float(low[i]), float(high[i])) for i in parts]}


def _bounds(space: Box | MultiBinary | MultiDiscrete) -> tuple[Any, Any]:
    if isinstance(space, Box):
        return np.maximum(space.low, -1e30), np.minimum(space.high, 1e30)
    if isinstance(space, MultiBinary):
        return np.zeros(space.shape), np.ones(space.shape)
    return np.asarray(space.start), np.asarray(space.start) + np.asarray(space.nvec) - 1


def _histogram(values: Any, low: float, high: float) -> dict[str, Any]:
    if abs(low) > 1e20 or abs(high) > 1e20:
        low, high = -_BEYOND, _BEYOND
    if not low < high:
        high = low + 1
    finite = np.nan_to_num(np.asarray(values, np.float64), nan=low)
    counts, _ = np.histogram(finite.clip(low, high), _BINS, (low, high))
    return {"low": low, "high": high, "counts": counts.tolist()}
