"""Snapshots, clones and copies of a vector, whole and by lanes."""

import copy
import pickle

import numpy as np
import pytest
from vector_cases import MODES, OURS, assert_same, env_class, make_vector

import dromos as gym
from dromos.error import NoAsyncCallError, SnapshotError
from dromos.snapshot import Snapshot
from dromos.vector import SyncVectorEnv, VectorObservationWrapper, VectorWrapper


def actions_for(vector, step):
    return np.full(vector.num_envs, step % 5, dtype=np.int64)


def advance(vector, steps):
    """Step the vector and return everything it reports."""
    history = []
    for step in range(steps):
        result = vector.step(actions_for(vector, step))
        history.append((*result, vector.final_obs, vector.valid_transition))
        ended = result[2] | result[3]
        if "Disabled" in str(vector.metadata["autoreset_mode"].value) and ended.any():
            history.append(vector.reset(options={"reset_mask": ended}))
    return history


def advanced_vector(steps=7, **kwargs):
    vector = make_vector(OURS, "box", 3, **kwargs)
    vector.reset(seed=11)
    advance(vector, steps)
    return vector


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_a_restored_vector_has_the_same_future(mode, steps):
    vector = advanced_vector(steps, autoreset_mode=mode)
    snapshot = vector.snapshot()
    final_obs, valid = vector.final_obs, vector.valid_transition
    future = advance(vector, 10)
    vector.restore(snapshot)
    if mode != "Disabled":
        assert_same(vector.final_obs, final_obs)
        assert_same(vector.valid_transition, valid)
    assert_same(advance(vector, 10), future)


def test_a_snapshot_goes_into_another_vector():
    vector = advanced_vector()
    snapshot = vector.snapshot()
    other = make_vector(OURS, "box", 3)
    other.restore(snapshot)
    assert_same(advance(other, 10), advance(vector, 10))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda vector: vector.clone()])
@pytest.mark.parametrize("mode", MODES)
def test_copies_have_the_same_future_and_are_independent(mode, duplicate):
    vector = advanced_vector(autoreset_mode=mode)
    twin = duplicate(vector)
    assert_same(twin.final_obs, vector.final_obs)
    future = advance(twin, 10)
    assert_same(advance(vector, 10), future)


def test_clones_are_the_clones_of_the_environments():
    class Cloned(env_class(OURS, "box")):
        def clone(self):
            twin = copy.deepcopy(self)
            twin.is_clone = True
            return twin

    vector = OURS.vector.SyncVectorEnv([Cloned] * 2)
    vector.reset(seed=0)
    assert vector.clone().get_attr("is_clone") == (True, True)
    assert VectorWrapper(vector).clone().env.get_attr("is_clone") == (True, True)


class Counter(OURS.Env):
    """A module-level environment, so that it pickles."""

    observation_space = OURS.spaces.Box(0.0, 100.0, (1,), np.float64)
    action_space = OURS.spaces.Discrete(2)

    def __init__(self):
        self.count = 0.0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0.0
        return np.array([self.count]), {}

    def step(self, action):
        self.count += 1.0
        return np.array([self.count]), self.np_random.random(), self.count >= 4, False, {}


def test_pickles_keep_the_state():
    vector = OURS.vector.SyncVectorEnv([Counter] * 2)
    vector.reset(seed=0)
    vector.step([0, 0])
    twin = pickle.loads(pickle.dumps(vector))
    for _ in range(6):
        assert_same(twin.step([0, 0]), vector.step([0, 0]))


def lane_history(vector, lane, steps=8):
    """Step lane by lane, so that nothing but the lane's own state decides."""
    history = []
    for _ in range(steps):
        vector.send([0], [lane])
        obs, reward, terminated, truncated, _ = vector.recv()
        history.append((obs[0], reward[0], terminated[0], truncated[0]))
    return history


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_lanes_go_into_other_lanes(mode):
    vector = advanced_vector(autoreset_mode=mode, batch_size=1)
    snapshot = vector.snapshot(lanes=[0, 2])
    expected = [lane_history(vector, lane) for lane in (0, 2)]
    untouched = vector.snapshot(lanes=[0])
    vector.restore(snapshot, lanes=[2, 1])
    assert_same([lane_history(vector, lane) for lane in (2, 1)], expected)
    zero_goes_on = lane_history(vector, 0)
    vector.restore(untouched)
    assert_same(lane_history(vector, 0), zero_goes_on)
    vector.restore(snapshot)
    assert_same([lane_history(vector, lane) for lane in (0, 2)], expected)


def test_one_lane_goes_into_many_that_stay_independent():
    vector = advanced_vector(batch_size=1)
    snapshot = vector.snapshot(lanes=[1])
    vector.restore(snapshot, lanes=[0, 1, 2])
    first = lane_history(vector, 0)
    assert_same(lane_history(vector, 1), first)
    assert_same(lane_history(vector, 2), first)


def test_lanes_that_do_not_fit_are_refused():
    vector = advanced_vector()
    whole, pair = vector.snapshot(), vector.snapshot(lanes=[0, 2])
    with pytest.raises(SnapshotError, match=r"2 lanes \[0, 2\].*3 lanes"):
        vector.restore(pair, lanes=[0, 1, 2])
    small = make_vector(OURS, "box", 2)
    with pytest.raises(SnapshotError, match="only 2 lanes"):
        small.restore(whole)
    with pytest.raises(IndexError):
        vector.snapshot(lanes=[3])
    small.restore(pair, lanes=[0, 1])


