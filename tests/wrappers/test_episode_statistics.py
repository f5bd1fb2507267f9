"""`RecordEpisodeStatistics`: sums, queues, and what a copy keeps of them."""

import copy
import pickle
import time

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrapper_fakes import CountingEnv, counting_class

from dromos.error import Error
from dromos.wrappers import RecordEpisodeStatistics


def play(env, actions):
    env.reset()
    return [env.step(action) for action in actions]


def test_statistics_stand_in_the_info_of_the_last_step():
    env = RecordEpisodeStatistics(CountingEnv(end=3))
    steps = play(env, [2, 0, 1])
    assert ["episode" in step[4] for step in steps] == [False, False, True]
    stats = steps[-1][4]["episode"]
    assert (stats["r"], stats["l"]) == (3.0, 3)
    assert stats["t"] > 0
    assert stats["t"] == round(stats["t"], 6)
    assert steps[-1][4]["n"] == 3
    assert env.episode_count == 1
    assert (list(env.return_queue), list(env.length_queue)) == ([3.0], [3])
    assert list(env.time_queue) == [stats["t"]]


def test_queues_hold_the_last_episodes():
    env = RecordEpisodeStatistics(CountingEnv(end=1), buffer_length=2, stats_key="result")
    assert env._stats_key == "result"
    results = [play(env, [action])[-1][4]["result"]["r"] for action in (0, 1, 2)]
    assert results == [0.0, 1.0, 2.0]
    assert list(env.return_queue) == [1.0, 2.0]
    assert env.time_queue.maxlen == env.length_queue.maxlen == 2
    assert env.episode_count == 3


def test_the_environments_own_info_is_not_changed():
    class OneInfo(CountingEnv):
        info = {}  # noqa: RUF012

        def step(self, action):
            return *super().step(action)[:4], self.info

    env = RecordEpisodeStatistics(OneInfo(end=1))
    for _ in range(2):
        assert play(env, [1])[-1][4]["episode"]["r"] == 1.0
    assert OneInfo.info == {}


def test_a_key_in_use_is_named():
    env = RecordEpisodeStatistics(RecordEpisodeStatistics(CountingEnv(end=1)))
    with pytest.raises(Error, match=r"info\['episode'\].*stats_key=\"outer_episode\""):
        play(env, [1])
    outer = RecordEpisodeStatistics(env.env, stats_key="outer_episode")
    assert set(play(outer, [1])[-1][4]) == {"n", "episode", "outer_episode"}


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_keep_sums_queues_and_the_running_time(copied):
    env = RecordEpisodeStatistics(CountingEnv(end=2))
    play(env, [1, 1])
    env.reset()
    env.step(2)
    before = time.perf_counter() - env.episode_start_time
    other = copied(env)
    assert list(other.return_queue) == [2.0]
    stats = other.step(2)[4]["episode"]
    assert (stats["r"], stats["l"]) == (4.0, 2)
    assert before <= stats["t"] + 1e-6
    assert (env.episode_count, other.episode_count) == (1, 2)


def test_snapshots_keep_sums_and_queues():
    env = RecordEpisodeStatistics(CountingEnv(end=3))
    env.reset()
    env.step(2)
    state = env.snapshot()
    env.step(2)
    env.step(2)
    env.restore(state)
    assert env.episode_count == len(env.return_queue) == 0
    env.step(0)
    stats = env.step(1)[4]["episode"]
    assert (stats["r"], stats["l"]) == (3.0, 3)


@given(
    end=st.integers(1, 4),
    buffer_length=st.integers(0, 3),
    episodes=st.lists(st.lists(st.integers(0, 2), max_size=5), max_size=5),
)
def test_any_episodes_agree_with_the_peer(end, buffer_length, episodes):
    ours = RecordEpisodeStatistics(CountingEnv(end), buffer_length)
    peer = gymnasium.wrappers.RecordEpisodeStatistics(counting_class(gymnasium)(end), buffer_length)
    for actions in episodes:
        actions = actions[:end]  # beyond, the peer adds to the episode that is over
        for mine, theirs in zip(play(ours, actions), play(peer, actions), strict=True):
            for info in (mine[4], theirs[4]):
                if "episode" in info:
                    del info["episode"]["t"]
            assert mine == theirs
    for name in ("episode_count", "episode_returns", "episode_lengths"):
        assert getattr(ours, name) == getattr(peer, name)
    for name in ("return_queue", "length_queue"):
        assert getattr(ours, name) == getattr(peer, name)
    assert len(ours.time_queue) == len(peer.time_queue)
