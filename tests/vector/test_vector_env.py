"""The base class `VectorEnv`."""

from typing import Any

import numpy as np
import pytest

import dromos as gym
from dromos.error import SnapshotError
from dromos.vector import VectorEnv, VectorWrapper, vector_env


class Idle(VectorEnv):
    """A vector that says nothing about itself but its size."""

    num_envs = 2


def test_defaults():
    vector = Idle()
    assert vector.metadata == {}
    assert vector.spec is None
    assert vector.render_mode is None
    assert vector.closed is False
    assert vector.unwrapped is vector
    assert repr(vector) == "Idle(num_envs=2)"
    assert not hasattr(vector, "final_obs")
    assert not hasattr(vector, "valid_transition")


def test_what_a_subclass_defines_is_missing():
    vector = Idle()
    for call in (
        lambda: vector.step(0),
        vector.render,
        lambda: vector.send(0),
        vector.recv,
        vector.async_reset,
    ):
        with pytest.raises(NotImplementedError, match=r"Idle\(num_envs=2\)"):
            call()


def test_reset_seeds_the_random_generator():
    vector = Idle()
    assert vector.reset(seed=5) is None
    assert vector.np_random_seed == 5
    assert vector.np_random.random() == np.random.default_rng(5).random()
    vector.np_random = np.random.default_rng(1)
    assert vector.np_random_seed == -1
    assert isinstance(Idle().np_random_seed, int)
    assert isinstance(Idle().np_random, np.random.Generator)


def test_close_calls_the_subclass_once():
    calls = []

    class Closing(Idle):
        def close_extras(self, **kwargs):
            calls.append(kwargs)

    vector = Closing()
    vector.close(timeout=3)
    vector.close()
    assert calls == [{"timeout": 3}]
    assert vector.closed


def test_type_parameters():
    assert len(VectorEnv.__parameters__) == 3
    assert len(VectorWrapper.__parameters__) == 5
    assert VectorEnv[np.ndarray]
    assert VectorEnv[np.ndarray, np.ndarray, np.ndarray]
    assert VectorWrapper[Any, Any, Any, Any, Any]


def test_public_path():
    assert set(vector_env.__all__) >= {
        "AutoresetMode",
        "VectorActionWrapper",
        "VectorEnv",
        "VectorObservationWrapper",
        "VectorRewardWrapper",
        "VectorWrapper",
    }


def test_lanes_of_an_unknown_vector_cannot_be_taken():
    with pytest.raises(SnapshotError, match="single lanes"):
        Idle().snapshot_state([0])
    with pytest.raises(SnapshotError, match="single lanes"):
        Idle().restore_state({}, [0])


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync", "async"])
def test_a_vector_has_a_length_and_closes_itself(mode):
    with gym.make_vec("CartPole-v1", 3, mode) as envs:
        assert len(envs) == 3
        assert not envs.closed
    assert envs.closed
