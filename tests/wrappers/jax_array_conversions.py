"""Conversions from and to arrays of JAX; `test_array_conversion` runs them in their own process."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import dromos as gym
from dromos.wrappers.array_conversion import ArrayConversion, array_conversion
from dromos.wrappers.jax_to_numpy import JaxToNumpy, jax_to_numpy, numpy_to_jax
from dromos.wrappers.jax_to_torch import JaxToTorch, jax_to_torch, torch_to_jax
from dromos.wrappers.numpy_to_torch import torch_to_numpy
from dromos.wrappers.vector.jax_to_numpy import JaxToNumpy as VectorJaxToNumpy
from dromos.wrappers.vector.jax_to_torch import JaxToTorch as VectorJaxToTorch


class JaxEnv(gym.Env):
    """Adds actions to a JAX array."""

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.observation_space = gym.spaces.Box(-np.inf, np.inf, (2,), np.float32)
        self.action_space = gym.spaces.Box(-1, 1, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        start = jnp.zeros(2) if options is None else options["start"]
        assert isinstance(start, jax.Array)
        self.state = start
        return self.state, {"key": jax.random.key(0), "start": start}

    def step(self, action):
        assert isinstance(action, jax.Array)
        self.state = self.state + action
        return self.state, self.state.sum(), self.state[0] > 1, jnp.asarray(False), {"n": None}

    def render(self):
        return jnp.zeros((2, 2, 3), jnp.uint8)


def test_numpy_sees_the_memory_of_jax_and_cannot_write_to_it():
    constant = jnp.arange(3)
    view = jax_to_numpy(constant)
    assert view.ctypes.data == constant.unsafe_buffer_pointer()
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 7


def test_tensors_of_jax_arrays_are_copies():
    constant = jnp.zeros(3)
    jax_to_torch(constant)[0] = 7
    assert constant.tolist() == [0, 0, 0]


def test_arrays_of_jax_do_not_change_with_what_they_were_made_of():
    memory = np.zeros(1024 + 64, np.uint8)
    aligned = memory[-memory.ctypes.data % 64 :][:1024].view(np.float32)  # as JAX can take over
    converted = numpy_to_jax(aligned)
    aligned[:] = 1
    assert converted.sum() == 0


@pytest.mark.parametrize(
    "view",
    [
        np.arange(6)[::-1],
        np.arange(12).reshape(3, 4)[:, ::2],
        np.broadcast_to(np.arange(3), (2, 3)),
        np.arange(3, dtype=">i4"),
        np.array(True),
    ],
    ids=["reversed", "every other", "broadcast", "big-endian", "no axes"],
)
def test_any_layout(view):
    converted = numpy_to_jax(view)
    assert isinstance(converted, jax.Array)
    assert converted.tolist() == view.tolist()


def test_random_keys_stay_as_they_are():
    key = jax.random.key(0)
    assert jax_to_numpy(key) is key


def test_arrays_move_to_the_device():
    device = jax.devices()[0]
    assert array_conversion(np.ones(2), jnp, device).devices() == {device}
    assert array_conversion(jnp.ones(2), np, "cpu").tolist() == [1, 1]


def test_dtypes_that_numpy_lacks_pass_between_the_others():
    assert torch_to_jax(torch.ones(2, dtype=torch.bfloat16)).dtype == jnp.bfloat16
    with pytest.raises(RuntimeError, match="dtype"):
        torch_to_numpy(torch.ones(2, dtype=torch.bfloat16))


@pytest.mark.parametrize(
    ("wrapper", "array", "kind"),
    [(JaxToNumpy, np.asarray, np.ndarray), (JaxToTorch, torch.tensor, torch.Tensor)],
)
def test_jax_environment(wrapper, array, kind):
    env = wrapper(JaxEnv(render_mode="rgb_array"))
    obs, info = env.reset(options={"start": array([0.5, 0.0])})
    assert isinstance(obs, kind)
    assert isinstance(info["start"], kind)
    obs, reward, terminated, truncated, info = env.step(array([1.0, 0.25]))
    assert obs.tolist() == [1.5, 0.25]
    assert (reward, terminated, truncated) == (1.75, True, False)
    assert (type(reward), type(terminated), type(truncated)) == (float, bool, bool)
    assert info == {"n": None}
    assert isinstance(env.render(), kind)


def test_writing_to_a_tensor_leaves_the_environment_alone():
    env = JaxToTorch(JaxEnv())
    obs, _ = env.reset()
    obs += 5
    assert env.step(torch.zeros(2))[0].tolist() == [0, 0]


def test_specs_rebuild_the_wrapper():
    env = ArrayConversion(gym.make("CartPole-v1"), np, jnp)
    twin = gym.make(type(env.spec).from_json(env.spec.to_json()))
    assert isinstance(twin.reset()[0], jax.Array)


class JaxVector(gym.vector.VectorEnv):
    """Two lanes that add their actions up."""

    def __init__(self):
        self.num_envs = 2
        self.metadata = {"autoreset_mode": gym.vector.AutoresetMode.DISABLED}
        self.single_observation_space = self.single_action_space = gym.spaces.Box(-9, 9, (1,))
        self.observation_space = self.action_space = gym.spaces.Box(-9, 9, (2, 1))

    def reset(self, *, seed=None, options=None):
        self.final_obs = jnp.zeros((2, 1))
        self.valid_transition = np.zeros(2, bool)
        return self.final_obs, {"n": jnp.zeros(2)}

    def step(self, actions):
        assert isinstance(actions, jax.Array)
        self.final_obs += actions
        no = jnp.zeros(2, bool)
        return self.final_obs, self.final_obs[:, 0], no, no, {"note": "text"}

    def render(self):
        return (jnp.zeros((1, 1, 3), jnp.uint8),) * 2


@pytest.mark.parametrize(
    ("wrapper", "array", "kind"),
    [(VectorJaxToNumpy, np.asarray, np.ndarray), (VectorJaxToTorch, torch.tensor, torch.Tensor)],
)
def test_jax_vector(wrapper, array, kind):
    envs = wrapper(JaxVector())
    obs, infos = envs.reset()
    assert isinstance(obs, kind)
    assert isinstance(infos["n"], kind)
    *arrays, infos = envs.step(array([[1.0], [2.0]]))
    assert all(isinstance(part, kind) for part in arrays)
    assert arrays[1].tolist() == [1, 2]
    assert infos == {"note": "text"}
    assert isinstance(envs.render()[1], kind)
