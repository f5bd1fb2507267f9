"""Stable-Baselines3 on games of the Atari 2600, as its documentation and its zoo use them."""

import base64
import json
import pickle
import subprocess
import sys
import types
import warnings
from pathlib import Path
from zipfile import ZipFile

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.atari_wrappers import AtariWrapper
from stable_baselines3.common.env_util import make_atari_env
from stable_baselines3.common.vec_env import VecFrameStack

import dromos
from dromos.envs.atari import AtariEnv

BREAKOUT = "BreakoutNoFrameskip-v4"
#: The zoo loads with objects of its own in the place of those an old pickle might lack.
CUSTOM = {"learning_rate": 0.0, "lr_schedule": lambda _: 0.0, "clip_range": lambda _: 0.0}


def test_the_wrapper_of_sb3():
    env = AtariWrapper(gym.make(BREAKOUT))
    assert isinstance(env.unwrapped, AtariEnv)
    obs, _ = env.reset(seed=0)
    assert obs.shape == (84, 84, 1)
    rewards = {env.step(env.action_space.sample())[1] for _ in range(200)}
    assert rewards <= {-1.0, 0.0, 1.0}


@pytest.mark.parametrize(
    ("algorithm", "arguments"),
    [
        (A2C, {}),
        (PPO, {"n_steps": 64, "batch_size": 64, "n_epochs": 1}),
        (DQN, {"buffer_size": 500, "learning_starts": 100, "batch_size": 8}),
    ],
)
def test_the_recipe_learns_and_its_models_load_again(tmp_path, algorithm, arguments):
    envs = VecFrameStack(make_atari_env(BREAKOUT, n_envs=2, seed=0), n_stack=4)
    model = algorithm("CnnPolicy", envs, seed=0, device="cpu", **arguments)
    model.learn(512)
    model.save(tmp_path / "model.zip")
    again = algorithm.load(tmp_path / "model.zip", env=envs, device="cpu", custom_objects=CUSTOM)
    obs = envs.reset()
    left, _ = model.predict(obs, deterministic=True)
    right, _ = again.predict(obs, deterministic=True)
    np.testing.assert_array_equal(left, right)
    assert again.observation_space == model.observation_space


@pytest.mark.parametrize("package", ["gym", "gymnasium"])
def test_files_of_the_zoo_load(tmp_path, monkeypatch, package):
    """The zoo's files hold pickled spaces, older ones those of Gym with NumPy's old generator."""
    for name in [name for name in sys.modules if name.split(".")[0] == "gymnasium"]:
        monkeypatch.setitem(sys.modules, package + name[len("gymnasium") :], sys.modules[name])
    envs = VecFrameStack(make_atari_env(BREAKOUT, n_envs=1, seed=0), n_stack=4)
    model = A2C("CnnPolicy", envs, device="cpu")
    model.save(tmp_path / "new.zip")
    shape, ones = (4, 84, 84), np.ones((4, 84, 84), bool)
    low, high = ones.astype(np.uint8) * 0, ones.astype(np.uint8) * 255
    box = {"dtype": low.dtype, "_shape": shape, "low": low, "high": high, "_np_random": None}
    drawn = {"_shape": (), "dtype": np.dtype(np.int64), "_np_random": np.random.RandomState(0)}
    spaces = {
        "observation_space": old_pickle(
            package, "Box", {**box, "bounded_below": ones, "bounded_above": ones}
        ),
        "action_space": old_pickle(package, "Discrete", {"n": 4, **drawn}),
    }
    with ZipFile(tmp_path / "new.zip") as new, ZipFile(tmp_path / "old.zip", "w") as old:
        for name in new.namelist():
            content = new.read(name)
            if name == "data":
                data = json.loads(content)
                for key, pickled in spaces.items():
                    data[key][":serialized:"] = base64.b64encode(pickled).decode()
                content = json.dumps(data).encode()
            old.writestr(name, content)
    again = A2C.load(tmp_path / "old.zip", env=envs, device="cpu", custom_objects=CUSTOM)
    assert again.observation_space == model.observation_space
    assert again.action_space.sample() in range(4)
    np.testing.assert_array_equal(
        *(each.predict(envs.reset(), deterministic=True)[0] for each in (model, again))
    )


def old_pickle(package, name, state):
    """Return a space as an old version of Gym or Gymnasium pickled it."""
    home = f"{package}.spaces.{name.lower()}"
    stand_in = type(name, (), {"__module__": "stand_in"})
    sys.modules["stand_in"] = types.SimpleNamespace(**{name: stand_in})
    space = stand_in()
    vars(space).update(state)
    pickled = pickle.dumps(space, protocol=2)  # names are text there
    del sys.modules["stand_in"]
    return pickled.replace(b"cstand_in\n", f"c{home}\n".encode())


def test_ale_py_under_the_alias():
    import ale_py

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gym.register_envs(ale_py)
    assert gym.spec("ALE/Pong-v5").entry_point == "dromos.envs.atari:AtariEnv"
    theirs = ale_py.AtariEnv("pong")
    assert isinstance(theirs, dromos.Env)
    ours = gym.make("ALE/Pong-v5")
    for left, right in zip(theirs.reset(seed=1), ours.reset(seed=1), strict=True):
        np.testing.assert_equal(left, right)
    vector = ale_py.AtariVectorEnv("pong", 2)
    assert vector.reset(seed=0)[0].shape == (2, 4, 84, 84)
    vector.close()


def test_a_script_of_one_file():
    program = Path(__file__).parent / "programs" / "atari_one_file.py"
    command = [sys.executable, "-m", "dromos", "run", str(program)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["shape"] == [2, 4, 84, 84]
    assert outcome["episodes"] > 0
