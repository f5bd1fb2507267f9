"""The ids of old releases: spaces, specifications, metadata and episodes as they were.

``old_environments.json`` is what `tools/record_old_releases.py` saw the releases themselves do.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from dialect_cases import QUIET

import dromos
from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25, gymnasium_v029
from dromos.compat.old_ids import OldIds
from dromos.envs.box2d.car_racing import CarRacing
from dromos.error import DeprecatedEnv

pytestmark = pytest.mark.filterwarnings(QUIET)


class Of10:
    """Today's library with the ids of Gymnasium 1.0 to 1.3, as the alias gives it."""

    ids = OldIds(((1, 0), (1, 3)))

    @classmethod
    def make(cls, id):
        return dromos.make(cls.ids[id])


RECORDED = json.loads((Path(__file__).parent / "old_environments.json").read_text())
DIALECTS = {
    "gym 0.9.7": legacy,
    "gym 0.19.0": gym_v21,
    "gym 0.21.0": gym_v21,
    "gym 0.23.1": gym_v23,
    "gym 0.25.2": gym_v25,
    "gym 0.26.2": gymnasium_v029,
    "gymnasium 0.29.1": gymnasium_v029,
    "gymnasium 1.0.0": Of10,
}
CASES = {
    f"{release['name']} {release['version']} {id}": (f"{release['name']} {release['version']}", row)
    for release in RECORDED
    for id, row in release["ids"].items()
    if f"{release['name']} {release['version']}" in DIALECTS
}
#: 0.19 is run by the dialect of 0.11 to 0.21, whose classic control gives float32 as 0.20 did.
FLOAT32 = "gym 0.19.0"
#: They draw their spaces before they are seeded.
RANDOM_SPACES = {"KellyCoinflipGeneralized-v0"}
HAD_CLASSES = ("BipedalWalkerHardcore-v2", "BipedalWalkerHardcore-v3", "LunarLanderContinuous-v2")
#: What a lander of 0.9 earns is reckoned from observations, which are float32 here.
RECKONED = ("gym 0.9.7 LunarLander-v2", "gym 0.9.7 LunarLanderContinuous-v2")
#: What differs, and why.
EXCEPTIONS = {
    # 0.10, which the same dialect runs, had the range that 0.9 lacked.
    ("gym 0.9.7 FrozenLake-v0", "reward_range"),
    ("gym 0.9.7 FrozenLake8x8-v0", "reward_range"),
    # How the first releases ended is an argument here.
    ("gym 0.9.7 KellyCoinflip-v0", "kwargs"),
    ("gym 0.9.7 KellyCoinflipGeneralized-v0", "kwargs"),
    # Classes of their own were what is an argument now.
    *(
        (f"gym {release} {id}", "kwargs")
        for release in ("0.9.7", "0.19.0", "0.21.0")
        for id in HAD_CLASSES
    ),
    # Their ground is drawn by whole numbers, which `RandomState` draws otherwise.
    *(
        (f"gym {release} {id}", "episode")
        for release in ("0.9.7", "0.19.0", "0.21.0")
        for walker in ("BipedalWalker", "BipedalWalkerHardcore")
        for id in (f"{walker}-v2", f"{walker}-v3")
    ),
    # Its lines of drawing took random numbers from 0.25 on.
    ("gym 0.23.1 Blackjack-v1", "episode"),
    # Its greatest wealth is drawn otherwise than SciPy did then.
    ("gym 0.9.7 KellyCoinflipGeneralized-v0", "episode"),
}


def made(case):
    release, _ = CASES[case]
    return DIALECTS[release].make(case.split()[-1])


def described(space):
    kind = type(space).__name__
    if kind == "Box":
        bounds = [
            np.unique(bound).tolist() if bound.size >= 10 else bound.ravel().tolist()
            for bound in (space.low, space.high)
        ]
        return {
            "type": kind,
            "shape": list(space.shape),
            "dtype": str(space.dtype),
            "low": bounds[0],
            "high": bounds[1],
        }
    if kind == "Tuple":
        return {"type": kind, "spaces": [described(one) for one in space.spaces]}
    return {"type": kind, "n": int(space.n)}


def plain(value):
    if isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.size > 60:
        return {"sha1": hashlib.sha1(value.tobytes()).hexdigest()[:12], "dtype": "uint8"}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def assert_same(found, expected, float32=False, within=1e-7):
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            if key == "dtype" and float32:
                assert (found[key], expected[key]) in {
                    (found[key], found[key]),
                    ("float32", "float64"),
                }
            else:
                assert_same(found[key], expected[key], float32, within)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for ours, theirs in zip(found, expected, strict=True):
            assert_same(ours, theirs, float32, within)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6, abs=within)
    else:
        assert found == expected


