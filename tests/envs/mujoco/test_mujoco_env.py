"""`MujocoEnv` as a base for models of one's own, its state functions, and its pictures."""

import copy
import os
import pickle
import subprocess
import sys
from typing import ClassVar

import mujoco
import numpy as np
import pytest

import dromos as gym
from dromos import error
from dromos.envs.mujoco import MujocoEnv, MujocoRenderer
from dromos.envs.mujoco.utils import check_mujoco_reset_state, get_state, set_state
from dromos.spaces import Box
from dromos.utils import EzPickle

PENDULUM = """
<mujoco>
  <option timestep="0.01"/>
  <worldbody>
    <light pos="0 -1 2"/>
    <camera name="side" pos="0 -2 0" xyaxes="1 0 0 0 0 1"/>
    <camera name="above" pos="0 0 3"/>
    <body name="rod">
      <joint name="hinge" axis="0 1 0"/>
      <geom name="rod" type="capsule" fromto="0 0 0 0 0 -0.5" size="0.05" rgba="1 0 0 1"/>
    </body>
  </worldbody>
  <actuator><motor joint="hinge" ctrllimited="true" ctrlrange="-1 1"/></actuator>
</mujoco>
"""


class PendulumEnv(MujocoEnv):
    metadata: ClassVar = {"render_modes": MujocoEnv.metadata["render_modes"], "render_fps": 50}

    def __init__(self, path, **kwargs):
        space = Box(-np.inf, np.inf, (2,), np.float64)
        super().__init__(str(path), 2, space, **kwargs)

    def step(self, action):
        self.do_simulation(action, self.frame_skip)
        if self.render_mode == "human":
            self.render()
        return self.state_vector(), -abs(self.data.qpos[0]), False, False, {}

    def reset_model(self):
        self.set_state(self.np_random.uniform(-1, 1, 1), self.init_qvel)
        return self.state_vector()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "pendulum.xml"
    file.write_text(PENDULUM)
    return file


def test_own_environment(path):
    env = PendulumEnv(path)
    assert env.action_space == Box(-1, 1, (1,), np.float32)
    assert (env.dt, env.model.nq) == (0.02, 1)
    first, info = env.reset(seed=2)
    assert (first.shape, info) == ((2,), {})
    env.step(np.array([0.5], np.float32))
    assert env.data.time == pytest.approx(0.02)
    saved = env.snapshot()
    future = [env.step(np.array([0.1]))[0] for _ in range(20)]
    env.restore(saved)
    twin = copy.deepcopy(env)
    assert np.array_equal(future, [env.step(np.array([0.1]))[0] for _ in range(20)])
    assert np.array_equal(future, [twin.step(np.array([0.1]))[0] for _ in range(20)])
    with pytest.raises(ValueError, match="Action dimension mismatch"):
        env.step(np.zeros(2))
    other = PendulumEnv(path)
    other.model.body_mass[1] = 7
    assert env.model.body_mass[1] != 7


class MixedEnv(PendulumEnv, EzPickle):
    """In the way that is usual at the peer."""

    def __init__(self, path, **kwargs):
        PendulumEnv.__init__(self, path, **kwargs)
        EzPickle.__init__(self, path, **kwargs)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_of_mixed_classes_keep_the_state(path, copied):
    env = MixedEnv(path)
    env.reset(seed=2)
    env.step(np.array([0.5]))
    twin = copied(env)
    assert twin.data.time == env.data.time > 0
    assert np.array_equal(twin.step(np.array([0.1]))[0], env.step(np.array([0.1]))[0])


def test_a_wrong_frame_rate_is_told(path):
    class Hasty(PendulumEnv):
        metadata: ClassVar = {"render_modes": [], "render_fps": 60}

    with pytest.raises(error.Error, match=r"60.*50 frames a second"):
        Hasty(path)


def test_vectors_of_own_environments(path):
    vector = gym.vector.SyncVectorEnv([lambda: PendulumEnv(path)] * 3)
    observations, _ = vector.reset(seed=5)
    for lane in range(3):
        assert np.array_equal(PendulumEnv(path).reset(seed=5 + lane)[0], observations[lane])
    assert vector.step(np.zeros((3, 1), np.float32))[0].shape == (3, 2)
    vector.close()


