"""Whether two observations, infos or results are the same, and where they differ."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dromos.checks.promise import Promise, shown
from dromos.checks.reuse import pairs_in
from dromos.native.views import ArrayView

__all__ = ["Difference", "alike", "check_same", "data_equivalence", "difference", "require_same"]

#: How far floats may be apart, relatively and absolutely, to count as close.
_TOLERANCE = 1e-5


class Difference(NamedTuple):
    """Where two structures of data differ: the path, and what stands there in each."""

    path: str
    first: str
    second: str


def data_equivalence(data_1: Any, data_2: Any, exact: bool = False) -> bool:
    """Return whether two structures of data have the same types, shapes, dtypes and values.

    Args:
        data_1: Dicts, tuples, lists, arrays and scalars, nested.
        data_2: The same.
        exact: Whether arrays of floats must be equal; otherwise they may differ by 1e-5. NaN
            equals NaN.
    """
    return difference(data_1, data_2, "", exact=exact) is None


def difference(first: Any, second: Any, path: str, *, exact: bool = True) -> Difference | None:
    """Return the first place where two structures of data differ, or None.

    Args:
        first: Dicts, tuples, lists, arrays and scalars, nested.
        second: The same.
        path: The place of both.
        exact: As for `data_equivalence`.
    """
    for place, one, other in pairs_in(first, second, path):
        if (found := _difference_at(one, other, place, exact)) is not None:
            return found
    return None


def _difference_at(first: Any, second: Any, path: str, exact: bool) -> Difference | None:
    """Return how two values differ, their entries and elements aside."""
    if _class(first) is not _class(second):
        return Difference(path, _typed(first), _typed(second))
    if isinstance(first, dict):
        same = first.keys() == second.keys()
        keys = [f"the keys {list(each)}" for each in (first, second)]
        return None if same else Difference(path, *keys)
    if isinstance(first, (tuple, list)):
        same, parts = len(first) == len(second), [f"{len(each)} parts" for each in (first, second)]
        return None if same else Difference(path, *parts)
    if isinstance(first, np.ndarray):
        return _array_difference(first, second, path, exact)
    return None if _same_leaf(first, second) else Difference(path, shown(first), shown(second))


def alike(text: str, remedy: str) -> Promise:
    """Return the promise that two structures of data are the same, for `check_same`."""
    return Promise(
        AssertionError, "{value.path}", text, "{value.first}", "{value.second}{when}", remedy
    )


def check_same(
    promise: Promise, first: Any, second: Any, path: str, *, exact: bool = True, **values: object
) -> bool:
    """Return whether two structures of data are the same; if not, tell where they differ first.

    Args:
        promise: Of `alike`.
        first: As for `difference`, like the following.
        second: What is found in its place.
        path: The place of both.
        exact: As for `data_equivalence`.
        **values: What the promise's texts name besides.
    """
    found = difference(first, second, path, exact=exact)
    return promise.kept(found is None, found, **{"when": "", **values})


def require_same(
    promise: Promise, first: Any, second: Any, path: str, *, exact: bool = False, **values: object
) -> None:
    """Do as `check_same`, and end the examination if they differ."""
    found = difference(first, second, path, exact=exact)
    promise.require(found is None, found, **{"when": "", **values})


def _array_difference(
    first: np.ndarray, second: np.ndarray, path: str, exact: bool
) -> Difference | None:
    if first.shape != second.shape or first.dtype != second.dtype:
        return Difference(path, *(f"shape {a.shape}, dtype {a.dtype}" for a in (first, second)))
    if first.dtype == object:
        return None
    same = _same_elements(first, second, exact)
    if same.all():
        return None
    at = tuple(int(i) for i in np.unravel_index(int(np.argmin(same)), same.shape))
    place = f"{path}[{', '.join(map(str, at))}]" if at else path
    return Difference(place, shown(first[at]), shown(second[at]))


def _same_elements(first: np.ndarray, second: np.ndarray, exact: bool) -> np.ndarray:
    same: np.ndarray
    if first.dtype.kind not in "fc":
        same = np.asarray(first == second)
    elif exact:
        same = np.asarray((first == second) | (np.isnan(first) & np.isnan(second)))
    else:
        same = np.isclose(first, second, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
    return same


def _same_leaf(first: Any, second: Any) -> bool:
    if first is second:
        return True
    try:
        return bool(first == second) or bool(first != first and second != second)
    except Exception:  # such as an array of another library, with more than one element
        return bool(np.array_equal(np.asarray(first), np.asarray(second)))


def _class(value: Any) -> type:
    """Return the class that data counts as: a view of native values is an array."""
    return np.ndarray if isinstance(value, ArrayView) else type(value)


def _typed(value: Any) -> str:
    return f"{shown(value)} of {type(value)}"
