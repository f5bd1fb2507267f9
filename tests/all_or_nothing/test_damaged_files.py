"""Damaged files and texts are refused by an `Error` that names them, whatever is wrong."""

import copy
import json
import random

import numpy as np
import pytest
from dialect_cases import Corridor09, play

import dromos as gym
from dromos import presets
from dromos.compat.gymnasium.dialects import DIALECTS
from dromos.compat.gymnasium.lacking import lacking_names
from dromos.compat.gymnasium.pins import pins_of
from dromos.error import Error
from dromos.legacy import wrappers as old_wrappers
from dromos.registration import EnvSpec, spec
from dromos.render import read_video
from dromos.render.video import VideoWriter
from dromos.rollout import Rollout
from dromos.spaces import Box, Dict, Discrete, Space
from dromos.wrappers.csv_monitor import load_results

CSV = b'#{"t_start": 1.5, "env_id": "CartPole-v1"}\nr,l,t,x\n1.0,2,0.5,a\n2.0,3,0.75,b\n'

PIECES = [b"", b'"', b"\n", b",", b"\x00", b"\xff", b"1e400", b"{", b"[", b"9" * 30, b"null", b"]"]
PIECES += [b"[" * 100_000, b"9" * 5000, b"NaN", b"-", b"true", b'"a"']


def mutated(data, dice):
    """Return bytes with some places of them replaced."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(data) + 1)
        data[place : place + dice.randint(0, 6)] = dice.choice(PIECES)
    return bytes(data)


def recorded(folder):
    """Let the old monitor record into a folder."""
    env = old_wrappers.Monitor(Corridor09(), folder, video_callable=False)
    play(env)
    play(env)
    env.close()


def monitor_csv(folder):
    (folder / "a.monitor.csv").write_bytes(CSV)


def film(folder):
    with VideoWriter(folder / "film.mp4", 10) as video:
        for shade in range(5):
            video.write(np.full((16, 16, 3), shade * 50, np.uint8))


def project(folder):
    text = 'gym[all]>=0.21,<0.26; python_version > "3"\ngymnasium~=1.2\n'
    (folder / "requirements.txt").write_text(text)


def rollout(folder):
    envs = gym.make_vec("CartPole-v1", 2)
    envs.reset(seed=1)
    envs.rollout(np.ones((3, 2), int)).save(folder / "played")


#: What writes files, which of them are damaged, and what reads them.
FILES = {
    "monitor.csv": (monitor_csv, "*.csv", load_results),
    "manifest": (recorded, "*.manifest.json", old_wrappers.monitoring.load_results),
    "stats": (recorded, "*.stats.json", old_wrappers.monitoring.load_results),
    "video": (film, "*.mp4", lambda folder: list(read_video(folder / "film.mp4"))),
    "project": (project, "*.txt", pins_of),
    "rollout": (rollout, "played/rollout.json", lambda folder: Rollout.load(folder / "played")),
    "array": (rollout, "played/2.npy", lambda folder: Rollout.load(folder / "played")),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.filterwarnings("ignore:.*Trying to monitor")
def test_files(kind, tmp_path):
    write, pattern, read = FILES[kind]
    write(tmp_path)
    (path,) = tmp_path.glob(pattern)
    good, dice = path.read_bytes(), random.Random(kind)
    read(tmp_path)
    told = []
    for _ in range(60 if kind == "video" else 300):
        path.write_bytes(mutated(good, dice))
        try:
            read(tmp_path)
        except Error as reason:
            told.append(str(reason))
    assert told
    # A damaged manifest may name another file of statistics, which is not there.
    named = {"manifest": tmp_path, "rollout": path.parent, "array": path.parent}.get(kind, path)
    assert all(str(named) in text for text in told)


INFINITE, ABSENT = float("inf"), object()
BAD_VALUES = {
    "manifest": {
        "stats": [3, None, ["x"]],
        "videos": [3, None, [3], [[None]]],
        "env_info": [3, None, []],
    },
    "stats": {
        "initial_reset_timestamp": ["x", [], INFINITE, 10**400, True],
        "timestamps": [3, None, [None], ["x"], [INFINITE], [10**400]],
        "episode_lengths": [3, [1.5], [-1], [10**400], [True], ["x"]],
        "episode_rewards": [3, [None], ["x"], [[1.0]]],
        "episode_types": [3, [3], [None]],
    },
}


@pytest.mark.parametrize("kind", BAD_VALUES)
@pytest.mark.filterwarnings("ignore:.*Trying to monitor")
def test_values_of_the_old_monitors_files(kind, tmp_path):
    write, pattern, read = FILES[kind]
    write(tmp_path)
    (path,) = tmp_path.glob(pattern)
    good = json.loads(path.read_text())
    for name, values in BAD_VALUES[kind].items():
        for value in [*values, ABSENT]:
            bad = {key: value if key == name else one for key, one in good.items()}
            path.write_text(json.dumps({k: v for k, v in bad.items() if v is not ABSENT}, indent=1))
            with pytest.raises(Error, match=rf"json, line [1-9]\d*: expected '{name}'"):
                read(tmp_path)
    path.write_text(json.dumps(good).replace("[", "[1e400", 1))
    with pytest.raises(Error, match=r"json: .*1e400"):
        read(tmp_path)
    if kind == "stats":
        path.write_text(json.dumps({**good, "episode_types": ["t"]}))
        with pytest.raises(Error, match="as many entries"):
            read(tmp_path)


SPACE = Dict({"a": Box(-1, 1, (2,), np.float32), "b": Discrete(3)})
TEXTS = {
    "spec": (spec("FrozenLake-v1").to_json(), EnvSpec.from_json),
    "space": (SPACE.to_json(), Space.from_json),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_texts(kind):
    text, read = TEXTS[kind]
    dice, refused = random.Random(kind), 0
    for _ in range(400):
        bad = mutated(text.encode(), dice).decode(errors="replace")
        try:
            read(bad)
        except Error:
            refused += 1
    assert refused > 100


def places_in(tree):
    """Return (parent, key) of every node under a tree."""
    found = []
    for key in tree if isinstance(tree, dict) else range(len(tree)):
        found.append((tree, key))
        if isinstance(tree[key], (dict, list)):
            found += places_in(tree[key])
    return found


@pytest.mark.parametrize("name", presets.PRESETS)
def test_manifests_of_presets(name):
    good, dice, refused = presets.manifest(name), random.Random(name), 0
    for bad in (None, 3, [], "nothing", [good]):
        with pytest.raises(Error):
            presets.Preset.from_manifest(bad)
    for _ in range(200):
        bad = copy.deepcopy(good)
        for _ in range(dice.randint(1, 2)):
            parent, key = dice.choice(places_in(bad))
            if dice.random() < 0.2 and isinstance(parent, dict):
                parent[f"{key}?"] = parent.pop(key)
            else:
                parent[key] = dice.choice([None, 3, "x", [], {}, [3], {"x": 1}, float("inf")])
        try:
            presets.Preset.from_manifest(bad)
        except Error:
            refused += 1
    assert refused > 20


def test_programs_that_are_no_python(tmp_path):
    path = tmp_path / "program.py"
    for text in (b"import gym\nif", b"\xff", b"# coding: nonsense\n", b"x = '\x00'", b"(" * 5000):
        path.write_bytes(text)
        with pytest.raises(Error, match=r"program\.py"):
            lacking_names(str(path), DIALECTS[0])
