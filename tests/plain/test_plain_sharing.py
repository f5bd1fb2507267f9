"""What two places share, they share again: objects, and memory of arrays."""

import copy

import numpy as np
import pytest
from plain_cases import Pair, Robot

from dromos import plain, spaces
from dromos.plain import NotPlainError


def through_tree(value):
    return plain.resolve(plain.from_tree(plain.to_tree(value)))


def through_bytes(value):
    return plain.resolve(plain.from_bytes(plain.to_bytes(value)))


WAYS = pytest.mark.parametrize("way", [through_tree, through_bytes, plain.copy])


@WAYS
@pytest.mark.parametrize(
    "shared",
    [
        [1],
        {"k": 1},
        {1},
        np.zeros(3),
        np.random.default_rng(0),
        Robot((), []),
        bytearray(b"x"),
        spaces.Discrete(3),
    ],
    ids=lambda shared: type(shared).__name__,
)
def test_one_object_in_two_places_stays_one(way, shared):
    back = way([shared, {"again": shared}, (shared,)])
    assert back[0] is back[1]["again"]
    assert back[0] is back[2][0]
    assert back[0] is not shared


@WAYS
def test_two_equal_objects_stay_two(way):
    back = way([[1], [1]])
    assert back[0] is not back[1]


@WAYS
def test_a_generator_and_its_bits_stay_one_stream(way):
    generator = np.random.default_rng(3)
    second = np.random.Generator(generator.bit_generator)
    back = way([generator, second, generator.bit_generator])
    assert back[0].bit_generator is back[1].bit_generator is back[2]
    assert [back[0].random(), back[1].random()] == [generator.random(), second.random()]


@WAYS
def test_a_space_stays_on_the_generator_it_shares(way):
    generator = np.random.default_rng(3)
    space, back_generator = way([spaces.Discrete(5, seed=generator), generator])
    assert space.np_random is back_generator


@WAYS
def test_what_contains_itself_is_refused(way):
    for make in (
        lambda: _cycle([], lambda c, x: c.append(x)),
        lambda: _cycle({}, lambda c, x: c.update(me=x)),
        lambda: _cycle(Robot((), []), lambda c, x: setattr(c, "me", x)),
        lambda: _cycle([], lambda c, x: c.append((1, {"k": x}))),
    ):
        with pytest.raises(NotPlainError, match="contains itself"):
            way({"value": make()})


def _cycle(container, add):
    add(container, container)
    return container


@WAYS
@pytest.mark.parametrize("view_first", [False, True])
def test_views_see_the_array_they_are_of(way, view_first):
    grid = np.arange(12.0).reshape(3, 4)
    row, last, column = grid[1], grid[-1, ::-1], grid.T[2]
    values = [row, last, column, grid] if view_first else [grid, row, last, column]
    back = way(values)
    assert all(np.array_equal(new, old) for new, old in zip(back, values, strict=True))
    if view_first:
        back = [back[3], *back[:3]]
    back[0][:] = 7
    assert (back[1] == 7).all()
    assert (back[2] == 7).all()
    back[3][:] = 8
    assert (back[0][:, 2] == 8).all()
    assert grid[0, 0] == 0


@WAYS
def test_views_of_bytes_and_of_other_types_of_one_memory(way):
    numbers = np.arange(4, dtype=np.uint32)
    raw = numbers.view(np.uint8)[3:9]
    back, back_raw = way([numbers, raw])
    back_raw[:] = 255
    numbers_raw = numbers.copy()
    numbers_raw.view(np.uint8)[3:9] = 255
    assert back.tolist() == numbers_raw.tolist()


@WAYS
def test_arrays_over_memory_no_array_owns(way):
    memory = bytearray(range(16))
    left, right = np.frombuffer(memory, np.uint8), np.frombuffer(memory, np.uint16, offset=8)
    back_left, back_right = way([left, right])
    back_right[:] = 0
    assert back_left.tolist() == [*range(8), *[0] * 8]
    assert memory[15] == 15


@WAYS
def test_views_apart_do_not_take_the_rest_of_the_memory_along(way):
    large = np.zeros((1000, 1000))
    back = way({"a": large[3], "b": large[5]})
    assert back["a"].base is None or back["a"].base.nbytes < 100_000
    assert len(plain.to_bytes({"a": large[3], "b": large[5]})) < 20_000


@WAYS
def test_read_only_views_stay_read_only(way):
    grid = np.zeros((2, 2))
    window = grid[0]
    window.flags.writeable = False
    back, back_window = way([grid, window])
    assert back.flags.writeable
    assert not back_window.flags.writeable
    assert np.shares_memory(back, back_window)


def test_views_that_repeat_elements_are_refused():
    row = np.arange(3.0)
    wide = np.broadcast_to(row, (1000, 3))
    for way in (plain.copy, plain.to_bytes):
        with pytest.raises(NotPlainError, match="repeats elements"):
            way({"row": row, "wide": wide})
    assert plain.copy(wide).shape == (1000, 3)


def test_bytes_of_views_are_the_same_in_every_run():
    def state():
        grid = np.arange(12.0).reshape(3, 4)
        return {"row": grid[1], "grid": grid, "middle": grid[1, 1:3]}

    assert len({plain.to_bytes(state()) for _ in range(20)}) == 1
    assert plain.to_bytes(plain.copy(state())) == plain.to_bytes(state())


def test_bytes_of_sets_do_not_depend_on_their_history():
    grown = {str(number) for number in range(1000)}
    for number in range(10, 1000):
        grown.discard(str(number))
    fresh = {str(number) for number in reversed(range(10))}
    nested_sets = [{frozenset({("a", x), "b"}) for x in order} for order in ([1, 2], [2, 1])]
    assert plain.to_bytes(grown) == plain.to_bytes(fresh)
    assert plain.to_bytes(nested_sets[0]) == plain.to_bytes(nested_sets[1])


def test_constants_shared_by_the_compiler_are_not_sharing():
    one = (1, 2)
    other = tuple(map(int, "12"))
    assert plain.to_bytes([one, one]) == plain.to_bytes([one, other])


def test_parts_of_shared_tuples_stay_shared():
    part = [1]
    back = plain.copy([(part, 2), (part, 2)])
    assert back[0][0] is back[1][0]


def test_references_and_records_can_be_copied():
    loaded = plain.from_bytes(plain.to_bytes([Robot((1,), [2]), Pair(1, [2])]))
    assert copy.deepcopy(loaded) == loaded
    assert plain.copy(loaded) == plain.resolve(loaded) == [Robot((1,), [2]), Pair(1, [2])]
