"""Random generators as plain data, and back after every number in it has been checked.

NumPy's setters trust some numbers they are given (a position in a buffer, for one), so a hostile
state could make its C code read outside the buffer. Nothing unchecked reaches them.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np

from dromos.plain.errors import MalformedError, NotPlainError, shown, type_name
from dromos.seeding import SeedWords

__all__ = [
    "BITS",
    "bits_from_parts",
    "bits_to_parts",
    "check_bits",
    "check_pcg64",
    "generator_from_parts",
    "legacy_from_parts",
    "legacy_to_parts",
    "python_from_parts",
    "python_to_parts",
]

BITS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM),
        *(np.random.Philox, np.random.SFC64),
    )
}

_HALF = {"has_uint32": range(2), "uinteger": range(1 << 32)}
_PCG = {"state": {"state": range(1 << 128), "inc": range(1 << 128)}, **_HALF}

#: What the state of each bit generator holds: dicts, integers of a range, arrays (dtype, length).
_SCHEMAS: dict[str, Any] = {
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

#: NumPy takes an integer apart in quadratic time; this many bits take it a few microseconds.
_MAX_ENTROPY_BITS = 1 << 14
_MAX_WORDS = 1 << 12
_WORDS = range(1 << 64)

#: What a `SeedSequence` holds besides entropy and spawn key; its work grows with the pool's square.
_SEED_NUMBERS = {"pool_size": range(4, 65), "n_children_spawned": range(1 << 32)}
_FRESH_SEED = {"spawn_key": (), "pool_size": 4, "n_children_spawned": 0}

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
    found = f"an instance of {type_name(bits)}"
    if isinstance(seed, SeedWords) and seed._sequence is not None:
        seed = seed.sequence
    if seed is None and type(bits) is np.random.MT19937:
        return None
    if isinstance(seed, SeedWords):
        fields = {"entropy": seed.entropy, **_FRESH_SEED}
    elif type(seed) is np.random.SeedSequence:
        fields = dict(seed.state)
    else:
        raise NotPlainError(found, f"it was seeded by a {type_name(seed)}")
    try:
        _check_seed(fields)
    except MalformedError as reason:
        raise NotPlainError(found, str(reason)) from None
    return fields


def bits_from_parts(name: Any, state: Any, seed: Any) -> Any:
    """Return the bit generator that `bits_to_parts` described.

    Raises:
        MalformedError: If any number in it is impossible.
    """
    if type(name) is not str or name not in BITS:
        raise MalformedError(f"expected a bit generator of {sorted(BITS)}, found {shown(name)}")
    check_bits(name, state)
    if seed is not None:
        _check_seed(seed)
    elif name != "MT19937":
        raise MalformedError(f"expected the seed sequence of a {name}, found None")
    full = {"bit_generator": name, **state}
    if seed is None:  # as old-style seeding leaves it behind
        legacy: Any = np.random.RandomState(0)
        bits = legacy._bit_generator
    elif _TAKES_SEED:
        bits = BITS[name](_ZEROS)
        bits.__setstate__((full, _seed_sequence(seed)))
        return bits
    else:
        bits = BITS[name](np.random.SeedSequence(**seed))
    bits.state = full
    return bits


def check_pcg64(words: np.ndarray) -> None:
    """Raise unless each row can be the stream of a lane that was seeded.

    Args:
        words: uint64 (lanes, 5): state and increment, high word first, then whether half of a
            draw waits (0 or 1) in the low half and that half in the high one.

    Raises:
        MalformedError: If one cannot: with an even increment it falls into short circles.
    """
    if not (words[:, 3] & np.uint64(1)).all():
        raise MalformedError("the increment of a PCG64 must be odd, found an even one")
    if ((words[:, 4] & np.uint64(0xFFFFFFFF)) > 1).any():
        raise MalformedError("expected has_uint32 of a PCG64 to be 0 or 1")


def check_bits(name: str, state: Any) -> None:
    """Raise unless a bit generator can be in a state: numbers in range, loops that end.

    Raises:
        MalformedError: If it cannot.
    """
    _check(state, _SCHEMAS[name], name)
    if name.startswith("PCG64") and state["state"]["inc"] % 2 == 0:
        raise MalformedError("the increment of a PCG64 must be odd, found an even one")
    if name == "MT19937":
        _check_twister(state["state"]["key"])


def _check_twister(key: np.ndarray) -> None:
    if not (key[0] >> 31 or key[1:624].any()):
        raise MalformedError("expected the words of a Mersenne Twister, found zeros only")


def _check(value: Any, schema: Any, where: str) -> None:
    if isinstance(schema, dict):
        if type(value) is not dict or value.keys() != schema.keys():
            raise MalformedError(f"expected {where} to hold {', '.join(schema)}")
        for name, part in schema.items():
            _check(value[name], part, f"{where}.{name}")
    elif isinstance(schema, range):
        if type(value) is not int or value not in schema:
            bounds = f"from {schema.start} below {schema.stop}"
            raise MalformedError(f"expected {where} {bounds}, found {shown(value)}")
    else:
        dtype, length = schema
        if type(value) is not np.ndarray or value.dtype != dtype or value.shape != (length,):
            raise MalformedError(f"expected {where} to be {length} {dtype.__name__} numbers")


def _check_seed(fields: Any) -> None:
    if type(fields) is not dict or fields.keys() != {"entropy", *_FRESH_SEED}:
        raise MalformedError(f"expected a seed sequence to hold entropy, {', '.join(_FRESH_SEED)}")
    entropy = fields["entropy"]
    if type(entropy) is not int:
        _check_words(entropy, "entropy")
    elif not entropy >= 0 or entropy.bit_length() > _MAX_ENTROPY_BITS:
        raise MalformedError(
            f"expected an entropy of 0 to {_MAX_ENTROPY_BITS} bits, found {shown(entropy)}"
        )
    _check_words(fields["spawn_key"], "spawn_key")
    for name, bounds in _SEED_NUMBERS.items():
        _check(fields[name], bounds, name)


def _check_words(value: Any, where: str) -> None:
    if type(value) is np.ndarray and value.ndim == 1 and value.dtype.kind in "iu":
        value = value[: _MAX_WORDS + 1].tolist()
    if type(value) not in (list, tuple) or len(value) > _MAX_WORDS:
        found = shown(value)
        raise MalformedError(f"expected {where} to be at most {_MAX_WORDS} words, found {found}")
    for word in value:
        if not isinstance(word, (int, np.integer)) or type(word) is bool or word not in _WORDS:
            raise MalformedError(f"expected {where} to hold words, found {shown(word)}")


def _seed_sequence(fields: dict[str, Any]) -> Any:
    is_fresh = len(fields["spawn_key"]) == 0 and all(
        fields[name] == _FRESH_SEED[name] for name in _SEED_NUMBERS
    )
    if type(fields["entropy"]) is int and is_fresh:
        return SeedWords(fields["entropy"])  # the same, made in full when somebody asks
    return np.random.SeedSequence(**fields)


def generator_from_parts(bits: Any) -> np.random.Generator:
    """Return the generator on a bit generator; raise `MalformedError` if it is none."""
    if type(bits) not in BITS.values():
        raise MalformedError(f"expected a bit generator, found {shown(bits)}")
    return np.random.Generator(bits)


def legacy_to_parts(legacy: np.random.RandomState) -> list[Any]:
    """Return a `RandomState`'s bit generator, and whether and which normal number waits."""
    state: Any = legacy.get_state(legacy=False)
    return [legacy._bit_generator, state["has_gauss"], state["gauss"]]


def legacy_from_parts(bits: Any, waits: Any, normal: Any) -> np.random.RandomState:
    """Return the `RandomState` of these parts; raise `MalformedError` if it is impossible."""
    if type(bits) not in BITS.values() or not _is_normal(normal):
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


def python_from_parts(words: Any, normal: Any) -> random.Random:
    """Return the generator of these parts; raise `MalformedError` if it is impossible."""
    _check(words, (np.uint32, _PYTHON_WORDS), "a random.Random")
    _check_twister(words)
    if normal is not None and not _is_normal(normal):
        raise MalformedError("expected a random.Random's normal number or None")
    generator = random.Random(0)
    try:
        generator.setstate((_PYTHON_VERSION, tuple(words.tolist()), normal))
    except ValueError as reason:
        raise MalformedError(f"expected the state of a random.Random ({reason})") from None
    return generator


def _is_normal(value: Any) -> bool:
    return type(value) is float and math.isfinite(value)
