"""`Tuple`, `Dict`, `OneOf`, `Sequence` and `Graph`."""

import collections.abc
from collections import OrderedDict

import numpy as np
import pytest

from dromos import spaces
from dromos.spaces import (
    Box,
    Dict,
    Discrete,
    Graph,
    GraphInstance,
    MultiBinary,
    OneOf,
    Sequence,
    Text,
    Tuple,
)
from dromos.spaces.masks import MaskError

D2, D3, BOX = Discrete(2), Discrete(3), Box(-1, 1, (2,))
EDGES = Graph(D3, D2)


def test_repr():
    assert repr(Tuple([D2, BOX])) == "Tuple(Discrete(2), Box(-1.0, 1.0, (2,), float32))"
    assert repr(Dict(a=D2, b=D3)) == "Dict('a': Discrete(2), 'b': Discrete(3))"
    assert repr(OneOf([D2, D3])) == "OneOf(Discrete(2), Discrete(3))"
    assert repr(Sequence(D2)) == "Sequence(Discrete(2), stack=False)"
    assert repr(Graph(D2, None)) == "Graph(Discrete(2), None)"


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Tuple([D2, 3]), TypeError),
        (lambda: Tuple(3), TypeError),
        (lambda: OneOf([]), ValueError),
        (lambda: OneOf([3]), TypeError),
        (lambda: OneOf(3), TypeError),
        (lambda: Dict({"a": 3}), TypeError),
        (lambda: Dict(a=3), TypeError),
        (lambda: Dict(3), TypeError),
        (lambda: Dict({"a": D2}, a=D3), ValueError),
        (lambda: Sequence(3), TypeError),
        (lambda: Graph(3, None), TypeError),
        (lambda: Graph(D2, 3), TypeError),
        (lambda: Dict(a=D2).__setitem__("b", 3), TypeError),
    ],
)
def test_wrong_arguments(make, error):
    with pytest.raises(error):
        make()


def test_order_of_a_dict():
    unsorted = {"b": D2, "a": D3}
    assert list(Dict(unsorted)) == ["a", "b"]
    assert list(Dict(unsorted, sort_keys=False)) == ["b", "a"]
    assert list(Dict(OrderedDict(unsorted))) == ["b", "a"]
    assert list(Dict(list(unsorted.items()))) == ["b", "a"]
    assert list(Dict(**unsorted)) == ["b", "a"]
    assert list(Dict({"z": D2}, a=D3)) == ["z", "a"]
    assert list(Dict({"b": D2, 1: D3})) == ["b", 1]
    assert Dict(unsorted) == Dict(**unsorted)


def test_a_dict_is_a_mapping_and_a_tuple_a_sequence():
    mapping = Dict(a=D2, b=D3)
    assert isinstance(mapping, collections.abc.Mapping)
    assert (
        dict(mapping) == mapping.spaces == dict(zip(mapping.keys(), mapping.values(), strict=True))
    )
    assert list(mapping.items()) == [("a", D2), ("b", D3)]
    assert mapping.get("c") is None
    mapping["c"] = BOX
    assert len(mapping) == 3
    assert mapping.sample().keys() == {"a", "b", "c"}
    pair = Tuple([D2, D3])
    assert isinstance(pair, collections.abc.Sequence)
    assert pair[1:] == (D3,)
    assert (pair[-1], len(pair), pair.index(D3)) == (D3, 2, 1)
    assert list(reversed(pair)) == [D3, D2]
    assert OneOf([D2, D3])[1] == D3
    assert len(OneOf([D2, D3])) == 2


