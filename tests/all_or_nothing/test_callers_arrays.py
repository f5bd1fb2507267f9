"""What is handed out is the caller's for ever, and what is passed in stays the caller's.

`tests/wrappers_rules/test_whose_arrays.py` does the same with the wrappers of observations, actions
and rewards over spaces of every kind, single and over vectors.
"""

import numpy as np
import pytest
from built_in import BUILT_IN
from rollouts import actions_of
from side_by_side import Drawing, call_single, call_vector, run_side_by_side, scribble
from test_whose_arrays import KINDS, LANES
from wrapper_table import TABLE

import dromos as gym
from dromos import wrappers
from dromos.spaces import Discrete
from dromos.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv

pytestmark = pytest.mark.filterwarnings(
    "ignore:.* is out of date:DeprecationWarning", "ignore:.*has no reset option:UserWarning"
)

#: They show nothing but a window, write files, or hand out what cannot be written to.
ELSEWHERE = {"HumanRendering", "RecordVideo", "JaxToNumpy", "JaxToTorch"}


@pytest.mark.parametrize("name", sorted(TABLE.keys() - ELSEWHERE))
def test_single_wrappers(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.perf_counter", lambda: 1.0)
    row = TABLE[name]
    envs = []
    for file in ("one", "other"):
        own = {**row.kwargs, "filename": file} if "filename" in row.kwargs else row.kwargs
        envs.append(getattr(wrappers, name)(row.env(), **own))
    np.random.seed(0)
    envs[1].action_space.seed(1)
    torch = name in ("NumpyToTorch", "ArrayConversion")
    actions = [envs[1].action_space.sample() for _ in range(6)]
    calls = [("step", as_torch(action) if torch else action) for action in actions]
    if envs[0].render_mode is not None:
        calls[2:2] = calls[4:4] = [("render", None)]
    run_side_by_side(*envs, call_single, [("reset", 4), *calls[:4], ("reset", None), *calls[4:]])


def as_torch(action):
    import torch

    return torch.as_tensor(action)


def assert_vectors_are_alike(make, mode, actions):
    for lanes in LANES[mode]:
        calls = [("step", batch) for batch in actions(lanes)]
        if mode is AutoresetMode.DISABLED:
            masks = (np.ones(lanes, bool), np.arange(lanes) == 0)
            calls = [one for call in calls for one in (call, *(("mask", mask) for mask in masks))]
        pair = make(lanes), make(lanes)
        run_side_by_side(*pair, call_vector, [("reset", None), *calls])
        for one in pair:
            one.close()


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_vectors_of_environments(env_id):
    mode = list(AutoresetMode)[BUILT_IN.index(env_id) % 3]
    space, rng = gym.make(env_id).action_space, np.random.default_rng(0)

    def make(lanes):
        return gym.make_vec(env_id, lanes, vector_kwargs={"autoreset_mode": mode})

    assert_vectors_are_alike(
        make, mode, lambda lanes: [np.array(actions_of(space, rng, lanes)) for _ in range(4)]
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base", [SyncVectorEnv, AsyncVectorEnv])
def test_vectors_over_spaces_of_every_kind(base, kind):
    mode = list(AutoresetMode)[list(KINDS).index(kind) % 3]

    def make(lanes):
        env_fns = [lambda: Drawing(KINDS[kind], Discrete(2))] * lanes
        own = {"num_workers": 1} if base is AsyncVectorEnv else {}
        return base(env_fns, autoreset_mode=mode, **own)

    assert_vectors_are_alike(make, mode, lambda lanes: [np.arange(lanes) % 2 for _ in range(5)])


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_parameters(env_id):
    vector = gym.make_vec(env_id, 3)
    for name, column in list(vector.params.items())[:4]:
        before = column.copy()
        vector.set_params({name: column})
        scribble(column)
        np.testing.assert_array_equal(vector.params[name], before)
    vector.close()
