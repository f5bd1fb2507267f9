"""The robots beyond their episodes, which tests/promises compare with the peer."""

import copy
import importlib
import pickle
import subprocess
import sys

import gymnasium
import mujoco
import numpy as np
import pytest

import dromos as gym
from dromos import error
from dromos.envs.mujoco.ant_v5 import AntEnv
from dromos.envs.mujoco.half_cheetah_v5 import HalfCheetahEnv
from dromos.envs.mujoco.models import ASSETS

ROBOTS = sorted(
    spec.id for spec in gym.registry.values() if ".envs.mujoco." in str(spec.entry_point)
)

#: Arguments that change what is observed, paid or ended.
ARGUMENTS = {
    "Ant-v5": [
        {"include_cfrc_ext_in_observation": False, "main_body": "front_left_leg"},
        {"exclude_current_positions_from_observation": False, "contact_force_range": (-2, 0.5)},
        {"terminate_when_unhealthy": False, "healthy_z_range": (0.6, 0.7), "frame_skip": 2},
    ],
    "Ant-v4": [{"use_contact_forces": True}, {"exclude_current_positions_from_observation": False}],
    "HalfCheetah-v5": [{"forward_reward_weight": 3.0, "ctrl_cost_weight": 0.7, "frame_skip": 3}],
    "Hopper-v5": [
        {"healthy_state_range": (-1, 1), "healthy_reward": 2.0, "reset_noise_scale": 0.1}
    ],
    "Hopper-v4": [{"terminate_when_unhealthy": False, "healthy_angle_range": (-0.01, 0.01)}],
    "Humanoid-v5": [
        {"include_cinert_in_observation": False, "include_cvel_in_observation": False},
        {"include_qfrc_actuator_in_observation": False, "contact_cost_range": (0.01, 0.02)},
    ],
    "HumanoidStandup-v5": [{"include_cfrc_ext_in_observation": False, "impact_cost_weight": 1.0}],
    "InvertedDoublePendulum-v5": [{"healthy_reward": 3.0, "reset_noise_scale": 0.3}],
    "Pusher-v5": [{"reward_near_weight": 2.0, "reward_dist_weight": 3.0}],
    "Reacher-v5": [{"reward_control_weight": 0.3, "reward_dist_weight": 2.0}],
    "Swimmer-v5": [{"exclude_current_positions_from_observation": False}],
    "Walker2d-v5": [{"healthy_z_range": (1.2, 1.3), "healthy_angle_range": (-0.1, 0.1)}],
}
CASES = [(env_id, kwargs) for env_id, cases in ARGUMENTS.items() for kwargs in cases]

old = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")


@old
@pytest.mark.parametrize(("env_id", "kwargs"), CASES, ids=lambda value: str(value)[:60])
def test_arguments_do_what_they_do_at_the_peer(env_id, kwargs):
    ours, theirs = gym.make(env_id, **kwargs), gymnasium.make(env_id, **kwargs)
    assert ours.observation_space.shape == theirs.observation_space.shape
    structure = getattr(theirs.unwrapped, "observation_structure", None)
    if structure is not None:
        assert ours.unwrapped.observation_structure == structure
    assert ours.metadata["render_fps"] == theirs.metadata["render_fps"]
    assert ours.unwrapped.dt == theirs.unwrapped.dt
    for seed in range(2):
        one, other = ours.reset(seed=seed), theirs.reset(seed=seed)
        assert np.array_equal(one[0], other[0])
        theirs.action_space.seed(seed)
        for _ in range(40):
            action = theirs.action_space.sample()
            one, other = ours.step(action), theirs.step(action)
            assert np.array_equal(one[0], other[0])
            assert one[1:4] == other[1:4]
            assert all(np.array_equal(one[4][name], other[4][name]) for name in other[4])
    theirs.close()


@old
@pytest.mark.parametrize("env_id", ROBOTS)
def test_public_attributes(env_id):
    ours, theirs = gym.make(env_id).unwrapped, gymnasium.make(env_id).unwrapped
    ours.reset(seed=0)
    theirs.reset(seed=0)
    for name in ("frame_skip", "dt", "width", "height", "camera_id", "camera_name"):
        assert getattr(ours, name) == getattr(theirs, name), name
    for name in ("init_qpos", "init_qvel"):
        if env_id != "Pusher-v5":  # whose reset moves the peer's rest about
            assert np.array_equal(getattr(ours, name), getattr(theirs, name))
    assert np.array_equal(ours.state_vector(), theirs.state_vector())
    for number in range(ours.model.nbody):
        name = ours.model.body(number).name
        if name:
            assert np.array_equal(ours.get_body_com(name), theirs.get_body_com(name))
    for name in ("is_healthy", "healthy_reward", "contact_cost", "terminated"):
        if hasattr(theirs, name):
            assert getattr(ours, name) == getattr(theirs, name)
    if hasattr(theirs, "control_cost"):
        action = ours.action_space.sample()
        assert ours.control_cost(action) == theirs.control_cost(action)
    assert ours.model.nq == theirs.model.nq
    module = importlib.import_module(type(theirs).__module__)
    if hasattr(module, "mass_center"):
        center = importlib.import_module(type(ours).__module__).mass_center
        expected = module.mass_center(theirs.model, theirs.data)
        assert np.array_equal(center(ours.model, ours.data), expected)
    theirs.close()


