"""Spaces of a user's own work everywhere, and can join every function."""

import copy

import numpy as np
import pytest

from dromos import spaces
from dromos.error import CustomSpaceError
from dromos.spaces import Box, Dict, Discrete, Space, Tuple
from dromos.spaces.utils import is_space_dtype_shape_equiv
from dromos.vector import utils


class Word(Space):
    """Strings of one letter, repeated; like a space written for Gymnasium."""

    def __init__(self, letter, seed=None):
        super().__init__(seed=seed)
        self.letter = letter

    def sample(self, mask=None, probability=None):
        return self.letter * int(self.np_random.integers(1, 9))

    def contains(self, x):
        return isinstance(x, str) and set(x) == {self.letter}

    def __eq__(self, other):
        return isinstance(other, Word) and self.letter == other.letter


class WarmBox(Box):
    """A subclass of a space that is ours."""


def test_batches_are_tuples_of_elements():
    word = Word("a", seed=1)
    batched = utils.batch_space(word, 3)
    assert isinstance(batched, Tuple)
    assert list(batched) == [word] * 3
    assert len(set(batched.sample() + batched.sample())) > 1
    items = [word.sample() for _ in range(3)]
    batch = utils.concatenate(word, items, utils.create_empty_array(word, 3))
    assert batch == tuple(items)
    assert list(utils.iterate(batched, batch)) == items


def test_inside_other_spaces():
    space = Dict(w=Word("a"), t=Tuple([Word("b"), Discrete(3)]))
    space.seed(4)
    items = [space.sample() for _ in range(2)]
    batched = utils.batch_space(space, 2)
    batch = utils.concatenate(space, items, utils.create_empty_array(space, 2))
    assert batch in batched
    assert list(utils.iterate(batched, batch)) == items
    assert copy.deepcopy(space).sample() == space.sample()
    assert space == Dict(w=Word("a"), t=Tuple([Word("b"), Discrete(3)]))


def test_differing_and_equivalent():
    words = [Word("a"), Word("b")]
    assert utils.batch_differing_spaces(words) == Tuple(words)
    assert is_space_dtype_shape_equiv(*words)
    assert not is_space_dtype_shape_equiv(words[0], Discrete(2))


def test_in_sequences_graphs_and_unions():
    word = Word("a")
    sequence = spaces.Sequence(word, seed=0)
    assert sequence.sample() in sequence
    assert spaces.Sequence(word, stack=True, seed=0).sample() in spaces.Sequence(word, stack=True)
    union = spaces.OneOf([word, Discrete(2)], seed=0)
    assert all(union.sample() in union for _ in range(5))
    graph = spaces.Graph(word, word, seed=0)
    x = graph.sample(num_nodes=3, num_edges=2)
    assert x in graph
    (again,) = graph.from_jsonable(graph.to_jsonable([x]))
    assert (again.nodes, again.edges) == (x.nodes, x.edges)
    assert sequence.from_jsonable(sequence.to_jsonable([("a", "aa")])) == [("a", "aa")]


def test_what_only_the_author_can_know_is_asked_for():
    word = Word("a")
    for call in (
        lambda: spaces.flatten(word, "a"),
        lambda: spaces.unflatten(word, "a"),
        lambda: spaces.flatten_space(word),
    ):
        with pytest.raises(NotImplementedError, match=r"Word.*register"):
            call()
    with pytest.raises(NotImplementedError, match="is_np_flattenable"):
        spaces.flatdim(word)
    for call in (
        lambda: utils.create_shared_memory(word),
        lambda: utils.read_from_shared_memory(word, None),
        lambda: utils.write_to_shared_memory(word, 0, "a", None),
    ):
        with pytest.raises(CustomSpaceError, match=r"Word.*register.*shared_memory=False"):
            call()
    with pytest.raises(CustomSpaceError, match=r"Word.*`iterate`"):
        utils.iterate(word, "aaa")
    for name in ("sample", "contains"):
        with pytest.raises(NotImplementedError, match=name):
            getattr(Space(), name)(*([1] if name == "contains" else []))


def test_subclasses_of_ours_are_batched_like_ours():
    box = WarmBox(0, 1, (2,), seed=3)
    assert utils.batch_space(box, 2) == Box(0, 1, (2, 2))
    assert type(spaces.flatten_space(box)) is Box
    assert utils.concatenate(box, [box.sample()], utils.create_empty_array(box, 1)).shape == (1, 2)


def test_registering_an_implementation():
    class Ring(Space):
        is_np_flattenable = True

    @spaces.flatten.register(Ring)
    def flatten_ring(space, x):
        return np.array([x], np.float32)

    @utils.batch_space.register
    def batch_ring(space: Ring, n: int = 1):
        return Box(0, n, (n,))

    spaces.flatdim.register(Ring, lambda space: 1)
    utils.batch_differing_spaces.register(Ring, lambda given: Box(0, 1, (len(given),)))

    class RingOfFire(Ring):
        """Inherits what was registered."""

    for ring in (Ring(), RingOfFire()):
        assert spaces.flatten(ring, 3).tolist() == [3]
        nested = Dict(a=ring, b=Box(0, 1, (1,)))
        assert spaces.flatten(nested, {"a": 2, "b": np.ones(1, np.float32)}).tolist() == [2, 1]
        assert spaces.flatdim(nested) == 2
        assert utils.batch_space(Tuple([ring]), 3) == Tuple([Box(0, 3, (3,))])
        assert utils.batch_differing_spaces([ring, ring]) == Box(0, 1, (2,))
    assert spaces.flatten.dispatch(RingOfFire) is flatten_ring
    assert spaces.flatten.registry[Ring] is flatten_ring
    assert Ring in utils.batch_space.registry
    assert RingOfFire not in utils.batch_space.registry
    assert {Box, Ring, Discrete} <= set(spaces.flatten_space.registry) | {Ring}


@pytest.mark.parametrize("wrong", [int, "Box", 3])
def test_only_spaces_can_be_registered(wrong):
    with pytest.raises(TypeError, match="subclass of"):
        spaces.flatten.register(wrong, lambda space, x: x)


def test_registering_needs_an_annotation_or_a_class():
    with pytest.raises(TypeError, match="annotated"):
        utils.iterate.register(lambda space, items: iter(items))
