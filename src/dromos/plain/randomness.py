"""Random generators as plain data, and back after every number in it has been checked.

NumPy's setters trust some numbers they are given (a position in a buffer, for one), so a hostile
state could make its C code read outside the buffer. Nothing unchecked reaches them.
"""

from __future__ import annotations

import random
from typing import Any, TypeAlias

import numpy as np

from dromos.plain.errors import MalformedError, NotPlainError, type_name
from dromos.seeding import SeedWords

__all__ = [
    "bits_from_parts",
    "bits_to_parts",
    "copy_bits",
    "legacy_from_parts",
    "legacy_to_parts",
    "python_from_parts",
    "python_to_parts",
]

BITS: dict[str, type[Any]] = {
    "MT19937": np.random.MT19937,
    "PCG64": np.random.PCG64,
    "PCG64DXSM": np.random.PCG64DXSM,
    "Philox": np.random.Philox,
    "SFC64": np.random.SFC64,
}

_Schema: TypeAlias = "dict[str, _Schema] | range | tuple[type[Any], int]"

_HALF = {"has_uint32": range(2), "uinteger": range(1 << 32)}
_PCG: _Schema = {"state": {"state": range(1 << 128), "inc": range(1 << 128)}, **_HALF}

#: What the state of each bit generator holds: dicts, integers of a range, arrays (dtype, length).
_SCHEMAS: dict[str, _Schema] = {
    "MT19937": {"state": {"key": (np.uint32, 624), "pos": range(625)}},
    "PCG64": _PCG,
    "PCG64DXSM": _PCG,
    "Philox": {
        "state": {"counter": (np.uint64, 4), "key": (np.uint64, 2)},
        "buffer": (np.uint64, 4),
        "buffer_pos": range(5),
        **_HALF,
    },
    "SFC64": {"state": {"state": (np.uint64, 4)}, **_HALF},
}

#: Words of a `SeedSequence`'s pool: its work grows with the square.
_POOL_SIZES = range(4, 65)

#: Python's Mersenne Twister: 624 words and a position.
_PYTHON_WORDS = 625
_PYTHON_VERSION = 3


