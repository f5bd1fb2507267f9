"""Promise 3: a snapshot, any steps, a restore: the same future, bit for bit."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from rollouts import actions_of, assert_same, rollout, steps_only

import dromos as gym
from dromos.snapshot import Snapshot

ELSEWHERE = """
import pickle, sys
sys.path.insert(0, {folder!r})
import dromos as gym
from dromos.snapshot import Snapshot
from rollouts import steps_only
data, actions = pickle.load(sys.stdin.buffer)
env = gym.make({env_id!r})
env.restore(Snapshot.from_bytes(data))
sys.stdout.buffer.write(pickle.dumps(steps_only(env, actions)))
"""


@pytest.fixture
def running(env):
    """An environment in the middle of an episode, and actions for its future."""
    rng = np.random.default_rng(2)
    rollout(env, actions_of(env.action_space, rng, 37), seed=9)
    return env, actions_of(env.action_space, rng, 150)


def test_restore_brings_back_the_future(running):
    env, actions = running
    snapshot = env.snapshot()
    first = steps_only(env, actions)
    env.restore(snapshot)
    assert_same(steps_only(env, actions), first)
    env.restore(Snapshot.from_bytes(snapshot.to_bytes()))
    assert_same(steps_only(env, actions), first)


def test_restore_into_a_new_environment(running, env_id):
    env, actions = running
    snapshot = env.snapshot()
    with gym.make(env_id) as other:
        other.restore(snapshot)
        assert_same(steps_only(other, actions), steps_only(env, actions))


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda env: env.clone(), lambda env: pickle.loads(pickle.dumps(env))],
    ids=["deepcopy", "clone", "pickle"],
)
def test_copies_keep_their_state_and_go_their_own_way(running, copied):
    env, actions = running
    other = copied(env)
    ours = steps_only(env, actions)
    assert_same(steps_only(other, actions), ours)


def test_restore_in_another_process(running, env_id):
    env, actions = running
    snapshot = env.snapshot()
    script = ELSEWHERE.format(folder=str(__file__).rsplit("/", 1)[0], env_id=env_id)
    result = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps((snapshot.to_bytes(), actions)),
        capture_output=True,
        check=True,
        timeout=600,
    )
    assert_same(pickle.loads(result.stdout), steps_only(env, actions))


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
@pytest.mark.parametrize("autoreset", ["NextStep", "SameStep"])
def test_vectors_whole_and_by_lanes(env, env_id, mode, autoreset):
    lanes, steps = 6, 80
    vector = gym.make_vec(
        env_id, lanes, vectorization_mode=mode, vector_kwargs={"autoreset_mode": autoreset}
    )
    rng = np.random.default_rng(4)
    actions = [np.array(actions_of(env.action_space, rng, lanes)) for _ in range(steps)]
    vector.reset(seed=1)
    for batch in actions[:37]:
        vector.step(batch)
    snapshot = Snapshot.from_bytes(vector.snapshot().to_bytes())
    two = vector.snapshot(lanes=[1, 4])
    first = [vector.step(batch)[:4] for batch in actions]
    vector.restore(snapshot)
    assert_same([vector.step(batch)[:4] for batch in actions], first)
    vector.restore(snapshot)
    vector.restore(two, lanes=[4, 1])
    swapped = [0, 4, 2, 3, 1, 5]
    again = [vector.step(batch[swapped])[:4] for batch in actions]
    for ours, theirs in zip(again, first, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            one = tuple(leaf[swapped] for leaf in one) if isinstance(one, tuple) else one[swapped]
            assert_same(one, other)
    clone = vector.clone()
    assert_same(clone.step(actions[0])[:4], vector.step(actions[0])[:4])
    vector.close()


def test_snapshot_of_another_environment_is_refused(running):
    env, _ = running

    class Other(gym.Env):
        observation_space = action_space = gym.spaces.Discrete(2)

    with pytest.raises(gym.error.SnapshotError, match="Other"):
        env.restore(Other().snapshot())