def test_results_that_wait_are_part_of_the_state():
    vector = make_vector(OURS, "box", 3, batch_size=1)
    vector.async_reset(seed=1)
    vector.recv()
    snapshot = vector.snapshot()
    expected = [vector.recv() for _ in range(2)]
    vector.restore(snapshot)
    assert_same([vector.recv() for _ in range(2)], expected)
    with pytest.raises(NoAsyncCallError):
        vector.recv()
    other = make_vector(OURS, "box", 3, batch_size=1)
    other.reset(seed=0)
    other.restore(vector.snapshot(lanes=[0]), lanes=[2])
    with pytest.raises(NoAsyncCallError):
        other.recv()


def test_snapshots_pass_through_wrappers():
    class Doubled(VectorObservationWrapper):
        def observations(self, observations):
            return observations * 2

    wrapped = Doubled(VectorWrapper(advanced_vector()))
    snapshot, part = wrapped.snapshot(), wrapped.snapshot(lanes=[1])
    twin = wrapped.clone()
    future = advance(wrapped, 8)
    assert_same(advance(twin, 8), future)
    wrapped.restore(snapshot)
    assert_same(advance(wrapped, 8), future)
    wrapped.restore(part, lanes=[0, 1, 2])
    obs = wrapped.step(actions_for(wrapped, 0))[0]
    assert_same(obs[0], obs[1])


def test_wrappers_take_their_own_attributes_along():
    class Summing(VectorWrapper):
        def __init__(self, env):
            super().__init__(env)
            self.total = 0.0

        def step(self, actions):
            result = super().step(actions)
            self.total += float(result[1].sum())
            return result

    wrapped = Summing(advanced_vector())
    advance(wrapped, 2)
    snapshot, total = wrapped.snapshot(), wrapped.total
    advance(wrapped, 2)
    assert wrapped.total != total
    wrapped.restore(snapshot)
    assert wrapped.total == total
    with pytest.raises(SnapshotError, match=r"Summing cannot tell its lanes apart.*total"):
        wrapped.snapshot(lanes=[0])


def test_what_is_not_plain_is_named():
    vector = OURS.vector.SyncVectorEnv([Counter] * 2)
    vector.reset(seed=0)
    vector.envs[1].hook = object()
    with pytest.raises(SnapshotError, match="hook"):
        vector.snapshot()
    vector.snapshot(lanes=[0])


def test_the_batched_spaces_sample_the_same_again():
    vector = advanced_vector()
    vector.action_space.seed(4)
    vector.observation_space.seed(4)
    whole, part = vector.snapshot(), vector.snapshot(lanes=[0])
    samples = vector.action_space.sample(), vector.observation_space.sample()
    vector.restore(part)
    assert not np.array_equal(vector.action_space.sample(), samples[0])
    vector.restore(whole)
    assert_same((vector.action_space.sample(), vector.observation_space.sample()), samples)


@pytest.mark.parametrize("mode", MODES)
def test_a_whole_snapshot_may_go_into_lanes_in_another_order(mode):
    vector = advanced_vector(autoreset_mode=mode)
    whole = vector.snapshot()
    rows = vector.final_obs
    vector.restore(whole, lanes=[2, 0, 1])
    assert_same(vector.final_obs[[2, 0, 1]], rows)


def test_subclasses_take_their_attributes_along():
    class Named(OURS.vector.SyncVectorEnv):
        level = 1

    vector = Named([env_class(OURS, "box")] * 2)
    vector.reset(seed=0)
    vector.level = 5
    snapshot = vector.snapshot()
    vector.level = 7
    vector.restore(snapshot)
    assert vector.level == 5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["dict", "text", "discrete"])
def test_snapshots_go_through_bytes(kind, mode):
    vector = make_vector(OURS, kind, 3, autoreset_mode=mode, batch_size=2)
    vector.async_reset(seed=3)
    vector.recv()
    snapshot = Snapshot.from_bytes(vector.snapshot().to_bytes())
    actions = make_vector(OURS, kind, 2).action_space.sample()
    vector.send(actions, [0, 1])
    expected = vector.recv(), vector.final_obs
    twin = make_vector(OURS, kind, 3, autoreset_mode=mode, batch_size=2)
    twin.restore(snapshot)
    twin.send(actions, [0, 1])
    assert_same((twin.recv(), twin.final_obs), expected)


def test_wrappers_with_spaces_of_their_own_can_tell_lanes_apart():
    class Rescaled(VectorObservationWrapper):
        def __init__(self, env):
            super().__init__(env)
            self.single_observation_space = OURS.spaces.Box(-20.0, 20.0, (2, 3), np.float32)
            self.observation_space = OURS.spaces.Box(-20.0, 20.0, (3, 2, 3), np.float32)

        def observations(self, observations):
            return observations * 2

    wrapped = Rescaled(advanced_vector())
    one, whole = wrapped.snapshot(lanes=[1]), wrapped.snapshot()
    rows = wrapped.final_obs
    wrapped.restore(one, lanes=[0, 2])
    assert_same(wrapped.final_obs[0], rows[1])
    wrapped.restore(whole, lanes=[1, 2, 0])
    assert_same(wrapped.final_obs[[1, 2, 0]], rows)
    wrapped.restore(whole)
    assert_same(wrapped.final_obs, rows)


def test_a_clone_shares_its_single_spaces_with_its_first_lane_as_the_vector_does():
    vector = SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 2)
    vector.reset(seed=0)
    twin = vector.clone()
    for envs in (vector, twin):
        assert envs.single_action_space is envs.envs[0].action_space
        assert envs.single_observation_space is envs.envs[0].observation_space
    assert twin.single_action_space is not vector.single_action_space
