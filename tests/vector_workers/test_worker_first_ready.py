"""`send`, `recv` and `async_reset` over workers."""

import numpy as np
import pytest
from fault_envs import Counter, FailsToReset, Touchy
from worker_cases import assert_same, make_async, make_sync

from dromos.error import AlreadyPendingCallError, NoAsyncCallError
from dromos.vector import AsyncVectorEnv
from dromos.vector.utils import iterate

pytestmark = pytest.mark.usefixtures("hard_limit")


@pytest.fixture
def make_vector():
    vectors = []

    def make(env=Counter, num_envs=4, **kwargs):
        vectors.append(AsyncVectorEnv([env] * num_envs, **{"num_workers": 2, **kwargs}))
        return vectors[-1]

    yield make
    while vectors:
        vectors.pop().close()


@pytest.mark.parametrize("kind", ["box", "dict", "text"])
@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
@pytest.mark.parametrize("batch_size", [1, 3, 5])
def test_each_lane_has_the_history_it_has_in_a_step(kind, mode, batch_size):
    serial = make_sync(kind, autoreset_mode=mode)
    vector = make_async(kind, autoreset_mode=mode, batch_size=batch_size, num_workers=2)
    actions = serial.action_space.sample()
    histories = [[] for _ in range(5)]
    expected = [[obs] for obs in iterate(serial.observation_space, serial.reset(seed=1)[0])]
    for _ in range(15):
        obs, rewards, *_ = serial.step(actions)
        for lane, row in enumerate(iterate(serial.observation_space, obs)):
            expected[lane] += [float(rewards[lane]), row]
    lane_actions = list(iterate(serial.action_space, actions))
    few_rows = make_sync(kind, batch_size).observation_space
    vector.async_reset(seed=1)
    for _ in range(8):
        obs, rewards, _, _, infos = vector.recv()
        lanes = infos["lane_ids"]
        assert_same(vector.final_obs, obs) if mode == "NextStep" else None
        assert len(vector.valid_transition) == len(lanes) == batch_size
        for row, lane, reward in zip(iterate(few_rows, obs), lanes, rewards, strict=True):
            histories[lane] += [row] if not histories[lane] else [float(reward), row]
        batch = [lane_actions[lane] for lane in lanes]
        vector.send(_stacked(actions, lanes, batch), lanes)
    for lane, history in enumerate(histories):
        assert_same(history, expected[lane][: len(history)], f"lane {lane}")
    vector.close()


def _stacked(actions, lanes, batch):
    """The rows of some lanes of a batch of actions."""
    if isinstance(actions, np.ndarray):
        return actions[lanes]
    if isinstance(actions, dict):
        return {key: _stacked(part, lanes, None) for key, part in actions.items()}
    if batch is None:
        return tuple(_stacked(part, lanes, None) for part in actions)
    return tuple(batch)


def test_slow_lanes_hold_up_nobody(held, make_vector):
    vector = make_vector(Touchy, batch_size=2)
    vector.reset(seed=0)
    vector.send(np.array([5, 1, 2, 3]))
    assert vector.recv()[4]["lane_ids"].tolist() == [2, 3]
    held.unlink()
    assert sorted(vector.recv()[4]["lane_ids"]) == [0, 1]


def test_what_send_and_recv_refuse(make_vector):
    vector = make_vector(Touchy, batch_size=2)
    vector.reset()
    with pytest.raises(NoAsyncCallError):
        vector.recv()
    vector.send(np.array([5]), [0])
    with pytest.raises(AlreadyPendingCallError, match=r"lanes \[0\]"):
        vector.send(np.array([1]), [0])
    with pytest.raises(AlreadyPendingCallError):
        vector.step(np.ones(4, int))
    with pytest.raises(NoAsyncCallError, match="the results of 1 are pending"):
        vector.recv()
    vector.send(np.array([1]), [3])
    assert sorted(vector.recv()[4]["lane_ids"]) == [0, 3]


def test_a_reset_drops_what_was_sent(make_vector):
    vector = make_vector(Touchy, batch_size=4)
    vector.reset(seed=0)
    vector.send(np.array([5, 1]), [1, 2])
    obs, _ = vector.reset(seed=4)
    assert obs.tolist() == [[4, 0], [5, 0], [6, 0], [7, 0]]
    assert vector.step(np.ones(4, int))[0][:, 1].tolist() == [1, 1, 1, 1]


def test_a_partial_reset_leaves_the_other_lanes_on_their_way(make_vector):
    vector = make_vector(Touchy, batch_size=1)
    vector.reset(seed=0)
    vector.send(np.array([5, 1]), [1, 2])
    mask = np.array([False, True, False, False])
    vector.async_reset(seed=[None, 9, None, None], options={"reset_mask": mask})
    received = {}
    for _ in range(2):
        obs, *_, infos = vector.recv()
        received[int(infos["lane_ids"][0])] = obs[0].tolist()
    assert received == {2: [2, 1], 1: [9, 0]}


def test_a_reset_that_fails_is_told_once(make_vector):
    vector = make_vector(FailsToReset, batch_size=3)
    vector.async_reset(options=[None, {"fail": True}, None, None])
    received, errors = [], []
    for _ in range(2):  # whichever comes first
        try:
            received.append(sorted(vector.recv()[4]["lane_ids"]))
        except ValueError as error:
            errors.append(str(error))
    assert (received, errors) == ([[0, 2, 3]], ["cannot be reset"])