def test_state_functions(path):
    env = gym.make("Hopper-v5")
    env.reset(seed=1)
    env.step(env.action_space.sample())
    state = get_state(env)
    assert state.shape == (1 + 6 + 6,)
    env.step(env.action_space.sample())
    assert set_state(env, state) is state
    assert np.array_equal(get_state(env), state)
    every = get_state(env, mujoco.mjtState.mjSTATE_INTEGRATION)
    assert every.size > state.size
    check_mujoco_reset_state(env)

    class Forgetful(PendulumEnv):
        def reset_model(self):
            self.set_state(self.np_random.uniform(-1, 1, 1), self.init_qvel)
            self.data.ctrl[:] = self.np_random.integers(9) if self.data.time else self.step_count
            self.step_count += 1
            return self.state_vector()

    forgetful = Forgetful(path)
    forgetful.step_count = 0
    with pytest.raises(error.Error, match="not deterministic"):
        check_mujoco_reset_state(forgetful)


def test_pictures_in_every_mode(path):
    frames = {}
    for mode in ("rgb_array", "depth_array", "rgbd_tuple"):
        env = PendulumEnv(path, render_mode=mode, width=80, height=60, camera_name="side")
        env.reset(seed=0)
        frames[mode] = env.render()
        env.close()
    rgb, depth = frames["rgb_array"], frames["depth_array"]
    assert (rgb.shape, rgb.dtype) == ((60, 80, 3), np.uint8)
    assert (depth.shape, depth.dtype) == ((60, 80), np.float32)
    assert np.array_equal(frames["rgbd_tuple"][0], rgb)
    assert np.array_equal(frames["rgbd_tuple"][1], depth)
    red = (rgb[..., 0] > 60) & (rgb[..., 1] < 40)
    assert 20 < red.sum() < 2000
    assert depth[0, 0] == 1.0
    assert depth[red].max() < 1.0  # the rod is before the background


def test_segmentation_cameras_and_markers(path):
    env = PendulumEnv(path, render_mode="rgb_array", width=80, height=60, camera_id=0)
    env.reset(seed=0)
    renderer = env.mujoco_renderer
    assert isinstance(renderer, MujocoRenderer)
    objects = renderer.render("rgb_array", segmentation=True)
    assert (objects.shape, objects.dtype) == ((60, 80, 2), np.int32)
    geom = [int(mujoco.mjtObj.mjOBJ_GEOM), 0]
    assert (objects == geom).all(axis=-1).any()
    assert (objects[0, 0] == -1).all()
    plain = env.render()
    viewer = renderer.viewer
    viewer.add_marker(pos=[0.3, 0, 0], size=[0.2, 0.2, 0.2], rgba=[0, 1, 0, 1])
    assert (env.render()[..., 1] > plain[..., 1]).sum() > 50
    assert np.array_equal(env.render(), plain)  # a marker is for one picture
    env.close()
    above = PendulumEnv(path, render_mode="rgb_array", width=80, height=60, camera_name="above")
    above.reset(seed=0)
    assert not np.array_equal(above.render(), plain)
    above.close()
    with pytest.raises(error.UnsupportedMode, match="hologram"):
        renderer.render("hologram")
    small = PendulumEnv(path, render_mode="rgb_array", max_geom=1)
    small.reset()
    small.render()
    small.mujoco_renderer.viewer.add_marker()
    with pytest.raises(RuntimeError, match="max_geom"):
        small.render()


def test_visual_options_and_free_camera(path):
    flag = int(mujoco.mjtVisFlag.mjVIS_TRANSPARENT)
    given = {"render_mode": "rgb_array", "width": 80, "height": 60}
    pictures = [
        PendulumEnv(path, **given, **more)
        for more in (
            {},
            {"visual_options": {flag: True}},
            {"default_camera_config": {"distance": 1.5}},
        )
    ]
    frames = []
    for env in pictures:
        env.reset(seed=0)
        frames.append(env.render())
        env.close()
    assert not np.array_equal(frames[0], frames[1])
    assert not np.array_equal(frames[0], frames[2])
    with pytest.raises(ValueError, match="no attribute 'zoom'"):
        PendulumEnv(path, **given, default_camera_config={"zoom": 2})


