"""Wrappers of vectors that are told other spaces, or infos that are none."""

import warnings

import gymnasium
import gymnasium.wrappers.vector
import numpy as np
import pytest

import dromos
import dromos.wrappers.vector
from dromos.spaces import Box
from dromos.vector import VectorEnv
from dromos.wrappers.vector import DictInfoToList


def lanes(g, env_id="CartPole-v1"):
    return g.make_vec(env_id, 3, vectorization_mode="sync")


def told(g, kind, batched, single):
    """Return the spaces of a wrapper that is given these, and what it warns of."""
    spaces = {}
    if batched is not None:
        spaces[f"{kind}_space"] = g.spaces.Box(-1, 1, batched, np.float64)
    if single is not None:
        spaces[f"single_{kind}_space"] = g.spaces.Box(-1, 1, single, np.float64)
    wrapper = getattr(g.wrappers.vector, f"Transform{kind.title()}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        envs = wrapper(lanes(g), lambda value: value, **spaces)
    pair = (getattr(envs, f"{kind}_space"), getattr(envs, f"single_{kind}_space"))
    return str(pair), [str(w.message).split("For ")[1].split(", the")[1] for w in caught]


@pytest.mark.parametrize("kind", ["observation", "action"])
@pytest.mark.parametrize(
    ("batched", "single"),
    [(None, None), ((3, 2), None), (None, (2,)), ((3, 2), (2,)), ((2, 2), (2,)), ((3, 2), (3,))],
)
def test_spaces_that_do_not_fit_are_told(kind, batched, single):
    ours = told(dromos, kind, batched, single)
    assert ours == told(gymnasium, kind, batched, single)
    assert bool(ours[1]) == (batched is not None and (single is None or batched != (3, *single)))


class Telling(VectorEnv):
    """A vector of two lanes that tells what it was given."""

    num_envs = 2
    single_observation_space = single_action_space = Box(0, 1, (1,))
    observation_space = action_space = Box(0, 1, (2, 1))

    def __init__(self, infos):
        self.infos = infos

    def reset(self, *, seed=None, options=None):
        return np.zeros((2, 1), np.float32), self.infos

    def step(self, actions):
        return np.zeros((2, 1), np.float32), np.zeros(2), *np.zeros((2, 2), bool), self.infos


BOTH = np.array([True, True])


@pytest.mark.parametrize(
    ("infos", "key"),
    [
        ({"a": np.zeros(2), "_a": np.array([True])}, "'_a'"),
        ({"a": np.zeros(2), "_a": np.ones(3, bool)}, "'_a'"),
        ({"a": np.zeros(2), "_a": np.ones(2)}, "'_a'"),
        ({"a": np.zeros(2), "_a": [True, False]}, "'_a'"),
        ({"a": np.zeros(2), "_a": np.ones((2, 1), bool)}, "'_a'"),
        ({"a": np.zeros(3), "_a": BOTH}, "'a'"),
        ({"a": np.zeros(1), "_a": BOTH}, "'a'"),
        ({"a": np.zeros((1, 2)), "_a": BOTH}, "'a'"),
        ({"a": {"b": np.zeros(3), "_b": BOTH}, "_a": BOTH}, r"'a'\]\['b'"),
        ({"a": {"b": np.zeros(2), "_b": BOTH[:1]}, "_a": BOTH}, r"'a'\]\['_b'"),
        ({"final_info": {"a": np.zeros(1)}, "_final_info": BOTH}, r"'final_info'\]\['a'"),
    ],
)
def test_malformed_infos_are_refused(infos, key):
    envs = DictInfoToList(Telling(infos))
    for call in (envs.reset, lambda: envs.step(None)):
        with pytest.raises(ValueError, match=rf"infos\[{key}\]: expected"):
            call()


def test_infos_that_are_no_columns_are_refused():
    with pytest.raises(TypeError, match="expected a dict of columns"):
        DictInfoToList(Telling([{}, {}])).reset()


def test_well_formed_infos_pass():
    infos = {
        "a": np.arange(2),
        "_a": np.array([True, False]),
        "pictures": np.zeros((2, 3)),
        "name": np.array(["x", None], object),
        "all": 3,
        "_secret": np.arange(2),
    }
    first, second = DictInfoToList(Telling(infos)).reset()[1]
    assert first["a"] == 0
    assert "a" not in second
    assert first["all"] == second["all"] == 3
    assert second["_secret"] == 1
