"""`RecordEpisodes`: which files it writes, and that each can be played again."""

import copy
import pickle

import numpy as np
import pytest
from recorded import Every, Secretive, files_in, played

import dromos as gym
from dromos import wrappers
from dromos.error import Error
from dromos.replay import load, play
from dromos.vector import AutoresetMode
from dromos.wrappers import vector

STACKS = {
    "cart": lambda: gym.make("CartPole-v1"),
    "pendulum": lambda: wrappers.RescaleAction(gym.make("Pendulum-v1"), -1, 1),
    "lake": lambda: gym.make("FrozenLake-v1"),
    "cards": lambda: gym.make("Blackjack-v1"),
    "learning": lambda: wrappers.NormalizeReward(
        wrappers.NormalizeObservation(wrappers.FrameStackObservation(gym.make("CartPole-v1"), 2))
    ),
    "noisy": lambda: wrappers.StickyAction(gym.make("CartPole-v1"), 0.4),
    "limited": lambda: gym.make("CartPole-v1", max_episode_steps=5, disable_env_checker=True),
    "lander": lambda: gym.make("LunarLander-v3", continuous=True),
}


@pytest.mark.parametrize("name", STACKS)
def test_every_episode_of_a_stack_is_played_again(name, tmp_path):
    played(wrappers.RecordEpisodes(STACKS[name](), tmp_path), 45, seed=3)
    files = files_in(tmp_path)
    assert files
    for file in files:
        replay = play(file)
        assert replay.equal, replay
        assert replay.hash == replay.episode.hash
        assert replay.steps == len(replay.episode.steps) > 0
    assert play(tmp_path / "episode-0.jsonl").seed_begins_it is True


@pytest.mark.parametrize("mode", ["NEXT_STEP", "SAME_STEP"])
@pytest.mark.parametrize("how", [None, "sync"])
def test_every_episode_of_every_lane_is_played_again(how, mode, tmp_path):
    envs = gym.make_vec(
        "CartPole-v1",
        3,
        how,
        vector_kwargs={"autoreset_mode": AutoresetMode[mode]},
        params={"gravity": [9.0, 9.8, 20.0]},
    )
    played(vector.RecordEpisodes(envs, tmp_path), 70, seed=5)
    replays = [play(file) for file in files_in(tmp_path)]
    assert len(replays) > 5
    assert all(replay.equal for replay in replays)
    firsts = [replay.episode for replay in replays if replay.seed_begins_it]
    assert sorted((one.lane, one.seed) for one in firsts) == [(0, 5), (1, 6), (2, 7)]


def test_lanes_that_are_wrapped_each(tmp_path):
    layers = [wrappers.FlattenObservation, wrappers.TimeAwareObservation]
    envs = gym.make_vec("FrozenLake-v1", 2, "sync", wrappers=layers)
    played(vector.RecordEpisodes(envs, tmp_path), 30, seed=5)
    replays = [play(file) for file in files_in(tmp_path)]
    assert len(replays) > 3
    assert all(replay.equal for replay in replays)
    assert replays[0].episode.observation.shape == (17,)


def test_partial_resets_and_lanes_that_are_not_recorded(tmp_path):
    envs = gym.make_vec("FrozenLake-v1", 3)
    envs = vector.RecordEpisodes(envs, tmp_path, lanes=[0, 2])
    envs.reset(seed=[1, 2, None], options=[None, None, {}])
    envs.step(np.zeros(3, int))
    envs.reset(options={"reset_mask": np.array([True, True, False])})
    envs.step(np.zeros(3, int))
    envs.close()
    episodes = {file.name: load(file) for file in files_in(tmp_path)}
    names = ["episode-0-lane-0.jsonl", "episode-1-lane-2.jsonl", "episode-2-lane-0.jsonl"]
    assert sorted(episodes) == names
    assert [len(episodes[name].steps) for name in names] == [1, 2, 1]
    assert [episodes[name].seed for name in names] == [1, None, None]
    assert all(play(one).equal for one in episodes.values())


def test_lanes_that_are_sent_and_received(tmp_path):
    envs = gym.make_vec("CartPole-v1", 4, vector_kwargs={"batch_size": 2})
    envs = vector.RecordEpisodes(envs, tmp_path)
    envs.async_reset(seed=3)
    for _ in range(60):
        lanes = envs.recv()[-1]["lane_ids"]
        envs.send(lanes % 2, lanes)
    envs.close()
    replays = [play(file) for file in files_in(tmp_path)]
    assert {replay.episode.lane for replay in replays} == {0, 1, 2, 3}
    assert {replay.episode.seed for replay in replays} >= {3, 4, 5, 6}
    assert all(replay.equal for replay in replays), [str(one) for one in replays]


def test_elements_of_every_space(tmp_path):
    env = wrappers.RecordEpisodes(Every(), tmp_path)
    played(env, 20, seed=1)
    for file in files_in(tmp_path):
        with pytest.raises(Error, match=r"has no spec: it was not made by its id.*play"):
            play(file)
        replay = play(file, Every())
        assert replay.equal, replay
    first = load(files_in(tmp_path)[0])
    assert {type(part) for part in first.steps[0].action["pair"]} == {np.int64, np.ndarray}