def action_of(space, numbers):
    """Draw the actions that were recorded."""
    kind = type(space).__name__
    if kind == "Box":
        scale = np.minimum(np.abs(space.high), 3)
        return (numbers.uniform(-1, 1, space.shape) * scale).astype(np.float32)
    if kind == "Tuple":
        return tuple(int(numbers.randint(one.n)) for one in space.spaces)
    return int(numbers.randint(space.n))


def episode_of(env, release, steps):
    dialect, version = release.split()
    if dialect == "gymnasium" or version.startswith("0.26"):
        observation, _ = env.reset(seed=0)
    elif version.startswith(("0.23", "0.25")):
        observation = env.reset(seed=0)
    else:
        env.seed(0)
        observation = env.reset()
    numbers = np.random.RandomState(0)
    seen = [plain(observation)]
    for _ in range(steps):
        seen.append(plain(list(env.step(action_of(env.action_space, numbers)))))
    return seen


@pytest.mark.parametrize("case", CASES)
def test_specifications_and_spaces(case):
    _, row = CASES[case]
    env = made(case)
    for name in ("max_episode_steps", "reward_threshold", "kwargs"):
        if (case, name) not in EXCEPTIONS:
            assert_same(plain(getattr(env.spec, name)), row[name])
    assert plain(env.metadata) == row["metadata"]
    if case.split()[-1] in RANDOM_SPACES:
        return
    if (case, "reward_range") not in EXCEPTIONS and row["reward_range"] is not None:
        assert_same(plain(list(env.reward_range)), row["reward_range"])
    assert_same(described(env.observation_space), row["observation_space"])
    assert_same(described(env.action_space), row["action_space"])


@pytest.mark.parametrize(
    "case",
    [
        case
        for case, (_, row) in CASES.items()
        if "episode" in row and (case, "episode") not in EXCEPTIONS
    ],
)
def test_the_same_seed_gives_the_same_episode(case):
    release, row = CASES[case]
    found = episode_of(made(case), release, len(row["episode"]) - 1)
    within = 1e-5 if case in RECKONED else 1e-7
    assert_same(found, row["episode"], release == FLOAT32, within)


def test_only_today_refuses_what_is_gone():
    for id in ("Pendulum-v0", "FrozenLake-v0", "FrozenLake8x8-v0", "Taxi-v2", "Taxi-v3"):
        with pytest.raises(DeprecatedEnv, match="Please use"):
            dromos.make(id)
    assert "Taxi-v3" in gymnasium_v029.registry
    assert "Taxi-v3" not in dromos.registry
    assert gymnasium_v029.spec("Taxi").id == "Taxi-v3"
    with pytest.raises(DeprecatedEnv):
        gymnasium_v029.make("Pendulum-v0")  # 0.26 refused it


def test_bounds_are_those_a_model_was_saved_with():
    largest = np.finfo(np.float32).max
    for module in (legacy, gym_v21, gym_v23, gym_v25, gymnasium_v029):
        assert module.make("CartPole-v1").observation_space.high[1] == largest
    assert np.isinf(dromos.make("CartPole-v1").observation_space.high[1])
    envs = gymnasium_v029.make_vec("CartPole-v1", 2, "custom")
    assert envs.single_observation_space.high[3] == envs.observation_space.high[1, 3] == largest


@pytest.mark.parametrize("mode", ["human", "ansi"])
@pytest.mark.parametrize(
    "id", ["Taxi-v2", "Copy-v0", "ReversedAddition-v0", "KellyCoinflip-v0", "Reverse-v0"]
)
def test_what_can_be_read_is_written(id, mode, capsys):
    env = gym_v21.make(id)
    env.seed(1)
    env.reset()
    env.step(env.action_space.sample())
    if mode in env.metadata["render.modes"]:
        text = env.render(mode=mode)
        assert (text or capsys.readouterr().out).strip()


@pytest.mark.parametrize("id", ["Pendulum-v0", "CubeCrash-v0", "MemorizeDigits-v0"])
def test_what_can_be_seen_is_drawn(id):
    env = gym_v21.make(id)
    env.seed(1)
    env.reset()
    frame = env.render(mode="rgb_array")
    assert frame.dtype == np.uint8
    assert frame.ndim == 3
    assert frame.std() > 0
    env.close()


def test_inputs_grow_as_episodes_are_solved():
    env = gym_v21.make("Copy-v0").unwrapped
    env.seed(0)
    for _ in range(10):
        env.reset()
        done = False
        while not done:
            symbol = env.input_data[env.read_head_position]
            _, _, done, _ = env.step((1, 1, symbol))
    env.reset()
    assert env.min_length == 3


