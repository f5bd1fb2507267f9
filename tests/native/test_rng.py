"""The native streams are NumPy's, number for number, whatever is drawn and in whatever order."""

import importlib.util
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dromos._core import rng

MILLION = 1_000_000
SEEDS = [0, 1, 42, 2**32 - 1, 2**32, 2**64 + 3, 2**128 + 5, 2**1000 + 17]
INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
WEIGHTS = np.array([0.1, 0.2, 0.05, 0.0, 0.3, 0.35])

Draw = Callable[[Any, int], Any]

# Each kind of draw: how to make n of them natively and with NumPy.
KINDS: dict[str, tuple[Draw, Draw]] = {
    "random": (lambda s, n: s.random(n), lambda g, n: g.random(n)),
    "uniform": (lambda s, n: s.uniform(-0.05, 0.05, n), lambda g, n: g.uniform(-0.05, 0.05, n)),
    "integers": (lambda s, n: s.integers(-3, 96, n), lambda g, n: g.integers(-3, 97, n)),
    "wide integers": (
        lambda s, n: s.integers(-(2**40), 2**62, n),
        lambda g, n: g.integers(-(2**40), 2**62, n, endpoint=True),
    ),
    "bits": (
        lambda s, n: s.integers(0, 1, n, dtype="int8"),
        lambda g, n: g.integers(0, 2, n, dtype=np.int8),
    ),
    "words": (
        lambda s, n: s.next32(n),
        lambda g, n: g.integers(0, 2**32, n, dtype=np.uint32),
    ),
    "long words": (lambda s, n: s.next64(n), lambda g, n: g.bit_generator.random_raw(n)),
    "choice": (lambda s, n: s.choice(WEIGHTS, n), lambda g, n: g.choice(6, p=WEIGHTS, size=n)),
    "permutation": (lambda s, n: s.permutation(n), lambda g, n: g.permutation(n)),
    "standard_normal": (lambda s, n: s.standard_normal(n), lambda g, n: g.standard_normal(n)),
    "normal": (lambda s, n: s.normal(3.0, 0.1, n), lambda g, n: g.normal(3.0, 0.1, n)),
    "standard_exponential": (
        lambda s, n: s.standard_exponential(n),
        lambda g, n: g.standard_exponential(n),
    ),
    "geometric, few": (lambda s, n: s.geometric(0.5, n), lambda g, n: g.geometric(0.5, n)),
    "geometric, many": (lambda s, n: s.geometric(0.01, n), lambda g, n: g.geometric(0.01, n)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS[-3:])
def test_a_million_draws_of_each_kind(kind: str, seed: int) -> None:
    native, numpy = KINDS[kind]
    stream, generator = rng.Pcg64(seed), np.random.default_rng(seed)
    np.testing.assert_array_equal(native(stream, MILLION), numpy(generator, MILLION))
    assert stream.state == generator.bit_generator.state


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_over_every_width_and_range(dtype: str) -> None:
    limits = np.iinfo(dtype)
    low, high = int(limits.min), int(limits.max)
    ranges = [(low, high), (low + 1, high), (low, high - 1), (0, 1), (7, 7), (0, 2), (0, 100)]
    ranges += [(low, low + (high - low) // 2 + 2), (high - 3, high)]
    ranges += [(0, last) for last in (2**32 - 2, 2**32 - 1, 2**32, 2**33) if last <= high]
    stream, generator = rng.Pcg64(8), np.random.default_rng(8)
    for first, last in ranges:
        for n in (1, 3, 100_001):
            found = stream.integers(first, last, n, dtype=dtype)
            expected = generator.integers(first, last, n, dtype=dtype, endpoint=True)
            assert found.dtype == expected.dtype
            np.testing.assert_array_equal(found, expected)
    assert stream.state == generator.bit_generator.state


@pytest.mark.parametrize("seed", SEEDS)
def test_seeds_of_any_size(seed: int) -> None:
    stream = rng.Pcg64(seed)
    assert stream.state == np.random.PCG64(np.random.SeedSequence(seed)).state


@given(seed=st.integers(min_value=0, max_value=2**200))
def test_seed_gives_the_generator_that_numpy_makes(seed: int) -> None:
    assert rng.Pcg64(seed).state == np.random.PCG64(seed).state


@settings(max_examples=200)
@given(
    seed=st.integers(min_value=0, max_value=2**64),
    calls=st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 40)), max_size=30),
)
def test_kinds_in_any_order(seed: int, calls: list[tuple[str, int]]) -> None:
    """32-bit draws leave half a word behind that 64-bit draws must not touch."""
    stream, generator = rng.Pcg64(seed), np.random.default_rng(seed)
    behind = np.random.default_rng(seed)
    borrowed = rng.NumpyBits(behind.bit_generator)
    for kind, n in calls:
        native, numpy = KINDS[kind]
        expected = numpy(generator, n)
        np.testing.assert_array_equal(native(stream, n), expected)
        np.testing.assert_array_equal(native(borrowed, n), expected)
    assert stream.state == behind.bit_generator.state == generator.bit_generator.state