@pytest.mark.parametrize("env_id", ["Ant-v5", "HalfCheetah-v5"])
def test_copies_look_from_where_the_original_looks(env_id):
    env = gym.make(env_id, render_mode="rgb_array", width=64, height=48)
    other = gym.make(env_id, render_mode="rgb_array", width=64, height=48)
    env.reset(seed=0)
    env.render()
    env.action_space.seed(0)
    for _ in range(30):
        env.step(env.action_space.sample())
    picture = env.render()
    other.restore(env.snapshot())
    twins = [other, env.clone(), copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
    for twin in twins:
        assert np.array_equal(twin.render(), picture)
    for each in (env, *twins):
        each.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_workers_draw_beside_a_process_that_has_drawn():
    small = {"render_mode": "rgb_array", "width": 64, "height": 48}
    env = gym.make("Ant-v5", **small)
    env.reset(seed=0)
    picture = env.render()
    for context in ("fork", "forkserver"):
        kwargs = {"vectorization_mode": "async", "vector_kwargs": {"context": context}}
        vector = gym.make_vec("Ant-v5", 1, **kwargs, **small)
        try:
            vector.reset(seed=0)
            if context == "fork":
                with pytest.raises(error.UnsupportedMode, match='context="forkserver"'):
                    vector.render()
            else:
                assert np.array_equal(vector.render()[0], picture)
        finally:
            vector.close()
    env.close()


def test_a_window_shows_the_simulation(path, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    env = PendulumEnv(path, render_mode="human", width=80, height=60)
    env.reset(seed=0)
    env.step(np.zeros(1))
    assert env.render() is None
    assert env.mujoco_renderer.viewer.window.size == (80, 60)
    env.close()


ONE_PICTURE = """
import dromos as gym, numpy as np, sys
env = gym.make("Hopper-v5", render_mode="rgb_array", width=96, height=64)
env.reset(seed=0)
np.save(sys.argv[1], env.render())
print(env.unwrapped.mujoco_renderer.viewer.backend)
"""


def test_osmesa_draws_where_egl_does_not(tmp_path):
    pictures, variables = [], {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for way, more in (("egl", {}), ("osmesa", {"__EGL_VENDOR_LIBRARY_FILENAMES": os.devnull})):
        path = tmp_path / f"{way}.npy"
        result = subprocess.run(
            [sys.executable, "-c", ONE_PICTURE, str(path)],
            env={**variables, **more},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert result.stdout == f"{way}\n"
        assert result.stderr == ""
        pictures.append(np.load(path).astype(int))
    assert np.abs(pictures[0] - pictures[1]).mean() < 2  # two rasterisers


NO_DRIVER = """
import dromos as gym, sys, types
for way in ("egl", "osmesa", "glfw"):
    module = types.ModuleType(f"mujoco.{way}")
    def refuse(*size, way=way):
        raise RuntimeError(f"no {way} here")
    module.GLContext = refuse
    sys.modules[f"mujoco.{way}"] = module
import importlib
keep = importlib.import_module
env = gym.make("Reacher-v5", render_mode="rgb_array")
env.reset(seed=0)
import dromos.envs.mujoco.gl_context as gl
gl._forget = lambda way: None
try:
    env.render()
except gym.error.DependencyNotInstalled as problem:
    print(problem)
"""


def test_without_a_driver_the_packages_are_named():
    result = subprocess.run(
        [sys.executable, "-c", NO_DRIVER],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    for word in ("no egl here", "no osmesa here", "apt-get install libegl1", "libosmesa6"):
        assert word in result.stdout


NO_MUJOCO = """
import sys
sys.modules["mujoco"] = {stand_in}
import dromos as gym
try:
    gym.make("Ant-v5")
except gym.error.DependencyNotInstalled as problem:
    print(problem)
"""


@pytest.mark.parametrize(
    ("stand_in", "said"),
    [
        ("None", "need the package mujoco >= 3.17"),
        ("type(sys)('mujoco'); sys.modules['mujoco'].__version__ = '3.1.6'", "found 3.1.6"),
    ],
)
def test_a_missing_or_older_mujoco_is_one_clear_line(stand_in, said):
    result = subprocess.run(
        [sys.executable, "-c", NO_MUJOCO.format(stand_in=stand_in)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert said in result.stdout
    assert 'pip install "dromos[mujoco]"' in result.stdout
    assert result.stdout.count("\n") == 1