PLUGIN = """
import {name} as gym


class Coin(gym.Env):
    action_space = observation_space = gym.spaces.Discrete(2)


def at_the_root():
    gym.register(id="Coin-v0", entry_point="plug_of_then:Coin")


def in_a_namespace():
    gym.register(id="Coin-v1", entry_point="plug_of_then:Coin")
"""
PLUGINS = """[{name}.envs]
__root__ = plug_of_then:at_the_root
mint = plug_of_then:in_a_namespace
"""


@pytest.mark.parametrize("api", ["0.21", "0.25", "0.26", "0.29"])
def test_packages_of_then_bring_their_environments(tmp_path, api):
    """Until 1.0 importing the library loaded what other packages name as plug-ins."""
    name = "gymnasium" if api == "0.29" else "gym"
    (tmp_path / "plug_of_then.py").write_text(PLUGIN.format(name=name))
    (tmp_path / "program.py").write_text(
        f"import {name} as gym\n"
        "known = gym.envs.registration.registry\n"
        "listed = {'Coin-v0', 'mint/Coin-v1'} <= set(getattr(known, 'env_specs', known))\n"
        "print(listed, type(gym.make('Coin-v0').unwrapped).__name__, gym.spec('mint/Coin-v1').id)\n"
    )
    metadata = tmp_path / "plug-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(PLUGINS.format(name=name))
    command = [sys.executable, "-m", "dromos", "run", "--api", api, "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "True Coin mint/Coin-v1\n", done.stderr


ROBOTS = {
    (legacy, "0.9"): ["Hopper-v1", "Ant-v2", "HumanoidStandup-v2"],
    (gym_v21, "0.21"): ["Reacher-v2", "Ant-v3", "Walker2d-v3", "Pusher-v2"],
    (gym_v23, "0.23"): ["Swimmer-v3", "InvertedDoublePendulum-v2"],
    (gym_v25, "0.25"): ["HalfCheetah-v2", "Humanoid-v3", "Ant-v4"],
    (gymnasium_v029, "0.29"): ["InvertedPendulum-v2", "Hopper-v3", "Pusher-v4"],
}
#: Numbers that a robot of versions 2 and 3 observed.
OBSERVED = {"Ant-v2": 111, "Ant-v3": 111, "Ant-v4": 27, "Hopper-v1": 11, "Humanoid-v3": 376}


@pytest.mark.parametrize(
    ("gym", "id"), [(gym, id) for (gym, _), ids in ROBOTS.items() for id in ids]
)
def test_robots_of_then(gym, id):
    env = gym.make(id)
    assert env.spec.id == id
    assert id in getattr(gym, "registry", gym.envs.registration.registry)
    env.action_space.seed(0)
    first = env.reset()
    obs = first[0] if isinstance(first, tuple) else first
    assert obs.shape == (OBSERVED.get(id, obs.size),)
    assert np.isfinite(env.step(env.action_space.sample())[0]).all()
    with pytest.raises((DeprecatedEnv, ImportError), match=r"v5|MuJoCo"):
        dromos.make(id if id != "Ant-v4" else "Ant-v3")


@pytest.mark.parametrize("gym", [legacy, gym_v21, gym_v23, gym_v25], ids=str)
def test_games_of_then(gym):
    env = gym.make("BreakoutNoFrameskip-v4")
    env.seed(1)
    assert env.reset().shape == (210, 160, 3)
    assert env.unwrapped.ale.lives() == 5
    assert env.unwrapped.get_action_meanings()[1] == "FIRE"
    _, _, done, info = env.step(1)
    assert not done
    lives = {"ale.lives"} if gym is legacy else {"lives", "ale.lives"} & set(info)
    assert {info[key] for key in lives} == {5}
    assert ("ale.lives" in info) == (gym in (legacy, gym_v21))
    assert ("lives" in info) == (gym is not legacy)


@pytest.mark.parametrize(
    ("gym", "id", "ends"),
    [
        (gym_v21, "CarRacing-v0", (True, {})),
        (gym_v25, "CarRacing-v2", (True, {"TimeLimit.truncated": True})),
        (gymnasium_v029, "CarRacing-v2", (False, True, {})),
        (dromos, "CarRacing-v3", (True, False, {"lap_finished": True})),
    ],
    ids=["0.21", "0.25", "0.29", "today"],
)
def test_a_lap_truncated_until_029(monkeypatch, gym, id, ends):
    frame = np.zeros((96, 96, 3), np.uint8)
    lap = (frame, 1.0, True, False, {"lap_finished": True})
    monkeypatch.setattr(CarRacing, "step", lambda self, action: lap)
    env = gym.make(id)
    env.reset(seed=1) if gym is not gym_v21 else env.reset()
    assert env.step(np.zeros(3, np.float32))[2:] == ends
