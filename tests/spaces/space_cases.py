"""Spaces for the tests: recipes that make one space in two libraries, and random ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")

#: Gymnasium's arithmetic overflows for bounds beyond.
PEER_LIMIT = 2**62

shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)
full_shapes = st.lists(st.integers(1, 3), max_size=3).map(tuple)


class Recipe(NamedTuple):
    """A call of a space's constructor, whose arguments may be recipes."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}  # noqa: RUF012

    def build(self, spaces: Any) -> Any:
        """Return the space, of the classes in module `spaces`."""
        keywords = {key: _built(value, spaces) for key, value in self.keywords.items()}
        return getattr(spaces, self.name)(*_built(self.arguments, spaces), **keywords)


def _built(value: Any, spaces: Any) -> Any:
    if isinstance(value, Recipe):
        return value.build(spaces)
    if isinstance(value, (tuple, list)):
        return type(value)(_built(part, spaces) for part in value)
    if isinstance(value, dict):
        return {key: _built(part, spaces) for key, part in value.items()}
    return value.copy() if isinstance(value, np.ndarray) else value


def limits(dtype: str) -> tuple[Any, Any]:
    if dtype == "bool":
        return 0, 1
    if dtype in FLOATS:
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def numbers(dtype: str, low: Any, high: Any) -> st.SearchStrategy[Any]:
    if dtype in FLOATS:
        width = int(dtype.removeprefix("float"))
        inside = st.floats(low, high, width=width, allow_nan=False)
    else:
        inside = st.integers(low, high)
    return st.sampled_from([low, high]) | inside


@st.composite
def boxes(
    draw: Callable[..., Any],
    *,
    peer: bool = False,
    any_shape: bool = True,
    dtypes: tuple[str, ...] = ("bool", *INTEGERS, *FLOATS),
) -> Recipe:
    """Boxes of every dtype with bounds up to the limits of it, or where the peer works."""
    dtype = draw(st.sampled_from(dtypes))
    smallest, largest = limits(dtype)
    if peer:
        bound = min(largest, 6e4) if dtype == "float16" else min(largest, 1e300)
        bound = bound if dtype in FLOATS else PEER_LIMIT
        smallest, largest = max(smallest, -bound), min(largest, bound)
    shape = draw(shapes if any_shape else full_shapes)
    size = int(np.prod(shape))
    pairs = [sorted([draw(numbers(dtype, smallest, largest)) for _ in "ab"]) for _ in range(size)]
    low, high = (np.array([pair[i] for pair in pairs], dtype).reshape(shape) for i in (0, 1))
    if peer:  # which takes -0.0 to be below 0.0
        low[low == 0], high[high == 0] = 0, 0
    if dtype in FLOATS:
        low[np.array([draw(st.booleans()) for _ in range(size)], bool).reshape(shape)] = -np.inf
        high[np.array([draw(st.booleans()) for _ in range(size)], bool).reshape(shape)] = np.inf
    return Recipe("Box", (low, high), {"dtype": np.dtype(dtype).type})


@st.composite
def discretes(draw: Callable[..., Any], most: int = 20) -> Recipe:
    dtype = draw(st.sampled_from(INTEGERS))
    smallest, largest = limits(dtype)
    n = draw(st.integers(1, min(most, largest)))
    start = draw(numbers(dtype, smallest, largest - n + 1))
    return Recipe("Discrete", (n,), {"start": start, "dtype": np.dtype(dtype).type})


@st.composite
def multi_discretes(draw: Callable[..., Any], *, peer: bool = False, most: int = 5) -> Recipe:
    # Gymnasium's one-hot vectors take no uint64 as an index.
    dtype = draw(st.sampled_from(INTEGERS[:-1] if peer else INTEGERS))
    smallest, largest = limits(dtype)
    if peer:
        smallest, largest = max(smallest, -PEER_LIMIT), min(largest, PEER_LIMIT)
    shape = draw(full_shapes.filter(bool))
    size = int(np.prod(shape))
    nvec = [draw(st.integers(1, min(most, largest))) for _ in range(size)]
    start = [draw(numbers(dtype, smallest, largest - n + 1)) for n in nvec]
    arrays = [np.array(values, dtype).reshape(shape) for values in (nvec, start)]
    return Recipe(
        "MultiDiscrete", (arrays[0],), {"dtype": np.dtype(dtype).type, "start": arrays[1]}
    )


