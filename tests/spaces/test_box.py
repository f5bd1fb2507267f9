import warnings

import gymnasium.spaces
import numpy as np
import pytest

from dromos import spaces
from dromos.error import Error
from dromos.spaces import Box


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((-1, 2, (3, 4)), "Box(-1.0, 2.0, (3, 4), float32)"),
        ((0, 1), "Box(0.0, 1.0, (1,), float32)"),
        ((np.zeros(2), np.array([1.0, 2.0]), None, np.float64), "Box(0.0, [1. 2.], (2,), float64)"),
        ((0, np.array([1, 2], np.int8), None, np.int8), "Box(0, [1 2], (2,), int8)"),
        ((np.int64(-3), np.float32(3), [2]), "Box(-3.0, 3.0, (2,), float32)"),
        ((-np.inf, np.inf, (2,), np.int8), "Box(-128, 127, (2,), int8)"),
        ((0, 1, (), bool), "Box(False, True, (), bool)"),
        ((0, 1, (0, 2)), "Box([], [], (0, 2), float32)"),
        ((0, 2**70, (1,), np.float64), "Box(0.0, 1.1805916207174113e+21, (1,), float64)"),
    ],
)  # fmt: skip
def test_construction(arguments, text):
    assert repr(Box(*arguments)) == text


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((0, 1, 3), TypeError),
        ((0, 1, (2.0,)), TypeError),
        ((0, 1, (-2,)), ValueError),
        ((0, 1, None, None), ValueError),
        ((0, 1, None, object), ValueError),
        ((0, 1, None, np.complex64), ValueError),
        ((None, 1), ValueError),
        (([0], [1]), ValueError),
        (("0", 1, (1,)), ValueError),
        ((False, True, (1,)), ValueError),
        ((np.zeros(2), np.ones(3)), ValueError),
        ((np.zeros(2), np.ones(2), (3,)), ValueError),
        ((np.zeros(2), 1, (3,)), ValueError),
        ((2, 1), ValueError),
        ((np.array([0.0, 3.0]), np.array([1.0, 2.0]), None, np.float64), ValueError),
        ((np.nan, 1), ValueError),
        ((0, np.array([np.nan])), ValueError),
        ((-1, 1, None, np.uint8), ValueError),
        ((0, 256, None, np.uint8), ValueError),
        ((0, -1, None, np.uint8), ValueError),
        ((300, 400, None, np.uint8), ValueError),
        ((np.array([-129]), np.array([0]), None, np.int8), ValueError),
        ((np.array([-np.inf, -129]), np.array([0, 0]), None, np.int8), ValueError),
        ((0, np.array([2.0**63]), None, np.int64), ValueError),
        ((0, 2**63, None, np.int64), ValueError),
        ((0, 2**70, None, np.int64), ValueError),
        ((-1e39, 0), ValueError),
        ((0, np.array([1e39])), ValueError),
        ((0, np.inf, None, np.uint8), ValueError),
        ((-np.inf, 1, None, bool), ValueError),
        ((np.inf, np.inf, None, np.int8), ValueError),
        ((np.array(["a"]), 1), ValueError),
    ],
)
def test_wrong_arguments(arguments, error):
    with pytest.raises(error, match=r"Expected|negative dimensions"):
        Box(*arguments)


def test_errors_name_what_was_expected_and_found():
    with pytest.raises(ValueError, match=r"high to be in the range of uint8, \[0, 255\].*256"):
        Box(0, 256, dtype=np.uint8)
    with pytest.raises(ValueError, match=r"low to have shape \(3,\), found \(2,\)"):
        Box(np.zeros(2), 1, (3,))


def test_arrays_given_are_neither_changed_nor_kept():
    low, high = np.array([-np.inf, 0.0]), np.array([np.inf, 1.0])
    box = Box(low, high, dtype=np.int8)
    assert low.tolist() == [-np.inf, 0]
    box.low[1] = 1
    assert low[1] == 0


def test_lost_precision_is_told():
    with pytest.warns(UserWarning, match="low's precision lowered by casting to float32") as caught:
        Box(np.zeros(2, np.float64), 1)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Box(np.zeros(2, np.float32), 1, dtype=np.float64)
        Box(np.zeros(2, np.int64), 1)


def test_boundedness():
    box = Box(np.array([-np.inf, 0]), np.array([1, np.inf]), dtype=np.float64)
    assert box.bounded_below.tolist() == [False, True]
    assert box.bounded_above.tolist() == [True, False]
    assert not box.is_bounded()
    assert Box(0, np.inf).is_bounded("below")
    assert not Box(0, np.inf).is_bounded("above")
    assert Box(-128, 127, dtype=np.int8).is_bounded()
    with pytest.raises(ValueError, match="'sideways'"):
        box.is_bounded("sideways")


