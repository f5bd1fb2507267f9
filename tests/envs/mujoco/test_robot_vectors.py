"""Vectors of robots: the episodes of single ones, in every mode, with parameters of their own."""

import gc
import os
import pickle

import gymnasium
import mujoco
import numpy as np
import pytest

import dromos as gym
from dromos import error
from dromos.envs.mujoco.models import ASSETS
from dromos.native import LogUniform, Uniform
from dromos.snapshot import Snapshot

ROBOTS = sorted(
    spec.id for spec in gym.registry.values() if ".envs.mujoco." in str(spec.entry_point)
)
old = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")


def actions_for(vector, steps, seed=0):
    rng = np.random.default_rng(seed)
    low, high = vector.action_space.low, vector.action_space.high
    return [rng.uniform(low, high).astype(np.float32) for _ in range(steps)]


def assert_same_infos(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, column in theirs.items():
        if isinstance(column, dict):
            assert_same_infos(ours[name], column)
        elif column.dtype == object:
            for one, other in zip(ours[name], column, strict=True):
                assert np.array_equal(one, other) or one is other
        else:
            assert ours[name].dtype == column.dtype, name
            assert np.array_equal(ours[name], column), name


def assert_same_steps(ours, theirs):
    for one, other in zip(ours[:-1], theirs[:-1], strict=True):
        assert np.array_equal(one, other)
        assert one.dtype == other.dtype
    assert_same_infos(ours[-1], theirs[-1])


@old
@pytest.mark.parametrize("env_id", ROBOTS)
def test_lanes_are_those_of_the_peers_vector(env_id, pytestconfig):
    """Autoresets and infos included; episodes are cut short so that there are many."""
    lanes, steps, limit = (20, 300, 200) if pytestconfig.getoption("--long") else (3, 50, 15)
    ours = gym.make_vec(env_id, lanes, max_episode_steps=limit, num_threads=2)
    theirs = gymnasium.make_vec(env_id, lanes, max_episode_steps=limit, vectorization_mode="sync")
    assert_same_steps(ours.reset(seed=4), theirs.reset(seed=4))
    for action in actions_for(ours, steps):
        assert_same_steps(ours.step(action), theirs.step(action))
    ours.close()
    theirs.close()


@pytest.mark.parametrize("mode", ["SameStep", "Disabled"])
@pytest.mark.parametrize("env_id", ["Hopper-v5", "Humanoid-v5", "Reacher-v5"])
def test_other_modes_are_those_of_the_peers_vector(env_id, mode):
    kwargs = {"autoreset_mode": gymnasium.vector.AutoresetMode(mode)}
    ours = gym.make_vec(env_id, 4, max_episode_steps=20, autoreset_mode=mode)
    theirs = gymnasium.make_vec(
        env_id, 4, max_episode_steps=20, vectorization_mode="sync", vector_kwargs=kwargs
    )
    assert_same_steps(ours.reset(seed=1), theirs.reset(seed=1))
    for action in actions_for(ours, 60):
        one, other = ours.step(action), theirs.step(action)
        assert_same_steps(one, other)
        done = one[2] | one[3]
        if mode == "Disabled" and done.any():
            mask = {"options": {"reset_mask": done}}
            assert_same_steps(ours.reset(**mask), theirs.reset(**mask))
    ours.close()
    theirs.close()


def test_first_ready_lanes_are_the_same():
    env_id = "Hopper-v5"
    whole = gym.make_vec(env_id, 4)
    parts = gym.make_vec(env_id, 4, batch_size=2)
    whole.reset(seed=0), parts.reset(seed=0)
    for action in actions_for(whole, 40):
        expected = whole.step(action)
        parts.send(action[:2], [0, 1])
        parts.send(action[2:], [2, 3])
        for _ in range(2):
            observations, rewards, *_, infos = parts.recv()
            lanes = infos["lane_ids"]
            assert np.array_equal(observations, expected[0][lanes])
            assert np.array_equal(rewards, expected[1][lanes])
            assert np.array_equal(infos["x_position"], expected[-1]["x_position"][lanes])


def rollout(vector, steps=30, seed=0):
    return [vector.step(action) for action in actions_for(vector, steps, seed)]


def same(left, right):
    return all(
        all(np.array_equal(a, b) for a, b in zip(one[:4], other[:4], strict=True))
        for one, other in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_snapshots_go_into_another_thread_count(mode, threads):
    kwargs = {"autoreset_mode": mode, "max_episode_steps": 12}
    vector = gym.make_vec("Walker2d-v5", 5, num_threads=2, **kwargs)
    vector.set_params({"body_mass": np.linspace(1, 2, 5)[:, np.newaxis] * np.ones(8)})
    vector.set_params({"gravity": Uniform(-11.0, -9.0)}, lanes=[1, 3])
    vector.reset(seed=9)
    rollout(vector, 17)
    saved = Snapshot.from_bytes(vector.snapshot().to_bytes())
    future = rollout(vector, 30, seed=1)
    other = gym.make_vec("Walker2d-v5", 5, num_threads=threads, **kwargs)
    other.reset(seed=0)
    other.restore(saved)
    assert same(rollout(other, 30, seed=1), future)
    twin = pickle.loads(pickle.dumps(vector))
    assert same(rollout(twin, 5), rollout(vector, 5))


def test_parameters_are_those_of_single_environments():
    masses = np.random.default_rng(0).uniform(0.5, 3, (3, 5))
    vector = gym.make_vec(
        "Hopper-v5",
        3,
        params={
            "body_mass": masses,
            "gravity": np.array([[0, 0, -9.81], [0, 0, -5.0], [1, 0, -9.81]]),
            "ctrl_cost_weight": [0.1, 0.2, 0.3],
            "geom_friction": 0.5,
        },
    )
    observations, _ = vector.reset(seed=3)
    singles = []
    for lane in range(3):
        env = gym.make("Hopper-v5")
        model = env.unwrapped.model
        model.body_mass[:] = masses[lane]
        model.opt.gravity[:] = vector.params["gravity"][lane]
        model.geom_friction[:] = 0.5
        mujoco.mj_setConst(model, env.unwrapped.data)
        env.unwrapped._ctrl_cost_weight = 0.1 * (lane + 1)
        assert np.array_equal(env.reset(seed=3 + lane)[0], observations[lane])
        singles.append(env)
    for action in actions_for(vector, 15):
        result = vector.step(action)
        for lane, env in enumerate(singles):
            own = env.step(action[lane])
            assert np.array_equal(own[0], result[0][lane])
            assert own[1] == result[1][lane]


def test_parameters_are_drawn_at_each_start():
    vector = gym.make_vec(
        "HalfCheetah-v5", 3, max_episode_steps=2, params={"dof_damping": LogUniform(0.1, 10.0)}
    )
    vector.reset(seed=0)
    first = vector.params["dof_damping"]
    assert first.shape == (3, 9)
    assert len(np.unique(first)) == first.size
    assert ((first >= 0.1) & (first <= 10)).all()
    rollout(vector, 3)
    assert not (vector.params["dof_damping"] == first).any()
    again = gym.make_vec(
        "HalfCheetah-v5", 3, max_episode_steps=2, params={"dof_damping": LogUniform(0.1, 10.0)}
    )
    again.reset(seed=0)
    assert np.array_equal(again.params["dof_damping"], first)
    vector.set_params({"dof_damping": 1.0})
    vector.reset()
    assert (vector.params["dof_damping"] == 1.0).all()


@pytest.mark.parametrize(
    ("params", "problem", "message"),
    [
        ({"weight": 1.0}, TypeError, "no parameter 'weight'.*body_mass"),
        ({"body_mass": -1.0}, ValueError, "body_mass: expected numbers ≥ 0"),
        ({"body_mass": np.ones((2, 3))}, ValueError, r"shape \(8,\).*\(2, 3\)"),
        ({"gravity": [0, 0, np.nan]}, ValueError, "gravity: expected finite"),
        ({"timestep": 0.0}, ValueError, "timestep: expected a time above 0"),
        ({"ctrl_cost_weight": "dear"}, TypeError, "ctrl_cost_weight: expected numbers"),
        ({"body_mass": Uniform(-1.0, 1.0)}, ValueError, "body_mass: expected numbers ≥ 0"),
    ],
)
def test_bad_parameters(params, problem, message):
    with pytest.raises(problem, match=message):
        gym.make_vec("HalfCheetah-v5", 2, params=params)


@pytest.mark.parametrize("env_id", ["Hopper-v5", "LunarLander-v3", "CartPole-v1"])
def test_parameters_without_names(env_id):
    vector = gym.make_vec(env_id, 2)
    for params, found in ((5, "5"), ([("gravity", -3.0)], r"\["), ({3: 4.0}, "3"), (None, "None")):
        with pytest.raises(TypeError, match=rf"params: expected .*found {found}"):
            vector.set_params(params)
    with pytest.raises(TypeError, match="params: expected a dict of names and values, found 3"):
        gym.make_vec(env_id, 2, params=3)
    vector.close()
    with pytest.raises(error.ClosedEnvironmentError):
        vector.set_params({"gravity": -3.0})


def test_bad_actions_move_no_lane():
    vector = gym.make_vec("HalfCheetah-v5", 2)
    vector.reset(seed=0)
    before = vector.snapshot()
    for actions in (np.zeros((2, 5)), np.zeros((3, 6)), [["a"] * 6] * 2, np.full((2, 6), np.nan)):
        with pytest.raises(error.InvalidAction):
            vector.step(actions)
    assert vector.snapshot() == before
    vector.step([[0] * 6, [1] * 6])


def test_a_lane_that_diverges_is_told_and_leaves_the_others_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # MuJoCo writes a log there
    vector, alone = gym.make_vec("HalfCheetah-v5", 3), gym.make_vec("HalfCheetah-v5", 3)
    vector.reset(seed=0), alone.reset(seed=0)
    model = vector.template._peek()
    state = vector._lanes.pool.states
    velocity = 1 + model.nq  # time, positions, then velocities
    state[1, velocity : velocity + model.nv] = 1e12
    actions = actions_for(vector, 3)
    for number, action in enumerate(actions):
        observations, rewards, terminated, truncated, infos = vector.step(action)
        expected = alone.step(action)
        others = [0, 2]
        assert np.array_equal(observations[others], expected[0][others])
        assert np.array_equal(rewards[others], expected[1][others])
        if number == 0:
            assert truncated.tolist() == [False, True, False]
            assert not terminated.any()
            assert rewards[1] == 0
            assert np.isfinite(observations).all()
            assert infos["_diverged"].tolist() == [False, True, False]
            assert "qvel" in infos["diverged"][1]
            assert infos["_x_position"].tolist() == [True, False, True]
        else:
            assert "diverged" not in infos
    assert vector.valid_transition.all()


def test_an_error_of_mujocos_is_raised_and_leaves_the_others_alone(tmp_path):
    with open(f"{ASSETS}/humanoid.xml") as file:
        text = file.read().replace("<default>", '<size memory="20K"/><default>', 1)
    path = tmp_path / "tight.xml"
    path.write_text(text)
    vector = gym.make_vec("Humanoid-v5", 3, xml_file=str(path), terminate_when_unhealthy=False)
    vector.reset(seed=0)
    with pytest.raises(mujoco.FatalError, match=r"in lane \d.*out of memory"):
        rollout(vector, 200)
    with pytest.raises(error.ResetNeeded):
        vector.step(np.zeros((3, 17), np.float32))
    vector.reset(seed=0)
    rollout(vector, 2)


def test_pictures_of_chosen_lanes():
    vector = gym.make_vec("Hopper-v5", 3, render_mode="rgb_array", width=64, height=48)
    vector.reset(seed=0)
    rollout(vector, 3)
    before = vector.snapshot()
    frames = vector.render_lanes([2, 0])
    assert [frame.shape for frame in frames] == [(48, 64, 3)] * 2
    assert not np.array_equal(*frames)
    assert np.array_equal(vector.render()[2], frames[0])
    assert vector.snapshot() == before
    vector.close()


def test_attributes_of_lanes():
    vector = gym.make_vec("Ant-v5", 2)
    vector.reset(seed=0)
    assert vector.get_attr("frame_skip") == (5, 5)
    heights = [state[2] for state in vector.call("state_vector")]
    assert heights[0] != heights[1]
    with pytest.raises(ValueError, match="of the vector itself"):
        vector.call("step")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_process_goes_on_with_a_copy_and_lets_it_go():
    vector = gym.make_vec("Hopper-v5", 3, num_threads=2, autoreset_mode="SameStep")
    vector.set_params({"gravity": Uniform(-11.0, -9.0), "ctrl_cost_weight": [0.1, 0.2, 0.3]})
    vector.reset(seed=3)
    rollout(vector, 30)
    vector.snapshot()  # from here on the spaces' generators have seeds
    reads, writes = os.pipe()
    if (child := os.fork()) == 0:
        seen = rollout(vector, 40, seed=1)
        told = pickle.dumps((seen, vector.params, vector.snapshot().to_bytes()))
        del vector, seen
        gc.collect()
        with open(writes, "wb") as pipe:
            pipe.write(told)
        os._exit(0)
    os.close(writes)
    with open(reads, "rb") as pipe:
        seen, params, saved = pickle.load(pipe)
    assert os.waitpid(child, 0)[1] == 0
    assert same(rollout(vector, 40, seed=1), seen)
    assert all(np.array_equal(params[name], value) for name, value in vector.params.items())
    assert vector.snapshot().to_bytes() == saved


def test_workers_start_beside_a_vector():
    vector = gym.make_vec("Hopper-v5", 3, num_threads=2)
    vector.reset(seed=0)
    workers = gym.make_vec("Hopper-v5", 2, vectorization_mode="async")
    try:
        workers.reset(seed=0)
        del vector
        assert np.isfinite(rollout(workers, 3)[-1][0]).all()
    finally:
        workers.close()