@pytest.mark.parametrize(
    ("space", "x", "is_element"),
    [
        (Tuple([D2, D3]), (1, 2), True),
        (Tuple([D2, D3]), [1, 2], True),
        (Tuple([D2, D3]), np.array([1, 2]), True),
        (Tuple([D2, D3]), np.array(1), False),
        (Tuple([D2, D3]), (2, 2), False),
        (Tuple([D2, D3]), (1,), False),
        (Tuple([D2, D3]), 3, False),
        (Tuple([]), (), True),
        (Dict(a=D2, b=D3), {"b": 2, "a": 1}, True),
        (Dict(a=D2, b=D3), {"a": 1}, False),
        (Dict(a=D2), {"a": 1, "b": 1}, False),
        (Dict(a=D2), [("a", 1)], False),
        (Dict(a=D2), {"a": None}, False),
        (OneOf([D2, BOX]), (0, 1), True),
        (OneOf([D2, BOX]), (np.int8(1), np.zeros(2, np.float32)), True),
        (OneOf([D2, BOX]), (1, np.ones(3, np.float32)), False),
        (OneOf([D2, D3]), (2, 1), False),
        (OneOf([D2, D3]), (-1, 1), False),
        (OneOf([D2, D3]), (0.0, 1), False),
        (OneOf([D2, D3]), [0, 1], False),
        (Sequence(D2), (0, 1, 1), True),
        (Sequence(D2), (), True),
        (Sequence(D2), [0, 1], False),
        (Sequence(D2), (0, 2), False),
        (Sequence(D2, stack=True), np.array([0, 1]), True),
        (Sequence(D2, stack=True), np.array([0, 2]), False),
        (Sequence(D2, stack=True), 3, False),
        (Sequence(Dict(a=D2), stack=True), {"a": np.array([0, 1])}, True),
        (Sequence(Dict(a=D2), stack=True), {"b": np.array([0, 1])}, False),
        (Graph(D3, None), GraphInstance(np.array([0, 2]), None, None), True),
        (Graph(D3, None), GraphInstance(np.array([0, 3]), None, None), False),
        (Graph(D3, None), GraphInstance(None, None, None), False),
        (Graph(D3, None), GraphInstance(3, None, None), False),
        (Graph(D3, None), (np.array([0, 2]), None, None), False),
        (EDGES, GraphInstance(np.array([0, 2]), None, None), True),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), np.array([[0, 1]])), True),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([2]), np.array([[0, 1]])), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), np.array([[0, 2]])), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), np.array([[-1, 1]])), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), np.array([[0.0, 1]])), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), np.array([0, 1])), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), [[0, 1]]), False),
        (EDGES, GraphInstance(np.array([0, 2]), np.array([1]), None), False),
        (Graph(D3, None), GraphInstance(np.array([0]), np.array([1]), np.array([[0, 0]])), False),
    ],
)  # fmt: skip
def test_contains(space, x, is_element):
    assert (x in space) is is_element


@pytest.mark.parametrize(
    ("space", "mask"),
    [
        (Tuple([D2, D3]), [None, None]),
        (Tuple([D2, D3]), (None,)),
        (Dict(a=D2), (None,)),
        (Dict(a=D2), {"b": None}),
        (OneOf([D2, D3]), [None, None]),
        (OneOf([D2, D3]), (None,)),
        (Sequence(D2), 3),
        (Sequence(D2), (3,)),
        (Sequence(D2), (-1, None)),
        (Sequence(D2), (np.array([[1]]), None)),
        (Sequence(D2), (np.array([1.0]), None)),
        (Sequence(D2), (np.array([-1]), None)),
        (Sequence(D2), (np.array([], int), None)),
    ],
)
def test_wrong_masks(space, mask):
    with pytest.raises(MaskError, match="Expected"):
        space.sample(mask=mask)
    with pytest.raises(MaskError, match="Expected"):
        space.sample(probability=mask)
    with pytest.raises(ValueError, match="Only one"):
        space.sample(mask=mask, probability=mask)


def test_wrong_sizes_of_a_graph():
    graph = Graph(D2, D2)
    with pytest.raises(MaskError, match="num_nodes"):
        graph.sample(num_nodes=0)
    with pytest.raises(MaskError, match="num_edges"):
        graph.sample(num_edges=-1)
    with pytest.raises(TypeError, match="length"):
        Sequence(D2).sample(mask=("3", None))
    with pytest.warns(UserWarning, match="the edge space is None"):
        assert Graph(D2, None).sample(num_edges=2).edges is None


def test_an_empty_stacked_sequence():
    space = Sequence(BOX, stack=True, seed=0)
    x = space.sample(mask=(0, None))
    assert x.shape == (0, 2)
    assert x in space
    (again,) = space.from_jsonable(space.to_jsonable([x]))
    assert again.shape == (0, 2)
    assert spaces.flatten(space, x).shape == (0, 2)


@pytest.mark.parametrize(
    "space", [Tuple([D2, D3]), Dict(a=D2, b=D3), OneOf([D2, D3]), Sequence(D2), Graph(D2, D3)]
)
@pytest.mark.parametrize("seed", [1.5, "1", {1, 2}, np.float32(1)])
def test_wrong_seeds(space, seed):
    with pytest.raises(TypeError, match=f"seed of a {type(space).__name__}"):
        space.seed(seed)


@pytest.mark.parametrize(
    ("space", "seed"),
    [
        (Tuple([D2, D3]), (1,)),
        (OneOf([D2, D3]), (1, 2)),
        (Sequence(D2), (1,)),
        (Graph(D2, None), (1, 2, 3)),
        (Dict(a=D2, b=D3), {"a": 1}),
    ],
)
def test_seeds_of_another_structure(space, seed):
    with pytest.raises(ValueError, match="Expected"):
        space.seed(seed)


