"""Infos as a list of dicts: what each lane said, and nothing else."""

import copy
import json
import operator
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos.vector import AutoresetMode, SyncVectorEnv, info_list
from dromos.wrappers.vector.dict_info_to_list import DictInfoToList


class TellingEnv(gym.Env):
    """Tells infos of every kind; an episode has `length` steps."""

    def __init__(self, lane, length):
        self.lane, self.length = lane, length
        self.observation_space = gym.spaces.Box(0, 99, (1,), np.float32)
        self.action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self._obs(), {"started": True}

    def step(self, action):
        self.count += 1
        return self._obs(), 1.0, self.count == self.length, False, self.told()

    def told(self):
        info = {
            "int": self.count,
            "float": self.count / 2,
            "text": f"lane {self.lane}",
            "array": np.full(2, self.count),
            "nested": {"deep": {"n": self.count}},
        }
        if self.lane == 1:
            info |= {"only here": 7, "_private": 8, "nested": {"other": None}}
        return info

    def _obs(self):
        return np.array([self.count], np.float32)


def vector(mode=AutoresetMode.NEXT_STEP, length=3):
    makers = [lambda lane=lane: TellingEnv(lane, length + lane) for lane in range(3)]
    return DictInfoToList(SyncVectorEnv(makers, autoreset_mode=mode))


def same(left, right):
    assert left.keys() == right.keys()
    for key, value in left.items():
        if isinstance(value, dict):
            same(value, right[key])
        elif isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, right[key])
        else:
            assert value == right[key]
            assert type(value) is type(right[key])


def test_each_lane_has_the_info_of_a_single_environment():
    envs = vector(length=50)
    singles = [TellingEnv(lane, 50) for lane in range(3)]
    _, infos = envs.reset(seed=0)
    assert isinstance(infos, list)
    assert infos == [env.reset(seed=0)[1] for env in singles]
    for _ in range(3):
        infos = envs.step([0, 1, 0])[4]
        assert isinstance(infos, list)
        for info, env in zip(infos, singles, strict=True):
            same(info, env.step(0)[4])


def test_the_step_that_resets_a_lane_tells_the_info_of_the_reset():
    envs = vector(length=1)
    envs.reset(seed=0)
    envs.step([0, 0, 0])
    infos = envs.step([0, 0, 0])[4]
    assert infos[0] == {"started": True}
    assert infos[1]["only here"] == 7


def test_final_infos_of_the_same_step_mode():
    envs = vector(AutoresetMode.SAME_STEP, length=1)
    envs.reset(seed=0)
    infos = envs.step([0, 0, 0])[4]
    assert infos[0]["started"] is True
    assert infos[0]["final_obs"].tolist() == [1]
    assert infos[0]["final_info"]["nested"] == {"deep": {"n": 1}}
    assert "final_obs" not in infos[1]
    assert "final_info" not in infos[1]


def test_a_lane_whose_dict_is_empty_has_an_empty_dict():
    class Quiet(TellingEnv):
        def told(self):
            return {"nested": {"n": 1} if self.lane else {}}

    envs = DictInfoToList(SyncVectorEnv([lambda: Quiet(0, 9), lambda: Quiet(1, 9)]))
    envs.reset()
    assert envs.step([0, 0])[4] == [{"nested": {}}, {"nested": {"n": 1}}]


def test_lanes_do_not_share_dicts():
    envs = vector()
    first, second, _ = envs.reset(seed=0)[1]
    first["started"] = "changed"
    assert second == {"started": True}


def test_a_partial_reset_tells_of_the_lanes_reset():
    envs = vector()
    envs.reset(seed=0)
    infos = envs.reset(options={"reset_mask": np.array([False, True, False])})[1]
    assert infos == [{}, {"started": True}, {}]


def test_columns_without_masks_are_every_lanes():
    class Statistics(gym.vector.VectorWrapper):
        def step(self, actions):
            *result, _ = self.env.step(actions)
            episode = {"r": np.array([1.5, 2.5, 3.5]), "l": np.array([1, 2, 3])}
            mask = np.array([True, False, True])
            return *result, {"episode": episode, "_episode": mask, "clock": 4.0}

    envs = DictInfoToList(Statistics(vector().env))
    envs.reset(seed=0)
    infos = envs.step([0, 0, 0])[4]
    assert infos == [
        {"episode": {"r": 1.5, "l": 1}, "clock": 4.0},
        {"clock": 4.0},
        {"episode": {"r": 3.5, "l": 3}, "clock": 4.0},
    ]


def test_received_rows_tell_their_lanes():
    envs = vector()
    envs.reset(seed=0)
    envs.send([0, 0, 0])
    infos = envs.recv()[4]
    assert [info["lane_ids"] for info in infos] == [0, 1, 2]
    assert [info["text"] for info in infos] == ["lane 0", "lane 1", "lane 2"]


