"""The native sine, cosine and angle wrapping against libm's and NumPy's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dromos._core import math as native

ANGLES = st.floats(-native.SINCOS_EXACT, native.SINCOS_EXACT)


def ulps(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the distance in units of the last place of the true value, rounded to double."""
    return np.abs(found - truth) / np.spacing(np.abs(truth))


@pytest.mark.parametrize("size", [1e-300, 1e-8, 1.0, 10.0, 1e3, native.SINCOS_EXACT])
def test_sincos_is_within_one_ulp(size: float) -> None:
    x = np.random.default_rng(0).uniform(-size, size, 200_000)
    sine, cosine = native.sincos(x)
    # NumPy's long double is wider than double on the usual platforms; rounded, it is the truth.
    assert ulps(sine, np.sin(x.astype(np.longdouble)).astype(float)).max() <= 1
    assert ulps(cosine, np.cos(x.astype(np.longdouble)).astype(float)).max() <= 1


@given(ANGLES)
def test_sincos_of_one_angle(x: float) -> None:
    sine, cosine = native.sincos(np.array([x]))
    assert abs(sine[0] - math.sin(x)) <= 2 * math.ulp(math.sin(x))  # libm is allowed its own ulp
    assert abs(cosine[0] - math.cos(x)) <= 2 * math.ulp(math.cos(x))
    assert math.copysign(1, sine[0]) == math.copysign(1, math.sin(x))


@given(st.integers(-65535, 65535))
def test_sincos_at_quarter_turns(n: int) -> None:
    x = n * math.pi / 2
    sine, cosine = native.sincos(np.array([x]))
    assert abs(sine[0] - math.sin(x)) <= 2 * math.ulp(math.sin(x))
    assert abs(cosine[0] - math.cos(x)) <= 2 * math.ulp(math.cos(x))


@given(arrays(np.float64, st.integers(1, 200), elements=st.floats(allow_nan=True)))
def test_an_element_does_not_depend_on_its_neighbours(x: np.ndarray) -> None:
    """SIMD lanes, remainders and single values agree bit for bit."""
    sine, cosine = native.sincos(x)
    wrapped = native.wrap_angle(x)
    for i in range(len(x)):
        one_sine, one_cosine = native.sincos(x[i : i + 1].copy())
        np.testing.assert_array_equal(one_sine[0], sine[i])
        np.testing.assert_array_equal(one_cosine[0], cosine[i])
        np.testing.assert_array_equal(native.wrap_angle(x[i : i + 1].copy())[0], wrapped[i])


def test_far_and_non_finite_angles() -> None:
    x = np.array([np.inf, -np.inf, np.nan, 1e300, -1e20])
    sine, cosine = native.sincos(x)
    np.testing.assert_array_equal(sine, [np.nan, np.nan, np.nan, 0.0, 0.0])
    np.testing.assert_array_equal(cosine, [np.nan, np.nan, np.nan, 1.0, 1.0])


@given(st.floats(-native.SINCOS_LIMIT, native.SINCOS_LIMIT))
def test_sincos_is_the_sine_and_cosine_of_a_neighbour(x: float) -> None:
    sine, cosine = native.sincos(np.array([x]))
    assert abs(sine[0] - math.sin(x)) <= math.ulp(x) + 1e-15
    assert abs(cosine[0] - math.cos(x)) <= math.ulp(x) + 1e-15


@given(st.floats(-4e8, 4e8))
def test_wrap_angle_is_pythons_remainder(x: float) -> None:
    expected = (x + math.pi) % (2 * math.pi) - math.pi
    assert native.wrap_angle(np.array([x]))[0] == expected
    assert -math.pi <= expected <= math.pi
