"""Whatever is read, it is a value or our error: no import, no crash, no large allocation."""

import json
import struct
import sys
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_cases import VALUES, Cell, Phase, Robot

from dromos import error, plain, spaces
from dromos.plain import MalformedError
from dromos.plain.layout import pack, unpack

RICH = {
    "a": [1, 2.5, None, "text", 1 << 200, complex(1, 2), range(3), float("nan")],
    "arrays": [np.arange(6.0).reshape(2, 3).T, np.zeros(2, [("a", "u1"), ("b", "U2")])],
    "generators": [np.random.Generator(bits(3)) for bits in (np.random.PCG64, np.random.Philox)],
    "twister": np.random.Generator(np.random.MT19937(3)),
    "legacy": np.random.RandomState(3),
    "objects": [Phase.GO, Cell(1, 2), Robot((1,), []), {1, 2}, (1, [2]), b"bytes", bytearray(b"x")],
    "space": spaces.Box(0, 1, (2,), seed=3),
    "scalar": np.float32(2),
}
RICH["again"] = RICH["arrays"]
RICH["view"] = RICH["arrays"][0][1]
DATA = plain.to_bytes(RICH)
TREE = plain.to_tree(RICH)


def read(data):
    """Read bytes that must give a value or `MalformedError`."""
    try:
        return plain.from_bytes(data)
    except MalformedError:
        return None


def sealed(text, blobs=b"", version=2):
    """Return bytes with a right length and checksum around any content."""
    rest = struct.pack("<QQ", 32 + len(text) + len(blobs), len(text)) + text + blobs
    return struct.pack("<8sHHI", b"\x89DROMOS\n", version, 0, zlib.crc32(rest)) + rest


def sealed_tree(tree):
    return sealed(json.dumps({"content": "value", "sizes": [], "tree": tree}).encode())


@pytest.mark.parametrize("length", [*range(80), *range(80, len(DATA), 97), len(DATA) - 1])
def test_truncated_bytes(length):
    with pytest.raises(MalformedError):
        plain.from_bytes(DATA[:length])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DATA) * 8 - 1))
def test_any_flipped_bit_is_noticed(bit):
    flipped = bytearray(DATA)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(MalformedError):
        plain.from_bytes(flipped)


def test_bytes_after_the_end_are_noticed():
    with pytest.raises(MalformedError, match="should have"):
        plain.from_bytes(DATA + b"\0")


def test_the_error_is_one_for_snapshots_and_for_json():
    with pytest.raises(error.SnapshotError, match="are not a value of dromos"):
        plain.from_bytes(b"GIF89a")
    with pytest.raises(error.InvalidJson, match=r'data\["a"\]\[0\]: unknown mark'):
        plain.from_tree({"a": [{"$what": 1}]})


@given(st.binary(max_size=200))
def test_any_bytes(data):
    with pytest.raises(MalformedError):
        plain.from_bytes(data)


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=20))
def test_any_content_with_a_right_checksum(text, blobs):
    read(sealed(text, blobs))


@settings(max_examples=200, deadline=None)
@given(st.integers(32, len(DATA) - 1), st.binary(min_size=1, max_size=3))
def test_damage_with_a_right_checksum(position, patch):
    body = bytearray(DATA)
    body[position : position + len(patch)] = patch[: len(DATA) - position]
    body[12:16] = struct.pack("<I", zlib.crc32(body[16:]))
    read(body)


def test_another_version_is_named():
    with pytest.raises(
        MalformedError,
        match=r"version 7, written by a later dromos; this dromos understands version 2",
    ):
        plain.from_bytes(sealed(b"{}", version=7))


def test_other_contents_are_named():
    data = pack([1], "snapshot")
    assert unpack(data, "snapshot")[0] == [1]
    with pytest.raises(MalformedError, match="expected a value, these bytes are a 'snapshot'"):
        plain.from_bytes(data)


@pytest.mark.parametrize("data", [None, "text", 3, [1], np.zeros(3)])
def test_what_is_not_bytes(data):
    with pytest.raises(MalformedError, match="expected the bytes of a value"):
        plain.from_bytes(data)


def test_any_kind_of_buffer_is_read():
    for data in (bytearray(DATA), memoryview(DATA), memoryview(DATA + DATA)[: len(DATA)]):
        assert plain.to_bytes(plain.from_bytes(data)) == DATA


def test_the_value_does_not_hold_on_to_the_bytes():
    data = bytearray(plain.to_bytes(np.arange(1000)))
    array = plain.from_bytes(data)
    data[:] = bytes(len(data))
    assert array[999] == 999


TAGS = sorted({part for part in json.dumps(TREE).split('"') if part.startswith("$")})
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.integers(), st.floats(), st.text(max_size=4),
    st.sampled_from([*TAGS, "<f8", "|u1", "PCG64", "AAAAAAAAAAA=", "plain_cases:Cell", "0x1f"]),
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from([*TAGS, "$ref", "$view", "$memory"]),
    st.sampled_from(["id", "of", "dtype", "shape", "strides", "offset", "axes", "readonly"]),
    st.text(max_size=3),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=15,
)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_any_tree(tree):
    try:
        value = plain.from_tree(tree)
    except MalformedError:
        return
    plain.to_tree(value)


def paths_in(tree, path=()):
    yield path
    if isinstance(tree, (dict, list)):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from paths_in(tree[key], (*path, key))