def test_scalar_draws_equal_bulk_draws() -> None:
    """Environments draw one number at a time from NumPy."""
    stream, generator = rng.Pcg64(5), np.random.default_rng(5)
    for _ in range(1000):
        assert stream.integers(0, 9, 1)[0] == generator.integers(10)
        assert stream.integers(0, 6, 1)[0] == generator.choice(7)
        assert stream.integers(0, 200, 1, dtype="uint8")[0] == generator.integers(201, dtype="u1")
        assert stream.uniform(-1.5, 2.5, 1)[0] == generator.uniform(-1.5, 2.5)
        assert stream.choice(WEIGHTS, 1)[0] == generator.choice(6, p=WEIGHTS)
        assert stream.standard_normal(1)[0] == generator.normal()
        assert stream.standard_exponential(1)[0] == generator.exponential()
        assert stream.geometric(0.25, 1)[0] == generator.geometric(0.25)


@given(
    weights=st.lists(st.floats(min_value=0.0, max_value=1.0), min_size=1, max_size=20).filter(
        lambda w: sum(w) > 1e-6
    ),
    seed=st.integers(0, 2**32),
)
def test_choice_with_any_probabilities(weights: list[float], seed: int) -> None:
    p = np.array(weights) / np.sum(weights)
    found = rng.Pcg64(seed).choice(p, 100)
    expected = np.random.default_rng(seed).choice(len(p), p=p, size=100)
    np.testing.assert_array_equal(found, expected)


def test_categorical_is_the_first_running_sum_above_a_draw() -> None:
    p = np.array([0.1, 0.2, 0.3, 0.15])  # sums to less than one: nothing found means 0
    draws = np.random.default_rng(3).random(10_000)
    expected = np.argmax(np.cumsum(p) > draws[:, None], axis=1)
    np.testing.assert_array_equal(rng.Pcg64(3).categorical(p, 10_000), expected)


def test_state_moves_to_numpy_and_back() -> None:
    stream = rng.Pcg64(11)
    stream.next32(3)  # leaves half a word
    bits = np.random.PCG64()
    bits.state = stream.state
    generator = np.random.Generator(bits)
    np.testing.assert_array_equal(stream.next32(5), generator.integers(0, 2**32, 5, dtype="u4"))
    generator.normal(size=7)
    stream.state = bits.state
    np.testing.assert_array_equal(stream.random(9), generator.random(9))
    assert stream == stream
    assert stream != rng.Pcg64(11)


def test_numpy_bits_advance_the_generator_they_borrow() -> None:
    generator, twin = np.random.default_rng(4), np.random.default_rng(4)
    rng.NumpyBits(generator.bit_generator).random(10)
    twin.random(10)
    assert generator.random() == twin.random()


@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_numpy_bits_take_any_bit_generator(kind: Any) -> None:
    stream, generator = rng.NumpyBits(kind(7)), np.random.Generator(kind(7))
    for name in ("uniform", "integers", "standard_normal", "permutation"):
        native, numpy = KINDS[name]
        np.testing.assert_array_equal(native(stream, 1000), numpy(generator, 1000))


def test_numpy_bits_wait_for_the_generators_lock() -> None:
    bits = np.random.PCG64(0)
    drawn = threading.Event()
    stream = rng.NumpyBits(bits)
    thread = threading.Thread(target=lambda: (stream.random(1), drawn.set()))
    with bits.lock:
        thread.start()
        assert not drawn.wait(0.05)
    thread.join()
    assert drawn.is_set()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.integers(0, 1, 1, dtype="float64"), "found 'float64'"),
        (lambda s: s.integers(2, 1, 1), "low must not exceed last"),
        (lambda s: s.integers(0, 300, 1, dtype="int8"), "must fit into the dtype"),
        (lambda s: s.choice(np.array([]), 1), "at least one probability"),
        (lambda s: s.geometric(0.0, 1), r"\(0, 1\]"),
    ],
)
def test_bad_arguments_are_refused(call: Callable[[Any], Any], message: str) -> None:
    stream = rng.Pcg64(0)
    before = stream.state
    with pytest.raises(ValueError, match=message):
        call(stream)
    assert stream.state == before


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None])
def test_bad_seeds_are_refused(seed: Any) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        rng.Pcg64(seed)


@pytest.fixture(scope="module")
def tables() -> Any:
    """The program that observes NumPy's tables; it can make any two words come next."""
    path = Path(__file__).parents[2] / "tools" / "observe_ziggurat_tables.py"
    spec = importlib.util.spec_from_file_location("observe_ziggurat_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)  # where dataclasses look their module up
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["NORMAL", "EXPONENTIAL"])
def test_ziggurats_have_numpys_edges(name: str, tables: Any) -> None:
    """Draws beside every entry of the tables, where a wrong last digit would show."""
    density = getattr(tables, name)
    observer = tables.Observer(density)
    stream = rng.Pcg64(0)
    draw = getattr(stream, f"standard_{density.name}")

    def check(layer: int, x: int, height: int) -> None:
        stream.state = tables.two_words(density.word(layer, x), height << 11)[0]
        assert draw(1)[0] == observer.draw(layer, x, height)[0]
        assert stream.state == observer.bits.state

    for layer in range(256):
        accept = observer.accept(layer)
        for x in (max(accept - 1, 0), accept, (1 << density.bits) - 1):
            check(layer, x, 1 << 52)
            ceiling = observer.ceiling(layer, x) if layer > 0 else 1
            for height in (max(ceiling - 1, 0), min(ceiling, (1 << 53) - 1)):
                check(layer, x, height)
