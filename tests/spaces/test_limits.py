"""Every space is right up to the limits of every dtype."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from space_cases import (
    FLOATS,
    INTEGERS,
    boxes,
    discretes,
    exactly_flattenable,
    flattenable,
    leaves,
    limits,
    multi_discretes,
    nested,
    same,
)

from dromos import spaces
from dromos.spaces.box_draws import draw

seeds = st.integers(0, 2**64)


@given(nested(), seeds)
def test_samples_are_elements(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    for _ in range(5):
        assert space.sample() in space


@given(boxes(), seeds)
def test_native_draws_are_those_of_the_general_way(recipe, seed):
    box = recipe.build(spaces)
    rng = np.random.default_rng(seed)
    box._np_random = copy.deepcopy(rng)
    for _ in range(3):
        expected = draw(rng, box.low, box.high, box.bounded_below, box.bounded_above, box.dtype)
        assert same(box.sample(), expected)
    assert box.np_random.random() == rng.random()


@given(discretes() | multi_discretes())
def test_neighbours_of_the_range_are_no_elements(recipe):
    space = recipe.build(spaces)
    counts = space.n if isinstance(space, spaces.Discrete) else space.nvec
    first = np.asarray(space.start).astype(object)
    last = first + np.asarray(counts).astype(object) - 1
    assert np.asarray(first, space.dtype)[()] in space
    assert np.asarray(last, space.dtype)[()] in space
    smallest, largest = limits(str(space.dtype))
    for outside in (int(np.min(first)) - 1, int(np.max(last)) + 1):
        if smallest <= outside <= largest:
            x = np.full(space.shape, outside, space.dtype)[()]
            assert x not in space
            with pytest.raises(ValueError, match="Expected an element"):
                spaces.flatten(space, x)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_the_whole_range_of_an_integer_dtype(dtype):
    low, high = limits(dtype)
    box = spaces.Box(low, high, (1000,), dtype, seed=0)
    x = box.sample()
    assert x in box
    assert np.full(1000, high, dtype) in box
    middle = (low + high) / 2
    assert 350 < np.sum(x.astype(float) > middle) < 650
    assert repr(box) == f"Box({low}, {high}, (1000,), {dtype})"


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_all_integers_near_the_end_are_drawn(dtype):
    high = int(np.iinfo(dtype).max)
    box = spaces.Box(high - 3, high, (200,), dtype, seed=0)
    assert set(box.sample().tolist()) == {high - 3, high - 2, high - 1, high}


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_whole_range_of_a_floating_dtype(dtype):
    low, high = limits(dtype)
    box = spaces.Box(low, high, (1000,), dtype, seed=0)
    x = box.sample()
    assert x in box
    assert np.isfinite(x).all()
    assert 350 < np.sum(x > 0) < 650


def test_a_half_bounded_box_near_the_end_stays_finite():
    for dtype in FLOATS:
        _, high = limits(dtype)
        rising = spaces.Box(np.array([high], dtype), np.inf, dtype=dtype, seed=0)
        assert rising.sample().tolist() == [high]
        falling = spaces.Box(-np.inf, np.array([-high], dtype), dtype=dtype, seed=0)
        assert falling.sample().tolist() == [-high]


@given(boxes(dtypes=INTEGERS))
def test_integers_out_of_bounds_are_no_elements(recipe):
    box = recipe.build(spaces)
    smallest, largest = limits(str(box.dtype))
    for index in np.ndindex(box.shape):
        for value in (int(box.low[index]) - 1, int(box.high[index]) + 1):
            if smallest <= value <= largest:
                x = box.low.copy()
                x[index] = value
                assert x not in box


@given(leaves(), seeds)
def test_leaves_flatten_and_back(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    x = space.sample()
    flat = spaces.flatten(space, x)
    assert flat.shape == (spaces.flatdim(space),)
    assert flat in spaces.flatten_space(space)
    assert same(spaces.unflatten(space, flat), x)


@given(flattenable(), seeds)
def test_flattened_elements_are_elements_of_the_flattened_space(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    flat = spaces.flatten(space, space.sample())
    box = spaces.flatten_space(space)
    assert isinstance(box, spaces.Box)
    assert flat.dtype == box.dtype
    assert flat in box


@given(exactly_flattenable(), seeds)
def test_nested_elements_flatten_and_back(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    x = space.sample()
    assert same(spaces.unflatten(space, spaces.flatten(space, x)), x)


@given(nested(), seeds)
def test_flattening_keeps_the_structure_it_cannot_flatten(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    x = space.sample()
    try:
        flat, flat_space = spaces.flatten(space, x), spaces.flatten_space(space)
    except ValueError:  # a `OneOf` of spaces without a fixed size
        assert not space.is_np_flattenable
        return
    assert flat in flat_space
