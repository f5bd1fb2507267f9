"""The same seed gives the same elements as Gymnasium 1.4, of every space, under every mask."""

import json
import warnings

import gymnasium.spaces as peer_spaces
import gymnasium.vector.utils as peer_vector
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from space_cases import Recipe, flattenable, nested, same

from dromos import spaces
from dromos.vector import utils as vector

seeds = st.integers(0, 2**70)


@pytest.fixture(autouse=True)
def _let_the_peer_warn():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="gymnasium|numpy")
        yield


def both(recipe):
    return recipe.build(spaces), recipe.build(peer_spaces)


def sample_of_peer(space):
    x = space.sample()
    assume(x in space)  # Gymnasium rounds large unsigned integers out of their bounds
    return x


@given(nested(peer=True), seeds)
def test_seeds_and_samples(recipe, seed):
    ours, theirs = both(recipe)
    assert repr(ours) == repr(theirs)
    assert ours.seed(seed) == theirs.seed(seed)
    for _ in range(3):
        x = ours.sample()
        assert same(x, sample_of_peer(theirs))
        assert x in ours
    used = theirs.seed(seed)
    ours.seed(used)
    theirs.seed(used)
    assert same(ours.sample(), sample_of_peer(theirs))


@given(nested(peer=True), seeds)
def test_jsonable_batches(recipe, seed):
    ours, _ = both(recipe)
    ours.seed(seed)
    batch = [ours.sample() for _ in range(2)]
    text = json.dumps(ours.to_jsonable(batch))
    assert same(ours.from_jsonable(json.loads(text)), batch)


@given(flattenable(peer=True), seeds)
def test_flattening(recipe, seed):
    ours, theirs = both(recipe)
    assert spaces.flatdim(ours) == peer_spaces.flatdim(theirs)
    box, their_box = spaces.flatten_space(ours), peer_spaces.flatten_space(theirs)
    assert box.dtype == their_box.dtype
    assert np.array_equal(box.low, their_box.low)
    assert np.array_equal(box.high, their_box.high)
    ours.seed(seed)
    x = ours.sample()
    assert same(spaces.flatten(ours, x), peer_spaces.flatten(theirs, x))


@given(nested(peer=True), seeds, st.integers(1, 3))
def test_batches(recipe, seed, n):
    ours, theirs = both(recipe)
    ours.seed(seed), theirs.seed(seed)
    our_batch, their_batch = vector.batch_space(ours, n), peer_vector.batch_space(theirs, n)
    assert repr(our_batch) == repr(their_batch)
    assert same(our_batch.sample(), sample_of_peer(their_batch))
    assert our_batch.seed(seed) == their_batch.seed(seed)
    assert same(our_batch.sample(), sample_of_peer(their_batch))


def int8(*values):
    return np.array(values, np.int8)


def chance(*values):
    return np.array(values, np.float64)


