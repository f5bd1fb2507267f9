"""Check that an environment returns new data with every call.

A replay buffer keeps what it was given. If the environment writes its next observation into the
same array, the buffer changes with it, and nobody notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dromos.checks.promise import Promise, entry

__all__ = [
    "NEW_DATA",
    "data_shares_objects",
    "env_data_reuse_passive_checker",
    "shared_parts",
]

NEW_DATA = Promise(
    UserWarning,
    "{path}",
    "The {what} returned by `{first}` and the following `{second}` share an object, therefore, "
    "modifying one will modify the other. Environments should return new {kind} data on every call "
    "as users commonly keep the data returned to them.",
    "new data with every call",
    "the same object or memory twice, so that what a caller keeps is overwritten",
    "Return a copy: .copy() of an array, dict(…) of a dict.",
)

#: How hard NumPy may search for a common element of two interleaved views.
_OVERLAP_WORK: Any = 10_000


def data_shares_objects(data_1: Any, data_2: Any) -> bool:
    """Return whether changing one of two data structures could change the other.

    Dicts, lists, sets and arrays are shared if they are the same object or, for arrays, overlap in
    memory. Objects of other types are left aside.
    """
    return _shared_path(data_1, data_2, "", set()) is not None


def env_data_reuse_passive_checker(
    previous_data: tuple[Any, dict[str, Any]],
    data: tuple[Any, dict[str, Any]],
    previous_source: str,
    source: str,
) -> None:
    """Warn if two calls returned observations or infos that share a mutable object.

    Args:
        previous_data: The observation and the info of the earlier call.
        data: Those of the later call.
        previous_source: The earlier call, ``"reset"`` or ``"step"``.
        source: The later call.
    """
    for what, kind, path in shared_parts(previous_data, data, source):
        NEW_DATA.broken(what=what, kind=kind, path=path, first=previous_source, second=source)


def shared_parts(
    previous_data: tuple[Any, dict[str, Any]], data: tuple[Any, dict[str, Any]], source: str
) -> Iterator[tuple[str, str, str]]:
    """Yield what two calls share: ``observations`` or ``infos``, the word for one, and the path.

    Args:
        previous_data: The observation and the info of the earlier call.
        data: Those of the later call.
        source: The later call, as the path begins with it.
    """
    kinds = (("observations", "obs", "observation"), ("infos", "info", "info"))
    for (what, name, kind), before, after in zip(kinds, previous_data, data, strict=True):
        path = _shared_path(before, after, f"{source}().{name}", set())
        if path is not None:
            yield what, kind, path


def _shared_path(first: Any, second: Any, path: str, seen: set[tuple[int, int]]) -> str | None:
    """Return where `first` and `second` share a mutable object, or None.

    `seen` holds the pairs on the way, since an info may contain itself.
    """
    if type(first) is not type(second) or (id(first), id(second)) in seen:
        return None
    seen.add((id(first), id(second)))
    if isinstance(first, np.ndarray):
        return _shared_array_path(first, second, path, seen)
    if not isinstance(first, (dict, list, set, tuple)):
        return None
    if first is second and not isinstance(first, tuple):
        return path
    if isinstance(first, dict):
        pairs = [(key, first[key], second[key]) for key in first.keys() & second.keys()]
    elif isinstance(first, set):
        pairs = []
    else:
        pairs = [(i, *pair) for i, pair in enumerate(zip(first, second, strict=False))]
    return _first_shared(pairs, path, seen)


def _shared_array_path(
    first: np.ndarray, second: np.ndarray, path: str, seen: set[tuple[int, int]]
) -> str | None:
    if first.dtype == object:
        pairs = list(enumerate(zip(first.flat, second.flat, strict=False)))
        inside = [(i, before, after) for i, (before, after) in pairs]
        return path if first is second else _first_shared(inside, path, seen)
    try:
        overlap = np.shares_memory(first, second, max_work=_OVERLAP_WORK)
    except RuntimeError:  # NumPy's TooHardError: no overlap was found within the limit
        overlap = False
    return path if overlap else None


def _first_shared(
    pairs: list[tuple[Any, Any, Any]], path: str, seen: set[tuple[int, int]]
) -> str | None:
    for key, before, after in pairs:
        found = _shared_path(before, after, entry(path, key), seen)
        if found is not None:
            return found
    return None
