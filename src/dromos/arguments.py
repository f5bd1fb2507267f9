"""Arguments that are a yes or no, a number, or values by name, checked alike everywhere."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["flag", "named", "number", "whole"]

_MOST = 2**31 - 1  # what libraries that are written in C count with


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


def whole(name: str, value: Any, least: int = 1, most: int = _MOST) -> int:
    """Return a whole number of Python's or NumPy's.

    Raises:
        ValueError: If it is none, or out of range.
    """
    integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not integer or value < least:
        raise ValueError(f"{name}: expected a whole number ≥ {least}, found {value!r:.200}")
    if value > most:
        raise ValueError(f"{name}: expected a whole number ≤ {most}, found {value!r:.200}")
    return int(value)


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
