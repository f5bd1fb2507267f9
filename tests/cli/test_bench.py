"""``dromos bench``: what it prints and draws; how fast anything is, no test asks."""

import json
import struct
import sys
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.bench import Cell, Report, draw, measure
from dromos.bench.picture import human
from dromos.error import Error

SHORT = ("--seconds", "0.0001", "--lanes", "3")


class Pool:
    """What EnvPool makes: it looks at the actions it gets."""

    def __init__(self, env_id, num_envs, seed, num_threads=0):
        if env_id != "CartPole-v1":
            raise ValueError(f"{env_id} is not supported. Ask for a list.")
        self.lanes, self.action_space = num_envs, gymnasium.spaces.Discrete(2)

    def reset(self):
        pass

    def step(self, actions):
        assert actions.dtype == np.int32
        assert actions.shape == (self.lanes,)

    def close(self):
        pass


@pytest.fixture(autouse=True)
def _envpool(monkeypatch):
    monkeypatch.setitem(sys.modules, "envpool", SimpleNamespace(make_gymnasium=Pool))


def test_bench(dromos, tmp_path):
    picture = tmp_path / "bench.png"
    ran = dromos("bench", "CartPole-v1", "Pendulum-v1", *SHORT, "--picture", str(picture))
    assert ran.code == 0, ran.err
    assert "Environment steps a second" in ran.out
    assert "EnvPool makes no Pendulum-v1: Pendulum-v1 is not supported" in ran.out
    assert ran.out.count("3 lanes") == 4
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert width > height > 200


def test_bench_as_json(dromos):
    ran = dromos("bench", "CartPole-v1", *SHORT, "--threads", "1", "--json")
    found = json.loads(ran.out)
    assert set(found) == {"machine", "measurements", "remarks"}
    single, vector = found["measurements"]
    assert (single["id"], single["lanes"], vector["lanes"]) == ("CartPole-v1", None, 3)
    for row in (single, vector):
        assert list(row["steps_per_second"]) == ["dromos", "Gymnasium", "EnvPool"]
    alone = json.loads(dromos("bench", "FrozenLake-v1", *SHORT, "--alone", "--json").out)
    assert [list(row["steps_per_second"]) for row in alone["measurements"]] == [["dromos"]] * 2
    assert alone["remarks"] == []


def test_bench_of_what_is_not_there(dromos, monkeypatch, tmp_path):
    ran = dromos("bench", "CartPool-v1")
    assert (ran.code, "Did you mean: `CartPole`" in ran.err) == (2, True)
    assert "ends in .png" in dromos("bench", "--picture", str(tmp_path / "x.txt")).err
    assert "found lanes=[64, 1024], threads=None, seconds=inf" in " ".join(
        dromos("bench", "--seconds", "inf").err.split()
    )
    ran = dromos("bench", "--picture", str(tmp_path / "no" / "x.png"))
    assert (ran.code, "a folder that exists" in ran.err) == (2, True)
    monkeypatch.setitem(sys.modules, "envpool", None)
    ran = dromos("bench", "CartPole-v1", *SHORT)
    assert "EnvPool is not installed: pip install envpool" in ran.out
    with pytest.raises(Error, match=r"at least 1 and seconds above 0, found lanes=\[0\]"):
        measure(["CartPole-v1"], [0])


class Steady(gym.Env):
    """An environment that no peer has."""

    observation_space = action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return 0, 0.0, False, False, {}


def test_an_environment_of_the_user():
    gym.register("Steady-v0", entry_point=Steady)
    try:
        report = measure(["Steady-v0"], [2], seconds=1e-4, threads=1)
    finally:
        del gym.registry["Steady-v0"]
    assert [list(cell.steps_per_second) for cell in report.cells] == [["dromos"]] * 2
    assert any("Gymnasium makes no Steady-v0" in remark for remark in report.remarks)


def test_numbers_and_pictures(tmp_path):
    numbers = {1.0: "1", 999.4: "999", 1234: "1.23 k", 5.6e7: "56 M", 2e12: "2000 G"}
    assert {number: human(number) for number in numbers} == numbers
    cell = Cell("X-v0", None, {"dromos": 10.0, "EnvPool": 5.0})
    assert (cell.ratio("EnvPool"), cell.ratio("Gymnasium"), cell.what) == (2.0, None, "single")
    draw(Report("here", [cell]), tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(Error, match="found none"):
        draw(Report("here"), tmp_path / "y.png")