# Gymnasium makes strings by way of NumPy, which strips NUL.
_characters = st.characters(codec="utf-8", exclude_characters="\0")

multi_binaries = st.builds(
    lambda n: Recipe("MultiBinary", (n,)),
    st.integers(1, 4) | st.lists(st.integers(1, 3), min_size=1, max_size=3),
)


@st.composite
def texts(draw: Callable[..., Any]) -> Recipe:
    charset = draw(st.text(_characters, min_size=1, max_size=8))
    longest = draw(st.integers(1, 6))
    shortest = draw(st.integers(0, longest))
    chosen = frozenset(charset) if draw(st.booleans()) else charset
    return Recipe("Text", (longest,), {"min_length": shortest, "charset": chosen})


def leaves(*, peer: bool = False) -> st.SearchStrategy[Recipe]:
    arrays = boxes(peer=peer, any_shape=not peer)
    return arrays | discretes() | multi_discretes(peer=peer) | multi_binaries | texts()


def flattenable(*, peer: bool = False) -> st.SearchStrategy[Recipe]:
    """Spaces whose elements flatten into one array, nested."""
    return st.recursive(leaves(peer=peer), _products, max_leaves=4)


def exactly_flattenable() -> st.SearchStrategy[Recipe]:
    """Nested spaces whose elements all fit into float64, the widest dtype they can flatten to."""
    narrow = boxes(dtypes=("bool", "int8", "uint8", "int32", *FLOATS))
    parts = narrow | discretes() | multi_discretes() | multi_binaries | texts()
    return st.recursive(parts, _products, max_leaves=4)


def nested(*, peer: bool = False) -> st.SearchStrategy[Recipe]:
    """Spaces of every class, nested."""
    dynamic = sequences(peer=peer) | graphs(peer=peer)
    return st.recursive(leaves(peer=peer) | dynamic, _products, max_leaves=4)


def sequences(*, peer: bool = False) -> st.SearchStrategy[Recipe]:
    stacked = boxes(peer=peer, any_shape=False) | discretes() | multi_binaries
    return st.builds(lambda s: Recipe("Sequence", (s,)), leaves(peer=peer)) | st.builds(
        lambda s: Recipe("Sequence", (s,), {"stack": True}), stacked
    )


def graphs(*, peer: bool = False) -> st.SearchStrategy[Recipe]:
    parts = boxes(peer=peer, any_shape=False) | discretes()
    return st.builds(lambda n, e: Recipe("Graph", (n, e)), parts, st.none() | parts)


def _products(parts: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
    several = st.lists(parts, min_size=1, max_size=3)
    keyed = st.dictionaries(st.sampled_from("bdac"), parts, min_size=1, max_size=3)
    return (
        st.builds(lambda s: Recipe("Tuple", (s,)), several)
        | st.builds(lambda s: Recipe("OneOf", (s,)), several)
        | st.builds(lambda s: Recipe("Dict", (s,)), keyed)
        | st.builds(lambda s: Recipe("Dict", (list(s.items()),)), keyed)
    )


def same(a: Any, b: Any) -> bool:
    """Return whether elements or batches are equal in value, type, dtype and shape."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        # Gymnasium's integer boxes of shape () give scalars where its floating ones give arrays.
        is_array = isinstance(a, np.ndarray) and isinstance(b, (np.ndarray, np.generic))
        return is_array and a.dtype == b.dtype and np.array_equal(a, b) and a.shape == b.shape
    if type(a).__name__ != type(b).__name__:
        return False
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)