def test_a_lane_outside_of_wrappers_is_played_where_it_belongs(tmp_path):
    def make(lanes):
        return vector.RescaleAction(gym.make_vec("Pendulum-v1", lanes), -1, 1)

    played(vector.RecordEpisodes(make(2), tmp_path), 9, seed=1)
    file = tmp_path / "episode-1-lane-1.jsonl"
    with pytest.raises(Error, match="outside of RescaleAction, of which no spec tells"):
        play(file)
    assert play(file, make(1)).equal
    with pytest.raises(Error, match="a vector of one lane to play in, found 2 lanes"):
        play(file, make(2))


def test_what_a_snapshot_cannot_hold_is_played_by_its_seed(tmp_path):
    env = wrappers.RecordEpisodes(Secretive(), tmp_path)
    for seed in (7, None):
        env.reset(seed=seed)
        for _ in range(20):
            env.step(0)
    env.close()
    assert play(tmp_path / "episode-0.jsonl", Secretive()).equal
    unseeded = load(tmp_path / "episode-1.jsonl")
    assert unseeded.start is None
    assert "secret" in unseeded.remark
    replay = play(unseeded, Secretive())
    assert not replay.equal
    assert "secret" in str(replay)


def test_a_state_that_was_changed_before_the_reset_counts(tmp_path):
    env = wrappers.RecordEpisodes(gym.make("CartPole-v1"), tmp_path)
    env.unwrapped.gravity = 30.0
    played(env, 5, seed=2)
    assert play(tmp_path / "episode-0.jsonl").equal


def test_actions_keep_their_kind(tmp_path):
    env = wrappers.RecordEpisodes(gym.make("Pendulum-v1", disable_env_checker=True), tmp_path)
    env.reset(seed=0)
    given = [np.array([0.1]), np.array([0.1], np.float32), [0.1], np.array([1 / 3])]
    for action in given:
        env.step(action)
    given[0][0] = 5.0  # what was recorded is the recorder's own
    env.close()
    steps = load(tmp_path / "episode-0.jsonl").steps
    dtypes = [getattr(step.action, "dtype", None) for step in steps]
    assert dtypes == [np.float64, np.float32, None, np.float64]
    assert steps[0].action == 0.1
    assert steps[2].action == [0.1]
    assert play(tmp_path / "episode-0.jsonl").equal


def test_which_episodes_and_where(tmp_path):
    env = gym.make("CartPole-v1")
    env = wrappers.RecordEpisodes(env, tmp_path / "new", lambda number: number == 1, "run")
    assert env.last_file is None
    for _ in range(3):
        env.reset()
        env.step(0)
    env.reset()
    env.reset()  # an episode without steps leaves no file
    env.close()
    assert [file.name for file in files_in(tmp_path / "new")] == ["run-1.jsonl"]
    assert env.last_file == str(tmp_path / "new" / "run-1.jsonl")
    assert env.episode_id == 4
    with pytest.raises(TypeError, match="episode_trigger to be a function"):
        wrappers.RecordEpisodes(env, tmp_path, 3)
    (tmp_path / "taken").write_text("")
    with pytest.raises(Error, match="cannot write episodes to the folder"):
        wrappers.RecordEpisodes(env, tmp_path / "taken")
    with pytest.raises(Error, match="TimeLimit around RecordEpisodes"):
        wrappers.TimeLimit(wrappers.RecordEpisodes(env, tmp_path), 3)


def test_an_environment_that_resets_itself(tmp_path):
    env = wrappers.Autoreset(gym.make("FrozenLake-v1"))
    env = wrappers.RecordEpisodes(env, tmp_path)
    env.reset(seed=1)
    for _ in range(40):
        env.step(2)
    env.close()
    replays = [play(file) for file in files_in(tmp_path)]
    assert len(replays) > 3
    assert all(replay.equal for replay in replays)


def test_restored_episodes_are_dropped_and_copies_write_nothing(tmp_path):
    env = wrappers.RecordEpisodes(gym.make("CartPole-v1"), tmp_path)
    env.reset(seed=0)
    env.step(0)
    saved = env.snapshot()
    for twin in (env.clone(), copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        twin.step(0)
        twin.reset()
        twin.step(0)
        twin.close()
    env.restore(saved)
    env.step(0)
    env.reset()
    assert files_in(tmp_path) == []
    env.step(0)
    env.close()
    assert [file.name for file in files_in(tmp_path)] == ["episode-1.jsonl"]

    envs = vector.RecordEpisodes(gym.make_vec("CartPole-v1", 2), tmp_path / "lanes")
    envs.reset(seed=0)
    envs.step(np.zeros(2, int))
    envs.restore(envs.snapshot())
    copy.deepcopy(envs).close()
    envs.close()
    assert files_in(tmp_path / "lanes") == []


def test_a_recorder_within_a_stack_writes_elsewhere_when_played(tmp_path):
    env = wrappers.RecordEpisodes(gym.make("CartPole-v1"), tmp_path / "inner")
    env = wrappers.CsvMonitor(env, tmp_path / "rows")
    played(wrappers.RecordEpisodes(env, tmp_path / "outer"), 30, seed=1)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert all(play(file).equal for file in files_in(tmp_path / "outer"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
