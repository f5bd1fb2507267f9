"""Reset bounds of the classic control problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsFloat

import numpy as np

__all__ = ["check_reset_bounds", "maybe_parse_reset_bounds", "verify_number_and_cast"]


def verify_number_and_cast(x: SupportsFloat) -> float:
    """Return `x` as a float.

    Raises:
        ValueError: If it is not a number.
    """
    try:
        return float(x)
    except (TypeError, ValueError):
        raise ValueError(f"Expected a number, got {x!r}") from None


def maybe_parse_reset_bounds(
    options: dict[str, Any] | None, default_low: float, default_high: float
) -> tuple[float, float]:
    """Return the bounds ``low`` and ``high`` of reset options, or their defaults.

    Raises:
        ValueError: If a bound is not a number, or ``low`` is greater than ``high``.
    """
    if options is None:
        return default_low, default_high
    low = verify_number_and_cast(options.get("low", default_low))
    high = verify_number_and_cast(options.get("high", default_high))
    if low > high:
        raise ValueError(f"Expected low ≤ high, got low={low} and high={high}")
    return low, high


def check_reset_bounds(
    options: Mapping[str, Any], default_low: float, default_high: float
) -> Mapping[str, Any]:
    """Return reset options whose bounds fit each other; each is one number, or one a lane.

    Raises:
        TypeError: If a bound is not a number.
        ValueError: If a ``low`` is not at most its ``high``, or a bound is infinite.
    """
    if not options:
        return options
    low = np.asarray(options.get("low", default_low))
    high = np.asarray(options.get("high", default_high))
    for name, bound in (("low", low), ("high", high)):
        if bound.dtype.kind not in "biuf":
            raise TypeError(f"{name}: expected a number, got {options[name]!r}")
        if not np.isfinite(bound).all():
            raise ValueError(f"{name}: expected a finite number, got {options[name]!r}")
    if not np.all(low <= high):
        raise ValueError(f"Expected low ≤ high, got low={low} and high={high}")
    return options