PATHS = list(paths_in(TREE))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS[1:]), st.one_of(LEAVES, TREES), st.booleans())
def test_any_change_of_a_good_tree(path, replacement, remove):
    tree = json.loads(json.dumps(TREE))
    parent = tree
    for key in path[:-1]:
        parent = parent[key]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = replacement
    try:
        value = plain.from_tree(tree)
    except MalformedError:
        return
    plain.to_tree(value)
    if isinstance(value, dict) and isinstance(value.get("twister"), np.random.Generator):
        value["twister"].random(700)


@settings(deadline=None)
@given(VALUES)
def test_reading_never_fails_on_what_was_written(value):
    plain.from_bytes(plain.to_bytes(value))


ARRAY = {"$array": "AAAAAAAAAAA=", "dtype": "<f8", "shape": [1]}
MEMORY = {"$memory": "AAAAAAAAAAA=", "id": 0}
VIEW = {"$view": MEMORY, "dtype": "|u1", "shape": [8], "strides": [1], "offset": 0}
BITS = TREE["twister"]["$generator"][0]["$bits"]
TWICE = {"$tuple": [{"$ref": 0}, {"$ref": 0}], "id": 0}


@pytest.mark.parametrize(
    "tree",
    [
        {**ARRAY, "shape": [2**62]},
        {**ARRAY, "shape": [2**62, 0]},
        {**ARRAY, "shape": [-1]},
        {**ARRAY, "shape": [1] * 65},
        {**ARRAY, "dtype": "|O"},
        {**ARRAY, "dtype": {"fields": [["a", "|O", 0]], "itemsize": 8}},
        {**ARRAY, "$array": "", "dtype": "|V2147483640", "shape": [0]},
        {**ARRAY, "axes": [1]},
        {**ARRAY, "dtype": "|b1", "shape": [8], "$array": "AgAAAAAAAAA="},
        {**ARRAY, "dtype": "<U2", "$array": "/////wAAAAA="},
        {**VIEW, "offset": 1},
        {**VIEW, "offset": -1},
        {**VIEW, "strides": [2]},
        {**VIEW, "strides": [-1]},
        {**VIEW, "strides": [0], "shape": [2**40]},
        {**VIEW, "strides": [2**62]},
        {**VIEW, "$view": {**ARRAY, "dtype": "|u1", "shape": [8], "readonly": True}},
        {"$deque": [], "of": [2**70]},
        {"$deque": [1, 2], "of": [1]},
        {"$dict": [[], 1]},
        {"$dict": [1]},
        {"$dict": [1, 2, 1, 3]},
        {"$set": [[]]},
        {"$set": [1, 1]},
        {"$ref": 0},
        {"$tuple": [{"$ref": 0}], "id": 0},
        TWICE,
        {"$tuple": [TWICE, {"$ref": 0}], "id": 1},
        {"$bits": [BITS[0], {"state": {**BITS[1]["state"], "pos": 10**9}}, BITS[2]]},
        {"$bits": [BITS[0], {"state": {**BITS[1]["state"], "pos": -1}}, BITS[2]]},
        {"$bits": [*BITS[:2], {**BITS[2], "pool_size": 10**9}]},
        {"$generator": [5]},
        {"$generator": [{"$generator": [TREE["twister"]["$generator"][0]]}]},
        {"$random": [{**ARRAY, "dtype": "<u4", "shape": [2]}, None]},
        {"$int": "9" * 10**5},
        {"$int": "0x"},
        {"$float": "ff"},
        {"$reference": "os.system"},
        {"$namedtuple": [], "of": []},
        {"$space": [], "of": ["{}"]},
        {"$space": [], "of": ['{"space": "os:system"}']},
        {
            "$space": [None],
            "of": ['{"space": "Box", "dtype": "int8", "shape": [99999, 99999], "low": 0}'],
        },
        {"$text": 1},
        {"$unknown": 1},
        {"$scalar": "AA==", "dtype": "|V1"},
        1 << 70,
        {1: 2},
        object(),
        b"bytes",
    ],
)
def test_known_attacks_on_a_tree(tree):
    tracemalloc.start()
    try:
        with pytest.raises(MalformedError):
            plain.from_tree(tree)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"content":"value","sizes":[],"tree":' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"content":"value","sizes":[18446744073709551615],"tree":1}',
        b'{"content":"value","sizes":[-1],"tree":1}',
        b'{"content":"value","sizes":[],"tree":' + b"9" * 100_000 + b"}",
        b'{"content":"value","sizes":[],"tree":NaN}',
        b'{"content":"value","sizes":[],"tree":{"$bytes":0}}',
        b'{"content":"value","sizes":{},"tree":1}',
        b"\xff\xfe",
        b"null",
    ],
)
def test_known_attacks_on_the_head(text):
    with pytest.raises(MalformedError):
        plain.from_bytes(sealed(text))


def test_a_deep_tree_is_refused_at_any_depth_of_the_stack():
    tree = 1
    for _ in range(60):
        tree = [tree]

    def at_depth(frames):
        if frames:
            return at_depth(frames - 1)
        return plain.from_tree(tree)

    assert plain.from_tree(tree)
    for frames in range(0, sys.getrecursionlimit() - 60, 10):
        try:
            at_depth(frames)
        except (MalformedError, RecursionError):
            continue


def test_reading_imports_nothing():
    before = set(sys.modules)
    loaded = plain.from_bytes(
        sealed_tree(
            [
                {"$reference": "antigravity:fly"},
                {"$reference": ["turtledemo.clock:Clock", "X"]},
                {"$dataclass": [1], "of": ["idlelib.run:Executive", "x"]},
            ]
        )
    )
    assert loaded[0].path == "antigravity:fly"
    assert set(sys.modules) == before
