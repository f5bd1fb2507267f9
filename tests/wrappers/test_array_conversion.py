"""NumPy environments for users of PyTorch, and conversions of values."""

import copy
import pickle
import subprocess
import sys
from collections import OrderedDict, defaultdict, deque, namedtuple
from pathlib import Path

import array_api_compat.torch
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import dromos as gym
from dromos.error import DependencyNotInstalled
from dromos.wrappers import rules
from dromos.wrappers.array_conversion import ArrayConversion, array_conversion
from dromos.wrappers.numpy_to_torch import NumpyToTorch, numpy_to_torch, torch_to_numpy
from dromos.wrappers.rules.array_conversion import ArraySide
from dromos.wrappers.vector import array_conversion as vector_array_conversion
from dromos.wrappers.vector.numpy_to_torch import NumpyToTorch as VectorNumpyToTorch

VectorArrayConversion = vector_array_conversion.ArrayConversion
Pair = namedtuple("Pair", "left right")


# The conversion of a value


def test_memory_is_shared_where_it_may_be():
    array = np.arange(6.0).reshape(2, 3)
    assert numpy_to_torch(array).data_ptr() == array.ctypes.data
    assert np.shares_memory(torch_to_numpy(numpy_to_torch(array)), array)


def test_what_must_not_be_written_to_is_copied():
    array = np.zeros(3)
    array.flags.writeable = False
    numpy_to_torch(array)[0] = 7
    assert array.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "view",
    [
        np.arange(6)[::-1],
        np.arange(12).reshape(3, 4)[:, ::2],
        np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1),
        np.broadcast_to(np.arange(3), (2, 3)),
        np.arange(3, dtype=">i4"),
        np.zeros((0, 3)),
        np.array(3.5),
    ],
    ids=["reversed", "every other", "transposed", "broadcast", "big-endian", "empty", "no axes"],
)
def test_any_layout(view):
    back = numpy_to_torch(view).numpy()
    assert back.tolist() == view.tolist()
    assert back.shape == view.shape


DTYPES = [np.bool_, np.uint8, np.int8, np.int32, np.int64, np.float16, np.float32, np.float64]


@settings(deadline=None)
@given(array=st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes())))
def test_there_and_back_is_the_same(array):
    back = torch_to_numpy(numpy_to_torch(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_containers_keep_their_kind():
    array = np.ones(2)
    value = {
        "pair": Pair(array, (array, [array])),
        "queue": deque([array]),
        3: OrderedDict(first=array),
        "default": defaultdict(list, first=array),
    }
    converted = numpy_to_torch(value)
    assert type(converted["pair"]) is Pair
    assert type(converted["pair"].right) is tuple
    assert type(converted["pair"].right[1]) is list
    assert type(converted["queue"]) is deque
    assert type(converted[3]) is OrderedDict
    assert type(converted["default"]) is dict
    assert all(
        isinstance(leaf, torch.Tensor)
        for leaf in (
            converted["pair"].left,
            converted["pair"].right[1][0],
            converted["queue"][0],
            converted[3]["first"],
            converted["default"]["first"],
        )
    )
    assert type(value["pair"].left) is np.ndarray  # the value itself is as it was


@pytest.mark.parametrize("number", [3, 2.5, True, np.int32(4), np.float32(0.5), np.bool_(True)])
def test_numbers_become_arrays(number):
    tensor = numpy_to_torch(number)
    assert isinstance(tensor, torch.Tensor)
    assert tensor.shape == ()
    assert tensor.item() == number


def test_other_objects_stay_as_they_are():
    texts = np.array(["a", "b"])
    for value in (None, "text", b"bytes", {1, 2}, object(), texts, np.zeros(2, "M8[s]")):
        assert numpy_to_torch(value) is value


def test_columns_of_objects_are_converted_object_by_object():
    column = np.full(3, None)
    column[0], column[1] = np.ones(2), 4
    converted = numpy_to_torch(column)
    assert isinstance(converted[0], torch.Tensor)
    assert converted[1:].tolist() == [4, None]
    assert type(column[0]) is np.ndarray


def test_a_tensor_that_wants_a_gradient_is_refused_with_the_remedy():
    with pytest.raises(BufferError, match="detach"):
        torch_to_numpy(torch.ones(2, requires_grad=True))


def test_arrays_move_to_the_device():
    assert numpy_to_torch([np.ones(2), 3], device="meta")[0].device.type == "meta"
    assert numpy_to_torch(3, device="meta").device.type == "meta"
    assert array_conversion(torch.ones(2), torch, "meta").device.type == "meta"
    assert array_conversion(torch.ones(2), np, "cpu").tolist() == [1, 1]


def test_namespaces_of_the_array_api():
    tensor = array_conversion(np.ones(2), array_api_compat.torch)
    assert isinstance(tensor, torch.Tensor)
    assert array_conversion(tensor, "array_api_compat.numpy").tolist() == [1, 1]


def test_what_is_no_array_library_is_refused():
    with pytest.raises(ValueError, match="namespace of an array library"):
        array_conversion(np.ones(2), rules)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("torch", 'pip install "dromos[torch]"'),
        ("jax.numpy", 'pip install "dromos[jax]"'),
        ("cupy_that_is_not_there", "pip install cupy_that_is_not_there"),
    ],
)
def test_a_missing_library_is_told_with_its_install_line(name, line, monkeypatch):
    def import_module(path):
        library = path.partition(".")[0]
        raise ModuleNotFoundError(f"No module named {library!r}", name=library)

    monkeypatch.setattr("importlib.import_module", import_module)
    with pytest.raises(DependencyNotInstalled) as caught:
        ArraySide(name)
    assert line in str(caught.value)


