"""The infos of lanes as columns with masks, in Gymnasium's format."""

import gymnasium.vector
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_cases import OURS, assert_same

from dromos.vector import VectorEnv

VALUES = {
    "int": st.integers(-(2**31), 2**31),
    "float": st.floats(allow_nan=False),
    "bool": st.booleans(),
    "float32": st.floats(width=32, allow_nan=False).map(np.float32),
    "uint8": st.integers(0, 255).map(np.uint8),
    "vector": st.lists(st.floats(allow_nan=False), min_size=2, max_size=2).map(np.array),
    "scalar array": st.integers(0, 9).map(np.array),
    "text": st.text(max_size=3),
    "none": st.none(),
    "numpy bool": st.booleans().map(np.bool_),
    "list": st.lists(st.integers(), max_size=2),
    "final_obs": st.integers(0, 9).map(float),
}
#: Every key is there or not, lane by lane; each key has one type of value.
FLAT = st.fixed_dictionaries({}, optional=VALUES)
INFO = st.fixed_dictionaries({}, optional={**VALUES, "inner": FLAT})


class InfoEnv(OURS.Env):
    """An environment that reports a given info."""

    observation_space = OURS.spaces.Discrete(2)
    action_space = OURS.spaces.Discrete(2)

    def __init__(self, info):
        self.info = info

    def reset(self, *, seed=None, options=None):
        return 0, self.info


def columns_of(infos):
    vector = OURS.vector.SyncVectorEnv([lambda info=info: InfoEnv(info) for info in infos])
    return vector.reset()[1]


def added_one_by_one(vector, infos):
    vector.num_envs = len(infos)
    columns = {}
    for lane, info in enumerate(infos):
        columns = vector._add_info(columns, info, lane)
    return columns


@settings(deadline=None, max_examples=150)
@given(infos=st.lists(INFO, min_size=1, max_size=5))
def test_columns_are_the_peers(infos):
    expected = added_one_by_one(gymnasium.vector.VectorEnv(), infos)
    assert_same(columns_of(infos), expected)
    assert_same(added_one_by_one(VectorEnv(), infos), expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2.5), np.array([1.0, 2.5])),
        ((True, 3), np.array([1, 3])),
        ((1.5, 2), np.array([1.5, 2.0])),
        ((np.float32(1.5), 2.5), np.array([1.5, 2.5], dtype=np.float32)),
        ((1, 2**80), np.array([1, 2**80], dtype=object)),
        ((1, None), np.array([1, None], dtype=object)),
        (("a", 1), np.array(["a", 1], dtype=object)),
        ((np.array(["a"]), np.array(["long"])), np.array([["a"], ["long"]])),
        ((np.array([1, 2]), np.array([0.5, 1])), np.array([[1, 2], [0.5, 1]])),
    ],
)
def test_no_value_is_lost_where_lanes_differ_in_type(values, expected):
    infos = [{"k": value} for value in values]
    assert_same(columns_of(infos)["k"], expected)
    assert_same(added_one_by_one(VectorEnv(), infos)["k"], expected)


def test_arrays_of_different_shapes_stay_objects():
    infos = [{"k": np.zeros(2)}, {"k": np.zeros(3)}]
    for columns in (columns_of(infos), added_one_by_one(VectorEnv(), infos)):
        assert columns["k"].dtype == object
        assert [len(value) for value in columns["k"]] == [2, 3]


def test_dicts_beside_other_values_stay_objects():
    assert columns_of([{"k": {"a": 1}}, {"k": 2}])["k"].tolist() == [{"a": 1}, 2]


def test_columns_share_no_memory_with_the_infos():
    value = np.zeros(2)
    columns = columns_of([{"k": value}])
    value[0] = 1.0
    assert columns["k"].tolist() == [[0.0, 0.0]]
