import gymnasium.spaces
import numpy as np
import pytest

from dromos import spaces
from dromos.spaces import Discrete, MultiBinary, MultiDiscrete
from dromos.spaces.masks import MaskError


@pytest.mark.parametrize(
    ("space", "text"),
    [
        (Discrete(2), "Discrete(2)"),
        (Discrete(np.int8(3), start=-1), "Discrete(3, start=-1)"),
        (Discrete(3, dtype=np.uint8), "Discrete(3, dtype=uint8)"),
        (MultiDiscrete([2, 3]), "MultiDiscrete([2 3])"),
        (MultiDiscrete([[2, 3]], start=[[1, 0]]), "MultiDiscrete([[2 3]], start=[[1 0]])"),
        (MultiBinary(3), "MultiBinary(3)"),
        (MultiBinary([2, 3]), "MultiBinary((2, 3))"),
        (MultiBinary(np.int64(3)), "MultiBinary(3)"),
        (MultiBinary(np.array([2, 3])), "MultiBinary((2, 3))"),
    ],
)
def test_repr(space, text):
    assert repr(space) == text


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Discrete(0), ValueError),
        (lambda: Discrete(-1), ValueError),
        (lambda: Discrete(2.0), TypeError),
        (lambda: Discrete(True), TypeError),
        (lambda: Discrete("2"), TypeError),
        (lambda: Discrete(2, start=0.5), TypeError),
        (lambda: Discrete(2, dtype=None), TypeError),
        (lambda: Discrete(2, dtype=np.float32), TypeError),
        (lambda: Discrete(2, dtype=bool), TypeError),
        (lambda: Discrete(256, dtype=np.uint8), OverflowError),
        (lambda: Discrete(2, start=-1, dtype=np.uint8), OverflowError),
        (lambda: Discrete(100, start=100, dtype=np.int8), ValueError),
        (lambda: Discrete(2, start=2**63 - 1), ValueError),
        (lambda: MultiDiscrete([2, 0]), ValueError),
        (lambda: MultiDiscrete([2.5]), ValueError),
        (lambda: MultiDiscrete(["2"]), ValueError),
        (lambda: MultiDiscrete([None]), ValueError),
        (lambda: MultiDiscrete([[1], [1, 2]]), ValueError),
        (lambda: MultiDiscrete([300], np.uint8), ValueError),
        (lambda: MultiDiscrete(np.array([300]), np.uint8), ValueError),
        (lambda: MultiDiscrete([2], np.float32), ValueError),
        (lambda: MultiDiscrete([2], None), ValueError),
        (lambda: MultiDiscrete([2, 2], start=[0]), ValueError),
        (lambda: MultiDiscrete([100], np.int8, start=[100]), ValueError),
        (lambda: MultiBinary(0), ValueError),
        (lambda: MultiBinary([2, -1]), ValueError),
        (lambda: MultiBinary(2.0), ValueError),
        (lambda: MultiBinary("ab"), ValueError),
    ],
)
def test_wrong_arguments(make, error):
    with pytest.raises(error):
        make()


ELEMENTS = [
    (Discrete(3), 2, True),
    (Discrete(3), 3, False),
    (Discrete(3), -1, False),
    (Discrete(3), True, True),
    (Discrete(3), 2**70, False),
    (Discrete(3), 1.0, False),
    (Discrete(3), "1", False),
    (Discrete(3), None, False),
    (Discrete(3), np.int8(2), True),
    (Discrete(3), np.uint64(2), False),
    (Discrete(3), np.float32(2), False),
    (Discrete(3), np.array(2), True),
    (Discrete(3), np.array([2]), False),
    (Discrete(3, dtype=np.int8), np.int64(2), False),
    (Discrete(3, dtype=np.uint64), np.uint8(2), True),
    (Discrete(3, dtype=np.uint64), 2**64 - 1, False),
    (MultiDiscrete([2, 3]), np.array([1, 2]), True),
    (MultiDiscrete([2, 3]), np.array([1, 3]), False),
    (MultiDiscrete([2, 3]), np.array([-1, 0]), False),
    (MultiDiscrete([2, 3]), [1, 2], True),
    (MultiDiscrete([2, 3]), (1, 3), False),
    (MultiDiscrete([2, 3]), [[1], [1, 2]], False),
    (MultiDiscrete([2, 3]), np.array([1.0, 2.0]), False),
    (MultiDiscrete([2, 3]), np.array([1, 2], np.int8), True),
    (MultiDiscrete([2, 3]), np.array([1]), False),
    (MultiDiscrete([2, 3]), np.array([9, 1, 9, 2])[1::2], True),
    (MultiDiscrete([2, 3]), 1, False),
    (MultiBinary(2), np.array([0, 1], np.int8), True),
    (MultiBinary(2), np.array([0, 2], np.int8), False),
    (MultiBinary(2), np.array([0, -1], np.int8), False),
    (MultiBinary(2), np.array([0, 1.0]), True),
    (MultiBinary(2), [1, 1], True),
    (MultiBinary(2), [1, 1, 1], False),
    (MultiBinary(2), np.array([[0, 1]], np.int8), False),
    (MultiBinary(2), 1, False),
]


@pytest.mark.parametrize(("space", "x", "is_element"), ELEMENTS)
def test_contains(space, x, is_element):
    assert space.contains(x) is is_element


@pytest.mark.parametrize(("space", "x", "is_element"), ELEMENTS)
def test_contains_as_gymnasium(space, x, is_element):
    if isinstance(x, list) and isinstance(x[0], list):
        return  # Gymnasium lets NumPy's error through
    peer_class = getattr(gymnasium.spaces, type(space).__name__)
    if isinstance(space, Discrete):
        peer = peer_class(space.n, start=space.start, dtype=space.dtype.type)
    else:
        peer = peer_class(space.n if isinstance(space, MultiBinary) else space.nvec)
    assert peer.contains(x) is is_element


