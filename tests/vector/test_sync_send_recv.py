"""`send`, `recv` and `async_reset` of `SyncVectorEnv`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_cases import KINDS, MODES, OURS, assert_same, make_vector

from dromos import error
from dromos.vector.utils.space_utils import iterate


def zeros(count):
    return np.zeros(count, dtype=np.int64)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_sending_all_lanes_is_a_step(kind, mode):
    stepped, sent = (make_vector(OURS, kind, autoreset_mode=mode) for _ in range(2))
    obs, infos = stepped.reset(seed=3)
    sent.async_reset(seed=3)
    received = sent.recv()
    assert received[4].pop("lane_ids").tolist() == [0, 1, 2]
    assert_same(received[0], obs)
    assert_same(received[4], infos)
    assert not received[1].any()
    assert not received[2].any()
    assert not received[3].any()
    for _ in range(12):
        actions = stepped.action_space.sample()
        expected = stepped.step(actions)
        sent.send(actions)
        received = sent.recv()
        assert_same(received[4].pop("lane_ids"), np.arange(3))
        assert_same(received, expected)
        assert_same(sent.final_obs, stepped.final_obs)
        assert_same(sent.valid_transition, stepped.valid_transition)


@pytest.mark.parametrize("kind", ["box", "dict", "custom"])
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_lanes_received_in_small_batches_are_the_lanes_of_a_step(kind, data):
    mode = data.draw(st.sampled_from(["NextStep", "SameStep"]))
    vector = make_vector(OURS, kind, 5, autoreset_mode=mode, batch_size=2)
    reference = make_vector(OURS, kind, 5, autoreset_mode=mode)
    actions = reference.action_space.sample()
    histories = [[] for _ in range(5)]
    expected = [[obs] for obs in iterate(reference.observation_space, reference.reset(seed=1)[0])]
    for _ in range(20):
        obs, rewards, _, _, _ = reference.step(actions)
        for lane, row in enumerate(iterate(reference.observation_space, obs)):
            expected[lane] += [float(rewards[lane]), row]
    vector.async_reset(seed=1)
    lane_actions = list(iterate(reference.action_space, actions))
    pair_space = make_vector(OURS, kind, 2).observation_space
    for _ in range(15):
        obs, rewards, _, _, infos = vector.recv()
        lanes = infos["lane_ids"]
        assert lanes.dtype == np.int64
        rows = list(iterate(pair_space, obs))
        for row, lane in enumerate(lanes):
            histories[lane] += [float(rewards[row]), rows[row]]
        order = data.draw(st.permutations(lanes.tolist()))
        vector.send(batched(vector, [lane_actions[lane] for lane in order]), order)
    for history, whole in zip(histories, expected, strict=True):
        assert_same(history[1:], whole[: len(history) - 1])


def batched(vector, actions):
    from dromos.vector.utils.space_utils import concatenate, create_empty_array

    space = vector.single_action_space
    return concatenate(space, actions, create_empty_array(space, len(actions)))


def test_results_come_in_the_order_the_lanes_finished():
    vector = make_vector(OURS, "box", 4, batch_size=1)
    vector.async_reset(seed=0)
    assert [vector.recv()[4]["lane_ids"].tolist() for _ in range(4)] == [[0], [1], [2], [3]]
    vector.send(zeros(2), [3, 1])
    vector.send(zeros(1), np.array([0]))
    assert [vector.recv()[4]["lane_ids"].tolist() for _ in range(3)] == [[3], [1], [0]]


def test_final_observations_are_those_of_the_lanes_received():
    vector = make_vector(OURS, "box", 3, autoreset_mode="SameStep", batch_size=1)
    vector.async_reset(seed=5)
    for _ in range(30):
        obs, _, terminated, truncated, infos = vector.recv()
        assert vector.final_obs.shape == (1, 2, 3)
        assert vector.valid_transition.shape == (1,)
        if terminated[0] or truncated[0]:
            assert_same(vector.final_obs[0], infos["final_obs"][0])
        else:
            assert_same(vector.final_obs, obs)
        vector.send(zeros(1), infos["lane_ids"])


def test_wrong_use_is_refused_and_changes_nothing():
    vector = make_vector(OURS, "box", 3, batch_size=2)
    with pytest.raises(error.NoAsyncCallError, match=r"2 lanes: the results of 0 are pending"):
        vector.recv()
    with pytest.raises(error.ResetNeeded):
        vector.send(zeros(3))
    vector.reset(seed=0)
    with pytest.raises(error.NoAsyncCallError):
        vector.recv()
    vector.send(zeros(1), [1])
    with pytest.raises(error.NoAsyncCallError, match="the results of 1 are pending"):
        vector.recv()
    with pytest.raises(error.AlreadyPendingCallError, match=r"lanes \[1\]"):
        vector.send(zeros(2), [0, 1])
    with pytest.raises(error.AlreadyPendingCallError, match="recv"):
        vector.step(zeros(3))
    with pytest.raises(error.InvalidAction, match=r"2 rows.*got 3"):
        vector.send(zeros(3), [0, 2])
    for lanes, kind in [
        ([3], IndexError),
        ([-1], IndexError),
        ([0, 0], ValueError),
        ([], ValueError),
        ([0.0], TypeError),
        ([True], TypeError),
        (0, TypeError),
    ]:
        with pytest.raises(kind):
            vector.send(zeros(1), lanes)
    vector.send(zeros(1), [2])
    assert vector.recv()[4]["lane_ids"].tolist() == [1, 2]
    vector.step(zeros(3))


@pytest.mark.parametrize("mode", MODES)
def test_a_reset_drops_what_waits(mode):
    vector = make_vector(OURS, "box", 3, batch_size=1, autoreset_mode=mode)
    vector.async_reset(seed=0)
    vector.reset(seed=0)
    with pytest.raises(error.NoAsyncCallError):
        vector.recv()
    vector.send(zeros(3))
    vector.async_reset(options={"reset_mask": np.array([True, False, True])})
    assert [vector.recv()[4]["lane_ids"].item() for _ in range(3)] == [1, 0, 2]


@pytest.mark.parametrize(("batch_size", "limit"), [(0, "≥ 1"), (4, "≤ 3"), (-1, "≥ 1")])
def test_the_batch_size_is_from_one_to_all(batch_size, limit):
    message = f"batch_size: expected a whole number {limit}, found {batch_size}"
    with pytest.raises(ValueError, match=message):
        make_vector(OURS, "box", 3, batch_size=batch_size)
