"""Checkpoints of whole vectors, over any number of workers and none."""

import copy
import pickle

import numpy as np
import pytest
from fault_envs import Counter
from worker_cases import KINDS, MODES, assert_same, make_async, make_sync

import dromos as gym
from dromos.error import SnapshotError
from dromos.snapshot import Snapshot
from dromos.vector import AsyncVectorEnv, SyncVectorEnv

pytestmark = pytest.mark.usefixtures("hard_limit")


def advance(vector, steps, action_space):
    """Step the vector and return everything it reports."""
    history = []
    for _ in range(steps):
        result = vector.step(action_space.sample())
        history.append((*result, vector.final_obs, vector.valid_transition))
        ended = result[2] | result[3]
        if vector.metadata["autoreset_mode"].value == "Disabled" and ended.any():
            history.append(vector.reset(options={"reset_mask": ended}))
    return history


def future(vector):
    space = copy.deepcopy(make_sync("box").action_space)
    space.seed(3)
    return advance(vector, 8, space)


@pytest.mark.parametrize("mode", MODES)
def test_a_snapshot_goes_into_other_worker_counts_and_none(mode):
    vectors = [
        make_async("box", autoreset_mode=mode, num_workers=2),
        make_async("box", autoreset_mode=mode, num_workers=5),
        make_sync("box", autoreset_mode=mode),
    ]
    for source in vectors:
        source.reset(seed=8)
        future(source)
        snapshot = Snapshot.from_bytes(source.snapshot().to_bytes())
        expected = future(source)
        for target in vectors:
            target.restore(snapshot)
            assert_same(future(target), expected)
    for vector in vectors:
        vector.close()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "custom"])
def test_every_kind_of_observation_is_restored(kind):
    vector = make_async(kind, num_workers=2)
    actions = vector.action_space.sample()
    vector.reset(seed=1)
    vector.step(actions)
    snapshot, final_obs = vector.snapshot(), vector.final_obs
    expected = [vector.step(actions) for _ in range(4)]
    vector.restore(snapshot)
    assert_same(vector.final_obs, final_obs)
    assert_same([vector.step(actions) for _ in range(4)], expected)
    vector.close()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda vector: vector.clone()])
def test_a_clone_has_the_same_future_and_workers_of_its_own(duplicate):
    vector = make_async("dict", num_workers=2)
    vector.reset(seed=1)
    actions = vector.action_space.sample()
    vector.step(actions)
    twin = duplicate(vector)
    assert twin.processes[0].pid != vector.processes[0].pid
    for _ in range(5):
        assert_same(twin.step(actions), vector.step(actions))
    vector.close()
    twin.step(actions)
    twin.close()


class Counters(AsyncVectorEnv):
    """A vector of a user's, with a constructor of its own."""

    def __init__(self, lanes, *, workers):
        self.label = f"{lanes} counters"
        super().__init__((Counter for _ in range(lanes)), num_workers=workers)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Counters(3, workers=2),
        lambda: AsyncVectorEnv(iter([Counter] * 3), num_workers=2),
        lambda: AsyncVectorEnv(num_workers=2, env_fns=iter([Counter] * 3)),
        lambda: gym.make_vec("ALE/Pong-v5", 3, noop_max=0, vector_kwargs={"num_workers": 2}),
    ],
)
def test_copies_of_every_kind_of_vector(make):
    vector, actions = make(), np.ones(3, int)
    vector.reset(seed=1)
    vector.step(actions)
    duplicates = (vector.clone(), copy.deepcopy(vector), pickle.loads(pickle.dumps(vector)))
    expected = [vector.step(actions) for _ in range(4)]
    for twin in duplicates:
        assert type(twin) is type(vector)
        assert getattr(twin, "label", None) == getattr(vector, "label", None)
        assert twin.num_workers == 2
        assert_same([twin.step(actions) for _ in range(4)], expected)
        twin.close()
    vector.close()


def test_single_lanes():
    vector = AsyncVectorEnv([Counter] * 4, num_workers=2)
    vector.reset(seed=0)
    ones = np.ones(4, int)
    vector.step(ones)
    lane = vector.snapshot(lanes=[1])
    vector.step(ones)
    vector.restore(lane, lanes=[0, 3])
    assert vector.step(ones)[0].tolist() == [[1, 2], [1, 3], [2, 3], [1, 2]]
    small = AsyncVectorEnv([Counter] * 2)
    with pytest.raises(SnapshotError, match="cannot go into 1 lanes"):
        small.restore(vector.snapshot(), lanes=[1])
    with pytest.raises(SnapshotError, match="only 2 lanes"):
        small.restore(vector.snapshot())
    assert small.reset(seed=1)[0].tolist() == [[1, 0], [2, 0]]
    small.close()
    vector.close()


def test_results_that_wait_are_part_of_the_snapshot():
    vectors = [
        AsyncVectorEnv([Counter] * 3, num_workers=2, batch_size=3),
        SyncVectorEnv([Counter] * 3, batch_size=3),
    ]
    for vector in vectors:
        vector.reset(seed=5)
        vector.send(np.array([1, 2, 3]))
        snapshot = vector.snapshot()
        vector.reset()
        for target in vectors:
            target.restore(snapshot)
            obs, rewards, *_, infos = target.recv()
            order = np.argsort(infos["lane_ids"])
            assert obs[order].tolist() == [[5, 1], [6, 1], [7, 1]]
            assert rewards[order].tolist() == [1, 2, 3]
    vectors[0].close()


def test_lanes_that_need_a_reset_need_it_after_a_restore():
    vector = AsyncVectorEnv([Counter] * 2, num_workers=2, autoreset_mode="Disabled")
    vector.set_attr("length", [1, 3])
    vector.reset(seed=5)
    vector.step(np.ones(2, int))
    snapshot = vector.snapshot()
    vector.reset()
    vector.restore(snapshot)
    with pytest.raises(AssertionError, match=r"lanes \[0\]"):
        vector.step(np.ones(2, int))
    vector.close()


def test_what_does_not_fit_changes_nothing():
    vector = AsyncVectorEnv([Counter] * 2, num_workers=2)
    vector.reset(seed=5)
    snapshot = vector.snapshot()
    state = snapshot.state
    state["engine"]["envs"][1] = {"no": "such attribute", "observation_space": 3}
    with pytest.raises(SnapshotError):
        vector.restore(Snapshot(snapshot.stack, state))
    assert vector.step(np.ones(2, int))[0].tolist() == [[5, 1], [6, 1]]
    vector.close()


def test_a_vector_of_functions_that_come_one_by_one_can_be_cloned():
    vector = AsyncVectorEnv((Counter for _ in range(3)), num_workers=2)
    vector.reset(seed=4)
    twin = vector.clone()
    actions = np.array([1, 2, 3])
    assert_same(twin.step(actions), vector.step(actions))
    vector.close()
    twin.close()
