"""Lanes of a native vector: parameters, options, seeds, resets, results out of order."""

import copy
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos import error
from dromos.vector import AutoresetMode


def make(lanes=4, **kwargs):
    return gym.make_vec("CartPole-v1", lanes, **kwargs)


def single(seed, **kwargs):
    env = gym.make("CartPole-v1", **kwargs)
    return env, env.reset(seed=seed)[0]


def test_parameters_by_lane():
    lengths = np.array([0.3, 0.5, 0.9, 1.5])
    vector = make(params={"length": lengths, "gravity": 5.0})
    vector.reset(seed=3)
    for step in range(10):
        batch = vector.step(np.full(4, step % 2))[0]
    for lane, length in enumerate(lengths):
        env, _ = single(3 + lane, length=length, gravity=5.0)
        for step in range(10):
            observation = env.step(step % 2)[0]
        np.testing.assert_array_equal(batch[lane], observation)
    np.testing.assert_array_equal(vector.params["length"], lengths)
    assert vector.get_attr("gravity") == (5.0,) * 4


def test_set_params_on_some_lanes():
    vector = make()
    vector.set_params({"length": [0.7, 0.9]}, lanes=[3, 1])
    np.testing.assert_array_equal(vector.params["length"], [0.5, 0.9, 0.5, 0.7])
    for params, message in (
        ({"length": [1.0]}, "one a lane"),
        ({"mass": 1.0}, "masscart"),
        ({"length": [1, -1, 1, 1]}, "lane 1"),
        ({"length": "long"}, "length"),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            vector.set_params(params)
    np.testing.assert_array_equal(vector.params["length"], [0.5, 0.9, 0.5, 0.7])


def test_spaces_hold_every_lane():
    vector = make(params={"x_threshold": np.array([1.0, 10.0, 2.4, 5.0])})
    assert vector.single_observation_space.high[0] == 20.0


def test_get_set_and_call_reach_each_lane():
    vector = make(2)
    vector.reset(seed=0)
    vector.set_attr("state", [np.zeros(4), np.full(4, 0.01)])
    assert [state.tolist() for state in vector.get_attr("state")] == [[0.0] * 4, [0.01] * 4]
    vector.set_attr("length", (0.6, 0.8))
    assert vector.get_attr("polemass_length") == pytest.approx((0.06, 0.08))
    vector.set_attr("kinematics_integrator", "semi-implicit euler")
    assert vector.get_attr("semi_implicit") == (True, True)
    assert vector.call("has_wrapper_attr", "gravity") == (True, True)
    with pytest.raises(ValueError, match="reset"):
        vector.call("reset")
    with pytest.raises(ValueError, match="one a lane"):
        vector.set_attr("length", [1.0])
    with pytest.raises(AttributeError, match="wheels"):
        vector.set_attr("wheels", 4)


def test_seeds():
    vector = make()
    vector.reset(seed=7)
    assert vector.np_random_seed == (7, 8, 9, 10)
    first = vector.reset(seed=[1, None, 2**70, np.int64(3)])[0]
    assert vector.np_random_seed == (1, 8, 2**70, 3)
    for lane, seed in ((0, 1), (2, 2**70), (3, 3)):
        np.testing.assert_array_equal(first[lane], single(seed)[1])
    big = make(2)
    np.testing.assert_array_equal(big.reset(seed=2**64 - 1)[0][1], single(2**64)[1])
    fresh = make(2)
    fresh.reset()
    seeds = fresh.np_random_seed
    again = make(2)
    np.testing.assert_array_equal(again.reset(seed=list(seeds))[0], fresh.reset(seed=seeds[0])[0])
    assert make(2).np_random_seed == (None, None)
    with pytest.raises(ValueError, match="length must match"):
        vector.reset(seed=[1, 2])


def test_streams_are_numpys():
    vector = make(2)
    vector.reset(seed=4)
    for lane, generator in enumerate(vector.np_random):
        expected = np.random.default_rng(4 + lane)
        expected.random(4)
        assert generator.random() == expected.random()


def test_options_stay_in_force_until_the_next_reset():
    vector = make(params={"x_threshold": 0.01})  # every episode ends within a few steps
    options = {"low": 0.05, "high": 0.06}
    vector.reset(seed=0, options=options)
    assert options == {"low": 0.05, "high": 0.06}
    starts = []
    for _ in range(40):
        batch = vector.step(np.zeros(4, dtype=np.int64))[0]
        starts.extend(batch[~vector.valid_transition])
    assert len(starts) > 20
    assert all((start >= 0.05).all() and (start <= 0.0601).all() for start in starts)
    batch, _ = vector.reset(options={"reset_mask": np.array([True, False, False, False])})
    assert abs(batch[0]).max() <= 0.05


def test_options_by_lane():
    vector = make(3)
    batch, _ = vector.reset(seed=0, options=[{"low": 0.2, "high": 0.3}, None, {"high": 0.1}])
    assert ((batch[0] >= 0.2) & (batch[0] <= 0.3)).all()
    assert abs(batch[1]).max() <= 0.05
    arrays = {"low": np.array([0.0, 1.0, 2.0]), "high": np.array([0.1, 1.1, 2.1])}
    batch, _ = vector.reset(options=arrays)
    assert (np.floor(batch) == [[0], [1], [2]]).all()
    before = vector.reset(seed=1)[0]
    for bad in ([{}, {}], {"low": [0.0, 1.0]}, {"low": "x"}):
        with pytest.raises((TypeError, ValueError)):
            vector.reset(options=bad)
    np.testing.assert_array_equal(vector.core.observe(np.arange(3)), before)


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_masked_reset_leaves_the_others_alone(mode):
    vector = make(autoreset_mode=mode)
    vector.reset(seed=0)
    batch = vector.step(np.ones(4, dtype=np.int64))[0]
    mask = np.array([False, True, False, True])
    options = {"reset_mask": mask, "low": 0.0}
    after, infos = vector.reset(seed=[None, 50, None, None], options=options)
    assert options.keys() == {"reset_mask", "low"}
    assert infos == {}
    np.testing.assert_array_equal(after[~mask], batch[~mask])
    assert (after[mask] >= 0).all()
    for bad, error_type in (
        ([True] * 4, TypeError),
        (np.ones(4, dtype=int), TypeError),
        (np.ones(3, dtype=bool), ValueError),
        (np.zeros(4, dtype=bool), ValueError),
    ):
        with pytest.raises(error_type, match="reset_mask"):
            vector.reset(options={"reset_mask": bad})


def test_limit_can_change_on_a_live_vector():
    vector = make(max_episode_steps=3)
    vector.reset(seed=0)
    truncated = [vector.step(np.array([0, 1, 0, 1]))[3].all() for _ in range(3)]
    assert truncated == [False, False, True]
    vector.max_episode_steps = 2
    vector.step(np.zeros(4, dtype=np.int64))
    assert not vector.step(np.array([0, 1, 0, 1]))[3].any()
    assert vector.step(np.array([1, 0, 1, 0]))[3].all()
    vector.max_episode_steps = None
    assert vector.max_episode_steps is None
    with pytest.raises(ValueError, match="max_episode_steps"):
        vector.max_episode_steps = 0


def test_send_and_recv_are_the_steps_of_the_lanes():
    ours, whole = make(5, batch_size=2), make(5)
    ours.reset(seed=0)
    whole.reset(seed=0)
    ours.send([1, 0, 1], lane_ids=[4, 0, 2])
    with pytest.raises(error.AlreadyPendingCallError, match="0"):
        ours.send([1], lane_ids=[0])
    with pytest.raises(error.AlreadyPendingCallError):
        ours.step(np.zeros(5, dtype=np.int64))
    ours.send(np.array([1]), lane_ids=np.array([3]))
    expected = whole.step(np.array([0, 0, 1, 1, 1]))
    seen = []
    for _ in range(2):
        *arrays, infos = ours.recv()
        assert [len(array) for array in arrays] == [2] * 4
        seen.extend(infos["lane_ids"].tolist())
        for array, column in zip(arrays, expected, strict=False):
            np.testing.assert_array_equal(array, column[infos["lane_ids"]])
        np.testing.assert_array_equal(ours.final_obs, arrays[0])
        assert ours.valid_transition.tolist() == [True, True]
    assert seen == [4, 0, 2, 3]
    with pytest.raises(error.NoAsyncCallError, match="pending"):
        ours.recv()


def test_recv_waits_for_nothing_a_reset_dropped():
    vector = make(3, batch_size=1)
    vector.async_reset(seed=5)
    assert [vector.recv()[4]["lane_ids"].tolist() for _ in range(2)] == [[0], [1]]
    vector.reset(seed=5)
    with pytest.raises(error.NoAsyncCallError):
        vector.recv()
    for bad, error_type in (([3], IndexError), ([0, 0], ValueError), ([0.5], TypeError)):
        with pytest.raises(error_type):
            vector.send([0] * len(bad), lane_ids=bad)
    with pytest.raises(error.InvalidAction):
        vector.send([7], lane_ids=[1])


def test_send_in_every_mode_reports_final_observations():
    for mode in AutoresetMode:
        vector = make(3, autoreset_mode=mode, params={"x_threshold": 0.02})
        vector.reset(seed=0)
        ended = np.zeros(3, dtype=bool)
        for _ in range(30):
            if mode is AutoresetMode.DISABLED and ended.any():
                vector.reset(options={"reset_mask": ended})
            vector.send(np.ones(3, dtype=np.int64))
            batch, _, terminated, truncated, _ = vector.recv()
            was, ended = ended, terminated | truncated
            if mode is AutoresetMode.SAME_STEP:
                assert (abs(vector.final_obs[ended][:, 0]) > 0.02).all()
                assert vector.valid_transition.all()
            else:
                np.testing.assert_array_equal(vector.final_obs, batch)
            if mode is AutoresetMode.NEXT_STEP:
                np.testing.assert_array_equal(vector.valid_transition, ~was)


def test_arrays_belong_to_the_caller_unless_copy_is_off():
    vector, shared = make(), make(copy=False)
    for each in (vector, shared):
        each.reset(seed=0)
    actions = np.ones(4, dtype=np.int64)
    steps = [vector.step(actions)[:4] for _ in range(10)]
    values = [[array.copy() for array in step] for step in steps]
    views = [vector.step(actions)[0][:2] for _ in range(10)]
    copied = [view.copy() for view in views]
    for _ in range(10):
        vector.step(actions)
    for step, value in zip(steps, values, strict=True):
        for array, expected in zip(step, value, strict=True):
            np.testing.assert_array_equal(array, expected)
    for view, expected in zip(views, copied, strict=True):
        np.testing.assert_array_equal(view, expected)
    assert shared.step(actions)[0] is shared.step(actions)[0]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_keep_lanes_and_settings(copied):
    vector = make(
        params={"length": [0.4, 0.5, 0.6, 0.7]}, autoreset_mode="SameStep", max_episode_steps=9
    )
    vector.reset(seed=0)
    actions = np.array([0, 1, 1, 0])
    for _ in range(5):
        vector.step(actions)
    other = copied(vector)
    for _ in range(20):
        ours, theirs = vector.step(actions), other.step(actions)
        for one, two in zip(ours[:4], theirs[:4], strict=True):
            np.testing.assert_array_equal(one, two)
    assert other.max_episode_steps == 9
    np.testing.assert_array_equal(other.params["length"], vector.params["length"])


def test_one_lane_forks_into_many():
    vector = make()
    vector.reset(seed=0)
    vector.step(np.array([0, 1, 0, 1]))
    vector.restore(vector.snapshot(lanes=[2]), lanes=[0, 1, 3])
    batch = vector.step(np.ones(4, dtype=np.int64))[0]
    assert (batch == batch[2]).all()
    with pytest.raises(error.SnapshotError, match="lanes"):
        vector.restore(vector.snapshot(lanes=[0, 1]), lanes=[2])


@pytest.mark.parametrize("mode", ["NextStep", "SameStep", "Disabled"])
def test_results_that_wait_are_part_of_a_snapshot(mode):
    vector = make(3, batch_size=1, autoreset_mode=mode, max_episode_steps=1)
    vector.reset(seed=0)
    vector.send([0, 1], lane_ids=[2, 1])
    saved = vector.snapshot()
    expected = [vector.recv(), vector.recv()]
    vector.reset(seed=9)
    vector.restore(saved)
    for one in expected:
        other = vector.recv()
        for left, right in zip(one[:4], other[:4], strict=True):
            np.testing.assert_array_equal(left, right)
        assert one[4].keys() == other[4].keys()
    with pytest.raises(error.NoAsyncCallError):
        vector.recv()


@pytest.mark.parametrize(
    ("arguments", "error_type", "message"),
    [
        ({"num_envs": 0}, error.Error, "num_envs"),
        ({"num_envs": 2.5}, error.Error, "num_envs"),
        ({"num_threads": 0}, ValueError, "num_threads"),
        ({"batch_size": 9}, ValueError, "batch_size"),
        ({"max_episode_steps": -1}, ValueError, "max_episode_steps"),
        ({"autoreset_mode": "Sometimes"}, ValueError, "Sometimes"),
        ({"wings": 2}, TypeError, "wings"),
    ],
)
def test_bad_constructor_arguments(arguments, error_type, message):
    with pytest.raises(error_type, match=message):
        gym.make_vec("CartPole-v1", **{"num_envs": 2, **arguments})
