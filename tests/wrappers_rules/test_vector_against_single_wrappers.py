"""A wrapper around a vector does what the wrapper around each of its lanes would do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dromos as gym
from dromos import wrappers
from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.wrappers import vector

NUM_LANES = 4
MAX_STEPS = 7  # short episodes: many ends in a short test

STATEFUL = {
    "stack": ("FrameStackObservation", {"stack_size": 3}),
    "stack of zeros": ("FrameStackObservation", {"stack_size": 4, "padding_type": "zero"}),
    "stack of tenths": (
        "FrameStackObservation",
        {"stack_size": 2, "padding_type": np.full(4, 0.1, np.float32)},
    ),
    "delay": ("DelayObservation", {"delay": 2}),
    "no delay": ("DelayObservation", {"delay": 0}),
    "time": ("TimeAwareObservation", {}),
    "normalised time": ("TimeAwareObservation", {"normalize_time": True, "flatten": False}),
}
STATELESS = {
    "filter": ("FilterObservation", {"filter_keys": ["time"]}),
    "flatten": ("FlattenObservation", {}),
}
MODES = list(AutoresetMode)


def cartpole():
    return gym.make("CartPole-v1", max_episode_steps=MAX_STEPS)


def both(name, kwargs, mode, make=cartpole, native=False):
    """Return the vector of wrapped lanes and the wrapped vector of lanes."""
    single, of_vector = getattr(wrappers, name), getattr(vector, name)
    inside = SyncVectorEnv([lambda: single(make(), **kwargs)] * NUM_LANES, autoreset_mode=mode)
    if native:
        lanes = gym.make_vec(
            "CartPole-v1",
            NUM_LANES,
            max_episode_steps=MAX_STEPS,
            vector_kwargs={"autoreset_mode": mode},
        )
    else:
        lanes = SyncVectorEnv([make] * NUM_LANES, autoreset_mode=mode)
    return inside, of_vector(lanes, **kwargs)


def leaves(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in leaves(tree[key])]
    if isinstance(tree, tuple):
        return [leaf for part in tree for leaf in leaves(part)]
    return [np.asarray(tree)]


def assert_same(expected, found):
    for left, right in zip(leaves(expected), leaves(found), strict=True):
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


def assert_same_steps(expected, found):
    assert_same(expected[:4], found[:4])
    ended, shown = expected[4].get("_final_obs"), found[4].get("_final_obs")
    assert (ended is None) == (shown is None)
    if ended is not None:
        np.testing.assert_array_equal(ended, shown)
        for lane in np.flatnonzero(ended):
            assert_same(expected[4]["final_obs"][lane], found[4]["final_obs"][lane])


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", STATEFUL)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**16), data=st.data())
def test_every_mode_and_partial_resets(case, mode, native, seed, data):
    inside, outside = both(*STATEFUL[case], mode, native=native)
    assert inside.single_observation_space == outside.single_observation_space
    assert inside.observation_space == outside.observation_space
    assert_same(inside.reset(seed=seed)[0], outside.reset(seed=seed)[0])
    running = np.ones(NUM_LANES, bool)
    for _ in range(2 * MAX_STEPS + 4):
        masks = st.lists(st.booleans(), min_size=NUM_LANES, max_size=NUM_LANES)
        mask = ~running | (np.array(data.draw(masks)) & data.draw(st.booleans()))
        if mask.any():
            options = {"reset_mask": mask}
            assert_same(inside.reset(options=options)[0], outside.reset(options=options)[0])
            assert list(options) == ["reset_mask"]
        actions = np.array(data.draw(st.lists(st.integers(0, 1), min_size=4, max_size=4)))
        expected, found = inside.step(actions), outside.step(actions)
        assert_same_steps(expected, found)
        assert_same(inside.final_obs, outside.final_obs)
        if mode is AutoresetMode.DISABLED:
            running = ~(expected[2] | expected[3])


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("case", STATEFUL)
def test_lanes_stepped_in_any_order(case, mode):
    name, kwargs = STATEFUL[case]
    single, of_vector = getattr(wrappers, name), getattr(vector, name)
    lanes = {"autoreset_mode": mode, "batch_size": 2}
    inside = SyncVectorEnv([lambda: single(cartpole(), **kwargs)] * NUM_LANES, **lanes)
    outside = of_vector(SyncVectorEnv([cartpole] * NUM_LANES, **lanes), **kwargs)
    rng = np.random.default_rng(5)
    for envs in (inside, outside):
        envs.reset(seed=9)
    for _ in range(40):
        pair = rng.permutation(NUM_LANES)[:2]
        actions = rng.integers(0, 2, 2)
        for envs in (inside, outside):
            envs.send(actions, pair)
        expected, found = inside.recv(), outside.recv()
        np.testing.assert_array_equal(found[4]["lane_ids"], pair)
        assert_same_steps(expected, found)


@pytest.mark.parametrize("case", STATEFUL)
def test_a_snapshot_holds_the_memory(case):
    _, envs = both(*STATEFUL[case], AutoresetMode.NEXT_STEP, native=True)
    actions = np.random.default_rng(1).integers(0, 2, (12, NUM_LANES))
    envs.reset(seed=1)
    for action in actions[:5]:
        envs.step(action)
    snapshot, twin = envs.snapshot(), envs.clone()
    future = [envs.step(action)[0] for action in actions[5:]]
    envs.restore(snapshot)
    assert_same(tuple(future), tuple(envs.step(action)[0] for action in actions[5:]))
    assert_same(tuple(future), tuple(twin.step(action)[0] for action in actions[5:]))


@pytest.mark.parametrize("mode", MODES)
def test_statistics_of_episodes_are_those_of_the_lanes(mode):
    inside, outside = both("RecordEpisodeStatistics", {}, mode, native=True)
    rng = np.random.default_rng(2)
    for envs in (inside, outside):
        envs.reset(seed=4)
    finished = {True: [], False: []}
    for step in range(60):
        actions = rng.integers(0, 2, NUM_LANES)
        ended = None
        for envs in (inside, outside):
            *_, terminations, truncations, infos = envs.step(actions)
            ended = terminations | truncations
            wrapped = envs is outside
            source = (
                infos
                if wrapped or mode is not AutoresetMode.SAME_STEP
                else infos.get("final_info", {})
            )
            for lane in np.flatnonzero(ended):
                columns = source["episode"]
                finished[wrapped].append((step, lane, columns["r"][lane], columns["l"][lane]))
        mask = rng.random(NUM_LANES) < 0.1
        if mode is AutoresetMode.DISABLED:
            mask |= ended
        if mask.any():
            for envs in (inside, outside):
                envs.reset(options={"reset_mask": mask})
    assert len(finished[True]) > 10
    assert finished[True] == finished[False]
    assert [entry[2] for entry in finished[True]] == list(outside.return_queue)
    assert [entry[3] for entry in finished[True]] == list(outside.length_queue)
    assert outside.episode_count == len(finished[True])
