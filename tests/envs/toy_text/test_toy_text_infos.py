"""Infos of native vectors: those that lanes stepped one by one would give."""

import numpy as np
import pytest

import dromos as gym

LANES = 6
IDS = ["Taxi-v4", "FrozenLake-v1", "CliffWalkingSlippery-v1", "Blackjack-v1"]
MODES = ["NextStep", "SameStep", "Disabled"]


def assert_same(ours, theirs):
    assert sorted(ours) == sorted(theirs)
    for key, value in theirs.items():
        if isinstance(value, dict):
            assert_same(ours[key], value)
        elif value.dtype == object:
            assert str(ours[key].tolist()) == str(value.tolist())
        else:
            assert (ours[key].dtype, ours[key].shape) == (value.dtype, value.shape), key
            np.testing.assert_array_equal(ours[key], value, key)


def pair(env_id, autoreset, **arguments):
    return [
        gym.make_vec(
            env_id,
            LANES,
            vectorization_mode=mode,
            vector_kwargs={"autoreset_mode": autoreset, **arguments},
        )
        for mode in ("vector_entry_point", "sync")
    ]


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("autoreset", MODES)
def test_infos_are_those_of_single_environments(env_id, autoreset):
    native, single = pair(env_id, autoreset)
    assert_same(native.reset(seed=4)[1], single.reset(seed=4)[1])
    rng = np.random.default_rng(0)
    kept = []
    for _ in range(300):
        actions = rng.integers(0, native.single_action_space.n, LANES)
        ours, theirs = native.step(actions), single.step(actions)
        assert_same(ours[4], theirs[4])
        kept.append((ours[4], theirs[4]))
        ended = ours[2] | ours[3]
        if autoreset == "Disabled" and ended.any():
            options = {"reset_mask": ended}
            assert_same(native.reset(options=options)[1], single.reset(options=options)[1])
    for ours, theirs in kept:  # nothing was overwritten
        assert_same(ours, theirs)


@pytest.mark.parametrize("autoreset", ["NextStep", "SameStep"])
def test_received_infos_belong_to_their_rows(autoreset):
    native, single = pair("Taxi-v4", autoreset, batch_size=2)
    for vector in (native, single):
        vector.async_reset(seed=1)
    rng = np.random.default_rng(0)
    for step in range(700):
        ours, theirs = native.recv()[4], single.recv()[4]
        if step >= LANES // 2:
            for infos in (ours, theirs):
                infos.pop("final_obs", None)
                infos.pop("_final_obs", None)
            assert_same(ours, theirs) if "final_info" in theirs or step % 7 == 0 else None
        lanes = ours["lane_ids"]
        actions = rng.integers(0, 6, len(lanes))
        native.send(actions, lanes)
        single.send(actions, lanes)


def test_infos_are_overwritten_only_without_copy():
    for copy in (True, False):
        vector = gym.make_vec("Taxi-v4", 3, copy=copy)
        vector.reset(seed=0)
        first = vector.step(np.zeros(3, dtype=np.int64))[4]
        second = vector.step(np.zeros(3, dtype=np.int64))[4]
        assert np.shares_memory(first["action_mask"], second["action_mask"]) is not copy


def test_masks_are_whole_again_after_a_caller_wrote_into_them():
    vector = gym.make_vec("Taxi-v4", 3, copy=False)
    vector.reset(seed=0)
    actions = np.zeros(3, dtype=np.int64)
    vector.step(actions)[4]["_prob"][:] = False
    assert vector.step(actions)[4]["_prob"].all()


def test_single_infos_belong_to_the_caller():
    env = gym.make("Taxi-v4")
    _, first = env.reset(seed=0)
    infos = [first, *(env.step(action)[4] for action in (0, 1, 2, 3))]
    for i, one in enumerate(infos):
        assert type(one["prob"]) is float
        assert (one["action_mask"].dtype, one["action_mask"].shape) == (np.int8, (6,))
        assert not any(np.shares_memory(one["action_mask"], o["action_mask"]) for o in infos[:i])
