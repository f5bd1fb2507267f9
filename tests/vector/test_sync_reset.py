"""Seeds, masks and options of a reset."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_cases import MODES, OURS, assert_same, make_vector

from dromos import error

MASKS = st.lists(st.booleans(), min_size=3, max_size=3).filter(any)


def received(vector):
    """The seed and options each sub-environment got with its last reset."""
    return [env.received[-1] for env in vector.envs]


@pytest.mark.parametrize("seed", [5, np.int64(5), np.uint8(5), np.array(5)])
def test_one_seed_counts_up_over_the_lanes(seed):
    vector = make_vector(OURS, "box")
    vector.reset(seed=seed)
    assert received(vector) == [(5, None), (6, None), (7, None)]


@pytest.mark.parametrize("seeds", [[3, None, 4], (3, None, 4), [np.int32(3), None, np.uint64(4)]])
def test_seeds_lane_by_lane(seeds):
    vector = make_vector(OURS, "box")
    vector.reset(seed=seeds)
    assert [seed for seed, _ in received(vector)] == [3, None, 4]
    vector.reset(seed=np.array([1, 2, 3]))
    assert [seed for seed, _ in received(vector)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("seed", "kind", "text"),
    [
        ([1, 2], ValueError, "must match num_envs=3 but got length=2"),
        (-1, error.Error, "greater or equal to zero"),
        (1.5, error.Error, "integer"),
        (True, error.Error, "integer"),
        ([1, 2.5, 3], error.Error, "integer"),
        ("abc", error.Error, "integer"),
    ],
)
def test_wrong_seeds_are_refused_before_any_lane_is_reset(seed, kind, text):
    vector = make_vector(OURS, "box")
    with pytest.raises(kind, match=text):
        vector.reset(seed=seed)
    assert all(env.received == [] for env in vector.envs)


@settings(deadline=None, max_examples=30)
@given(mask=MASKS, mode=st.sampled_from(MODES), seed=st.none() | st.integers(0, 1000))
def test_a_mask_resets_only_its_lanes(mask, mode, seed):
    vector = make_vector(OURS, "box", autoreset_mode=mode)
    before, _ = vector.reset(seed=0)
    counts = [len(env.received) for env in vector.envs]
    mask = np.array(mask)
    options = {"reset_mask": mask, "extra": [1]}
    given_options = copy.deepcopy(options)
    obs, infos = vector.reset(seed=seed, options=options)
    assert_same(options, given_options)
    assert_same(obs[~mask], before[~mask])
    assert_same(infos["_start"], mask)
    for lane, env in enumerate(vector.envs):
        assert len(env.received) == counts[lane] + mask[lane]
        if mask[lane]:
            expected = None if seed is None else seed + lane
            assert env.received[-1] == (expected, {"extra": [1]})


@pytest.mark.parametrize(
    ("mask", "kind", "text"),
    [
        ([True, False, False], TypeError, r"`options\['reset_mask'\]` must be a numpy array, got"),
        (np.array([1, 0, 0]), TypeError, "must have `dtype=np.bool_`, got int64"),
        (np.array([True, False]), ValueError, r"must have shape `\(3,\)`, got \(2,\)"),
        (np.zeros(3, dtype=bool), ValueError, "at least one True value"),
    ],
)
def test_wrong_masks_are_refused(mask, kind, text):
    vector = make_vector(OURS, "box")
    vector.reset(seed=0)
    counts = [len(env.received) for env in vector.envs]
    with pytest.raises(kind, match=text):
        vector.reset(options={"reset_mask": mask})
    assert [len(env.received) for env in vector.envs] == counts
    vector.step(np.zeros(3, dtype=np.int64))


def test_the_first_reset_is_for_all_lanes():
    vector = make_vector(OURS, "box")
    with pytest.raises(error.ResetNeeded, match=r"lanes \[1, 2\]"):
        vector.reset(options={"reset_mask": np.array([True, False, False])})


def test_options_reach_every_lane_and_belong_to_it():
    vector = make_vector(OURS, "box")
    options = {"low": 1}
    vector.reset(options=options)
    assert [own for _, own in received(vector)] == [{"low": 1}] * 3
    received(vector)[0][1].clear()
    assert options == {"low": 1}
    assert received(vector)[1][1] == {"low": 1}


def test_options_lane_by_lane():
    vector = make_vector(OURS, "box")
    options = [{"low": 1}, None, {"low": 3}]
    vector.reset(seed=1, options=options)
    assert received(vector) == [(1, {"low": 1}), (2, None), (3, {"low": 3})]
    assert options == [{"low": 1}, None, {"low": 3}]


@pytest.mark.parametrize(
    ("options", "kind", "text"),
    [
        ([{}, {}], ValueError, "must match num_envs=3 but got length=2"),
        ([{}, 3, {}], TypeError, "lane 1 must be a dict"),
        ("low", TypeError, "a list of 3 dicts"),
        ([{"reset_mask": np.ones(3, dtype=bool)}, None, None], ValueError, "reset_mask"),
    ],
)
def test_wrong_options_are_refused(options, kind, text):
    vector = make_vector(OURS, "box")
    with pytest.raises(kind, match=text):
        vector.reset(options=options)