def test_asking_for_a_generator_leaves_the_subspaces_seeded():
    space = Tuple([Discrete(1000, seed=5)])
    expected = Discrete(1000, seed=5).sample()
    assert space.np_random is space.np_random
    assert space.sample() == (expected,)


def test_a_generator_seeds_the_space_alone():
    rng = np.random.default_rng(3)
    assert OneOf([D2, D3], seed=rng).np_random is rng


@pytest.mark.parametrize("make", [lambda a, b: Tuple([a, b]), lambda a, b: Dict(a=a, b=b),
                                  lambda a, b: OneOf([a, b]), lambda a, b: Graph(a, b),
                                  lambda a, b: Sequence(Tuple([a, b]))])  # fmt: skip
def test_equality(make):
    assert make(D2, D3) == make(Discrete(2), Discrete(3))
    assert make(D2, D3) != make(D3, D2)
    assert make(D2, D3) != D2
    assert hash(make(D2, D3)) == hash(make(Discrete(2), Discrete(3)))


def test_stacked_sequences_differ():
    assert Sequence(D2) != Sequence(D2, stack=True)
    assert Sequence(BOX, stack=True).stacked_feature_space == Box(-1, 1, (1, 2))
    assert not hasattr(Sequence(BOX), "stacked_feature_space")
    assert Graph(BOX, D2).batch_node_space == Box(-1, 1, (1, 2))
    assert Graph(BOX, None).batch_edge_space is None


def test_assigned_subspaces_are_in_force():
    sequence = Sequence(D2, stack=True)
    sequence.feature_space = BOX
    assert sequence.stacked_feature_space == Box(-1, 1, (1, 2))
    assert np.zeros((3, 2), np.float32) in sequence
    pair = Tuple([D2])
    pair.spaces = (D2, D3)
    assert (1, 2) in pair
    assert spaces.flatdim(pair) == 5


def test_flattening_of_nothing():
    for space in (Tuple([]), Dict()):
        empty = spaces.unflatten(space, spaces.flatten(space, space.sample()))
        assert len(empty) == spaces.flatdim(space) == 0
        assert spaces.flatten(space, empty) in spaces.flatten_space(space)
        assert space.from_jsonable(space.to_jsonable([])) == []


@pytest.mark.parametrize(
    "space",
    [
        Sequence(D2),
        Graph(D2, None),
        Tuple([Sequence(D2)]),
        Dict(g=Graph(D2, None)),
        OneOf([Sequence(D2)]),
    ],
)
def test_no_length_of_elements_without_a_fixed_size(space):
    assert not space.is_np_flattenable
    with pytest.raises(ValueError, match="cannot be flattened"):
        spaces.flatdim(space)


@pytest.mark.parametrize("space", [Box(0, 1), Text(3), MultiBinary(2), Tuple([D2]), OneOf([D2])])
def test_flattenable(space):
    assert space.is_np_flattenable is True


def test_what_cannot_be_unflattened_is_named():
    with pytest.raises(TypeError, match=r"np\.ndarray"):
        spaces.unflatten(Tuple([D2]), (1, 0))
    with pytest.raises(ValueError, match=r"\(5,\) to unflatten, found \(4,\)"):
        spaces.unflatten(Tuple([D2, D3]), np.zeros(4))
    with pytest.raises(ValueError, match="index below 2, found 7"):
        spaces.unflatten(OneOf([D2, D3]), np.array([7, 0, 1, 0]))
    with pytest.raises(ValueError, match="tuple of an index"):
        spaces.flatten(OneOf([D2, D3]), 3)


def test_many_subspaces_fit_the_flat_dtype():
    space = OneOf([Box(0, 1, (1,), np.int8)] * 200)
    flat = spaces.flatten(space, (199, np.zeros(1, np.int8)))
    assert flat.tolist() == [199, 0]
    assert flat in spaces.flatten_space(space)
    flags = OneOf([Box(0, 1, (1,), bool)] * 3)
    assert spaces.flatten(flags, (2, np.ones(1, bool))).tolist() == [2, 1]


def test_jsonable_parts_of_a_union():
    space = OneOf([Tuple([D2, BOX]), Dict(a=D3), D2], seed=0)
    batch = [
        (np.int64(0), (np.int64(1), np.zeros(2, np.float32))),
        (np.int64(1), {"a": np.int64(2)}),
    ]
    again = space.from_jsonable(space.to_jsonable(batch))
    assert again[1] == batch[1]
    assert again[0][1][0] == 1
    assert space.to_jsonable([(2, 1)]) == [[2, 1]]
