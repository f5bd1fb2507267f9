"""Elements of spaces nearest to zero, and boxes mapped onto boxes."""

import numpy as np
import pytest

from dromos.error import CustomSpaceError
from dromos.spaces import (
    Box,
    Dict,
    Discrete,
    Graph,
    MultiBinary,
    MultiDiscrete,
    OneOf,
    Sequence,
    Space,
    Text,
    Tuple,
)
from dromos.wrappers.utils import create_zero_array, rescale_box

SPACES = [
    (Box(-1, 1, (2,), np.float32), [0, 0]),
    (Box(np.array([1, -3, -1]), np.array([2, -2, 1]), dtype=np.float64), [1, -2, 0]),
    (Box(3, 200, (2, 2), np.uint8), [[3, 3], [3, 3]]),
    (Box(-np.inf, np.inf, ()), 0),
    (Discrete(3), 0),
    (Discrete(3, start=4), 4),
    (Discrete(3, start=-1), 0),
    (Discrete(3, start=-9), -7),
    (MultiDiscrete([2, 3], start=[5, -1]), [5, 0]),
    (MultiBinary((2, 2)), [[0, 0], [0, 0]]),
    (Text(5, min_length=2, charset="ba"), "aa"),
    (Text(5), "0"),
]


@pytest.mark.parametrize(("space", "zero"), SPACES, ids=str)
def test_zero_or_the_nearest(space, zero):
    found = create_zero_array(space)
    assert found in space
    assert np.asarray(found).tolist() == zero


@pytest.mark.parametrize(
    "space",
    [
        Tuple((Discrete(2), Box(1, 2, (3,)))),
        Dict(a=Discrete(2), b=Dict(c=MultiBinary(3))),
        Sequence(Discrete(2)),
        Sequence(Box(1, 2, (3,)), stack=True),
        Graph(Box(1, 2, (3,)), Discrete(4)),
        Graph(Discrete(3), None),
        OneOf((Discrete(2, start=1), Box(0, 1))),
    ],
    ids=str,
)
def test_it_is_an_element_of_a_composite_space(space):
    assert create_zero_array(space) in space


def test_two_zeros_share_no_memory():
    space = Dict(a=Box(0, 1, (2,)))
    create_zero_array(space)["a"][:] = 1
    assert not create_zero_array(space)["a"].any()


def test_other_classes_of_space_join():
    class Colour(Space):
        """A space of a user's own."""

    with pytest.raises(CustomSpaceError, match=r"no zero of a Colour: .*register\(Colour"):
        create_zero_array(Colour())
    create_zero_array.register(Colour, lambda space: "black")
    assert create_zero_array(Tuple((Colour(), Discrete(2)))) == ("black", 0)


def test_no_space():
    with pytest.raises(TypeError, match="expects a Space, found 3"):
        create_zero_array(3)


class TestRescaleBox:
    def test_there_and_back(self):
        box, forward, backward = rescale_box(Box(-2, 6, (3,), np.float32), 0, 1)
        assert box == Box(0, 1, (3,), np.float32)
        x = np.array([-2, 2, 6], np.float32)
        np.testing.assert_allclose(forward(x), [0, 0.5, 1])
        np.testing.assert_allclose(backward(forward(x)), x)

    def test_unbounded_elements_are_shifted(self):
        box = Box(np.array([0, -np.inf]), np.array([np.inf, np.inf]), dtype=np.float64)
        new, forward, _ = rescale_box(box, np.array([5, -np.inf]), np.array([np.inf, np.inf]))
        assert new.low.tolist() == [5, -np.inf]
        assert forward(np.array([1.0, 1.0])).tolist() == [6, 1]

    @pytest.mark.parametrize(
        ("space", "low", "high", "error"),
        [
            (Discrete(2), 0, 1, TypeError),
            (Box(0, 1, (2,)), "0", 1, TypeError),
            (Box(0, 1, (2,)), np.zeros(3), 1, ValueError),
            (Box(0, 1, (2,)), 2, 1, ValueError),
            (Box(0, np.inf, (2,)), 0, 1, ValueError),
        ],
    )
    def test_bad_bounds(self, space, low, high, error):
        with pytest.raises(error):
            rescale_box(space, low, high)