class _Zeros(np.random.bit_generator.ISeedSequence):
    """Seeds a bit generator that gets its state right afterwards, at no cost."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        return np.zeros(n_words, dtype)


_ZEROS: Any = _Zeros()

#: Whether a bit generator takes its seed sequence together with its state, as in NumPy 2.
_TAKES_SEED = isinstance(np.random.PCG64(0).__reduce__()[2], tuple)


def bits_to_parts(bits: Any) -> list[Any]:
    """Return a bit generator's name, state and seed sequence (None if it has none).

    Raises:
        NotPlainError: If it was seeded in a way that cannot be written down.
    """
    state = bits.state
    return [state.pop("bit_generator"), state, _seed_fields(bits)]


def _seed_fields(bits: Any) -> dict[str, Any] | None:
    seed = getattr(bits, "seed_seq", getattr(bits, "_seed_seq", None))
    if isinstance(seed, SeedWords):
        seed = seed.sequence
    if seed is None and type(bits) is np.random.MT19937:
        return None
    if type(seed) is not np.random.SeedSequence:
        raise NotPlainError(
            f"an instance of {type_name(bits)}", f"it was seeded by a {type_name(seed)}"
        )
    return dict(seed.state)


def copy_bits(bits: Any) -> Any:
    """Return an independent bit generator with the same future, spawned children included."""
    fields = _seed_fields(bits)
    if fields is None:
        copied = _seedless()
        copied.state = bits.state
    elif _TAKES_SEED:
        copied = type(bits)(_ZEROS)
        copied.__setstate__((bits.state, np.random.SeedSequence(**fields)))
    else:
        copied = type(bits)(np.random.SeedSequence(**fields))
        copied.state = bits.state
    return copied


def _seedless() -> Any:
    """Return a bit generator without a seed sequence, as old-style seeding leaves it behind."""
    legacy: Any = np.random.RandomState(0)
    return legacy._bit_generator


def bits_from_parts(parts: list[Any]) -> Any:
    """Return the bit generator that `bits_to_parts` described.

    Raises:
        MalformedError: If any number in it is impossible.
    """
    name, state, seed = parts
    if type(name) is not str or name not in BITS:
        raise MalformedError(f"expected a bit generator, one of {sorted(BITS)}, found {name!r:.60}")
    _check(state, _SCHEMAS[name], name)
    if seed is None and name != "MT19937":
        raise MalformedError(f"expected the seed sequence of a {name}, found None")
    bits = _seedless() if seed is None else BITS[name](_seed_sequence(seed))
    bits.state = {"bit_generator": name, **state}
    return bits


def _check(value: Any, schema: _Schema, where: str) -> None:
    if isinstance(schema, dict):
        if type(value) is not dict or value.keys() != schema.keys():
            raise MalformedError(f"expected {where} to hold {', '.join(schema)}")
        for name, part in schema.items():
            _check(value[name], part, f"{where}.{name}")
    elif isinstance(schema, range):
        if type(value) is not int or value not in schema:
            raise MalformedError(
                f"expected {where} from {schema.start} below {schema.stop}, found {value!r:.60}"
            )
    else:
        dtype, length = schema
        fits = type(value) is np.ndarray and value.dtype == dtype and value.shape == (length,)
        if not fits:
            raise MalformedError(f"expected {where} to be {length} {dtype.__name__} numbers")


def _seed_sequence(fields: Any) -> np.random.SeedSequence:
    names = {"entropy", "spawn_key", "pool_size", "n_children_spawned"}
    if type(fields) is not dict or fields.keys() != names:
        raise MalformedError(f"expected a seed sequence to hold {', '.join(sorted(names))}")
    entropy, spawn_key = fields["entropy"], fields["spawn_key"]
    if type(entropy) is not int and not _is_words(entropy):
        raise MalformedError(f"expected the entropy of a seed sequence, found {entropy!r:.60}")
    if not _is_words(spawn_key):
        raise MalformedError(f"expected the spawn key of a seed sequence, found {spawn_key!r:.60}")
    _check(fields["pool_size"], _POOL_SIZES, "pool_size")
    _check(fields["n_children_spawned"], range(1 << 32), "n_children_spawned")
    try:
        return np.random.SeedSequence(**fields)
    except (TypeError, ValueError, OverflowError) as reason:
        raise MalformedError(f"expected a seed sequence ({reason})") from None


def _is_words(value: Any) -> bool:
    if type(value) is np.ndarray:
        return value.ndim == 1 and value.dtype.kind in "iu"
    integers = (int, np.integer)
    return type(value) in (list, tuple) and all(
        isinstance(word, integers) and type(word) is not bool for word in value
    )


def legacy_to_parts(legacy: np.random.RandomState) -> list[Any]:
    """Return a `RandomState`'s bit generator, and whether and which normal number waits."""
    state: Any = legacy.get_state(legacy=False)
    return [legacy._bit_generator, state["has_gauss"], state["gauss"]]


def legacy_from_parts(parts: list[Any]) -> np.random.RandomState:
    """Return the `RandomState` that `legacy_to_parts` described.

    Raises:
        MalformedError: If it is impossible.
    """
    bits, waits, normal = parts
    if type(bits) not in BITS.values() or type(normal) is not float:
        raise MalformedError("expected a RandomState's bit generator and normal number")
    _check(waits, range(2), "has_gauss")
    legacy = np.random.RandomState(bits)
    state: Any = legacy.get_state(legacy=False)
    legacy.set_state({**state, "has_gauss": waits, "gauss": normal})
    return legacy


def python_to_parts(generator: random.Random) -> list[Any]:
    """Return the words and the waiting normal number of Python's own generator."""
    version, words, normal = generator.getstate()
    if version != _PYTHON_VERSION:
        raise NotPlainError(f"a random.Random of version {version}", "its state is not understood")
    return [np.array(words, np.uint32), normal]


def python_from_parts(parts: list[Any]) -> random.Random:
    """Return the generator that `python_to_parts` described.

    Raises:
        MalformedError: If it is impossible.
    """
    words, normal = parts
    _check(words, (np.uint32, _PYTHON_WORDS), "a random.Random")
    if normal is not None and type(normal) is not float:
        raise MalformedError("expected a random.Random's normal number or None")
    generator = random.Random(0)
    try:
        generator.setstate((_PYTHON_VERSION, tuple(words.tolist()), normal))
    except ValueError as reason:
        raise MalformedError(f"expected the state of a random.Random ({reason})") from None
    return generator
