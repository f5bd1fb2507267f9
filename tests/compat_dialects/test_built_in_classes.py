"""Classes of built-in environments, made and derived from as programs of their time do.

The programs run under the alias, where the classes have their old places.
"""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import copy, pickle, sys
import gym
import numpy as np
from gym import utils
from gym.envs.box2d.lunar_lander import LunarLander, heuristic
from gym.envs.classic_control import PendulumEnv
from gym.envs.classic_control.cartpole import CartPoleEnv
from gym.envs.mujoco import HalfCheetahEnv, mujoco_env
from gym.envs.registration import register
from gym.envs.toy_text.frozen_lake import FrozenLakeEnv, generate_random_map

V = tuple(map(int, gym.__version__.split(".")[:2]))

def begin(env, seed=0):
    if V < (0, 22):
        env.seed(seed)
        return env.reset()
    return env.reset(seed=seed)

# Made by hand
env = CartPoleEnv()
assert isinstance(env, gym.Env) and begin(env).shape == (4,) and len(env.step(0)) == 4
assert env.observation_space.high[1] == np.finfo(np.float32).max
assert type(gym.make("CartPole-v1").unwrapped) is CartPoleEnv
for twin in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
    assert (twin.step(1)[0] == copy.deepcopy(env).step(1)[0]).all()
lake = FrozenLakeEnv(desc=generate_random_map(5), is_slippery=False)
assert begin(lake) == 0 and len(lake.step(2)) == 4 and len(lake.P) == 25
assert V >= (0, 22) or (lake.nS, lake.nA) == (25, 4)
if V < (0, 24):
    assert begin(CartPoleEnv()) is not None and env.render(mode="rgb_array").shape[2] == 3
else:
    env = CartPoleEnv(render_mode="rgb_array")
    env.reset()
    assert [frame.shape for frame in env.render()] == [(400, 600, 3)]

# Derived from
class Long(CartPoleEnv):
    metadata = {"render.modes": [], "author": "us"}
    def __init__(self, length=0.7):
        self.early = length
        super().__init__()
        self.length = length
        self.action_space = gym.spaces.Discrete(3)
    def step(self, action):
        observation, reward, done, info = super().step(min(action, 1))
        return observation, 2 * reward, done, {**info, "long": self.length}
    def reset(self, **kwargs):
        self.begun = True
        return super().reset(**kwargs)

register(id="Long-v0", entry_point=Long, max_episode_steps=3)
env = gym.make("Long-v0")
begin(env)
assert env.action_space.n == 3 and env.unwrapped.metadata["author"] == "us"
assert env.unwrapped.env.length == env.early == 0.7 and env.begun
results = [env.step(2) for _ in range(3)]
assert [row[1] for row in results] == [2, 2, 2] and results[-1][2] and results[0][3]["long"] == 0.7
register(id="Entry-v0", entry_point="gym.envs.classic_control:PendulumEnv", max_episode_steps=2)
env = gym.make("Entry-v0")
begin(env)
assert len(env.step(np.zeros(1, np.float32))) == 4
lander = LunarLander()
assert len(lander.step(heuristic(lander, begin(lander)))) == 4

# Robots: helpers of a subclass's own, and a model of one's own
class Blind(HalfCheetahEnv):
    def _get_obs(self):
        return np.zeros_like(super()._get_obs())
    def reset_model(self):
        self.drawn = self.np_random.uniform()
        self.set_state(self.init_qpos, self.init_qvel)
        return self._get_obs()

env = Blind()
assert not begin(env).any() and 0 < env.drawn < 1
observation, reward, done, info = env.step(np.ones(6, np.float32))
assert not observation.any() and set(info) == {"reward_run", "reward_ctrl"}

class Pole(mujoco_env.MujocoEnv, utils.EzPickle):
    def __init__(self):
        utils.EzPickle.__init__(self)
        mujoco_env.MujocoEnv.__init__(self, "inverted_pendulum.xml", 2)
    def step(self, action):
        self.do_simulation(action, self.frame_skip)
        done = abs(self.sim.data.qpos[1]) > 0.2
        return self._get_obs(), 1.0, bool(done), {}
    def reset_model(self):
        noise = self.np_random.uniform(size=self.model.nq, low=-0.01, high=0.01)
        self.set_state(self.init_qpos + noise, self.init_qvel)
        return self._get_obs()
    def _get_obs(self):
        return np.concatenate([self.sim.data.qpos, self.sim.data.qvel]).ravel()

register(id="Pole-v0", entry_point=Pole, max_episode_steps=5)
env = gym.make("Pole-v0")
assert env.observation_space.shape == (4,) and 0 < abs(begin(env)[0]) < 0.01
assert env.step(np.zeros(1))[1] == 1.0 and env.unwrapped.dt == 0.04
state = env.unwrapped.sim.get_state()
assert state.flatten().shape == (5,)
env.unwrapped.sim.set_state(state)
env.unwrapped.sim.forward()
print("ran")
"""

OF_09 = """
import gym
from gym.envs.classic_control import CartPoleEnv, PendulumEnv
from gym.envs.atari import AtariEnv

class Long(CartPoleEnv):
    def _step(self, action):
        observation, reward, done, info = super()._step(action)
        return observation, 2 * reward, done, info
    def _reset(self):
        self.begun = True
        return super()._reset()

env = Long()
env.seed(0)
env.reset()
assert env.begun and env.step(0)[1] == 2.0
assert env.render(close=True) is None
pendulum = PendulumEnv()
pendulum.seed(0)
assert pendulum.reset().shape == (3,)
game = AtariEnv(game="pong", obs_type="image")
assert game.reset().shape == (210, 160, 3) and len(game.step(0)) == 4
print("ran")
"""


def run(tmp_path, api, program):
    (tmp_path / "program.py").write_text(program)
    command = [sys.executable, "-m", "dromos", "run", "--api", api, "program.py"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("api", ["0.9", "0.21", "0.23", "0.25"])
def test_classes_have_the_interface_of_then(tmp_path, api):
    done = run(tmp_path, api, PROGRAM)
    assert done.stdout == "ran\n", done.stderr


def test_methods_with_an_underscore_of_09(tmp_path):
    done = run(tmp_path, "0.9", OF_09)
    assert done.stdout == "ran\n", done.stderr


def test_what_todays_class_would_not_call_is_refused(tmp_path):
    program = (
        "from gym.envs.mujoco import HopperEnv\n"
        "class Own(HopperEnv):\n"
        "    def control_cost(self, action):\n"
        "        return 0\n"
    )
    done = run(tmp_path, "0.21", program)
    assert "overrides control_cost, which the native step does not call" in done.stderr
