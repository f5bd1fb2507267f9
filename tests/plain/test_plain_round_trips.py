"""Every plain value comes back as it was, from a tree, from bytes and as a copy."""

import json
import operator
import random
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np
import pytest
from hypothesis import given, settings
from plain_cases import (
    ARRAYS,
    BIT_GENERATORS,
    NUMBERS_AT_THE_EDGE,
    VALUES,
    Cell,
    Frozen,
    Level,
    Phase,
    Robot,
    Ways,
    module_function,
    nested,
    same,
)

from dromos import plain, seeding, spaces
from dromos.plain import Record, Reference


def through_json(value):
    return plain.resolve(plain.from_tree(json.loads(json.dumps(plain.to_tree(value)))))


def through_bytes(value):
    return plain.resolve(plain.from_bytes(plain.to_bytes(value)))


def seed_sequence(generator):
    bits = generator.bit_generator
    return bits._seed_seq if np.lib.NumpyVersion(np.__version__) < "1.25.0" else bits.seed_seq


WAYS = pytest.mark.parametrize("way", [through_json, through_bytes, plain.copy])


@WAYS
@settings(deadline=None)
@given(value=VALUES)
def test_any_plain_value_comes_back_as_it_was(way, value):
    assert same(way(value), value)


@settings(deadline=None)
@given(value=VALUES)
def test_equal_values_have_equal_bytes(value):
    data = plain.to_bytes(value)
    assert plain.to_bytes(plain.copy(value)) == data
    assert plain.to_bytes(plain.from_bytes(data)) == data
    assert plain.to_bytes(plain.resolve(plain.from_bytes(data))) == data


@WAYS
@pytest.mark.parametrize("number", NUMBERS_AT_THE_EDGE, ids=lambda n: type(n).__name__)
def test_numbers_come_back_exactly(way, number):
    assert same(way(number), number)
    if isinstance(number, float):
        scalar = np.float64(number)
        assert same(way(scalar), scalar)


@WAYS
@pytest.mark.parametrize(
    "text",
    ["", "é", "\0", "\ud800", "𝄞", '"', "$ref", np.str_("a\0"), np.str_(""), np.bytes_(b"\0")],
)
def test_texts_come_back_exactly(way, text):
    assert same(way(text), text)
    assert way({text: text}) == {text: text}


@WAYS
@settings(deadline=None)
@given(array=ARRAYS)
def test_layout_and_flags_of_arrays_stay(way, array):
    for laid_out in (array, array.T, np.asfortranarray(array)):
        laid_out.flags.writeable = False
        back = way(laid_out)
        assert same(back, laid_out)
        assert not back.flags.writeable
        dense = laid_out.copy(order="K")
        if dense.size:
            assert _strides(back) == _strides(dense)


def _strides(array):
    """Return the strides of the axes that have some length."""
    return [s for s, length in zip(array.strides, array.shape, strict=True) if length > 1]


@WAYS
@pytest.mark.parametrize(
    "array",
    [
        np.arange(24).reshape(2, 3, 4).transpose(1, 2, 0),
        np.arange(24)[::-2],
        np.arange(24).reshape(4, 6)[::2, 1::2],
        np.broadcast_to(np.arange(3.0), (4, 3)),
        np.zeros((3, 0, 2), np.float32),
        np.array(5, dtype=">i4"),
        np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
        np.array([1, 2], dtype="m8[25us]"),
        np.array([(1, (2.0, b"xy"))], dtype=[("a", "u1"), ("b", [("c", ">f8"), ("d", "S3")])]),
        np.zeros(3, np.dtype([("a", "u1"), ("b", "f8", (2, 2))], align=True)),
        np.frombuffer(b"abcdef", dtype="V3"),
    ],
)
def test_arrays_come_back_exactly(way, array):
    back = way(array)
    assert same(back, array)
    assert not np.shares_memory(back, array)


def test_bytes_do_not_depend_on_padding():
    structured = np.zeros(4, np.dtype([("a", "u1"), ("b", "f8")], align=True))
    dirty = structured.copy()
    dirty.view(np.uint8).reshape(4, 16)[:, 1:8] = 7
    assert plain.to_bytes([structured]) == plain.to_bytes([dirty])


