"""What all spaces have in common: seeds, copies, public names."""

import copy
import importlib
import pickle
import subprocess
import sys
from types import FunctionType

import gymnasium.spaces
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from space_cases import nested, same

from dromos import spaces
from dromos.error import Error
from dromos.spaces import Box, Dict, Discrete, Graph, MultiDiscrete, Sequence, Space, Tuple


@given(nested(), st.integers(0, 2**64))
def test_copies_have_the_state_of_the_generator(recipe, seed):
    space = recipe.build(spaces)
    space.seed(seed)
    space.sample()
    copies = [copy.deepcopy(space), pickle.loads(pickle.dumps(space))]
    expected = [space.sample() for _ in range(3)]
    for again in copies:
        assert again == space
        assert repr(again) == repr(space)
        assert same([again.sample() for _ in range(3)], expected)


def test_numpy_integers_are_seeds():
    for space in (
        Discrete(100),
        Tuple([Discrete(100)]),
        Dict(a=Discrete(100)),
        Sequence(Discrete(9)),
    ):
        assert space.seed(np.int64(7)) == space.seed(7)
        space.seed(np.uint8(3))
    assert Discrete(100, seed=np.int32(4)).sample() == Discrete(100, seed=4).sample()


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True])
def test_wrong_seeds(seed):
    with pytest.raises(Error, match="Seed must be"):
        Discrete(2).seed(seed)


def test_the_seed_used_is_returned():
    space = Discrete(1000)
    used = space.seed()
    first = space.sample()
    assert space.seed(used) == used
    assert space.sample() == first


def test_a_generator_may_be_put_in_place():
    space = Discrete(1000, seed=1)
    space._np_random = np.random.default_rng(1)
    assert space.sample() == Discrete(1000, seed=1).sample()


def test_threads_share_a_generator_safely():
    from concurrent.futures import ThreadPoolExecutor

    box = Box(0, 1, (500,), np.float64, seed=0)
    expected = np.random.default_rng(0).random(500 * 40).reshape(40, 500)
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: box.sample(), range(40)))
    assert {x[0] for x in drawn} == set(expected[:, 0])


@pytest.mark.parametrize(
    "state",
    [
        {"shape": (), "dtype": np.dtype(int), "np_random": None, "n": np.int64(3)},
        {"_shape": (), "dtype": np.dtype(int), "_np_random": None, "n": np.int64(3)},
    ],
)
def test_pickles_of_old_gym(state):
    space = Discrete.__new__(Discrete)
    space.__setstate__(state)
    assert space == Discrete(3)
    assert space.sample() in space


@pytest.mark.parametrize(
    "make",
    [
        lambda s: s.Box(np.array([-np.inf, 0]), np.array([1, 2]), dtype=np.int8),
        lambda s: s.Discrete(3, start=1),
        lambda s: s.MultiDiscrete([2, 3]),
        lambda s: s.MultiBinary([2, 3]),
        lambda s: s.Text(3, charset="ba"),
        lambda s: s.Dict(b=s.Discrete(2), a=s.Box(0, 1)),
        lambda s: s.Sequence(s.Box(0, 1), stack=True),
        lambda s: s.Graph(s.Box(0, 1), s.Discrete(2)),
        lambda s: s.OneOf([s.Discrete(2)]),
    ],
)
def test_state_of_gymnasiums_spaces(make):
    ours, theirs = make(spaces), make(gymnasium.spaces)
    theirs.seed(3)
    state = {key: _ours(value) for key, value in theirs.__dict__.items()}
    again = type(ours).__new__(type(ours))
    again.__setstate__(state)
    ours.seed(3)
    assert again == ours
    assert same(again.sample(), ours.sample())
    assert again.to_json() == ours.to_json()


def _ours(value):
    """A space of Gymnasium as one of ours, by its attributes."""
    if isinstance(value, gymnasium.spaces.Space):
        space = getattr(spaces, type(value).__name__)
        made = space.__new__(space)
        made.__setstate__({key: _ours(part) for key, part in value.__dict__.items()})
        return made
    if isinstance(value, dict):
        return {key: _ours(part) for key, part in value.items()}
    return tuple(map(_ours, value)) if isinstance(value, tuple) else value


MODULES = ["box", "dict", "discrete", "graph", "multi_binary", "multi_discrete", "oneof"]
MODULES += ["sequence", "space", "text", "tuple", "utils"]


@pytest.mark.parametrize("name", MODULES)
def test_public_names(name):
    ours = importlib.import_module(f"dromos.spaces.{name}")
    theirs = importlib.import_module(f"gymnasium.spaces.{name}")
    for public, value in vars(theirs).items():
        is_own = isinstance(value, (type, FunctionType)) and value.__module__ == theirs.__name__
        if is_own and not public.startswith("_") and public != "is_float_integer":
            assert hasattr(ours, public), public


def test_exported_names():
    assert set(spaces.__all__) == set(gymnasium.spaces.__all__)


@pytest.mark.parametrize("space", [Space, Box, Discrete, MultiDiscrete, Tuple, Dict, spaces.OneOf])
def test_generics_are_subscriptable(space):
    assert space[np.int8].__origin__ is space


def test_importing_spaces_is_light():
    heavy = {"inspect", "multiprocessing", "json", "dataclasses", "cloudpickle", "ctypes"}
    code = (
        "import sys, numpy, typing_extensions; before = set(sys.modules);"
        "import dromos.spaces;"
        f"print(sorted((set(sys.modules) - before) & {heavy}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_graphs_and_sequences_are_seeded_as_one():
    graph = Graph(Discrete(9), Discrete(9), seed=5)
    assert graph.seed(5) == graph.seed(graph.seed(5))
