"""Subclasses of robots that have no native step."""

import copy
import pickle

import numpy as np
import pytest

from dromos import error
from dromos.envs.mujoco import MujocoEnv
from dromos.envs.mujoco.reacher_v5 import ReacherEnv
from dromos.spaces import Box


class PoleReacher(ReacherEnv):
    """One that makes the simulation of another model, by `MujocoEnv` alone."""

    def __init__(self, **kwargs):
        MujocoEnv.__init__(self, "inverted_pendulum.xml", 2, Box(-9, 9, (4,)), **kwargs)

    def step(self, action):
        self.do_simulation(action, self.frame_skip)
        return self._get_obs(), 1.0, False, False, {}

    def reset_model(self):
        self.set_state(self.init_qpos + self.np_random.uniform(0, 0.1, 2), self.init_qvel)
        return self._get_obs()

    def _get_obs(self):
        return self.state_vector().astype(np.float32)


def test_a_subclass_may_simulate_a_model_of_its_own():
    env, restored = PoleReacher(render_mode="rgb_array"), PoleReacher()
    with pytest.raises(error.ResetNeeded):
        env.render()
    assert env.reset(seed=1)[1] == {}
    restored.restore(env.snapshot())
    others = copy.deepcopy(env), pickle.loads(pickle.dumps(env)), restored
    seen = env.step([0.5])[0]
    for other in others:
        assert np.array_equal(other.step([0.5])[0], seen)