def test_a_library_that_is_itself_broken_is_not_called_missing(monkeypatch):
    def import_module(path):
        raise ModuleNotFoundError("No module named 'numba'", name="numba")

    monkeypatch.setattr("importlib.import_module", import_module)
    with pytest.raises(ModuleNotFoundError, match="numba"):
        ArraySide("torch")


def test_jax_in_a_process_of_its_own():
    """JAX starts threads and forbids to fork from then on; other tests fork."""
    cases = Path(__file__).with_name("jax_array_conversions.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(cases)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


# Single environments


def test_numpy_environment_for_torch():
    env, twin = NumpyToTorch(gym.make("CartPole-v1")), gym.make("CartPole-v1")
    obs, info = env.reset(seed=3, options={"low": -0.1, "high": 0.1})
    expected, _ = twin.reset(seed=3, options={"low": -0.1, "high": 0.1})
    assert isinstance(obs, torch.Tensor)
    assert info == {}
    np.testing.assert_array_equal(obs.numpy(), expected)
    for action in (torch.tensor(1), 0, torch.tensor(1)):
        obs, reward, terminated, truncated, info = env.step(action)
        np.testing.assert_array_equal(obs.numpy(), twin.step(int(action))[0])
        assert (type(reward), type(terminated), type(truncated)) == (float, bool, bool)
    assert env.observation_space == twin.observation_space


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_copies_keep_state_and_sides(copied):
    env = NumpyToTorch(gym.make("CartPole-v1"), device="cpu")
    env.reset(seed=1)
    env.step(torch.tensor(1))
    twin = copied(env)
    assert torch.equal(twin.step(torch.tensor(0))[0], env.step(torch.tensor(0))[0])


def test_snapshots_go_through():
    env = NumpyToTorch(gym.make("CartPole-v1"))
    env.reset(seed=1)
    saved = env.snapshot()
    future = [env.step(torch.tensor(1))[0] for _ in range(3)]
    env.restore(saved)
    again = [env.step(torch.tensor(1))[0] for _ in range(3)]
    assert all(map(torch.equal, future, again))


@pytest.mark.parametrize(
    "wrap",
    [
        NumpyToTorch,
        lambda env: ArrayConversion(env, np, torch, target_device="cpu"),
        lambda env: ArrayConversion(env, "numpy", "torch", None, "cpu"),
    ],
)
def test_specs_rebuild_the_wrapper(wrap):
    env = wrap(gym.make("CartPole-v1"))
    spec = type(env.spec).from_json(env.spec.to_json())
    twin = gym.make(spec)
    assert str(twin) == str(env)
    assert type(twin.reset()[0]) is type(env.reset()[0])


# Vectors


def test_numpy_vector_for_torch():
    envs = VectorNumpyToTorch(gym.make_vec("CartPole-v1", 3))
    twin = gym.make_vec("CartPole-v1", 3)
    obs, _ = envs.reset(seed=5)
    twin.reset(seed=5)
    assert isinstance(obs, torch.Tensor)
    for _ in range(30):
        ours, theirs = envs.step(torch.ones(3, dtype=torch.int64)), twin.step(np.ones(3, int))
        for tensor, array in zip(ours[:4], theirs[:4], strict=True):
            assert isinstance(tensor, torch.Tensor)
            np.testing.assert_array_equal(tensor.numpy(), array)
    assert torch.equal(envs.final_obs, torch.from_numpy(twin.final_obs))
    assert envs.valid_transition.dtype == torch.bool
    mask = torch.tensor([True, False, True])
    obs, _ = envs.reset(seed=9, options={"reset_mask": mask})
    np.testing.assert_array_equal(
        obs.numpy(), twin.reset(seed=9, options={"reset_mask": mask.numpy()})[0]
    )
    envs.close()


def test_final_observations_of_the_same_step_mode():
    mode = gym.vector.AutoresetMode.SAME_STEP
    envs = VectorNumpyToTorch(
        gym.make_vec("CartPole-v1", 2, vector_kwargs={"autoreset_mode": mode})
    )
    envs.reset(seed=5)
    while "final_obs" not in (infos := envs.step(torch.tensor([1, 0]))[4]):
        pass
    ended = infos["_final_obs"]
    assert ended.dtype == torch.bool
    for final, row, there in zip(infos["final_obs"], envs.final_obs, ended, strict=True):
        assert torch.equal(final, row) if there else final is None


def test_send_and_recv():
    envs = VectorNumpyToTorch(gym.vector.SyncVectorEnv([lambda: gym.make("CartPole-v1")] * 2))
    envs.async_reset(seed=1)
    *_, infos = envs.recv()
    assert isinstance(infos["lane_ids"], torch.Tensor)
    envs.send(torch.tensor([1, 0]), infos["lane_ids"])
    assert envs.recv()[0].shape == (2, 4)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_copies_of_vectors_keep_state_and_sides(copied):
    envs = VectorArrayConversion(gym.make_vec("CartPole-v1", 2), np, torch)
    envs.reset(seed=1)
    saved = envs.snapshot()
    twin = copied(envs)
    actions = torch.tensor([0, 1])
    expected = envs.step(actions)[0]
    assert torch.equal(twin.step(actions)[0], expected)
    envs.restore(saved)
    assert torch.equal(envs.step(actions)[0], expected)


# Without the libraries


def test_all_wrappers_are_there_without_any_library():
    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name in ('torch', 'jax', 'array_api_compat'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from dromos.wrappers import *\n"
        "from dromos.wrappers.vector import *\n"
        "import dromos, dromos.wrappers as wrappers\n"
        "env = dromos.make('CartPole-v1')\n"
        "for wrapper in (wrappers.NumpyToTorch, wrappers.JaxToNumpy, wrappers.JaxToTorch):\n"
        "    try:\n"
        "        wrapper(env)\n"
        "    except dromos.error.DependencyNotInstalled as told:\n"
        "        assert 'pip install \"dromos[' in str(told)\n"
        "    else:\n"
        "        raise AssertionError(wrapper)\n"
        "assert wrappers.ArrayConversion(env, 'numpy', 'numpy').reset()[0].shape == (4,)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
