"""Episodes as files: what they say can be played again, bit for bit."""

import json

import numpy as np
import pytest

import dromos as gym
from dromos.error import Error
from dromos.replay import play
from dromos.spaces import Box, Dict, Discrete, Graph, MultiBinary, MultiDiscrete
from dromos.viewer.episode import lane_spec
from dromos.viewer.figures import action_counts, number
from dromos.viewer.moments import Moments
from dromos.viewer.run import Run
from dromos.viewer.subject import subject_of


def played(env, seed, steps, lane=0, options=None):
    """Return a run of random actions whose focus is a lane."""
    run = Run(subject_of(env))
    run.focus = lane
    run.started(*env.reset(seed=seed, options=options), seed, options)
    env.action_space.seed(0)
    for _ in range(steps):
        actions = env.action_space.sample()
        run.stepped(actions, run.subject.outcome(env.step(actions)))
    return run


def replayed(text, tmp_path):
    """Return the hash of what a file says, played again bit for bit."""
    file = tmp_path / "episode.jsonl"
    file.write_text(text)
    found = play(file)
    assert found.equal, str(found)
    return found.hash


@pytest.mark.parametrize(
    ("env_id", "options"),
    [("CartPole-v1", {"low": -0.01, "high": 0.01}), ("Pendulum-v1", None), ("Blackjack-v1", None)],
)
def test_a_file_repeats_the_episode(env_id, options, tmp_path):
    run = played(gym.make(env_id), 5, 1 if env_id == "Blackjack-v1" else 8, options=options)
    text = run.episode.file()
    header = json.loads(text.splitlines()[0])
    space = run.subject.action_space
    assert (header["format"], header["version"], header["id"]) == ("dromos-episode", 1, env_id)
    assert (header["lanes"], header["episodes"], header["options"]) == (1, 1, options)
    assert np.dtype(header["actions_dtype"]) == space.dtype
    assert header["actions_shape"] == list(space.shape)
    assert replayed(text, tmp_path) == header["hash"]


@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_a_lane_of_a_vector_is_a_single_environment(mode, tmp_path):
    envs = gym.make_vec("CartPole-v1", 3, vectorization_mode=mode)
    run = played(envs, 10, 6, lane=2)
    header = json.loads(run.episode.file().splitlines()[0])
    assert header["seed"] == 12
    assert replayed(run.episode.file(), tmp_path) == header["hash"]
    envs.close()


def test_after_going_back_the_file_tells_what_then_happened(tmp_path):
    env = gym.make("Pendulum-v1")
    run = played(env, 1, 5)
    moment = run.take_moment(by_hand=True)
    action = np.array([1.5], np.float32)
    for _ in range(3):
        run.stepped(action, run.subject.outcome(env.step(action)))
    before = run.episode.hash
    run.go_back(moment.number)
    assert run.step == moment.step == 5
    for _ in range(2):
        run.stepped(-action, run.subject.outcome(env.step(-action)))
    assert len(run.episode.steps) == 7
    assert run.episode.hash != before
    assert replayed(run.episode.file(), tmp_path) == run.episode.hash


def test_episodes_that_no_file_can_tell():
    envs = gym.make_vec("CartPole-v1", 2, params={"length": [0.4, 0.6]})
    with pytest.raises(Error, match="parameters of their own"):
        played(envs, 0, 3).episode.file()
    with pytest.raises(Error, match="not made by an id"):
        lane_spec(None)
    unseeded = played(gym.make("CartPole-v1"), None, 3)
    with pytest.raises(Error, match="reset with a seed"):
        unseeded.episode.file()
    envs = gym.make_vec("CartPole-v1", 2)
    run = played(envs, 0, 60)  # autoresets have no seed of their own
    assert run.last_episode is not None or run.tally.ends
    with pytest.raises(Error, match="reset with a seed"):
        run.episode.file()


def test_moments_are_bounded_and_go_on_from_the_past():
    run = played(gym.make("Pendulum-v1", max_episode_steps=100_000), 0, 20)
    moments = Moments()
    for step in range(0, 5000, 5):
        moments.took(0)
        if moments.are_due(step):
            moments.add(step, step == 35, run.moments.kept[0].snapshot, None)
    assert len(moments.kept) <= 60
    assert [one.step for one in moments.kept] == sorted(one.step for one in moments.kept)
    moments.forget_after(1000)
    assert moments.kept[-1].step <= 1000
    with pytest.raises(Error, match="no snapshot 99999"):
        moments.find(99999)


def test_counts_of_actions():
    assert action_counts(Discrete(3, start=5), np.array([5, 7, 7])) == {
        "start": 5,
        "counts": [1, 0, 2],
    }
    (part,) = action_counts(Discrete(1000), np.array([1, 999]))["parts"]
    assert (part["low"], part["high"], sum(part["counts"])) == (0, 1000, 2)
    box = Box(np.array([-1, -np.inf], np.float32), np.array([1, np.inf], np.float32))
    first, second = action_counts(box, np.array([[0.5, 100], [0.5, np.nan]]))["parts"]
    assert (first["low"], first["high"]) == (-1, 1)
    assert (second["low"], second["high"], sum(second["counts"])) == (-3, 3, 2)
    assert len(action_counts(MultiBinary(20), np.ones(20))["parts"]) == 8
    assert action_counts(MultiDiscrete([2, 3]), np.array([1, 2]))["parts"][1]["high"] == 2
    assert action_counts(Dict(a=Discrete(2)), {"a": 1}) is None
    assert action_counts(Box(0, 1, (2, 0)), np.zeros((3, 2, 0))) is None
    assert action_counts(Graph(Discrete(2), None), None) is None


def test_numbers():
    values = [True, np.int64(3), 1 << 60, np.float32(0.5), float("nan"), -np.inf]
    assert [number(value) for value in values] == [True, 3, str(1 << 60), 0.5, "nan", "-inf"]
