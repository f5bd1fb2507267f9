"""The draws of `Box.sample`: which distribution an interval gets, and its limits of precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dromos.spaces.bounds import dtype_limits

__all__ = ["draw"]

_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]


def draw(
    rng: np.random.Generator,
    low: npt.NDArray[Any],
    high: npt.NDArray[Any],
    bounded_below: _Bools,
    bounded_above: _Bools,
    dtype: np.dtype[Any],
) -> npt.NDArray[Any]:
    """Return a random element of a box.

    An element of ``[a, b]`` is uniform, of ``[a, inf)`` a + Exp(1), of ``(-inf, b]`` b − Exp(1),
    of ``(-inf, inf)`` N(0, 1). The draws come from `rng` in this order: all normals, the
    exponentials above a bound, those below one, all uniforms. Integers are uniform in
    ``[a, b + 1)``, rounded down.
    """
    is_float = dtype.kind == "f"
    bottom = low.astype(np.float64)
    top = high.astype(np.float64) if is_float else _successor(high)
    sample = np.empty(low.shape)
    free = ~bounded_below & ~bounded_above
    rising = bounded_below & ~bounded_above
    falling = ~bounded_below & bounded_above
    inside = bounded_below & bounded_above
    sample[free] = rng.standard_normal(np.count_nonzero(free))
    sample[rising] = rng.standard_exponential(np.count_nonzero(rising)) + bottom[rising]
    sample[falling] = top[falling] - rng.standard_exponential(np.count_nonzero(falling))
    fraction = rng.random(np.count_nonzero(inside))
    sample[inside] = _between(bottom[inside], top[inside], fraction)
    if is_float:
        return _to_floats(sample, low, high, dtype)
    return _to_integers(sample, low, high, inside, fraction, dtype)


def _successor(high: npt.NDArray[Any]) -> _Floats:
    """Return ``high + 1``, added exactly and then rounded."""
    wide = high.astype(np.uint64 if high.dtype.kind == "u" else np.int64)
    limit = np.iinfo(wide.dtype).max
    return np.where(wide == limit, float(limit), (np.minimum(wide, limit - 1) + 1).astype(float))


def _between(low: _Floats, high: _Floats, fraction: _Floats) -> _Floats:
    """Return the points at `fraction` of the way from `low` to `high`."""
    with np.errstate(over="ignore", invalid="ignore"):
        width = high - low
        points = low + width * fraction
        is_finite = np.isfinite(width)
        if not is_finite.all():
            # The width of an interval can exceed the largest float64 where its ends do not.
            points = np.where(is_finite, points, low * (1 - fraction) + high * fraction)
            points = np.where(low == high, low, points)
        return np.asarray(points)


def _to_floats(
    sample: _Floats, low: npt.NDArray[Any], high: npt.NDArray[Any], dtype: np.dtype[Any]
) -> npt.NDArray[Any]:
    smallest, largest = dtype_limits(dtype)
    with np.errstate(over="ignore"):
        rounded = np.clip(sample.astype(dtype), smallest, largest, dtype=dtype)
    return np.asarray(np.clip(rounded, low, high, dtype=dtype))


def _to_integers(
    sample: _Floats,
    low: npt.NDArray[Any],
    high: npt.NDArray[Any],
    inside: _Bools,
    fraction: _Floats,
    dtype: np.dtype[Any],
) -> npt.NDArray[Any]:
    if dtype.kind == "b":
        return np.asarray((sample >= 1) & high | low)
    wide = np.dtype(np.uint64 if dtype.kind == "u" else np.int64)
    end = float(np.iinfo(wide).max)  # rounded up, to 2^63 or 2^64
    is_beyond = sample >= end
    integers = np.where(is_beyond, 0, np.maximum(np.floor(sample), np.iinfo(wide).min)).astype(wide)
    integers = np.where(is_beyond, high.astype(wide), integers)
    # Gymnasium's stream for these bounds overflows, so there is nothing to be equal to but better.
    exact = inside & (high.astype(wide) >= np.iinfo(np.int64).max)
    if exact.any():
        integers[exact] = _exact_between(low[exact], high[exact], fraction[exact[inside]], wide)
    clipped = np.clip(integers, low.astype(wide), high.astype(wide))
    return np.asarray(clipped, dtype)


def _exact_between(
    low: npt.NDArray[Any], high: npt.NDArray[Any], fraction: _Floats, wide: np.dtype[Any]
) -> npt.NDArray[Any]:
    """Return integers uniform in ``[low, high]`` where float64 is too coarse for the bounds."""
    gap = high.astype(np.uint64) - low.astype(np.uint64)  # modulo 2^64, hence exact
    largest = np.nextafter(2.0**64, 0)
    steps = np.minimum(np.floor(fraction * (gap.astype(float) + 1)), largest).astype(np.uint64)
    return np.asarray(low.astype(np.uint64) + np.minimum(steps, gap), wide)