BOX, IMAGE = Box(-1, 1, (2,)), Box(0, 255, (2, 2), np.uint8)
ELEMENTS = [
    (BOX, np.zeros(2, np.float32), True),
    (BOX, np.array([-1, 1], np.float32), True),
    (BOX, np.array([0, 1.1], np.float32), False),
    (BOX, np.array([0, np.nan], np.float32), False),
    (BOX, np.zeros(2), False),  # float64
    (BOX, np.zeros(2, np.float16), True),
    (BOX, np.zeros(2, np.int8), True),
    (BOX, np.zeros(3, np.float32), False),
    (BOX, np.zeros((1, 2), np.float32), False),
    (BOX, np.zeros(4, np.float32)[::2], True),
    (BOX, np.full(4, 3, np.float32)[::2], False),
    (BOX, np.zeros(2, np.dtype(np.float32).newbyteorder()), True),
    (Box(-np.inf, np.inf, (2,)), np.array([np.inf, -np.inf], np.float32), True),
    (IMAGE, np.full((2, 2), 255, np.uint8), True),
    (IMAGE, np.full((2, 2), 255, np.int16), False),
    (IMAGE, np.ones((2, 2), bool), True),
    (Box(0, 1, (), np.int8), np.array(1, np.int8), True),
    (Box(0, 1, (2,), bool), np.array([True, False]), True),
    (Box(0, 1, (0,)), np.zeros(0, np.float32), True),
]


@pytest.mark.parametrize(("box", "x", "is_element"), ELEMENTS)
def test_contains_arrays(box, x, is_element):
    assert (x in box) is is_element
    peer = gymnasium.spaces.Box(box.low, box.high, dtype=box.dtype.type)
    assert (x in peer) is is_element


@pytest.mark.parametrize(
    ("box", "x", "is_element"),
    [
        (BOX, [0.25, -1], True),
        (BOX, (0, 2), False),
        (BOX, [0.1], False),
        (BOX, 0.5, False),
        (BOX, [[0.1], [0.1, 0.2]], False),
        (BOX, "ab", False),
        (BOX, None, False),
        (BOX, [None, 1], False),
        (Box(-1, 1, ()), 0.1, True),
        (Box(0, 255, (2,), np.uint8), [0, 255], True),
        (Box(0, 255, (2,), np.uint8), [0, 256], False),
        (Box(0, 255, (2,), np.uint8), [0, -1], False),
        (Box(0, 255, (2,), np.uint8), [0, 1.5], False),
        (Box(0, 255, (2,), np.uint8), [0, 1e300], False),
        (Box(0, 255, (2,), np.uint8), [0, 2**70], False),
    ],
)
def test_contains_casts_with_a_warning(box, x, is_element):
    with pytest.warns(UserWarning, match=r"Casting input x to numpy array\."):
        assert box.contains(x) is is_element


def test_numpy_scalars_are_no_surprise():
    assert np.float32(0.5) in Box(-1, 1, ())
    assert np.int8(3) not in Box(0, 2, (), np.int8)


@pytest.mark.parametrize("steering", [{"mask": np.ones(2)}, {"probability": np.ones(2)}])
def test_no_masks(steering):
    with pytest.raises(Error, match="cannot be provided a mask"):
        BOX.sample(**steering)


def test_equality_is_exact():
    assert Box(0, 1) == Box(0, 1)
    assert Box(0, 1) != Box(0, 1, (2,))
    assert Box(0, 1) != Box(0, 1, dtype=np.float64)
    assert Box(0, 1) != Box(0, 1 + 1e-6)
    assert Box(0, 10**6, dtype=np.int64) != Box(0, 10**6 + 1, dtype=np.int64)
    assert Box(0, 1e-9) != Box(0, 0)
    assert Box(0, 1) != spaces.Discrete(2)
    assert len({Box(0, 1), Box(0, 1), Box(0, 2)}) == 2


def test_assigned_bounds_are_in_force():
    box = Box(-np.inf, np.inf, (2,), seed=0)
    box.low = np.array([3, 3], np.float32)
    box.high = np.array([4, 4], np.float32)
    assert box.is_bounded()
    assert np.all((box.sample() >= 3) & (box.sample() <= 4))
    assert np.zeros(2, np.float32) not in box
    assert repr(box) == "Box(3.0, 4.0, (2,), float32)"
    assert spaces.flatten_space(box) == box
    box.low[0] = 3.5
    assert "3.5" in repr(box)
    integers = Box(-np.inf, np.inf, (2,), np.int8, seed=0)
    integers.low = np.array([100, 100], np.int8)
    assert integers.is_bounded("below")
    assert integers.sample() in integers


def test_assigned_shape_and_dtype_are_in_force():
    box = Box(0, 1, (4,), np.float64)
    box.dtype = np.float32  # the bounds stay float64
    assert np.zeros(4, np.float32) in box
    assert np.zeros(4, np.float64) not in box
    assert box.sample().dtype == np.float32
    box.low, box.high = box.low.reshape(2, 2), box.high.reshape(2, 2)
    box._shape = (2, 2)
    assert box.shape == (2, 2)
    assert np.zeros((2, 2), np.float32) in box
    assert box.sample().shape == (2, 2)
    assert spaces.flatten(box, box.sample()).shape == (4,)
    assert np.zeros((3, 2, 2), np.float32) in spaces.box.Box._batch(box, 3)


def test_flattened_elements_are_copies_and_cast():
    x = np.zeros(2, np.float32)
    flat = spaces.flatten(BOX, x)
    flat[0] = 9
    assert x[0] == 0
    assert spaces.flatten(BOX, [0.5, 1]).dtype == np.float32
    with pytest.raises(ValueError, match=r"shape \(2,\), found \(3,\)"):
        spaces.flatten(BOX, np.zeros(3, np.float32))
