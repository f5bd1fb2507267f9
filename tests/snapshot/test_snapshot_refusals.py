"""What does not fit is refused with a reason and a remedy, and nothing has changed."""

import operator
import os
import threading

import numpy as np
import pytest
from snapshot_envs import (
    NAMES,
    Cargo,
    Counting,
    Foreign,
    GridWorld,
    Imagining,
    Mode,
    Place,
    Stacked,
    advance,
    started,
)

from dromos import spaces
from dromos.env import Env
from dromos.error import SnapshotError
from dromos.plain import MalformedError, Record, Reference, to_bytes
from dromos.registration import make
from dromos.snapshot import Snapshot, judge_attributes, restore_into, restore_now, snapshot_of


def SAME(path):
    return Record("same", path)


def STATE(path):
    return Record("state", path, {"0": {}})


def with_state(env, change):
    """Return a snapshot of `env`, through bytes, with a changed state."""
    snapshot = env.snapshot()
    state = snapshot.state
    change(state)
    return Snapshot.from_bytes(Snapshot(snapshot.stack, state).to_bytes())


def assert_refused(env, snapshot, match):
    """Check that `env` refuses the snapshot and has lost nothing by it."""
    before = env.snapshot()
    with pytest.raises(SnapshotError, match=match) as caught:
        env.restore(snapshot)
    assert env.snapshot() == before
    future = advance(env, 4)
    env.restore(before)
    assert advance(env, 4) == future
    return str(caught.value)


@pytest.mark.parametrize(
    ("attribute", "value", "place"),
    [
        ("window", threading.Lock(), "GridWorld.window is an instance of _thread.lock"),
        ("cells", {"k": [1, 2, object()]}, 'GridWorld.cells["k"][2] is an instance of object'),
        ("cargo", Cargo(1.0, [object()]), "GridWorld.cargo.history[0] is an instance of object"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda env: env, Stacked])
def test_attributes_that_are_not_plain_are_named(attribute, value, place, wrap):
    env = started("grid")
    setattr(env, attribute, value)
    with pytest.raises(SnapshotError) as caught:
        wrap(env).snapshot()
    message = str(caught.value)
    assert message.startswith(place)
    assert f'snapshot_exclude = frozenset({{"{attribute}"}})' in message
    assert "override snapshot_state and restore_state" in message


def test_inner_environments_are_named_with_their_path():
    env = started("imagining")
    env.others[1]["third"].window = threading.Lock()
    with pytest.raises(SnapshotError) as caught:
        env.snapshot()
    assert str(caught.value).startswith('Imagining.others[1]["third"].window is')
    assert 'frozenset({"window"})' in str(caught.value)


def test_what_a_hook_returns_is_named():
    class Careless(GridWorld):
        def snapshot_state(self):
            return {"state": {"handle": threading.Lock()}}

    with pytest.raises(SnapshotError, match=r'snapshot_state\(\)\["state"\]\["handle"\]'):
        Careless().snapshot()

    class Mistaken(GridWorld):
        def snapshot_state(self):
            return [1]

    with pytest.raises(SnapshotError, match="must return a dict with names"):
        Mistaken().snapshot()


def test_excluded_attributes_are_left_alone():
    class WithWindow(GridWorld):
        snapshot_exclude = frozenset({"window"})

    class WithTwo(WithWindow):
        snapshot_exclude = frozenset({"handle"})

    env = WithTwo()
    env.reset(seed=1)
    env.window = env.handle = threading.Lock()
    snapshot = env.snapshot()
    assert not {"window", "handle", "spec", "render_mode", "step"} & snapshot.state.keys()
    env.window = window = threading.Lock()
    env.restore(snapshot)
    assert env.window is window


def test_a_string_as_exclusion_is_a_mistake():
    class Mistaken(GridWorld):
        snapshot_exclude = "window"

    with pytest.raises(SnapshotError, match=r"frozenset\(\{'window'\}\)"):
        Mistaken().snapshot()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "stack"])
def test_snapshots_of_something_else(name):
    message = assert_refused(started("stack"), started(name).snapshot(), "cannot be restored into")
    assert "Counting<Stacked<Counting<GridWorld>>>" in message
    assert "snapshot_envs:GridWorld" in message


def test_stacks_in_another_order():
    inner_first = Stacked(Counting(GridWorld()))
    outer_first = Counting(Stacked(GridWorld()))
    inner_first.reset(seed=1)
    outer_first.reset(seed=1)
    assert_refused(outer_first, inner_first.snapshot(), "Stacked<Counting<GridWorld>>")


@pytest.mark.parametrize("thing", [None, {}, b"bytes", "text", 3])
def test_what_is_not_a_snapshot(thing):
    with pytest.raises(SnapshotError, match="Expected a Snapshot"):
        GridWorld().restore(thing)
    with pytest.raises(SnapshotError, match="Expected an environment"):
        snapshot_of(thing)
    with pytest.raises(SnapshotError, match="Expected an environment"):
        restore_into(thing, GridWorld().snapshot())


