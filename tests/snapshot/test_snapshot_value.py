"""`Snapshot` as a value: what it shows, equals and allows."""

import numpy as np
import pytest
from snapshot_envs import Counting, GridWorld, Place, started

from dromos.env import Env
from dromos.plain import MalformedError
from dromos.registration import make
from dromos.snapshot import Snapshot
from dromos.spaces import Discrete


def test_it_says_what_it_is_of():
    snapshot = started("stack").snapshot()
    assert snapshot.kind == "snapshot_envs:GridWorld"
    assert snapshot.stack == (
        "snapshot_envs:Counting",
        "snapshot_envs:Stacked",
        "snapshot_envs:Counting",
        "snapshot_envs:GridWorld",
    )
    assert snapshot.spec_id is None
    assert snapshot.nbytes == len(snapshot.to_bytes())
    assert repr(snapshot).startswith("<Snapshot: Counting<Stacked<Counting<GridWorld>>>, ")
    assert repr(snapshot).endswith(" kB>")


def test_it_names_the_spec():
    snapshot = make("CartPole-v1").snapshot()
    assert snapshot.spec_id == "CartPole-v1"
    assert "of CartPole-v1: TimeLimit<" in repr(snapshot)
    assert Snapshot.from_bytes(snapshot.to_bytes()).spec_id == "CartPole-v1"


def test_its_state_is_a_copy():
    env = started("grid")
    snapshot = env.snapshot()
    data = snapshot.to_bytes()
    snapshot.state["grid"][:] = 5
    snapshot.state["recent"].clear()
    env.grid[:] = 6
    env.restore(snapshot)
    env.grid[:] = 7
    assert snapshot.to_bytes() == data


def test_a_state_given_is_copied():
    grid = np.zeros(3)
    snapshot = Snapshot(["m:C"], {"grid": grid}, spec_id="X-v0")
    grid[:] = 1
    assert snapshot.state["grid"].tolist() == [0, 0, 0]
    assert snapshot.spec_id == "X-v0"


def test_equality_is_that_of_the_bytes():
    env = started("grid")
    snapshot = env.snapshot()
    assert snapshot == Snapshot.from_bytes(snapshot.to_bytes())
    assert snapshot != Counting(env).snapshot()
    assert snapshot != 3
    assert len({snapshot, Snapshot.from_bytes(snapshot.to_bytes()), env.snapshot()}) == 1
    env.place = Place(3, 3)
    assert env.snapshot() != snapshot


def test_every_damage_to_the_bytes_is_noticed():
    data = started("stack").snapshot().to_bytes()
    rng = np.random.default_rng(0)
    for position in rng.integers(0, len(data), 200):
        damaged = bytearray(data)
        damaged[position] ^= 1 << rng.integers(8)
        with pytest.raises(MalformedError):
            Snapshot.from_bytes(damaged)


class Slotted(Env):
    """Keeps a part of its state in slots."""

    __slots__ = ("__hidden", "count", "unused")

    def __init__(self):
        self.observation_space = Discrete(99)
        self.action_space = Discrete(2)
        self.count = 0
        self.__hidden = [0]

    def step(self, action):
        self.count += 1
        self.__hidden.append(self.count)
        return self.count, float(sum(self.__hidden)), False, False, {}


def test_slots_are_attributes():
    env = Slotted()
    env.step(0)
    snapshot = env.snapshot()
    assert {"count", "_Slotted__hidden"} <= snapshot.state.keys()
    expected = [env.step(0)[:2] for _ in range(3)]
    env.unused = 5
    for taken in (snapshot, Snapshot.from_bytes(snapshot.to_bytes())):
        env.restore(taken)
        assert not hasattr(env, "unused")
        assert [env.step(0)[:2] for _ in range(3)] == expected


class Guarded(GridWorld):
    """Has code that assigning attributes would run."""

    def __setattr__(self, name, value):
        if name == "size" and name in vars(self):
            raise AssertionError("the size does not change")
        super().__setattr__(name, value)


def test_restoring_runs_no_code_of_the_class():
    env = Guarded()
    env.reset(seed=1)
    vars(env)["size"] = 3
    snapshot = env.snapshot()
    vars(env)["size"] = 4
    env.restore(snapshot)
    assert env.size == 3


class Selfish(GridWorld):
    """Refers to itself, and its wrapper."""

    def __init__(self):
        super().__init__()
        self.me = self
        self.everyone = {"me": [self]}


def test_environments_that_refer_to_themselves():
    env = Counting(Selfish())
    env.env.outer = env
    env.reset(seed=2)
    for snapshot in (env.snapshot(), Snapshot.from_bytes(env.snapshot().to_bytes())):
        expected = env.step(1)[1]
        env.restore(snapshot)
        assert env.env.me is env.env.everyone["me"][0] is env.env
        assert env.env.outer is env
        assert env.step(1)[1] == expected
        env.restore(snapshot)


def test_names_that_look_like_marks_come_back():
    env = started("grid")
    setattr(env, "$ref", [1])
    snapshot = Snapshot.from_bytes(env.snapshot().to_bytes())
    setattr(env, "$ref", [2])
    env.restore(snapshot)
    assert getattr(env, "$ref") == [1]
