"""What the core refuses to draw parameters by."""

import numpy as np
import pytest

from dromos._core import batch as core

FIRST_WAY = np.zeros(2, dtype=np.int32)
UNIFORM, CHOICE = core.Distribution.UNIFORM, core.Distribution.CHOICE
LOG_UNIFORM, NORMAL = core.Distribution.LOG_UNIFORM, core.Distribution.NORMAL
NUMBERS = [1.0, 2.0, 0.0, 0.0]
PLAIN = (UNIFORM, NUMBERS, 0, [(0, None)])


@pytest.mark.parametrize(
    ("way", "error", "message"),
    [
        ((UNIFORM, NUMBERS[:3], 0, [(0, None)]), ValueError, "four numbers to draw by"),
        ((UNIFORM, NUMBERS, 0, []), ValueError, "expected one field"),
        ((UNIFORM, NUMBERS, 0, [(0, None), (1, None)]), ValueError, "expected one field"),
        ((UNIFORM, NUMBERS, 1, [(0, np.ones(1))]), ValueError, "expected choices of CHOICE"),
        ((CHOICE, NUMBERS, 0, [(0, None)]), ValueError, "expected choices of CHOICE, at least one"),
        ((CHOICE, NUMBERS, 2**61, [(0, np.ones(1))]), ValueError, "another dtype or shape"),
        ((0, NUMBERS, 0, [(0, None)]), TypeError, "expected a member of Distribution"),
        ((9, NUMBERS, 0, [(0, None)]), TypeError, "expected a member of Distribution"),
        ((core.Group.PARAMS, NUMBERS, 0, [(0, None)]), TypeError, "a member of Distribution"),
        ((UNIFORM, NUMBERS, 0, [(99, None)]), IndexError, "no such field"),
        ((UNIFORM, NUMBERS, 0, [(9, None)]), TypeError, "only parameters of type float64"),
        ((CHOICE, NUMBERS, 2, [(0, np.ones(3))]), ValueError, "another dtype or shape"),
        ((CHOICE, NUMBERS, 2, [(9, np.ones(2))]), ValueError, "another dtype or shape"),
        ((CHOICE, NUMBERS, 2, [(0, None)]), ValueError, "another dtype or shape"),
    ],
)
def test_the_core_refuses_draws_that_do_not_fit_its_fields(way, error, message):
    refuse_in_core(([PLAIN, way], FIRST_WAY), error, message)


@pytest.mark.parametrize("kind", [UNIFORM, LOG_UNIFORM, NORMAL])
@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        *(
            ([*NUMBERS[:place], bad, *NUMBERS[place + 1 :]], "expected finite numbers")
            for place in range(4)
            for bad in (np.nan, np.inf)
        ),
        ([2.0, 1.0, 0.0, 0.0], "the least value ≤ the greatest value"),
        ([1.0, 2.0, 1.0, -0.5], "a deviation ≥ 0"),
    ],
)
def test_the_core_refuses_numbers_that_describe_no_distribution(kind, numbers, message):
    refuse_in_core(([(kind, numbers, 0, [(0, None)])], FIRST_WAY), ValueError, message)


@pytest.mark.parametrize(
    ("kind", "low", "high", "message"),
    [
        (LOG_UNIFORM, 0.0, 2.0, "the least value of LOG_UNIFORM > 0"),
        (LOG_UNIFORM, -1.0, 2.0, "the least value of LOG_UNIFORM > 0"),
        (UNIFORM, -1e308, 1e308, "less than the greatest float64 apart"),
    ],
)
def test_the_core_refuses_bounds_it_cannot_draw_between(kind, low, high, message):
    way = (kind, [low, high, 0.0, 0.0], 0, [(0, None)])
    refuse_in_core(([way], FIRST_WAY), ValueError, message)


def test_the_ends_of_a_normal_distribution_may_be_far_apart():
    lanes = core.make_batch("CartPole", 2, core.Autoreset.NEXT_STEP, core.NO_LIMIT)
    way = (NORMAL, [-1e308, 1e308, 5.0, 0.0], 0, [(0, None)])
    lanes.set_draws([([way], FIRST_WAY)])
    lanes.reset(np.arange(2))
    assert lanes.read(core.Group.PARAMS, 0, np.arange(2)).tolist() == [5.0, 5.0]


@pytest.mark.parametrize(
    ("lanes", "error", "message"),
    [
        (FIRST_WAY[:1], ValueError, "another dtype or shape"),
        (np.ones(2), ValueError, "another dtype or shape"),
        (FIRST_WAY + 1, IndexError, "no such way to draw"),
        (FIRST_WAY - 2, IndexError, "no such way to draw"),
    ],
)
def test_the_core_refuses_draws_of_other_lanes(lanes, error, message):
    refuse_in_core(([PLAIN], lanes), error, message)


def refuse_in_core(draw, error, message):
    lanes = core.make_batch("CartPole", 2, core.Autoreset.NEXT_STEP, core.NO_LIMIT)
    kept = (CHOICE, NUMBERS, 1, [(0, np.array([3.0]))])
    lanes.set_draws([([kept], FIRST_WAY)])
    with pytest.raises(error, match=message):
        lanes.set_draws([([(UNIFORM, NUMBERS, 0, [(1, None)])], FIRST_WAY), draw])
    lanes.reset(np.arange(2))
    assert lanes.read(core.Group.PARAMS, 0, np.arange(2)).tolist() == [3.0, 3.0]
    assert lanes.read(core.Group.PARAMS, 1, np.arange(2)).tolist() == [1.0, 1.0]