@WAYS
@pytest.mark.parametrize("make", [*BIT_GENERATORS, lambda seed: seeding.np_random(seed)[0]])
def test_generators_go_on_with_the_same_numbers(way, make):
    made = make(7)
    generator = made if isinstance(made, np.random.Generator) else np.random.Generator(made)
    generator.random(3)
    generator.integers(0, 10, dtype=np.uint32)  # leaves half a word waiting
    seed_sequence(generator).spawn(2)
    back = way(generator)
    assert back is not generator
    assert back.integers(0, 99, 9, dtype=np.uint32).tolist() == (
        generator.integers(0, 99, 9, dtype=np.uint32).tolist()
    )
    children = [seed_sequence(g).spawn(1)[0].generate_state(2) for g in (generator, back)]
    assert children[0].tolist() == children[1].tolist()


@WAYS
def test_old_generators_keep_the_normal_number_that_waits(way):
    for generator, normal in [
        (random.Random(3), lambda g: g.gauss(0, 1)),
        (np.random.RandomState(3), lambda g: g.normal()),
        (np.random.RandomState(np.random.PCG64(3)), lambda g: g.normal()),
    ]:
        normal(generator)
        back = way(generator)
        assert [normal(back) for _ in range(5)] == [normal(generator) for _ in range(5)]


@WAYS
def test_containers_keep_their_kind_and_order(way):
    for value in [
        {"b": 1, "a": 2, 3: 4, (1, "k"): 5, Phase.GO: 6, None: 7, np.int64(8): 9},
        OrderedDict(b=1, a=2),
        Counter("abca"),
        deque([1, 2], maxlen=2),
        deque(),
        {"$ref": 0, "$list": []},
        {"id": 0, "of": []},
        (),
        (1,),
        [[]],
        {(), (1, (2, frozenset({3}))), Cell(1, 2)},
        bytearray(b"x"),
    ]:
        assert same(way(value), value)
    back = way(defaultdict(list, a=[1]))
    assert back["new"] == []
    assert back["a"] == [1]


@WAYS
def test_objects_come_back_without_their_constructor(way):
    robot = Robot((1, 2), ["box"])
    del robot.built_by_init
    robot.extra = 3
    back = way(robot)
    assert vars(back) == {"position": (1, 2), "cargo": ["box"], "label": "r", "extra": 3}
    assert back.cargo is not robot.cargo
    frozen = Frozen(1, [2])
    back = way(frozen)
    assert back == frozen
    assert back.y is not frozen.y


@WAYS
def test_names_come_back_as_what_they_name(way):
    values = [Phase.WAIT, Level.HIGH, Ways.NORTH | Ways.EAST, Ways(0), module_function, int,
              np.float32, operator.add, Robot, json.JSONDecoder.decode]  # fmt: skip
    assert all(back is value for back, value in zip(way(values), values, strict=True))


def test_reading_leaves_names_as_references():
    back = plain.from_bytes(plain.to_bytes([Phase.GO, module_function, Cell(1, 2), Robot((), [])]))
    assert back[:2] == [
        Reference("plain_cases:Phase", "GO"),
        Reference("plain_cases:module_function"),
    ]
    assert back[2] == Record("namedtuple", "plain_cases:Cell", {"row": 1, "column": 2})
    assert back[3].form == "dataclass"
    assert back[3].path == "plain_cases:Robot"


@WAYS
def test_spaces_come_back_with_their_generators(way):
    space = spaces.Dict(
        a=spaces.Box(-np.inf, np.array([1.0, np.inf]), dtype=np.float64),
        b=spaces.Tuple([spaces.Discrete(9, start=-3), spaces.MultiBinary(5)]),
        seed=3,
    )
    space.sample()
    back = way(space)
    assert back == space
    assert back is not space
    assert repr(back.sample()) == repr(space.sample())


def test_json_readers_see_json_where_json_suffices():
    value = {"gravity": 9.8, "size": [1, 2], "name": None, "deep": {"x": True}}
    assert plain.to_tree(value) == value


@WAYS
def test_deep_values_up_to_the_limit(way):
    assert same(way(nested(60)), nested(60))
