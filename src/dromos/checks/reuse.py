"""Check that an environment returns new data with every call.

A replay buffer keeps what it was given. If the environment writes its next observation into the
same array, the buffer changes with it, and nobody notices.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from dromos.checks.promise import Promise, entry

__all__ = [
    "NEW_DATA",
    "data_shares_objects",
    "env_data_reuse_passive_checker",
    "pairs_in",
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
    return _shared_path(data_1, data_2, "") is not None


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
        path = _shared_path(before, after, f"{source}().{name}")
        if path is not None:
            yield what, kind, path


def _shared_path(first: Any, second: Any, path: str) -> str | None:
    """Return where `first` and `second` share a mutable object, or None."""
    return next(
        (at for at, one, other in pairs_in(first, second, path) if _share(one, other)), None
    )


def _share(first: Any, second: Any) -> bool:
    if not (isinstance(first, np.ndarray) and isinstance(second, np.ndarray)):
        return first is second and isinstance(first, (dict, list, set))
    if first.dtype == object:
        return first is second
    try:
        return np.shares_memory(first, second, max_work=_OVERLAP_WORK)
    except RuntimeError:  # NumPy's TooHardError: no overlap was found within the limit
        return False


def pairs_in(
    first: Any, second: Any, path: str, seen: set[tuple[int, int]] | None = None
) -> Iterator[tuple[str, Any, Any]]:
    """Yield the path and both values of each place that two structures have, from the outside in.

    Inside are entries of dicts and elements of tuples, lists and arrays of objects, where both
    structures have the same class.

    Args:
        first: Any data.
        second: The same.
        path: The place of both.
        seen: The pairs on the way, since an info may contain itself.
    """
    seen = set() if seen is None else seen
    if (id(first), id(second)) in seen:
        return
    seen.add((id(first), id(second)))
    yield path, first, second
    inside: Iterable[tuple[Any, Any, Any]] = ()
    if type(first) is not type(second):
        return
    if isinstance(first, dict):
        inside = [(key, first[key], second[key]) for key in first if key in second]
    elif isinstance(first, (tuple, list)):
        inside = zip(itertools.count(), first, second, strict=False)
    elif isinstance(first, np.ndarray) and first.dtype == second.dtype == object:
        inside = zip(itertools.count(), first.flat, second.flat, strict=False)
    for key, one, other in inside:
        yield from pairs_in(one, other, entry(path, key), seen)