DISCRETE = Recipe("Discrete", (3,), {"start": -1})
BOX = Recipe("Box", (-1, 1, (2,)))
MASKS = [
    (DISCRETE, int8(1, 0, 1), chance(0.2, 0.3, 0.5)),
    (DISCRETE, int8(0, 0, 0), chance(0, 0, 1)),
    (
        Recipe("Discrete", (3,), {"dtype": np.int8, "start": 100}),
        int8(0, 1, 1),
        chance(0.1, 0.9, 0),
    ),
    (
        Recipe("MultiDiscrete", ([2, 3],), {"start": [5, -5]}),
        (int8(0, 1), int8(0, 0, 0)),
        (chance(0.5, 0.5), chance(0.2, 0.7, 0.1)),
    ),
    (
        Recipe("MultiDiscrete", ([[2, 3], [1, 2]],)),
        ((int8(0, 1), int8(0, 1, 1)), (int8(1), int8(1, 1))),
        ((chance(0.5, 0.5), chance(0.2, 0.7, 0.1)), (chance(1), chance(0.25, 0.75))),
    ),
    (Recipe("MultiBinary", (4,)), int8(0, 1, 2, 2), chance(0, 0.25, 0.5, 1)),
    (Recipe("MultiBinary", ([2, 1],)), int8([0], [2]), chance([0.5], [0.9])),
    (Recipe("Text", (5,), {"charset": "cab"}), (None, int8(1, 0, 1)), (None, chance(0.5, 0, 0.5))),
    (Recipe("Text", (5,), {"charset": "cab"}), (3, None), (2, None)),
    (Recipe("Text", (5,), {"charset": "cab", "min_length": 0}), (3, int8(0, 0, 0)), (0, None)),
    (Recipe("Tuple", ([DISCRETE, BOX],)), (int8(0, 1, 1), None), (chance(0.5, 0.5, 0), None)),
    (
        Recipe("Dict", ({"b": DISCRETE, "a": BOX},)),
        {"a": None, "b": int8(0, 1, 1)},
        {"a": None, "b": chance(0.5, 0.5, 0)},
    ),
    (Recipe("OneOf", ([DISCRETE, BOX],)), (int8(0, 1, 1), None), (chance(0.5, 0.5, 0), None)),
    (Recipe("Sequence", (DISCRETE,)), (None, int8(0, 1, 1)), (4, chance(0.5, 0.5, 0))),
    (Recipe("Sequence", (DISCRETE,)), (np.array([2, 5]), None), (np.array([0, 1]), None)),
    (
        Recipe("Sequence", (DISCRETE,), {"stack": True}),
        (3, int8(0, 1, 1)),
        (None, chance(0.5, 0.5, 0)),
    ),
    (
        Recipe("Graph", (DISCRETE, DISCRETE)),
        ((int8(0, 1, 1),) * 10, int8(1, 1, 0)),
        ((chance(0, 0.5, 0.5),) * 10, chance(0, 0, 1)),
    ),
    (Recipe("Graph", (BOX, DISCRETE)), (None, int8(1, 1, 0)), (None, chance(0, 0, 1))),
    (Recipe("Graph", (DISCRETE, None)), ((int8(0, 1, 1),) * 10, None), (None, None)),
    (
        Recipe("Dict", ({"x": Recipe("Tuple", ([DISCRETE, Recipe("Sequence", (DISCRETE,))],))},)),
        {"x": (int8(0, 1, 0), (2, int8(1, 0, 1)))},
        {"x": (None, (None, chance(0.5, 0.5, 0)))},
    ),
]


@pytest.mark.parametrize(("recipe", "mask", "probability"), MASKS)
@pytest.mark.parametrize("seed", range(5))
def test_masks_and_probabilities(recipe, mask, probability, seed):
    ours, theirs = both(recipe)
    ours.seed(seed), theirs.seed(seed)
    for _ in range(5):
        assert same(ours.sample(mask=mask), theirs.sample(mask=mask))
        assert same(ours.sample(probability=probability), theirs.sample(probability=probability))
    assert same(ours.sample(), theirs.sample())


@pytest.mark.parametrize(("nodes", "edges"), [(1, None), (2, None), (1, 3), (4, 0), (3, 7)])
def test_graph_sizes(nodes, edges):
    ours, theirs = both(Recipe("Graph", (BOX, DISCRETE), {"seed": 5}))
    for _ in range(3):
        x = ours.sample(num_nodes=nodes, num_edges=edges)
        assert same(x, theirs.sample(num_nodes=nodes, num_edges=edges))
        assert x in ours


def test_unbounded_integers_are_drawn_around_zero():
    low, high = np.array([-np.inf, -np.inf, 3]), np.array([np.inf, 5, np.inf])
    ours, theirs = both(Recipe("Box", (low, high), {"dtype": np.int32, "seed": 1}))
    for _ in range(20):
        assert same(ours.sample(), theirs.sample())


def test_image_stream():
    ours, theirs = both(Recipe("Box", (0, 255, (84, 84, 4), np.uint8), {"seed": 3}))
    for _ in range(3):
        assert same(ours.sample(), theirs.sample())


def test_generator_is_shared_and_may_be_any():
    for bits in (np.random.PCG64(1), np.random.MT19937(1), np.random.Philox(1), np.random.SFC64(1)):
        rng = np.random.Generator(bits)
        space = spaces.Box(-1, 1, (3,), seed=rng)
        state = np.random.Generator(type(bits)(1))
        assert same(space.sample(), state.uniform(-1, 1, 3).astype(np.float32))
        assert space.np_random is rng
