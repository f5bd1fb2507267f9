"""Elements come into batches and out of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from space_cases import flattenable, leaves, nested, same

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
from dromos.spaces.utils import is_space_dtype_shape_equiv
from dromos.vector.utils import (
    batch_differing_spaces,
    batch_space,
    concatenate,
    create_empty_array,
    create_shared_memory,
    iterate,
    read_from_shared_memory,
    write_to_shared_memory,
)

import dromos.spaces as spaces  # isort: skip

M1, M2 = MultiDiscrete([2]), MultiDiscrete([2, 2])

lanes = st.integers(1, 3)
seeds = st.integers(0, 2**64)


@given(nested(), lanes, seeds)
def test_concatenate_and_iterate_are_inverse(recipe, n, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    items = [space.sample() for _ in range(n)]
    batch = concatenate(space, items, create_empty_array(space, n))
    batched = batch_space(space, n)
    assert batch in batched
    assert same(items, list(iterate(batched, batch)))


@given(nested(), lanes, seeds)
def test_samples_of_a_batch_are_batches_of_elements(recipe, n, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    batched = batch_space(space, n)
    batch = batched.sample()
    assert batch in batched
    elements = list(iterate(batched, batch))
    assert len(elements) == n
    assert all(x in space for x in elements)


@given(nested(), lanes)
def test_a_space_fits_into_batches_with_itself(recipe, n):
    space = recipe.build(spaces)
    assert is_space_dtype_shape_equiv(space, space)
    assert repr(batch_differing_spaces([space] * n)) == repr(batch_space(space, n))


@given(flattenable(), lanes, seeds)
def test_shared_memory_holds_what_was_written(recipe, n, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    items = [space.sample() for _ in range(n)]
    memory = create_shared_memory(space, n)
    for lane, item in reversed(list(enumerate(items))):
        write_to_shared_memory(space, lane, item, memory)
    batch = read_from_shared_memory(space, memory, n)
    assert same(items, list(iterate(batch_space(space, n), batch)))


@given(leaves())
def test_the_space_itself_draws_on_undisturbed(recipe):
    space = recipe.build(spaces)
    space.seed(3)
    before = space.np_random.bit_generator.state
    batched = batch_space(space, 2)
    batched.sample()
    assert space.np_random.bit_generator.state == before


def test_arrays_read_from_shared_memory_are_views():
    space = Dict(x=Box(0, 1, (2,)), y=Discrete(4))
    memory = create_shared_memory(space, 2)
    batch = read_from_shared_memory(space, memory, 2)
    write_to_shared_memory(space, 1, {"x": [0.25, 0.5], "y": 3}, memory)
    assert batch["x"].tolist() == [[0, 0], [0.25, 0.5]]
    assert batch["y"].tolist() == [0, 3]


def test_bounds_are_repeated():
    box = batch_space(Box(np.array([0, 1]), np.array([2, 3]), dtype=np.int8), 2)
    assert box.low.tolist() == [[0, 1], [0, 1]]
    assert box.high.tolist() == [[2, 3], [2, 3]]
    assert box.dtype == np.int8
    multi = batch_space(MultiDiscrete([2, 3], start=[5, -1]), 2)
    assert multi == Box(np.array([[5, -1]] * 2), np.array([[6, 1]] * 2), dtype=np.int64)
    assert batch_space(MultiBinary(2), 3) == Box(0, 1, (3, 2), np.int8)
    assert batch_space(Discrete(3, start=2), 2) == MultiDiscrete([3, 3], start=[2, 2])


def test_integers_without_bounds_stay_without():
    box = batch_space(Box(-np.inf, 5, (1,), np.int16), 2)
    assert not box.bounded_below.any()
    assert box.bounded_above.all()


@pytest.mark.parametrize(
    ("differing", "batch"),
    [
        ([Box(0, 1, (1,)), Box(-1, 3, (1,))], Box(np.array([[0], [-1]]), np.array([[1], [3]]))),
        ([Discrete(2), Discrete(5, start=3)], MultiDiscrete([2, 5], start=[0, 3])),
        (
            [Discrete(200, dtype=np.uint8), Discrete(100, start=-100, dtype=np.int8)],
            MultiDiscrete([200, 100], dtype=np.int16, start=[0, -100]),
        ),
        ([MultiDiscrete([2]), MultiDiscrete([7])], Box(0, np.array([[1], [6]]), dtype=np.int64)),
        ([MultiBinary(2), MultiBinary(2)], Box(0, 1, (2, 2), np.int8)),
        ([Tuple([Discrete(2)]), Tuple([Discrete(3)])], Tuple([MultiDiscrete([2, 3])])),
        ([Dict(a=Discrete(2)), Dict(a=Discrete(3))], Dict(a=MultiDiscrete([2, 3]))),
        ([Text(2), Text(3)], Tuple([Text(2), Text(3)])),
    ],
)  # fmt: skip
def test_differing_spaces(differing, batch):
    assert batch_differing_spaces(differing) == batch


@pytest.mark.parametrize(
    ("differing", "error"),
    [
        ([], ValueError),
        ([Box(0, 1), Discrete(2)], TypeError),
        ([Box(0, 1, (2,)), Box(0, 1, (3,))], ValueError),
        ([Box(0, 1), Box(0, 1, dtype=np.float64)], ValueError),
        ([MultiDiscrete([2]), MultiDiscrete([2, 3])], ValueError),
        ([MultiBinary(2), MultiBinary(3)], ValueError),
        ([Tuple([Discrete(2)]), Tuple([])], ValueError),
        ([Dict(a=Discrete(2)), Dict(b=Discrete(2))], ValueError),
        ([Dict(a=Discrete(2)), Dict(a=Text(2))], TypeError),
        ([Discrete(2**40, dtype=np.uint64), Discrete(2, start=-1)], ValueError),
    ],
)
def test_spaces_that_differ_too_much(differing, error):
    with pytest.raises(error):
        batch_differing_spaces(differing)


@pytest.mark.parametrize(
    ("a", "b", "equivalent"),
    [
        (Box(0, 1, (2,)), Box(-5, 9, (2,)), True),
        (Box(0, 1, (2,)), Box(0, 1, (3,)), False),
        (Box(0, 1), Box(0, 1, dtype=np.float64), False),
        (Box(0, 1, (), np.int64), Discrete(2), False),
        (Discrete(2), Discrete(9, start=4), True),
        (Discrete(2), Discrete(2, dtype=np.int8), False),
        (MultiDiscrete([2, 2]), MultiDiscrete([3, 4]), True),
        (MultiBinary(2), MultiBinary([2]), True),
        (Text(3, min_length=0), Text(3), True),
        (Text(3), Text(4), False),
        (Text(3), Text(3, charset="ab"), False),
        (Tuple([Discrete(2)]), Tuple([Discrete(3)]), True),
        (Tuple([Discrete(2)]), Tuple([Discrete(2), Discrete(2)]), False),
        (Dict(a=Discrete(2)), Dict(a=Discrete(3)), True),
        (Dict(a=Discrete(2)), Dict(b=Discrete(2)), False),
        (OneOf([Discrete(2)]), OneOf([Discrete(3)]), True),
        (OneOf([Discrete(2)]), Tuple([Discrete(2)]), False),
        (Sequence(Discrete(2)), Sequence(Discrete(3)), True),
        (Sequence(Discrete(2)), Sequence(Discrete(2), stack=True), False),
        (Graph(Discrete(2), None), Graph(Discrete(3), None), True),
        (Graph(Discrete(2), None), Graph(Discrete(2), Discrete(2)), False),
        (Graph(Discrete(2), Discrete(2)), Graph(Discrete(2), Box(0, 1)), False),
    ],
)
def test_equivalence(a, b, equivalent):
    assert is_space_dtype_shape_equiv(a, b) is equivalent
    assert is_space_dtype_shape_equiv(b, a) is equivalent


def test_concatenate_writes_to_out():
    space = Box(0, 1, (2,))
    out = create_empty_array(space, 2)
    assert concatenate(space, ([0.5, 1], np.array([0, 1])), out) is out
    assert out.tolist() == [[0.5, 1], [0, 1]]
    strided = np.zeros((2, 4), np.float32)[:, ::2]
    assert concatenate(space, [space.sample(), space.sample()], strided) is strided
    assert strided.all()


def test_concatenate_takes_any_iterable_and_python_numbers():
    assert concatenate(Discrete(5), (i for i in (1, np.int8(2))), np.zeros(2, int)).tolist() == [
        1,
        2,
    ]
    empty = concatenate(Discrete(5), [], np.zeros(0, int))
    assert empty.shape == (0,)


@pytest.mark.parametrize(
    ("items", "out", "error", "named"),
    [
        ([np.zeros(2), np.zeros(3)], np.zeros((2, 2)), ValueError, r"item 1.*\(2,\).*\(3,\)"),
        ([np.zeros(2)], np.zeros((2, 2)), ValueError, "Expected 2 items.*got 1"),
        ([np.zeros(2)], None, TypeError, "np.ndarray"),
        ([np.zeros(2)], np.zeros((1, 2), int), TypeError, "cast"),
    ],
)
def test_concatenate_says_what_does_not_fit(items, out, error, named):
    with pytest.raises(error, match=named):
        concatenate(Box(0, 1, (2,)), items, out)


def test_missing_parts_are_named():
    space = Dict(a=Discrete(2), b=Discrete(2))
    with pytest.raises(ValueError, match=r"\['a', 'b'\].*\['a'\]"):
        concatenate(space, [{"a": 1}], create_empty_array(space, 1))
    with pytest.raises(ValueError, match=r"2 parts.*found 1"):
        concatenate(Tuple([Discrete(2)] * 2), [(1,)], (np.zeros(1, int), np.zeros(1, int)))


def test_rows_are_views():
    batch = np.zeros((2, 3), np.float32)
    first, second = iterate(Box(0, 1, (2, 3)), batch)
    second[:] = 7
    assert batch[1].tolist() == [7, 7, 7]
    assert first.base is batch
    with pytest.raises(StopIteration):
        next(iter(iterate(Box(0, 1, (0, 3)), batch[:0])))


def test_rows_outlive_their_batch():
    rows = list(iterate(Box(0, 1, (3, 4)), np.arange(12.0).reshape(3, 4)))
    assert [row.tolist() for row in rows] == np.arange(12.0).reshape(3, 4).tolist()
    numbers = list(iterate(MultiDiscrete([5] * 3), np.arange(6)[::2]))
    assert numbers == [0, 2, 4]
    assert all(type(x) is np.int64 for x in numbers)


def test_what_cannot_be_iterated_is_named():
    with pytest.raises(TypeError, match="Unable to iterate over the following elements: 3"):
        iterate(Box(0, 1, (2,)), 3)
    with pytest.raises(TypeError, match="`Discrete`"):
        iterate(Discrete(2), np.zeros(2))
    with pytest.raises(CustomSpaceError, match="Text"):
        iterate(Text(3), "abc")
    with pytest.raises(CustomSpaceError, match=r"Text.*int"):
        iterate(Tuple([Text(3)]), 3)


def test_empty_batches():
    def zeros(shape, dtype):
        return np.zeros(shape, dtype)

    graph = create_empty_array(Graph(Box(0, 1, (3,)), Discrete(2)), 2, zeros)
    assert graph[1].nodes.shape == (1, 3)
    assert graph[1].edge_links.shape == (1, 2)
    assert create_empty_array(Graph(Box(0, 1, (3,)), None), 1)[0].edges is None
    assert create_empty_array(Sequence(Discrete(2)), 2) == ((), ())
    assert create_empty_array(Sequence(Discrete(2), stack=True), 1)[0].tolist() == [0]
    assert create_empty_array(Text(3, min_length=2, charset="ba"), 2) == ("aa", "aa")
    assert create_empty_array(OneOf([Discrete(2)]), 2) == ((), ())
    assert create_empty_array(Space(), 2) is None
    assert create_empty_array(Box(0, 1, (2,)), fn=np.ones).tolist() == [[1, 1]]


@pytest.mark.parametrize("space", [Sequence(Discrete(2)), Dict(g=Graph(Discrete(2), None))])
def test_no_shared_memory_for_elements_without_a_size(space):
    with pytest.raises(TypeError, match=r"has a dynamic shape.*shared_memory=False"):
        create_shared_memory(space, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: batch_space(x, 2),
        lambda x: iterate(x, []),
        lambda x: concatenate(x, [], None),
        lambda x: create_empty_array(x),
        lambda x: create_shared_memory(x),
        lambda x: read_from_shared_memory(x, None),
        lambda x: write_to_shared_memory(x, 0, None, None),
        lambda x: spaces.flatten(x, 3),
        lambda x: spaces.unflatten(x, 3),
        lambda x: spaces.flatdim(x),
        lambda x: spaces.flatten_space(x),
        lambda x: is_space_dtype_shape_equiv(x, x),
    ],
)
def test_what_is_no_space_is_named(call):
    with pytest.raises(TypeError, match="expects a Space instance, got 'box' of type str"):
        call("box")


@pytest.mark.parametrize(
    ("space", "items"),
    [
        (Dict(a=M2, b=M1), {"a": np.zeros(2, int), "b": np.zeros(1, int)}),
        (Dict(a=M1, b=M2), {"a": np.zeros(1, int), "b": np.zeros(2, int)}),
        (Tuple([M1, M2]), (np.zeros(1, int), np.zeros(2, int))),
    ],
)  # fmt: skip
def test_parts_of_different_lengths(space, items):
    rows = iterate(space, items)
    next(rows)
    with pytest.raises(ValueError, match=r"different lengths|shorter|longer"):
        next(rows)
