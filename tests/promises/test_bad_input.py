"""Promise 5: bad input gets an error that names it, and the environment goes on."""

import json
import warnings

import numpy as np
import pytest
from rollouts import action_of, actions_of, assert_same, rollout, steps_only

import dromos as gym
from dromos import error
from dromos.snapshot import Snapshot


class NotAnAction:
    def __repr__(self):  # the test's id, the same in every process
        return "NotAnAction()"


BAD_ACTIONS = {
    "None": None,
    "text": "up",
    "object": NotAnAction(),
    "empty": [],
    "column": np.array([[0.0]] * 77),
    "nan": np.nan,
    "negative": -1,
    "huge": 10**30,
    "fraction": 1.5,
}


@pytest.mark.parametrize("action", BAD_ACTIONS.values(), ids=BAD_ACTIONS)
@pytest.mark.filterwarnings("ignore:.*Casting input x to numpy array")
def test_bad_action_moves_nothing(env, action):
    if env.action_space.contains(action):
        pytest.fail("the list of bad actions holds a good one")
    rng = np.random.default_rng(0)
    env.reset(seed=0)
    env.step(action_of(env.action_space, rng))
    before = env.snapshot()
    with pytest.raises(error.InvalidAction, match="expected"):
        env.unwrapped.step(action)
    future = actions_of(env.action_space, rng, 50)
    after = steps_only(env, future)
    env.restore(before)
    assert_same(steps_only(env, future), after)


def test_step_before_reset(env):
    action = action_of(env.action_space, np.random.default_rng(0))
    with pytest.raises(error.ResetNeeded, match="reset"):
        env.step(action)
    with pytest.raises(error.ResetNeeded, match="reset"):
        env.unwrapped.step(action)
    env.reset()
    env.step(action)


def test_render_before_reset(env_id, env):
    # A context of OpenGL costs half a second in software: few and small ones for robots.
    robot = "mujoco" in env.spec.entry_point
    size = {"width": 64, "height": 64} if robot else {}
    ways = (None,) if robot else (None, "sync")
    for mode in set(env.metadata["render_modes"]) - {"human"}:
        single = gym.make(env_id, render_mode=mode, **size)
        vectors = [gym.make_vec(env_id, 2, way, render_mode=mode, **size) for way in ways]
        renders = [each.render for each in (single, single.unwrapped, *vectors)]
        renders += [each.render_lanes for each in vectors]
        for render in renders:
            with pytest.raises(error.ResetNeeded, match="reset"):
                render()
        for each in (single, *vectors):
            each.reset()
            each.render()
            each.close()


@pytest.mark.parametrize("seed", [-1, 1.5, "0", [1]])
def test_bad_seed(env, seed):
    with pytest.raises(error.Error, match="Seed"):
        env.reset(seed=seed)
    env.reset(seed=np.int64(3))


@pytest.mark.parametrize("options", [[1], 3])
def test_bad_options(env, options):
    with pytest.raises(TypeError, match="option"):
        env.reset(options=options)
    env.reset(options={})


def test_unknown_options_are_told_once(env, env_id):
    """They are of a wrapper or of the user's program; Gymnasium's environments pass them over."""
    key = object()  # a new one in every run of the test
    lanes = [gym.make_vec(env_id, 2, way) for way in (None, "sync")]
    with pytest.warns(UserWarning, match="has no reset option <object") as told:
        seen = env.reset(seed=4, options={key: 3})[0]
    assert len(told) == 1
    assert "It takes" in str(told[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_equal(env.reset(seed=4, options={key: 4})[0], seen)
        np.testing.assert_equal(env.reset(seed=4)[0], seen)
        for envs in lanes:
            first = envs.reset(seed=4, options={key: 3})[0]
            np.testing.assert_equal(envs.reset(seed=4)[0], first)
            envs.reset(options={"reset_mask": np.array([True, False]), key: 3})


def test_unknown_keyword_names_those_there_are(env_id):
    with pytest.raises(TypeError, match=r"no_such_parameter.*takes"):
        gym.make(env_id, no_such_parameter=1)


def test_unknown_render_mode_is_told(env_id):
    with pytest.warns(UserWarning, match="possible render_modes"):
        gym.make(env_id, render_mode="holographic")


def test_bad_vector_actions_move_no_lane(env, env_id):
    vector = gym.make_vec(env_id, 4)
    vector.reset(seed=0)
    rng = np.random.default_rng(0)
    good = np.array(actions_of(env.action_space, rng, 4))
    vector.step(good)
    before = vector.snapshot()
    bad = [None, good[:3], "up", good[:, None, None], np.full(good.shape, np.nan)]
    if good.dtype.kind == "i":
        bad += [good + 1000, good - 1000, good + 0.5]
    for actions in bad:
        with pytest.raises(error.InvalidAction, match=r"[Ee]xpected"):
            vector.step(actions)
    after = vector.step(good)[:4]
    vector.restore(before)
    assert_same(vector.step(good.tolist())[:4], after)


def test_vector_step_before_reset_and_after_close(env, env_id):
    vector = gym.make_vec(env_id, 2)
    actions = np.array(actions_of(env.action_space, np.random.default_rng(0), 2))
    with pytest.raises(error.ResetNeeded, match="reset"):
        vector.step(actions)
    with pytest.raises(error.ResetNeeded, match="never been reset"):
        vector.reset(options={"reset_mask": np.array([True, False])})
    vector.reset()
    vector.close()
    vector.close()
    with pytest.raises(error.ClosedEnvironmentError):
        vector.step(actions)
    with pytest.raises(error.ClosedEnvironmentError):
        vector.reset()


def test_malformed_snapshots(env):
    rng = np.random.default_rng(0)
    env.reset(seed=0)
    data = env.snapshot().to_bytes()
    for bad in (b"", b"nonsense", data[:-1], data[: len(data) // 2], data[:-9] + b"x" + data[-8:]):
        with pytest.raises(error.SnapshotError):
            env.restore(Snapshot.from_bytes(bad))
    rollout(env, actions_of(env.action_space, rng, 20))


def test_malformed_spec_json(env):
    text = env.spec.to_json()
    missing = json.loads(text)
    del missing["id"]
    for bad in ("", "{", "[]", "3", json.dumps(missing), text[:-5]):
        with pytest.raises(error.InvalidJson):
            type(env.spec).from_json(bad)
