"""Random generators as plain data, and back after every number in it has been checked.

NumPy's setters trust some numbers they are given (a position in a buffer, for one), so a hostile
state could make its C code read outside the buffer. Nothing unchecked reaches them.
"""

from __future__ import annotations

import math
import random
from functools import cache
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

#: NumPy takes an integer apart in quadratic time; this many bits take it a few microseconds.
_MAX_ENTROPY_BITS = 1 << 14
_MAX_WORDS = 1 << 12

#: Which integers may stand under a name; a seed sequence's work grows with its pool's square.
_RANGES = {
    "state": range(1 << 128),
    "inc": range(1 << 128),
    "has_uint32": range(2),
    "uinteger": range(1 << 32),
    "pos": range(625),
    "buffer_pos": range(5),
    "has_gauss": range(2),
    "pool_size": range(4, 65),
    "n_children_spawned": range(1 << 32),
}
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
    name = state.pop("bit_generator")
    seed = getattr(bits, "seed_seq", getattr(bits, "_seed_seq", None))
    if type(seed) is SeedWords and seed._sequence is not None:
        seed = seed.sequence
    if type(seed) is SeedWords and seed.entropy.bit_length() <= _MAX_ENTROPY_BITS:
        return [name, state, {"entropy": seed.entropy, **_FRESH_SEED}]
    if type(seed) is SeedWords:
        seed = seed.sequence
    if type(seed) is np.random.SeedSequence:
        fields = dict(seed.state)
    elif seed is None and name == "MT19937":
        return [name, state, None]
    else:
        raise NotPlainError(f"an instance of {type_name(bits)}", f"a {type_name(seed)} seeded it")
    try:
        return [name, state, _checked_seed(fields)]
    except MalformedError as reason:
        raise NotPlainError(f"an instance of {type_name(bits)}", str(reason)) from None


def bits_from_parts(name: Any, state: Any, seed: Any) -> Any:
    """Return the bit generator that `bits_to_parts` described.

    Raises:
        MalformedError: If any number in it is impossible.
    """
    if type(name) is not str or name not in BITS:
        raise MalformedError(f"expected a bit generator of {sorted(BITS)}, found {shown(name)}")
    check_bits(name, state)
    full = {"bit_generator": name, **state}
    if seed is None and name == "MT19937":  # as old-style seeding leaves it behind
        legacy: Any = np.random.RandomState(0)
        bits = legacy._bit_generator
    else:
        fields = _checked_seed(seed)
        if _TAKES_SEED:
            bits = BITS[name](_ZEROS)
            bits.__setstate__((full, _seed_sequence(fields)))
            return bits
        bits = BITS[name](np.random.SeedSequence(**fields))
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
    _check(state, _example(name), name)
    if name.startswith("PCG64") and state["state"]["inc"] % 2 == 0:
        raise MalformedError("the increment of a PCG64 must be odd, found an even one")
    if name == "MT19937":
        _check_twister(state["state"]["key"])


@cache
def _example(name: str) -> dict[str, Any]:
    """Return a state of a bit generator: what others have the form of."""
    state: dict[str, Any] = BITS[name](0).state
    del state["bit_generator"]
    return state


def _check(value: Any, example: Any, *names: str) -> None:
    """Raise unless a value has the form of another; `names` lead to it."""
    if type(example) is dict:
        if type(value) is not dict or value.keys() != example.keys():
            raise MalformedError(f"expected {'.'.join(names)} to hold {', '.join(example)}")
        for name, part in example.items():
            _check(value[name], part, *names, name)
    elif type(example) is np.ndarray:
        dtype, shape = example.dtype, example.shape
        if type(value) is not np.ndarray or (value.dtype, value.shape) != (dtype, shape):
            form = f"{dtype} {shape}, found {shown(value)}"
            raise MalformedError(f"expected {'.'.join(names)} to be {form}")
    elif type(value) is not int or value not in _RANGES[names[-1]]:
        bounds = _RANGES[names[-1]]
        found = f"from {bounds.start} below {bounds.stop}, found {shown(value)}"
        raise MalformedError(f"expected {'.'.join(names)} {found}")


def _check_twister(key: np.ndarray) -> None:
    if not (key[0] >> 31 or key[1:624].any()):
        raise MalformedError("expected the words of a Mersenne Twister, found zeros only")


def _checked_seed(fields: Any) -> dict[str, Any]:
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
    for name in ("pool_size", "n_children_spawned"):
        _check(fields[name], 0, name)
    return {**fields}


def _check_words(value: Any, where: str) -> None:
    is_short = type(value) in (list, tuple, np.ndarray) and len(value) <= _MAX_WORDS
    if not is_short or not all(map(_is_word, value)):
        found = shown(value)
        raise MalformedError(f"expected {where} to be at most {_MAX_WORDS} words, found {found}")


def _is_word(word: Any) -> bool:
    is_integer = isinstance(word, (int, np.integer)) and type(word) is not bool
    return is_integer and bool(0 <= word < 1 << 64)


def _seed_sequence(fields: dict[str, Any]) -> Any:
    rest = {**fields, "spawn_key": (*fields["spawn_key"],)}
    entropy = rest.pop("entropy")
    if type(entropy) is int and rest == _FRESH_SEED:
        return SeedWords(entropy)  # the same, made in full when somebody asks
    return np.random.SeedSequence(**fields)


def legacy_to_parts(legacy: np.random.RandomState) -> list[Any]:
    """Return a `RandomState`'s bit generator, and whether and which normal number waits."""
    state: Any = legacy.get_state(legacy=False)
    return [legacy._bit_generator, state["has_gauss"], state["gauss"]]


def legacy_from_parts(bits: Any, waits: Any, normal: Any) -> np.random.RandomState:
    """Return the `RandomState` of these parts; raise `MalformedError` if it is impossible."""
    if type(bits) not in BITS.values() or not _is_normal(normal):
        raise MalformedError("expected a RandomState's bit generator and normal number")
    _check(waits, 0, "has_gauss")
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
    _check(words, np.empty(_PYTHON_WORDS, np.uint32), "random.Random")
    _check_twister(words)
    if normal is not None and not _is_normal(normal):
        raise MalformedError("expected a random.Random's normal number or None")
    generator = random.Random(0)
    generator.setstate((_PYTHON_VERSION, tuple(words.tolist()), normal))
    return generator


def _is_normal(value: Any) -> bool:
    return type(value) is float and math.isfinite(value)
