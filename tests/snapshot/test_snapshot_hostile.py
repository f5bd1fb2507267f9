"""Whatever a snapshot from bytes holds, an environment takes it or stays as it was."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_envs import NAMES, started

from dromos.error import SnapshotError
from dromos.plain import from_tree, to_tree
from dromos.registration import make
from dromos.snapshot import Snapshot

MARKS = ["$object", "$generators", "$reference", "$dataclass", "$namedtuple", "$list", "$ref"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.floats(),
    st.sampled_from(["", "grid", "env", "step", "snapshot_envs:Mode", "os:system", "os:DirEntry"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*MARKS, "of", "id", "grid", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def paths_in(tree, path=()):
    yield path
    if isinstance(tree, (dict, list)):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from paths_in(tree[key], (*path, key))


class Case:
    """An environment in the middle of an episode, and the tree of an earlier snapshot."""

    def __init__(self, name):
        self.make = CASES[name]
        snapshot = self.make().snapshot()
        self.stack = snapshot.stack
        self.tree = json.dumps(to_tree(snapshot.state))
        self.paths = list(paths_in(json.loads(self.tree)))[1:]
        self.start()

    def start(self):
        self.env = self.make()
        self.env.step(1)
        self.before = self.env.snapshot()

    def check(self, snapshot):
        """Check that the environment takes the snapshot or stays as it was."""
        try:
            self.env.restore(snapshot)
        except SnapshotError:
            assert self.env.snapshot() == self.before
        else:
            self.start()

    def changed(self, path, replacement, remove):
        """Return the snapshot with one place of its tree changed, or None if that is no state."""
        tree = json.loads(self.tree)
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        if remove:
            del parent[path[-1]]
        else:
            parent[path[-1]] = replacement
        try:
            snapshot = Snapshot(self.stack, from_tree(tree))
            return Snapshot.from_bytes(snapshot.to_bytes())
        except SnapshotError:
            return None


def cartpole():
    env = make("CartPole-v1")
    env.reset(seed=3)
    env.action_space.seed(3)
    return env


CASES = {
    **{name: lambda name=name: started(name) for name in NAMES},
    "CartPole-v1": cartpole,
}


@pytest.mark.parametrize("name", CASES)
def test_any_change_of_a_state(name):
    case = Case(name)

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(case.paths), TREES, st.booleans())
    def check(path, replacement, remove):
        snapshot = case.changed(path, replacement, remove)
        if snapshot is None:
            return
        case.check(snapshot)

    check()


@pytest.mark.parametrize("name", CASES)
def test_any_state_at_all(name):
    case = Case(name)

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.sampled_from(["env", "grid", "place", "counter", "x"]), TREES))
    def check(tree):
        try:
            snapshot = Snapshot(case.stack, from_tree(tree))
        except SnapshotError:
            return
        case.check(snapshot)

    check()


def test_a_state_without_what_the_constructor_assigns_is_refused():
    env = started("grid")
    good = env.snapshot()
    with pytest.raises(SnapshotError, match="expected a value, found none"):
        env.restore(Snapshot(good.stack, {}))
    assert env.snapshot() == good
