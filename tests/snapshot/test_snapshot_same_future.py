"""After `restore` the future is that of the snapshot, bit for bit, here and in another process."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_envs import NAMES, GridWorld, Mode, Place, advance, build, calm_reward, started

from dromos.error import SnapshotError
from dromos.snapshot import Snapshot

EVERY_ENV = pytest.mark.parametrize("name", NAMES)

HOW = pytest.mark.parametrize(
    "through",
    [
        lambda snapshot: snapshot,
        lambda snapshot: Snapshot.from_bytes(snapshot.to_bytes()),
        lambda snapshot: pickle.loads(pickle.dumps(snapshot)),
    ],
    ids=["object", "bytes", "pickle"],
)


@EVERY_ENV
@HOW
def test_the_future_is_the_same_any_number_of_times(name, through):
    env = started(name)
    snapshot = through(env.snapshot())
    future = advance(env, 8)
    for _ in range(3):
        env.restore(snapshot)
        assert advance(env, 8) == future


@EVERY_ENV
@HOW
def test_another_object_has_the_same_future(name, through):
    env = started(name)
    snapshot = through(env.snapshot())
    other = build(name)
    other.reset(seed=99)
    other.step(1)
    other.restore(snapshot)
    assert advance(other, 8) == advance(env, 8)


@EVERY_ENV
def test_an_object_that_was_never_reset_has_the_same_future(name):
    env = started(name)
    other = build(name)
    other.restore(env.snapshot())
    assert advance(other, 8) == advance(env, 8)


@EVERY_ENV
def test_two_objects_from_one_snapshot_are_independent(name):
    env = started(name)
    snapshot = env.snapshot()
    left, right = build(name), build(name)
    left.restore(snapshot)
    right.restore(snapshot)
    future = advance(left, 8)
    assert advance(right, 8) == future
    assert advance(env, 8) == future


@EVERY_ENV
def test_taking_a_snapshot_changes_nothing(name):
    watched, alone = started(name), started(name)
    watched.snapshot()
    assert advance(watched, 5) == advance(alone, 5)


@EVERY_ENV
def test_restoring_and_taking_again_gives_an_equal_snapshot(name):
    env = started(name)
    snapshot = env.snapshot()
    data = snapshot.to_bytes()
    advance(env, 4)
    assert env.snapshot() != snapshot
    env.restore(snapshot)
    again = env.snapshot()
    assert again == snapshot
    assert hash(again) == hash(snapshot)
    assert again.to_bytes() == data
    env.restore(Snapshot.from_bytes(data))
    assert env.snapshot().to_bytes() == data


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), max_size=20))
def test_any_past_and_any_way_off(past, way_off):
    env = build("stack")
    env.reset(seed=len(past))
    for action in past:
        env.step(action)
    snapshot = env.snapshot()
    future = advance(env, 3)
    env.reset(seed=1)
    for action in way_off:
        env.step(action)
    env.restore(snapshot)
    assert advance(env, 3) == future


def test_unseeded_randomness_is_decided_when_the_snapshot_is_taken():
    env = GridWorld()
    snapshot = env.snapshot()
    env.reset()
    future = advance(env, 3)
    env.restore(snapshot)
    env.reset()
    assert advance(env, 3) == future


_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from snapshot_envs import advance, build
from dromos.snapshot import Snapshot
env = build(sys.argv[2])
env.restore(Snapshot.from_bytes(sys.stdin.buffer.read()))
print(advance(env, 8))
"""


@EVERY_ENV
def test_another_process_has_the_same_future(name):
    env = started(name)
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", _CHILD, str(Path(__file__).parent), name],
        input=env.snapshot().to_bytes(),
        capture_output=True,
        check=False,
    )
    assert result.stderr == b""
    assert result.stdout.decode().strip() == str(advance(env, 8))


_WRITER = """
if __name__ == "__main__":
    import sys
    sys.stdout.buffer.write(started("stack").snapshot().to_bytes())
"""

_READER = """
import sys
sys.path.insert(0, sys.argv[1])
from as_script import advance, build
from dromos.snapshot import Snapshot
env = build("stack")
env.restore(Snapshot.from_bytes(sys.stdin.buffer.read()))
print(advance(env, 8))
"""


def test_a_script_that_is_run_and_one_that_is_imported_are_the_same(tmp_path):
    script = tmp_path / "as_script.py"
    script.write_text((Path(__file__).parent / "snapshot_envs.py").read_text() + _WRITER)
    data = subprocess.run([sys.executable, script], capture_output=True, check=True).stdout
    result = subprocess.run(
        [sys.executable, "-c", _READER, tmp_path], input=data, capture_output=True, check=False
    )
    assert result.stderr == b""
    assert result.stdout.decode().strip() == str(advance(started("stack"), 8))
    with pytest.raises(SnapshotError, match="__main__:GridWorld"):
        build("grid").restore(Snapshot.from_bytes(data))


@HOW
def test_what_was_shared_is_shared_again(through):
    env = started("grid")
    snapshot = through(env.snapshot())
    env.rng = np.random.default_rng(0)
    env.cargo_list = []
    env.first_row = np.zeros(4)
    env.restore(snapshot)
    assert env.rng is env.np_random
    assert env.cargo_list[0] is env.cargo_list[1] is env.cargo
    assert np.shares_memory(env.first_row, env.grid)
    assert type(env.place) is Place
    assert env.mode is Mode.CALM or env.mode is Mode.STORM
    assert env.reward_of.__module__ == calm_reward.__module__


def test_spaces_and_inner_environments_stay_the_same_objects():
    env = started("imagining")
    kept = [env.inner, env.inner.env, *env.others[:1], env.others[1]["third"]]
    kept += [env.action_space, env.spaces_by_name["a"], env.spaces_by_name["b"][0]]
    for snapshot in (env.snapshot(), Snapshot.from_bytes(env.snapshot().to_bytes())):
        env.restore(snapshot)
        now = [env.inner, env.inner.env, *env.others[:1], env.others[1]["third"]]
        now += [env.action_space, env.spaces_by_name["a"], env.spaces_by_name["b"][0]]
        assert all(left is right for left, right in zip(kept, now, strict=True))
        assert env.inner.base is env.inner.env


def test_a_generator_made_by_the_constructor_goes_into_a_seeded_twin():
    class OwnGenerator(GridWorld):
        def __init__(self):
            super().__init__()
            self._np_random = np.random.default_rng(5)

    env, twin = OwnGenerator(), OwnGenerator()
    env.reset()
    twin.reset(seed=3)
    twin.restore(env.snapshot())
    assert twin.snapshot() == env.snapshot()
    assert twin.np_random.random() == env.np_random.random()


def test_a_space_on_the_environments_generator_stays_on_it():
    env = GridWorld()
    env.reset(seed=3)
    env.action_space._np_random = env.np_random
    snapshot = env.snapshot()
    future = [env.action_space.sample(), env.step(0)[1]]
    env.restore(snapshot)
    assert env.action_space.np_random is env.np_random
    assert [env.action_space.sample(), env.step(0)[1]] == future


def test_attributes_that_came_later_go_and_those_that_went_come_back():
    env = started("grid")
    snapshot = env.snapshot()
    env.extra = 1
    del env.place
    env.restore(snapshot)
    assert not hasattr(env, "extra")
    assert env.place.row in range(4)


def test_deepcopies_of_a_snapshot_are_the_snapshot():
    snapshot = started("grid").snapshot()
    assert copy.deepcopy({"s": snapshot})["s"] is snapshot
    assert copy.copy(snapshot) is snapshot
