"""Plain values for the tests: some by hand, all kinds by hypothesis, and what equality is."""

import dataclasses
import enum
import math
import random
import struct
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


class Phase(enum.Enum):
    WAIT = 1
    GO = "go"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Ways(enum.Flag):
    NORTH = 1
    EAST = 2
    SOUTH = 4


class Cell(NamedTuple):
    row: int
    column: int


Pair = namedtuple("Pair", "left right")


@dataclasses.dataclass
class Robot:
    position: tuple
    cargo: list
    label: str = "r"

    def __post_init__(self):
        self.built_by_init = True


@dataclasses.dataclass(frozen=True)
class Frozen:
    __slots__ = ("x", "y")
    x: int
    y: list


def module_function(x):
    return x


BIT_GENERATORS = [
    np.random.PCG64,
    np.random.PCG64DXSM,
    np.random.MT19937,
    np.random.Philox,
    np.random.SFC64,
]

_NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.complex_numbers(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.none(),
)

DTYPES = st.one_of(
    npst.scalar_dtypes(),
    npst.unicode_string_dtypes(max_len=4),
    npst.byte_string_dtypes(max_len=4),
    npst.array_dtypes(
        st.one_of(npst.scalar_dtypes(), npst.unicode_string_dtypes(max_len=4)), min_size=1
    ),
).filter(lambda dtype: dtype.itemsize > 0)

ARRAYS = DTYPES.flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=3, min_side=0))
)

SCALARS = st.one_of(
    _NUMBERS,
    st.text(st.characters(exclude_categories=())),
    st.binary(max_size=8),
    npst.scalar_dtypes().flatmap(lambda dtype: npst.from_dtype(dtype)),
    st.sampled_from([*Phase, *Level, Ways(0), Ways.NORTH | Ways.SOUTH, Cell(1, 2)]),
    st.sampled_from([range(0), range(5, -9, -2), np.dtype("f4"), np.str_("a"), np.bytes_(b"b\0")]),
)

_HASHABLE = st.one_of(
    st.integers(), st.text(max_size=3), st.sampled_from([*Phase]), st.tuples(st.integers())
)

VALUES = st.recursive(
    st.one_of(SCALARS, ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=4),
        st.dictionaries(_HASHABLE, inner, max_size=4),
        st.sets(_HASHABLE, max_size=4),
        st.frozensets(_HASHABLE, max_size=4),
        st.tuples(st.lists(inner, max_size=3), st.integers(3, 5)).map(lambda p: deque(*p)),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(OrderedDict),
        st.tuples(inner, inner).map(lambda p: Pair(*p)),
        inner.map(lambda part: Robot((1,), [part])),
        st.dictionaries(st.text(max_size=2), st.integers(), max_size=3).map(Counter),
        inner.map(lambda part: defaultdict(list, {"k": [part]})),
    ),
    max_leaves=12,
)


def same(left, right):
    """Return whether two plain values are equal to the last bit, types included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return _same_arrays(left, right)
    if isinstance(left, (np.str_, np.bytes_)):
        return left == right and left.dtype == right.dtype
    if isinstance(left, np.generic):
        return left.dtype == right.dtype and _same_arrays(np.asarray(left), np.asarray(right))
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right)
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    if isinstance(left, np.random.Generator):
        return same(left.bit_generator.state, right.bit_generator.state)
    if isinstance(left, random.Random):
        return left.getstate() == right.getstate()
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple, deque)):
        return len(left) == len(right) and all(map(same, left, right))
    if dataclasses.is_dataclass(left) and not hasattr(left, "__slots__"):
        return same(vars(left), vars(right))
    return left == right


def _same_arrays(left, right):
    if (left.dtype, left.shape) != (right.dtype, right.shape):
        return False
    if left.flags.writeable != right.flags.writeable:
        return False
    if left.dtype.names:
        return all(_same_arrays(left[name], right[name]) for name in left.dtype.names)
    if left.dtype.kind in "fc" and left.dtype.itemsize > (8 if left.dtype.kind == "f" else 16):
        equal = np.array_equal(left, right, equal_nan=True)
        return equal and np.array_equal(np.signbit(left.real), np.signbit(right.real))
    return left.tobytes() == right.tobytes()


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


NAN_WITH_PAYLOAD = struct.unpack("d", struct.pack("Q", 0x7FF8_0000_0000_1234))[0]
NUMBERS_AT_THE_EDGE = [
    0, -1, 2**63, 2**64 - 1, 2**64, -(2**64), 10**5000, -(10**30),
    0.0, -0.0, math.inf, -math.inf, math.nan, NAN_WITH_PAYLOAD, 5e-324, 1.7976931348623157e308,
    complex(-0.0, math.nan), complex(math.inf, -0.0), True, None,
]  # fmt: skip
