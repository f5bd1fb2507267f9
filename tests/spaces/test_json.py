"""The JSON form of spaces: exact, and safe to read."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from space_cases import nested, same

from dromos import spaces
from dromos.error import CustomSpaceError, InvalidJson
from dromos.spaces import Box, Dict, Discrete, Graph, MultiDiscrete, Sequence, Space, Text, Tuple


@given(nested(), st.integers(0, 2**64))
def test_round_trip(recipe, seed):
    space = recipe.build(spaces)
    text = space.to_json()
    json.loads(text, parse_constant=pytest.fail)
    again = Space.from_json(text)
    assert type(again) is type(space)
    assert again == space
    assert repr(again) == repr(space)
    assert again.to_json() == text
    space.seed(seed), again.seed(seed)
    assert same(again.sample(), space.sample())


def test_bounds_are_exact():
    low = np.array([-np.inf, -0.0, 0.1, 5e-324, -1.7976931348623157e308])
    box = Box(low, np.array([np.inf, 0.0, 1 / 3, 1.0, np.inf]), dtype=np.float64)
    again = Space.from_json(box.to_json())
    assert again.low.tobytes() == box.low.tobytes()
    assert again.high.tobytes() == box.high.tobytes()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_bounds_of_other_floats_are_exact(dtype):
    high = np.array([1, 2, np.inf], dtype) / np.array([3], dtype)
    box = Box(-high, high, dtype=dtype)
    again = Space.from_json(box.to_json())
    assert again.dtype == box.dtype
    assert np.array_equal(again.high, box.high)


def test_integers_without_bounds_stay_without():
    box = Box(np.array([-np.inf, -128]), np.array([127, 5]), dtype=np.int8)
    again = Space.from_json(box.to_json())
    assert again.bounded_below.tolist() == [False, True]
    assert again.is_bounded("above")


def test_large_constant_boxes_are_short():
    assert len(Box(0, 255, (84, 84, 4), np.uint8).to_json()) < 200


def test_orders_are_kept():
    text = Text(3, charset="zaz\N{SNOWMAN}\ud83d\ude00")
    assert Space.from_json(text.to_json()).character_list == text.character_list
    space = Dict([("b", Discrete(2)), ("a", Discrete(3)), (1, Discrete(4))])
    assert list(Space.from_json(space.to_json())) == ["b", "a", 1]
    unsorted = Dict({"b": Discrete(2), "a": Discrete(3)}, sort_keys=False)
    assert Space.from_json(unsorted.to_json()).sort_keys is False


def test_assigned_attributes_are_written():
    space = Discrete(3)
    space.n, space.start = 5, 2
    assert Space.from_json(space.to_json()) == Discrete(5, start=2)


class Odd(Space):
    """A space without JSON form."""


class Even(Space):
    """A space with one."""

    def __init__(self, limit):
        super().__init__((), np.int64)
        self.limit = limit

    def __eq__(self, other):
        return isinstance(other, Even) and self.limit == other.limit

    def _json_fields(self):
        return {"limit": self.limit}

    @classmethod
    def _from_json_fields(cls, fields):
        return cls(fields.get("limit", int))


class BiggerBox(Box):
    """A subclass that does not say how it is made again."""


def test_own_spaces_may_have_a_form():
    space = Tuple([Even(6), Discrete(2)])
    assert Space.from_json(space.to_json()) == space


@pytest.mark.parametrize("space", [Odd(), BiggerBox(0, 1), Dict(x=Sequence(Odd()))])
def test_own_spaces_without_a_form_are_named(space):
    with pytest.raises(CustomSpaceError, match=r"(Odd|BiggerBox) has no JSON form.*_json_fields"):
        space.to_json()


def test_dict_keys_without_a_form_are_named():
    with pytest.raises(CustomSpaceError, match=r"\(1, 2\)"):
        Dict({(1, 2): Discrete(2)}).to_json()


def edited(space, **fields):
    return json.dumps({**json.loads(space.to_json()), **fields})


BOX, DISCRETE, MULTI = Box(-1, 1, (2,)), Discrete(3), MultiDiscrete([2, 3])
MALFORMED = [
    ("", "JSON"),
    ("{", "JSON"),
    ("[" * 100_000, "JSON"),
    ('{"space": NaN}', "NaN"),
    ("3", '"space" name'),
    ("[]", '"space" name'),
    ("{}", '"space" name'),
    ('{"space": 3}', '"space" name'),
    ('{"space": "Cube"}', "'Cube'"),
    ('{"space": "Space"}', "'Space'"),
    ('{"space": "os:system"}', "import the module"),
    ('{"space": "Box"}', '"dtype".*no such field'),
    (edited(BOX, low="-inf;"), '"low"'),
    (edited(BOX, low=[1]), r'"low".*\(2,\)'),
    (edited(BOX, low=True), '"low"'),
    (edited(BOX, low=None), '"low"'),
    (edited(BOX, low=2), '"low".*at most high'),
    (edited(BOX, low=1e300), '"low"'),
    (edited(BOX, shape=[-1]), '"shape"'),
    (edited(BOX, shape=[10**15]), '"low"'),
    (edited(BOX, shape="2"), '"shape".*list'),
    (edited(BOX, dtype="object"), '"dtype"'),
    (edited(BOX, dtype="fl,oat"), '"dtype"'),
    (edited(BOX, limited_below=1), '"limited_below"'),
    (edited(BOX, colour="red"), "colour"),
    (edited(Box(0, 9, (1,), np.uint8), high=256), '"high"'),
    (edited(Box(0, 9, (1,), np.uint8), high=1.5), '"high"'),
    (edited(DISCRETE, n=0), "positive"),
    (edited(DISCRETE, n=2.0), '"n".*int'),
    (edited(DISCRETE, n=True), '"n".*int'),
    (edited(DISCRETE, n=2**64), "range of int64"),
    (edited(DISCRETE, dtype="float32"), '"dtype"'),
    (edited(MULTI, nvec=[2, "3"]), "nvec"),
    (edited(MULTI, nvec=[2, None]), "nvec"),
    (edited(MULTI, start=[0]), "same shape"),
    (edited(Text(3), charset="abc"), '"charset"'),
    (edited(Text(3), charset=["ab"]), "single characters"),
    (edited(Text(3), min_length=-1), "min_length"),
    (edited(Tuple([DISCRETE]), spaces=[3]), '"space" name'),
    (edited(Tuple([DISCRETE]), spaces={}), '"spaces".*list'),
    (edited(Dict(a=DISCRETE), spaces=[["a"]]), "pairs"),
    (edited(Dict(a=DISCRETE), spaces=[["a", {}]]), '"space" name'),
    (edited(Sequence(DISCRETE), stack=0), '"stack".*bool'),
    (edited(Graph(BOX, None), edge_space=3), '"edge_space"'),
]


@pytest.mark.parametrize(("text", "named"), MALFORMED)
def test_malformed_text_is_explained(text, named):
    with pytest.raises(InvalidJson, match=named):
        Space.from_json(text)


@pytest.mark.parametrize("text", [None, 3, b"\xff", ["x"]])
def test_other_types_are_no_text(text):
    with pytest.raises(InvalidJson, match="JSON"):
        Space.from_json(text)


def test_another_class_was_expected():
    with pytest.raises(InvalidJson, match="Expected a Box, found a Discrete"):
        Box.from_json(DISCRETE.to_json())
    assert Box.from_json(BOX.to_json()) == BOX


@given(st.text(max_size=30) | st.binary(max_size=30).map(repr))
def test_noise_is_refused(text):
    with pytest.raises(InvalidJson):
        Space.from_json(text)