def int8(*values):
    return np.array(values, np.int8)


@pytest.mark.parametrize(
    ("space", "steering"),
    [
        (Discrete(2), {"mask": [1, 0]}),
        (Discrete(2), {"mask": np.array([1, 0])}),
        (Discrete(2), {"mask": int8(1, 0, 1)}),
        (Discrete(2), {"mask": int8(1, 2)}),
        (Discrete(2), {"probability": int8(1, 0)}),
        (Discrete(2), {"probability": np.array([0.5, 0.6])}),
        (Discrete(2), {"probability": np.array([-0.5, 1.5])}),
        (Discrete(2), {"probability": np.array([np.nan, 1])}),
        (MultiDiscrete([2, 2]), {"mask": int8(1, 0)}),
        (MultiDiscrete([2, 2]), {"mask": (int8(1, 0),)}),
        (MultiDiscrete([2, 2]), {"mask": (int8(1, 0), int8(1))}),
        (MultiDiscrete([2, 2]), {"probability": (np.array([1.0, 0]), np.array([0.9, 0]))}),
        (MultiBinary(2), {"mask": int8(0, 3)}),
        (MultiBinary(2), {"mask": int8(0, -1)}),
        (MultiBinary(2), {"mask": int8(0)}),
        (MultiBinary(2), {"probability": np.array([0.5, 1.5])}),
    ],
)
def test_wrong_masks(space, steering):
    with pytest.raises(MaskError, match=r"Expected .* found") as caught:
        space.sample(**steering)
    assert isinstance(caught.value, AssertionError)  # as Gymnasium's
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("space", [Discrete(2), MultiDiscrete([2]), MultiBinary(2)])
def test_one_of_mask_and_probability(space):
    with pytest.raises(ValueError, match="Only one of `mask` or `probability`"):
        space.sample(mask=1, probability=2)


def test_assigned_attributes_are_in_force():
    space = Discrete(3, seed=0)
    space.n = 5
    assert 4 in space
    assert max(space.sample() for _ in range(100)) == 4
    assert repr(space) == "Discrete(5)"
    assert spaces.flatdim(space) == 5
    space.start = 10
    assert 14 in space
    assert 0 not in space
    assert spaces.flatten(space, 12).tolist() == [0, 0, 1, 0, 0]
    multi = MultiDiscrete([2, 2], seed=0)
    multi.nvec = np.array([9, 9])
    assert np.array([8, 8]) in multi
    assert np.max([multi.sample() for _ in range(50)]) > 1
    binary = MultiBinary(2)
    binary.n = 3
    assert binary.shape == binary.sample().shape == (3,)


def test_equality():
    assert Discrete(3) == Discrete(3)
    assert Discrete(3) != Discrete(3, start=1)
    assert Discrete(3) != Discrete(3, dtype=np.int32)
    assert MultiDiscrete([2, 3]) == MultiDiscrete(np.array([2, 3]))
    assert MultiDiscrete([2, 3]) != MultiDiscrete([2, 3], start=[0, 1])
    assert MultiDiscrete([2, 3]) != MultiDiscrete([[2, 3]])
    assert MultiDiscrete([2, 3]) != MultiDiscrete([2, 3], np.int32)
    assert MultiBinary(2) != MultiBinary(3)
    assert Discrete(3).__eq__(3) is False
    assert len({Discrete(3), Discrete(3), MultiDiscrete([3]), MultiBinary(3)}) == 3


def test_elements_are_numpy_scalars_of_the_dtype():
    for dtype in (np.int8, np.uint32, np.int64, np.uint64):
        space = Discrete(5, start=2, dtype=dtype, seed=1)
        weights = np.full(5, 0.2)
        for x in (
            space.sample(),
            space.sample(mask=int8(0, 1, 0, 1, 0)),
            space.sample(probability=weights),
        ):
            assert type(x) is dtype
            assert x in space


def test_parts_of_a_multi_discrete():
    space = MultiDiscrete([[2, 3], [4, 5]], start=[[0, 1], [2, 3]], seed=4)
    assert space[0, 1] == Discrete(3, start=1)
    assert space[1] == MultiDiscrete([4, 5], start=[2, 3])
    assert space[1].np_random.random() == space.np_random.random()
    with pytest.warns(UserWarning, match="multi-dimensional"):
        assert len(space) == 2
    assert len(MultiDiscrete([2, 2, 2])) == 3


@pytest.mark.parametrize(
    ("space", "flat"),
    [
        (Discrete(3), np.zeros(3)),
        (MultiDiscrete([2, 2]), np.array([1, 0, 0, 0])),
        (MultiDiscrete([2, 2]), np.array([1, 1, 0, 0])),
        (MultiDiscrete([2, 2]), np.array([1, 0, 1, 1])),
    ],
)
def test_what_is_no_one_hot_vector(space, flat):
    with pytest.raises(ValueError, match="one-hot"):
        spaces.unflatten(space, flat)


def test_one_hot_vectors_of_other_dtypes():
    assert spaces.unflatten(Discrete(3, start=5), np.array([0, 0.0, 2.5])) == 7
    assert spaces.unflatten(Discrete(3), [0, 1, 0]) == 1
    assert spaces.unflatten(MultiDiscrete([2, 2]), [0, 1, 1, 0]).tolist() == [1, 0]
    assert spaces.flatten(MultiDiscrete([2, 2]), (0, 1)).tolist() == [1, 0, 0, 1]
    with pytest.raises(ValueError, match="Expected an element"):
        spaces.flatten(MultiDiscrete([2, 2]), [0.5, 1.0])
