"""Construction, attributes and calls of `SyncVectorEnv`."""

import inspect

import numpy as np
import pytest
from vector_cases import OURS, env_class, make_vector

from dromos.core import Wrapper
from dromos.vector import AutoresetMode, SyncVectorEnv, VectorEnv

SPACES = OURS.spaces


class Bounded(OURS.Env):
    """An environment with a bound, a length and a method."""

    action_space = SPACES.Discrete(2)

    def __init__(self, high=1.0, shape=(2,), dtype=np.float32):
        self.observation_space = SPACES.Box(0.0, high, shape, dtype)
        self.length = 0.5

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.high, {}

    def step(self, action):
        return self.observation_space.high, self.length, False, False, {}

    def scaled(self, factor, offset=0.0):
        return self.length * factor + offset


def test_signature():
    parameters = inspect.signature(SyncVectorEnv).parameters
    assert list(parameters)[:4] == ["env_fns", "copy", "observation_mode", "autoreset_mode"]
    assert parameters["copy"].default is True
    assert parameters["observation_mode"].default == "same"
    assert parameters["autoreset_mode"].default is AutoresetMode.NEXT_STEP
    assert [mode.value for mode in AutoresetMode] == ["NextStep", "SameStep", "Disabled"]


def test_batched_and_single_spaces():
    vector = make_vector(OURS, "box", 3)
    assert vector.single_action_space == SPACES.Discrete(7, start=-2)
    assert vector.action_space == SPACES.MultiDiscrete([7] * 3, start=[-2] * 3)
    assert vector.observation_space == SPACES.Box(-10.0, 10.0, (3, 2, 3), np.float32)
    assert vector.reset()[0] in vector.observation_space


def test_custom_spaces_are_batched_as_tuples():
    vector = make_vector(OURS, "custom", 3)
    assert isinstance(vector.observation_space, SPACES.Tuple)
    assert type(vector.reset()[0]) is tuple


def test_copies_may_differ_in_parameters_and_wrappers():
    class Doubled(Wrapper):
        def step(self, action):
            obs, reward, *rest = super().step(action)
            return (obs, 2 * reward, *rest)

    vector = SyncVectorEnv([Bounded, lambda: Doubled(Bounded())])
    vector.set_attr("length", [1.0, 3.0])
    vector.reset()
    assert vector.step([0, 0])[1].tolist() == [1.0, 6.0]


def test_observation_spaces_must_be_equal_unless_told():
    with pytest.raises(RuntimeError, match=r"not equivalent.*lane 1.*different"):
        SyncVectorEnv([Bounded, lambda: Bounded(2.0)])
    vector = SyncVectorEnv([Bounded, lambda: Bounded(2.0)], observation_mode="different")
    assert vector.observation_space.high.tolist() == [[1.0, 1.0], [2.0, 2.0]]
    assert vector.reset()[0] in vector.observation_space
    with pytest.raises(RuntimeError, match="shape"):
        SyncVectorEnv([Bounded, lambda: Bounded(shape=(3,))], observation_mode="different")
    with pytest.raises(RuntimeError, match="action spaces are not equivalent"):
        SyncVectorEnv([env_class(OURS, "box"), env_with_other_actions])


def env_with_other_actions():
    env = env_class(OURS, "box")()
    env.action_space = SPACES.Discrete(9)
    return env


def test_own_spaces_for_the_observations():
    batched = SPACES.Box(0.0, 5.0, (2, 2), np.float32)
    single = SPACES.Box(0.0, 5.0, (2,), np.float32)
    fns = [Bounded, lambda: Bounded(2.0)]
    vector = SyncVectorEnv(fns, observation_mode=(batched, single))
    assert vector.observation_space is batched
    assert vector.single_observation_space is single
    other = SPACES.Box(0.0, 5.0, (2,), np.float64)
    with pytest.raises(RuntimeError, match="dtype"):
        SyncVectorEnv(fns, observation_mode=(batched, other))


def test_calls_and_attributes():
    vector = SyncVectorEnv([Bounded] * 2)
    assert vector.call("scaled", 2.0, offset=1.0) == (2.0, 2.0)
    assert vector.call("length") == vector.get_attr("length") == (0.5, 0.5)
    vector.set_attr("length", 4.0)
    assert vector.get_attr("length") == (4.0, 4.0)
    vector.set_attr("length", (1.0, 2.0))
    assert [env.length for env in vector.envs] == [1.0, 2.0]
    with pytest.raises(ValueError, match="Got `3` values for 2 environments"):
        vector.set_attr("length", [1, 2, 3])
    with pytest.raises(AttributeError):
        vector.get_attr("width")


def test_render_gives_one_frame_a_lane():
    make = env_class(OURS, "box")
    vector = SyncVectorEnv([lambda: make(render_mode="ansi")] * 2)
    vector.reset(seed=0)
    assert vector.render_mode == "ansi"
    assert vector.render() == ("step 0", "step 0")


def test_a_sub_environment_may_be_replaced():
    vector = SyncVectorEnv([Bounded] * 2)
    vector.envs[1] = Wrapper(vector.envs[1])
    vector.envs[1].unwrapped.length = 9.0
    vector.reset()
    assert vector.step([0, 0])[1].tolist() == [0.5, 9.0]


def test_the_metadata_of_the_classes_stay_as_they_are():
    make = env_class(OURS, "box")
    vector = SyncVectorEnv([make])
    assert vector.metadata["render_fps"] == 4
    assert "autoreset_mode" not in make.metadata
    assert VectorEnv.metadata == {}


def test_results_are_the_callers():
    vector = make_vector(OURS, "dict")
    obs, _ = vector.reset(seed=0)
    kept = obs["position"].copy()
    results = vector.step(vector.action_space.sample())
    assert np.array_equal(obs["position"], kept)
    results[0]["position"][:] = 5.0
    final = vector.final_obs
    assert not np.array_equal(final["position"], results[0]["position"])
    final["position"][:] = 7.0
    assert not np.array_equal(vector.final_obs["position"], final["position"])
