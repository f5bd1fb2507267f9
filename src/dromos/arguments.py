"""Arguments that are a yes or no, a number, or values by name, checked alike everywhere."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["INT_MAX", "flag", "named", "number", "whole"]

#: The most that libraries written in C count to.
INT_MAX = 2**31 - 1


def flag(name: str, value: Any) -> bool:
    """Return a yes or no: a bool of Python's or NumPy's, 0 or 1.

    Raises:
        TypeError: If it is anything else, as ``"no"``, which Python takes for a yes.
    """
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)) and value in (0, 1):
        return bool(value)
    raise TypeError(f"{name}: expected True or False, found {value!r:.200}")


def number(name: str, value: Any) -> float:
    """Return a number of Python's or NumPy's.

    Raises:
        TypeError: If it is none; a text that reads like one is none.
    """
    is_array = isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "biuf"
    if is_array or isinstance(value, (numbers.Real, np.bool_)):
        return float(value)
    raise TypeError(f"{name}: expected a number, found {value!r:.200}")


def whole(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """Return a whole number of Python's or NumPy's.

    Raises:
        TypeError: If it is none; a bool is none.
        ValueError: If it is out of range.
    """
    try:
        result = None if isinstance(value, (bool, np.bool_)) else operator.index(value)
    except TypeError:
        result = None
    if result is None:
        raise TypeError(f"{name}: expected a whole number ≥ {least}, found {value!r:.200}")
    if result < least:
        raise ValueError(f"{name}: expected a whole number ≥ {least}, found {value!r:.200}")
    if most is not None and result > most:
        raise ValueError(f"{name}: expected a whole number ≤ {most}, found {value!r:.200}")
    return result


def named(name: str, given: Any) -> dict[str, Any]:
    """Return values by name, as a new dict.

    Raises:
        TypeError: If it is no dict, or a key no text.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"{name}: expected a dict of names and values, found {given!r:.200}")
    if wrong := [key for key in given if not isinstance(key, str)]:
        raise TypeError(f"{name}: expected names as keys, found {wrong[0]!r:.200}")
    return dict(given)