@pytest.mark.parametrize("length", [1, 2])
def test_the_columns_inside_are_left_alone(length):
    envs = vector(length=length)
    envs.reset(seed=0)
    envs.step([0, 0, 0])
    assert envs.env.reset(seed=0)[1].keys() == {"started", "_started"}


def test_columns_become_dicts_when_somebody_looks(monkeypatch):
    splits, split_infos = [], info_list.split_infos

    def split(columns, num_rows):
        splits.append(num_rows)
        return split_infos(columns, num_rows)

    monkeypatch.setattr(info_list, "split_infos", split)
    envs = vector()
    envs.reset(seed=0)
    infos = envs.step([0, 0, 0])[4]
    assert splits == []
    assert infos[1]["only here"] == 7
    assert len(infos) == 3
    assert splits == [3]


def test_a_look_that_fails_can_be_repeated(monkeypatch):
    def interrupted(columns, num_rows):
        raise KeyboardInterrupt

    envs = vector()
    infos = envs.reset(seed=0)[1]
    with monkeypatch.context() as patched:
        patched.setattr(info_list, "split_infos", interrupted)
        with pytest.raises(KeyboardInterrupt):
            len(infos)
    assert infos == [{"started": True}] * 3


def test_keys_need_not_be_strings():
    class Numbering(TellingEnv):
        def told(self):
            return {1: self.count, (2, 3): "pair"}

    envs = DictInfoToList(SyncVectorEnv([lambda: Numbering(0, 3)] * 2))
    envs.reset(seed=0)
    assert envs.step([0, 0])[4] == [{1: 1, (2, 3): "pair"}] * 2


LOOKS = {
    "json": lambda infos: json.dumps(infos),
    "list": list,
    "unpacked": lambda infos: [*infos],
    "tuple": tuple,
    "zip": lambda infos: list(zip(infos, range(3), strict=True)),
    "pickled": lambda infos: pickle.loads(pickle.dumps(infos)),
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
    "added": lambda infos: operator.add(infos, [1]),
    "added to": lambda infos: operator.add([1], infos),
    "added in place": lambda infos: operator.iadd([1], infos),
    "twice": lambda infos: operator.mul(2, infos),
    "equal": lambda infos: operator.eq([{"n": 0}, {}, {"n": 2}], infos),
    "unequal": lambda infos: operator.ne([{"n": 0}, {}, {"n": 2}], infos),
    "length": len,
    "truth": bool,
    "slice": lambda infos: infos[1:],
    "reversed": lambda infos: list(reversed(infos)),
    "index": lambda infos: infos.index({"n": 2}),
    "contains": lambda infos: {"n": 2} in infos,
    "popped": lambda infos: [infos.pop(), infos],
    "array": lambda infos: np.array(infos, dtype=object).tolist(),
    "repr": repr,
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_the_list_is_as_good_as_a_plain_one(look):
    columns = {"n": np.array([0, 0, 2]), "_n": np.array([True, False, True])}
    expected = look([{"n": 0}, {}, {"n": 2}])
    seen = look(info_list.InfoList(columns, 3))
    assert seen == expected
    assert isinstance(seen, type(expected))


def test_every_method_of_lists_looks_first():
    blind = {"__class_getitem__", "__getattribute__", "__hash__", "__init__", "__new__"}
    for name, method in vars(list).items():
        if callable(method) and name not in blind:
            assert vars(info_list.InfoList)[name].__wrapped__ is method


COLUMNS = {
    "bool": np.array([True, False, True]),
    "int": np.arange(3),
    "float": np.array([0.5, np.nan, -0.0]),
    "strided": np.arange(6.0)[::2],
    "big endian": np.arange(3, dtype=">i8"),
    "int8": np.arange(3, dtype=np.int8),
    "float32": np.array([0.5, 1.5, 2.5], np.float32),
    "objects": np.array([None, "text", 3], dtype=object),
    "words": np.array(["a", "bc", ""]),
    "matrix": np.arange(6).reshape(3, 2),
    "nothing": np.empty((3, 0)),
    "list": [1, "two", None],
}
MASKS = {
    "all": None,
    "none": np.zeros(3, bool),
    "some": np.array([True, False, True]),
    "a list": [False, True, True],
    "integers": np.array([0, 1, 2]),
    "strided": np.array([True, False, True, True, False, True])[::2],
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_elements_of_columns_of_every_kind(column, mask):
    columns = {"k": column} if mask is None else {"k": column, "_k": mask}
    python = getattr(column, "ndim", 0) == 1 and column.dtype.char in "?ld"
    rows = info_list.InfoList(columns, 3)
    for row, info in enumerate(rows):
        if mask is not None and not mask[row]:
            assert info == {}
            continue
        expected = column[row].item() if python else column[row]
        assert list(info) == ["k"]
        assert type(info["k"]) is type(expected)
        np.testing.assert_array_equal(info["k"], expected)


def test_a_column_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"expected 3 rows in the column of 'k', found 2"):
        list(info_list.InfoList({"k": np.arange(2)}, 3))
