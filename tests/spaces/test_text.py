import numpy as np
import pytest

from dromos import spaces
from dromos.spaces import Text
from dromos.spaces.masks import MaskError
from dromos.spaces.text import alphanumeric


def test_characters():
    assert Text(5).character_set == alphanumeric
    assert repr(Text(2, charset="zaz")) == "Text(1, 2, charset=az)"
    assert Text(2, charset="zaz").character_list == ("z", "a")
    assert Text(2, charset=set("zab")).character_list == ("a", "b", "z")
    index = Text(2, charset="zaz").character_index("a")
    assert (type(index), index) == (np.int32, 1)
    with pytest.raises(KeyError):
        Text(2, charset="a").character_index("b")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"max_length": 2.0}, TypeError),
        ({"max_length": True}, TypeError),
        ({"max_length": 2, "min_length": "1"}, TypeError),
        ({"max_length": 2, "min_length": -1}, ValueError),
        ({"max_length": 2, "min_length": 3}, ValueError),
        ({"max_length": 2, "charset": ["ab"]}, ValueError),
        ({"max_length": 2, "charset": {""}}, ValueError),
    ],
)
def test_wrong_arguments(arguments, error):
    with pytest.raises(error, match="Expected"):
        Text(**arguments)


def test_contains():
    space = Text(3, min_length=1, charset="ab")
    assert all(x in space for x in ("a", "ab", "bbb", np.str_("a")))
    assert not any(x in space for x in ("", "abab", "c", "ac", 3, None, ["a"]))


def test_equality_ignores_the_order_of_characters():
    assert Text(3, charset="ab") == Text(3, charset="ba")
    assert Text(3, charset="ab") != Text(3, charset="abc")
    assert Text(3) != Text(4)
    assert Text(3) != Text(3, min_length=0)
    assert len({Text(3, charset="ab"), Text(3, charset="ba")}) == 1


def int8(*values):
    return np.array(values, np.int8)


@pytest.mark.parametrize(
    "mask",
    [
        3,
        (3,),
        (2.0, None),
        (9, None),
        (0, None),
        (None, [1, 0]),
        (None, int8(1)),
        (None, int8(2, 0)),
    ],
)
def test_wrong_masks(mask):
    with pytest.raises(MaskError, match="Expected"):
        Text(3, charset="ab").sample(mask=mask)
    with pytest.raises(MaskError, match="Expected"):
        Text(3, charset="ab").sample(probability=(None, np.array([0.5, 0.6])))


def test_a_mask_of_nothing():
    nothing = (None, int8(0, 0))
    assert Text(3, min_length=0, charset="ab").sample(mask=nothing) == ""
    with pytest.raises(ValueError, match="at least 1"):
        Text(3, charset="ab").sample(mask=nothing)
    assert Text(3, min_length=0, charset="").sample() == ""
    with pytest.raises(ValueError, match="at least 1"):
        Text(3, charset="").sample()


def test_flattening():
    space = Text(4, charset="ba", min_length=0)
    assert spaces.flatten(space, "ab").tolist() == [1, 0, 2, 2]
    assert spaces.unflatten(space, np.array([1.0, 0.0, 2.0, 2.0])) == "ab"
    assert spaces.unflatten(space, np.array([1, -1, 7, 0])) == "ab"
    for x in ("abc", "ababa"):
        with pytest.raises(ValueError, match="Expected an element"):
            spaces.flatten(space, x)


def test_zero_is_a_character_like_any_other():
    space = Text(9, min_length=9, charset="\0", seed=0)
    assert space.sample() == "\0" * 9