def rollout(env, steps=20, seed=0):
    rng = np.random.default_rng(seed)
    size = env.action_space.shape
    return [env.step(rng.uniform(-1, 1, size).astype(np.float32)) for _ in range(steps)]


def same(left, right):
    return all(
        np.array_equal(one[0], other[0]) and one[1:4] == other[1:4]
        for one, other in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("copied", ["deepcopy", "pickle", "clone", "restore"])
def test_copies_keep_a_changed_model_and_task(copied):
    env = gym.make("Hopper-v5")
    env.reset(seed=1)
    robot = env.unwrapped
    robot.model.body_mass[1] *= 2
    robot.model.opt.gravity[2] = -5
    robot.frame_skip, robot._ctrl_cost_weight, robot._healthy_z_range = 3, 0.5, (0.1, 5)
    robot.init_qpos[0] = 0.25
    rollout(env, 5)
    if copied == "restore":
        twin = gym.make("Hopper-v5")
        twin.restore(env.snapshot())
    else:
        copies = {"deepcopy": copy.deepcopy, "pickle": lambda e: pickle.loads(pickle.dumps(e))}
        twin = copies.get(copied, lambda e: e.clone())(env)
    assert twin.unwrapped._healthy_z_range == (0.1, 5)
    assert same(rollout(env), rollout(twin))
    env.reset(seed=4), twin.reset(seed=4)
    assert same(rollout(env), rollout(twin))


def test_environments_share_no_model_that_somebody_changes():
    one, other = gym.make("Hopper-v5"), gym.make("Hopper-v5")
    one.reset(seed=0), other.reset(seed=0)
    assert one.unwrapped._peek() is other.unwrapped._peek()
    one.unwrapped.model.body_mass[:] *= 3
    assert one.unwrapped.data.model is one.unwrapped.model
    assert not np.array_equal(one.unwrapped.model.body_mass, other.unwrapped.model.body_mass)
    fresh = gym.make("Hopper-v5")
    fresh.reset(seed=0)
    assert same(rollout(other), rollout(fresh))


def test_a_state_that_was_set_is_stepped_from():
    ours, theirs = gym.make("Ant-v5"), gymnasium.make("Ant-v5")
    for env in (ours, theirs):
        env.reset(seed=0)
        robot = env.unwrapped
        robot.set_state(robot.init_qpos + 0.01, robot.init_qvel - 0.1)
        robot.data.qvel[0] = 0.5
        robot.model.opt.timestep = 0.008
    assert same(rollout(ours), rollout(theirs))
    with pytest.raises(ValueError, match=r"\(15,\) and \(14,\), found \(3,\)"):
        ours.unwrapped.set_state(np.zeros(3), np.zeros(14))
    theirs.close()


def test_hooks_of_subclasses_are_called():
    class Slow(HalfCheetahEnv):
        def _get_obs(self):
            return np.float64(2.0) * super()._get_obs()

        def _get_rew(self, x_velocity, action):
            return -abs(x_velocity - 1.0), {"target": 1.0}

        def _get_reset_info(self):
            return {"hello": 1}

    plain, slow = HalfCheetahEnv(), Slow()
    (first, _), (doubled, info) = plain.reset(seed=0), slow.reset(seed=0)
    assert np.array_equal(doubled, 2 * first)
    assert info == {"hello": 1}
    for usual, own in zip(rollout(plain), rollout(slow), strict=True):
        assert np.array_equal(own[0], 2 * usual[0])
        assert own[1] == -abs(usual[4]["x_velocity"] - 1.0)
        assert own[4]["target"] == 1.0

    class Still(HalfCheetahEnv):
        def reset_model(self):
            self.set_state(self.init_qpos, self.init_qvel)
            return self._get_obs()

        def do_simulation(self, ctrl, n_frames):
            super().do_simulation(np.zeros(6), n_frames)

    still = Still()
    assert not still.reset(seed=3)[0].any()
    rollout(still)
    assert np.array_equal(still.data.ctrl, np.zeros(6))

    with pytest.raises(TypeError, match=r"is_healthy.*_get_rew"):

        class Ignored(AntEnv):
            @property
            def is_healthy(self):
                return True


@old
@pytest.mark.parametrize("env_id", ["Ant-v4", "Hopper-v4", "Humanoid-v4", "Walker2d-v4"])
def test_robots_of_version_4_say_whether_the_state_ends_the_episode(env_id):
    env, patient = gym.make(env_id).unwrapped, gym.make(env_id, terminate_when_unhealthy=False)
    env.reset(seed=0)
    for _ in range(200):
        terminated = env.step(env.action_space.sample())[2]
        assert env.terminated is terminated
        if terminated:
            break
    patient.reset(seed=0)
    patient.unwrapped.set_state(env.data.qpos, env.data.qvel)
    assert patient.unwrapped.terminated is False


@old
@pytest.mark.parametrize("env_id", ROBOTS)
def test_a_reward_that_a_subclass_passes_on_is_the_reward(env_id):
    plain = gym.make(env_id).unwrapped

    class Watched(type(plain)):
        def _get_rew(self, *arguments):
            calls.append(arguments)
            return super()._get_rew(*arguments)

    calls, watched = [], Watched()
    for seed in range(2):
        assert np.array_equal(plain.reset(seed=seed)[0], watched.reset(seed=seed)[0])
        for usual, own in zip(rollout(plain, 10), rollout(watched, 10), strict=True):
            assert np.array_equal(usual[0], own[0])
            assert usual[1:4] == own[1:4]
            assert usual[4].keys() == own[4].keys()
    assert len(calls) == 20


def test_a_reward_of_another_velocity():
    class Hurried(HalfCheetahEnv):
        def _get_rew(self, x_velocity, action):
            return super()._get_rew(x_velocity + 1.0, action)

    plain, hurried = HalfCheetahEnv(), Hurried()
    plain.reset(seed=0), hurried.reset(seed=0)
    for usual, own in zip(rollout(plain), rollout(hurried), strict=True):
        assert own[1] == pytest.approx(usual[1] + 1.0)


ALIASED = """
import sys, warnings
import dromos.compat.gymnasium
dromos.compat.gymnasium.install()
import gymnasium as gym
warnings.simplefilter("ignore")
for env_id in sys.argv[1:]:
    env = gym.make(env_id)
    env.action_space.seed(0)
    env.reset(seed=0)
    print(env_id, type(env.unwrapped).__module__, *(
        float(env.step(env.action_space.sample())[1]).hex() for _ in range(5)))
"""


@old
def test_the_same_rewards_under_the_alias():
    shown = subprocess.run(
        [sys.executable, "-c", ALIASED, *ROBOTS],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.splitlines()
    for env_id, line in zip(ROBOTS, shown, strict=True):
        env = gym.make(env_id)
        env.action_space.seed(0)
        env.reset(seed=0)
        rewards = [float(env.step(env.action_space.sample())[1]).hex() for _ in range(5)]
        name, module, *aliased = line.split()
        assert (name, aliased) == (env_id, rewards)
        assert module.startswith("gymnasium.envs.mujoco.")


def test_models_and_data_that_do_not_belong_are_refused():
    env, hopper = AntEnv(), gym.make("Hopper-v5").unwrapped
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"nq, nv.*xml_file"):
        env.model = hopper.model
    with pytest.raises(ValueError, match=r"MjData of this environment's model"):
        env.data = mujoco.MjData(hopper.model)
    with pytest.raises(TypeError, match=r"a mujoco.MjData, found None"):
        env.data = None
    rollout(env, 2)
    with open(f"{ASSETS}/ant.xml") as file:
        text = file.read().replace("<worldbody>", '<worldbody><site name="more"/>', 1)
    env.model = mujoco.MjModel.from_xml_string(text)  # of the same sizes, laid out otherwise
    with pytest.raises(error.ResetNeeded):
        env.step(env.action_space.sample())
    env.reset(seed=0)
    rollout(env, 2)
    env.data = mujoco.MjData(env.model)
    env.set_state(env.init_qpos, env.init_qvel)
    rollout(env, 2)


@pytest.mark.filterwarnings("ignore:.*")
def test_a_simulation_that_diverges_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # MuJoCo writes a log there
    env = gym.make("HalfCheetah-v5")
    env.reset(seed=0)
    robot = env.unwrapped
    robot.set_state(robot.init_qpos, robot.init_qvel + 1e11)
    observation, reward, terminated, truncated, info = env.step(np.zeros(6, np.float32))
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert "qvel" in info["diverged"]
    assert not observation.any()  # at rest
    assert "diverged" not in env.step(np.zeros(6, np.float32))[4]


def test_an_error_of_mujocos_leaves_the_process_alive(tmp_path):
    text = (tmp_path / "tight.xml", f"{ASSETS}/humanoid.xml")
    with open(text[1]) as file:
        text[0].write_text(file.read().replace("<default>", '<size memory="20K"/><default>', 1))
    env = gym.make("Humanoid-v5", xml_file=str(text[0]))
    env.reset(seed=0)
    with pytest.raises(mujoco.FatalError, match="out of memory"):
        rollout(env, 100)
    other = gym.make("Humanoid-v5")
    other.reset(seed=0)
    rollout(other, 3)


@pytest.mark.parametrize(
    ("kwargs", "problem", "message"),
    [
        ({"frame_skip": 0}, ValueError, "frame_skip: expected a whole number"),
        ({"width": 1.5}, TypeError, "width: expected a whole number"),
        ({"camera_name": "roof"}, ValueError, r"\['track'\], found 'roof'"),
        ({"camera_id": 7}, ValueError, "to 0, found 7"),
        ({"camera_id": 0, "camera_name": "track"}, ValueError, "Both"),
        ({"healthy_z_range": (2, 1)}, ValueError, "healthy_z_range"),
        ({"healthy_z_range": 3}, TypeError, "healthy_z_range: expected two numbers"),
        ({"reset_noise_scale": -1}, ValueError, "reset_noise_scale: expected a number ≥ 0"),
        ({"ctrl_cost_weight": float("nan")}, ValueError, "ctrl_cost_weight: expected a finite"),
        ({"healthy_reward": "much"}, TypeError, "healthy_reward: expected a number"),
        ({"main_body": "tail"}, ValueError, "no body 'tail'"),
        ({"xml_file": "dog.xml"}, FileNotFoundError, "dog.xml does not exist"),
        ({"xml_file": 3}, TypeError, "the path of a model's file, found 3"),
        ({"frame_skip": 2**40}, ValueError, "frame_skip: expected a whole number ≤ 2147483647"),
        ({"width": 10**6}, ValueError, "width: expected a whole number ≤ 16384"),
        ({"healthy_reward": "1"}, TypeError, "healthy_reward: expected a number, found '1'"),
        ({"healthy_z_range": "12"}, TypeError, "healthy_z_range: expected two numbers"),
        ({"terminate_when_unhealthy": "no"}, TypeError, "expected True or False, found 'no'"),
        (
            {"include_cfrc_ext_in_observation": None},
            TypeError,
            "include_cfrc_ext_in_observation: expected True or False",
        ),
        ({"main_body": None}, TypeError, "the number or the name of a body, found None"),
        ({"max_geom": "many"}, TypeError, "max_geom: expected a whole number"),
        ({"visual_options": 3}, TypeError, "visual_options: expected a dict or None"),
        ({"visual_options": {99: True}}, ValueError, "mujoco.mjtVisFlag, 0 to 30, found 99"),
        ({"default_camera_config": {"zoom": 1}}, ValueError, "MjvCamera has no attribute 'zoom'"),
        ({"default_camera_config": {"distance": "far"}}, TypeError, "cannot be 'far'"),
        ({"default_camera_config": {"lookat": [1, 2]}}, TypeError, r"lookat .* cannot be \[1, 2\]"),
    ],
)
def test_bad_arguments(kwargs, problem, message):
    with pytest.raises(problem, match=message):
        gym.make("Ant-v5", **kwargs)


@pytest.mark.parametrize("action", [np.zeros(5), np.full(6, np.nan), np.full(6, np.inf), "left"])
def test_bad_actions(action):
    env = HalfCheetahEnv()
    env.reset(seed=0)
    before = env.snapshot()
    with pytest.raises(error.InvalidAction, match="6 finite numbers"):
        env.step(action)
    assert env.snapshot() == before
    if not isinstance(action, str):
        with pytest.raises(ValueError, match=r"Action dimension mismatch|finite"):
            env.do_simulation(action, 1)


@old
@pytest.mark.parametrize("env_id", ["Ant-v3", "Hopper-v2", "Pusher-v4", "HumanoidStandup-v2"])
def test_ids_of_an_older_mujoco_say_so(env_id):
    with pytest.raises(ImportError, match="gymnasium-robotics"):
        gym.make(env_id)