class Fragile(GridWorld):
    """Fails to restore a start or, if broken, anything, after changing arrays in place."""

    broken = False
    snapshot_exclude = frozenset({"broken"})

    def restore_state(self, state):
        self.grid[:] = -1
        super().restore_state(state)
        self.place = None
        if self.broken or not state["recent"]:
            raise RuntimeError("no luck")
        self.place = state["place"]


class Pair(Env):
    """Holds an environment that is restored before another one fails."""

    def __init__(self):
        self.first = GridWorld()
        self.second = Fragile()
        self.observation_space = self.first.observation_space
        self.action_space = self.first.action_space

    def reset(self, *, seed=None, options=None):
        self.second.reset(seed=seed)
        return self.first.reset(seed=seed)

    def step(self, action):
        self.second.step(action)
        return self.first.step(action)


@pytest.mark.parametrize("make_env", [Fragile, lambda: Counting(Fragile()), Pair])
def test_a_hook_that_fails_leaves_everything_as_it_was(make_env):
    env = make_env()
    env.reset(seed=3)
    snapshot = env.snapshot()
    env.step(1)
    message = assert_refused(env, snapshot, "RuntimeError: no luck")
    assert "which stays as it was" in message
    assert isinstance(env, Pair) or (env.unwrapped.grid != -1).all()


def test_a_hook_that_cannot_even_go_back_says_so():
    env = Counting(Fragile())
    env.reset(seed=3)
    snapshot = env.snapshot()
    env.step(1)
    env.env.broken = True
    with pytest.raises(SnapshotError, match="its state is mixed; make a new one: RuntimeError"):
        env.restore(snapshot)
    assert env.steps == 1


class Switching(Env):
    """Plays now in one and now in the other of two environments."""

    def __init__(self):
        self.active = None
        self.left, self.right = GridWorld(), GridWorld()
        self.active = self.left
        self.action_space = self.left.action_space
        self.observation_space = self.left.observation_space

    def reset(self, *, seed=None, options=None):
        self.left.reset(seed=seed)
        self.right.reset(seed=None if seed is None else seed + 1)
        self.active = self.left
        return self.active.first_row.copy(), {}

    def step(self, action):
        self.active = self.right if self.active is self.left else self.left
        return self.active.step(action)


class Telling(Switching):
    """Says itself in which it plays."""

    snapshot_exclude = frozenset({"active"})

    def snapshot_state(self):
        return {**super().snapshot_state(), "plays_left": self.active is self.left}

    def restore_state(self, state):
        own = dict(state)
        self.active = self.left if own.pop("plays_left") else self.right
        super().restore_state(own)


def test_attributes_that_refer_now_to_this_and_now_to_that():
    env = Switching()
    env.reset(seed=1)
    snapshot = env.snapshot()
    env.step(1)
    with pytest.raises(SnapshotError, match=r"Switching\.left: two places held one object"):
        env.restore(snapshot)
    env.step(1)
    env.restore(snapshot)
    env = Telling()
    env.reset(seed=1)
    snapshot = Snapshot.from_bytes(env.snapshot().to_bytes())
    expected = [env.step(1)[:2] for _ in range(5)]
    assert env.active is env.right
    env.restore(snapshot)
    assert env.active is env.left
    assert str([env.step(1)[:2] for _ in range(5)]) == str(expected)


@pytest.mark.parametrize("wrap", [lambda env: env, Counting])
@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda state: state.update(spec=1), r"GridWorld\.spec: it is not part"),
        (lambda state: state.update(step="text"), r"GridWorld\.step: it is not part"),
        (lambda state: state.update(snapshot=3), "its code assigns nowhere"),
        (lambda state: state.update(step=Reference("os:system")), "os:system"),
        (lambda state: state.update(reward_of=Reference("os:system")), "a function or class"),
        (lambda state: state.update(reward_of=SAME("os:system")), "expected 'os:system' to be"),
        (lambda state: state.update(place=SAME("snapshot_envs:Place")), "to be there"),
        (lambda state: state.update(reward_of="text"), "expected the state of the function"),
        (lambda state: state.update(place=STATE("x:Y")), "expected the state of a"),
        (lambda state: state.update(place=Record("generators", "x:Y")), "expected the generators"),
        (lambda state: state.update(action_space=3), "expected the state of an instance of"),
        (lambda state: setattr(state["action_space"], "path", "a:Box"), "assign the same space"),
        (lambda state: state["action_space"].fields.clear(), "expected 1 generators"),
        (lambda state: state["action_space"].fields.update({"0": 3}), "expected 1 generators"),
        (lambda state: state.pop("grid"), r"GridWorld\.grid: expected a value, found none"),
        (lambda state: state.update(grid="text"), r"something like a float64 array"),
        (lambda state: state.update(recent={}), r"something like"),
        (lambda state: state.update(recent=range(2**120)), r"something like"),
        (lambda state: state.update(mode=Reference("no_such:Mode", "X")), "do not define"),
        (lambda state: state.update(mode=Reference("snapshot_envs:Mode", "X")), "the member 'X'"),
        (lambda state: state.update(mode=Reference("math:pi", "X")), "do not define"),
        (lambda state: state.update(mode=Reference("math:sin")), "a function or class"),
        (lambda state: state.update(mode=Record("dataclass", "os:Foo", {})), "do not define"),
        (lambda state: state.update(mode=Record("dataclass", "os:DirEntry", {})), "do not define"),
        (lambda state: state.update(mode=Record("namedtuple", "builtins:int", {})), "not define"),
        (lambda state: state.update(place=Record("namedtuple", "snapshot_envs:Place")), "row"),
        (lambda state: state.update(_np_random_seed="text"), "expected a seed, found 'text'"),
        (lambda state: state.update(_np_random_seed=-3), "greater or equal to zero"),
        (lambda state: state.update(_np_random=None), "expected a numpy.random.Generator"),
    ],
)
def test_bytes_with_a_state_that_does_not_fit(change, match, wrap):
    env = wrap(started("grid"))

    def change_inner(state):
        change(state.get("env", state))

    before = env.snapshot()
    with pytest.raises(SnapshotError, match=match):
        env.restore(with_state(env, change_inner))
    assert env.snapshot() == before


