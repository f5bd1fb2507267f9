"""A call that is refused changes nothing: every public method and attribute, of everything."""

import warnings

import numpy as np
import pytest
from bad_calls import Attack, rotating
from built_in import BUILT_IN
from wrapper_table import TABLE

import dromos as gym
from dromos import wrappers
from dromos.vector import AsyncVectorEnv, SyncVectorEnv
from dromos.wrappers import vector

STEPS = 3
#: They keep files, windows and arrays of other libraries, which no snapshot holds.
ELSEWHERE = {"HumanRendering", "RecordVideo", "ArrayConversion", "JaxToNumpy", "JaxToTorch"}
ELSEWHERE |= {"NumpyToTorch", "RecordEpisodes"}

pytestmark = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")


@pytest.fixture(autouse=True)
def _still(monkeypatch, tmp_path):
    monkeypatch.setattr("time.perf_counter", lambda: 1.0)  # a snapshot tells times from now
    monkeypatch.chdir(tmp_path)


def started(env):
    """Return an environment or a vector in the midst of an episode."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        env.action_space.seed(1)
        env.reset(seed=1)
        for _ in range(STEPS):
            env.step(env.action_space.sample())
    return env


def attack(make, layer=lambda env: env, **kwargs):
    found = Attack(lambda: started(make()), layer, **kwargs).run()
    assert not found.faults, "\n".join(map(str, found.faults))
    assert found.refused > 10


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_environments(env_id):
    values = rotating(BUILT_IN.index(env_id))
    attack(lambda: gym.make(env_id), lambda env: env.unwrapped, values=values)


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_vectors_of_environments(env_id):
    attack(lambda: gym.make_vec(env_id, 3), values=rotating(BUILT_IN.index(env_id)))


FUNCTIONS = ["phys2d/CartPole-v1", "phys2d/Pendulum-v0", "tabular/CliffWalking-v0"]


@pytest.mark.parametrize("env_id", FUNCTIONS)
def test_environments_of_functions(env_id):
    pytest.importorskip("jax")
    values = rotating(FUNCTIONS.index(env_id), count=4)
    attack(lambda: gym.make(env_id), lambda env: env.unwrapped, values=values)
    if env_id.startswith("phys2d/"):
        attack(lambda: gym.make_vec(env_id, 3), values=values)


WRAPPERS = sorted(TABLE.keys() - ELSEWHERE)


@pytest.mark.parametrize("name", WRAPPERS)
def test_wrappers(name):
    row, values = TABLE[name], rotating(WRAPPERS.index(name))
    attack(lambda: getattr(wrappers, name)(row.env(), **row.kwargs), values=values)


VECTOR_WRAPPERS = sorted(set(vector.__all__) - ELSEWHERE)
#: Arguments of vector wrappers, where they are not those of the single ones.
OF_VECTORS = {
    "DictInfoToList": {},
    "TransformAction": {"func": np.negative},
    "TransformObservation": {"func": np.negative},
    "VectorizeTransformAction": {"wrapper": wrappers.TransformAction, "func": abs},
    "VectorizeTransformObservation": {"wrapper": wrappers.FlattenObservation},
    "VectorizeTransformReward": {"wrapper": wrappers.ClipReward, "max_reward": 0.5},
}


@pytest.mark.parametrize("name", VECTOR_WRAPPERS)
def test_vector_wrappers(name):
    row, values = TABLE.get(name, TABLE["DtypeObservation"]), rotating(VECTOR_WRAPPERS.index(name))
    kwargs = OF_VECTORS.get(name, row.kwargs)
    attack(lambda: getattr(vector, name)(SyncVectorEnv([row.env] * 2), **kwargs), values=values)


VECTORS = {
    "native": lambda: gym.make_vec("CartPole-v1", 3, render_mode="rgb_array"),
    "sync": lambda: gym.make_vec("Pendulum-v1", 3, "sync", render_mode="rgb_array"),
    "workers": lambda: AsyncVectorEnv([TABLE["DtypeObservation"].env] * 3, num_workers=2),
}


@pytest.mark.parametrize("kind", VECTORS)
def test_every_kind_of_vector(kind):
    attack(VECTORS[kind], values=rotating(0, count=5))