def test_inner_environments_must_be_the_same():
    env = started("imagining")
    snapshot = env.snapshot()
    other = Imagining()
    other.others[0] = Foreign()
    assert_refused_in_part(other, snapshot, r"Imagining.others\[0\].*Foreign, found.*GridWorld")
    other = Imagining()
    other.others = [None, other.others[1]]
    assert_refused_in_part(other, snapshot, "expected the state of None")
    other = Imagining()
    other.spaces_by_name["b"] = (spaces.Discrete(3),)
    assert_refused_in_part(other, snapshot, r'spaces_by_name\["b"\]\[0\].*Box')


def assert_refused_in_part(env, snapshot, match):
    before = env.snapshot()
    with pytest.raises(SnapshotError, match=match):
        env.restore(snapshot)
    assert env.snapshot() == before


def test_functions_and_classes_have_to_be_there():
    env = started("grid")
    env.ops = [operator.add, os.path.join, lambda: 0, np.float32]
    snapshot = Snapshot.from_bytes(env.snapshot().to_bytes())
    ops = env.ops[:]
    env.restore(snapshot)
    assert env.ops == ops
    env.ops[1] = os.path.split
    assert_refused(env, snapshot, r"GridWorld\.ops\[1\]: expected 'posixpath:join' to be there")


def test_what_contains_itself_is_refused():
    env = started("grid")
    env.recent.append(env.recent)
    with pytest.raises(SnapshotError, match=r"GridWorld\.recent\[2\].*contains itself"):
        env.snapshot()


def test_bytes_that_are_no_snapshot():
    data = GridWorld().snapshot().to_bytes()
    for damaged in (data[:-1], data[:50], b"", data[:100] + b"\1" + data[101:], to_bytes([1])):
        with pytest.raises(MalformedError):
            Snapshot.from_bytes(damaged)
    from dromos.plain.layout import pack

    good = {"stack": ["a:B"], "spec_id": None, "state": {}}
    Snapshot.from_bytes(pack(good, "snapshot"))
    with pytest.raises(MalformedError, match=r"version 1, written by dromos 0\.1"):
        Snapshot.from_bytes(data[:8] + b"\1" + data[9:])
    for wrong in (
        [1],
        {**good, "stack": []},
        {**good, "stack": [1]},
        {**good, "spec_id": 1},
        {**good, "state": [1]},
        {**good, "more": 1},
    ):
        with pytest.raises(MalformedError, match=r"snapshot|spec"):
            Snapshot.from_bytes(pack(wrong, "snapshot"))


def test_a_native_environment_refuses_and_goes_on():
    env = make("CartPole-v1")
    env.reset(seed=1)

    def change(state):
        state["env"]["env"]["env"]["action_space"].fields.clear()

    other = with_state(env, change)
    env.step(1)
    assert_refused(env, other, "generators")
    assert_refused(env, GridWorld().snapshot(), "TimeLimit<OrderEnforcing<")


def test_hooks_called_by_hand():
    env = started("grid")
    state = env.snapshot_state()
    future = advance(env, 3)
    for _ in range(2):
        env.restore_state(state)
        assert advance(env, 3) == future
    before = env.snapshot()
    changed = {**state, "action_space": Record("generators", "")}
    with pytest.raises(SnapshotError, match="generators"):
        restore_now(env, lambda known: judge_attributes(env, known), changed)
    assert env.snapshot() == before
    assert env.mode in Mode
    assert type(env.place) is Place
