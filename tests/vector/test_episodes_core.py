"""The core's view of Python objects: whatever they are and do, it raises and never crashes."""

import gc
import pickle
import signal
import sys

import numpy as np
import pytest

from dromos._core import episodes as native
from dromos._core import spaces as native_spaces
from dromos.vector.autoreset import EPISODES, AutoresetMode, Episode
from dromos.vector.infos import batch_infos


def new_episode():
    return Episode(AutoresetMode.NEXT_STEP)


class Borrower:
    """Names as its own the slots of another class, whose instances are laid out differently."""


for _name in Episode.__slots__:
    setattr(Borrower, _name, getattr(Episode, _name))


@pytest.mark.parametrize("kind", [None, 3, Borrower, new_episode(), type, Episode.obs])
def test_only_a_class_with_slots_of_its_own_is_a_kind_of_episodes(kind):
    with pytest.raises((TypeError, AttributeError)):
        native.Episodes(kind)


@pytest.mark.parametrize("episodes", [None, 3, (), [3], [None], [Borrower()]])
def test_what_is_no_list_of_episodes_is_refused(episodes):
    flags = np.zeros(1, bool)
    for call in (
        EPISODES.idle,
        EPISODES.observations,
        EPISODES.final_observations,
        EPISODES.infos,
        lambda e: EPISODES.step(e, e, e),
        lambda e: EPISODES.write(e, np.zeros(1), flags, flags, flags),
    ):
        with pytest.raises(TypeError, match=r"episodes|Episode|incompatible"):
            call(episodes)


def test_an_empty_slot_is_an_error():
    hollow = Episode.__new__(Episode)
    with pytest.raises(AttributeError, match="is empty"):
        EPISODES.observations([hollow])
    lane, error = EPISODES.step([hollow], [None], [None])
    assert lane == 0
    assert isinstance(error, AttributeError)


@pytest.mark.parametrize(
    "rewards",
    [
        3,
        np.zeros(2),
        np.zeros(1, np.float32),
        np.zeros(1, ">f8" if sys.byteorder == "little" else "<f8"),
        np.zeros((2, 2))[:, 0],
        np.frombuffer(bytes(8)),
    ],
)
def test_rewards_are_written_to_a_plain_array_only(rewards):
    flags = np.zeros(1, bool)
    with pytest.raises(TypeError, match="rewards must be a writable"):
        EPISODES.write([new_episode()], rewards, flags, flags, flags)


def test_a_flag_that_changes_its_episode_while_it_is_read():
    episode = new_episode()

    class Vanishing:
        def __bool__(self):
            episode.terminated = None
            gc.collect()
            return True

    episode.terminated = Vanishing()
    terminated, flags = np.zeros(1, bool), np.zeros(1, bool)
    EPISODES.write([episode], np.zeros(1), terminated, flags, flags.copy())
    assert terminated.all()


def test_infos_that_change_while_they_are_read():
    class Key(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            changing.clear()
            infos.clear()
            return str.__eq__(self, other)

    changing = {Key("a"): object(), Key("b"): object()}
    infos = [{Key("b"): 1, Key("a"): 2}, changing]
    with pytest.raises(RuntimeError, match="changed its size"):
        batch_infos(infos, [0, 1], 2)


def test_a_key_without_a_text_raises_what_its_text_raises():
    class Mute:
        def __str__(self):
            raise KeyError("no text")

    with pytest.raises(KeyError, match="no text"):
        batch_infos([{Mute(): 1}], [0], 1)


def test_infos_within_themselves_are_too_deep():
    info = {}
    info["info"] = info
    with pytest.raises(RecursionError):
        batch_infos([info], [0], 1)


@pytest.mark.parametrize(
    ("infos", "rows", "num_rows", "error"),
    [
        (3, [0], 1, TypeError),
        ([3], [0], 1, TypeError),
        ([{"a": 1}], 3, 1, TypeError),
        ([{"a": 1}], ["x"], 1, TypeError),
        ([{"a": 1}], [0.5], 1, TypeError),
        ([{"a": 1}], [-1], 1, IndexError),
        ([{"a": 1}], [1], 1, IndexError),
        ([{"a": 1}], [2**70], 1, IndexError),
        ([{"a": 1}], [0], -1, IndexError),
        ([{"a": 1}], [0, 1], 2, ValueError),
    ],
)
def test_wrong_infos_and_rows_are_refused(infos, rows, num_rows, error):
    with pytest.raises(error):
        batch_infos(infos, rows, num_rows)


def test_a_signal_amid_infos_raises_and_does_no_more():
    def interrupt(*_):
        raise KeyboardInterrupt

    infos, interrupts = [{"a": 1, "b": 2.5}, {"a": 2}], 0
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        while interrupts < 200:
            try:
                signal.setitimer(signal.ITIMER_REAL, 2e-5 + 1e-7 * interrupts)
                while True:
                    batch_infos(infos, range(2), 2)
            except KeyboardInterrupt:
                interrupts += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert batch_infos(infos, range(2), 2)["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("dtype", "item"),
    [
        ("S3", np.bytes_(b"ab")),
        ("U1", np.str_("a")),
        ([("a", "i1")], np.zeros(1, [("a", "i1")])[0]),
        ("M8[s]", np.datetime64(3, "D")),
    ],
)
def test_scalars_that_are_no_numbers_are_not_stacked(dtype, item):
    out = np.zeros(4, dtype)
    assert native_spaces.stack([item] * 4, out) is None
    assert (out == np.zeros(4, dtype)).all()


class Odd:
    """An environment whose steps are right, wrong, or raise."""

    infos = ({}, {"a": 1}, {"a": 1.5, "b": {"c": np.zeros(3, np.float32)}, "z": "text"}, {1: 2})

    def step(self, action):
        if action == 4:
            raise KeyError(action)
        if action == 5:
            return 1
        return [0, action, action == 3, [], self.infos[action]]

    def reset(self):
        return 0, {}


def test_steps_right_and_wrong_leave_the_references_as_they_were():
    kept = [None, True, False, Episode, *Odd.infos, np.dtype(np.int64), np.dtype(np.float32), "a"]

    def run(rounds):
        episodes, envs = [new_episode() for _ in range(3)], [Odd() for _ in range(3)]
        flags = [np.zeros(3, bool) for _ in range(3)]
        for i in range(rounds):
            EPISODES.step(episodes, envs, [i % 4, i % 6, i % 5])
            EPISODES.idle(episodes)
            EPISODES.observations(episodes)
            EPISODES.write(episodes, np.zeros(3, float), *flags)
            batch_infos(EPISODES.infos(episodes), range(3), 3)
            with pytest.raises(TypeError):
                batch_infos([{"a": 1}, 3], [0, 1], 2)

    run(100)
    gc.collect()
    before = [sys.getrefcount(thing) for thing in kept]
    run(2000)
    gc.collect()
    after = [sys.getrefcount(thing) for thing in kept]
    assert max(abs(b - a) for a, b in zip(after, before, strict=True)) < 100


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_episodes_travel(protocol):
    episode = new_episode()
    EPISODES.step([episode], [Odd()], [3])
    copy = pickle.loads(pickle.dumps(episode, protocol))
    assert all(getattr(copy, name) == getattr(episode, name) for name in Episode.__slots__)


def test_results_go_to_the_rows_they_are_given():
    episodes = [new_episode(), new_episode()]
    episodes[0].reward, episodes[1].reward = 1.0, 2.0
    rewards, flags = np.zeros(4), np.ones(4, bool)
    assert EPISODES.write(episodes, rewards, flags, flags, flags, [3, 1])
    assert rewards.tolist() == [0, 2, 0, 1]
    assert flags.tolist() == [True, False, True, False]
    out = np.zeros((3, 2))
    assert native_spaces.stack([np.ones(2), np.full(2, 2.0)], out, [2, 0])
    assert out.tolist() == [[2, 2], [0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [([0], ValueError), ([0, 4], IndexError), ([-1, 0], IndexError), ([0, "1"], TypeError),
     ([0, 2**70], IndexError), ((0, 1), TypeError)],
)  # fmt: skip
def test_rows_that_there_are_not_are_refused(rows, kind):
    flags = np.ones(4, bool)
    with pytest.raises(kind):
        EPISODES.write([new_episode(), new_episode()], np.zeros(4), flags, flags, flags, rows)
    with pytest.raises(kind):
        native_spaces.stack([np.ones(2), np.ones(2)], np.zeros((4, 2)), rows)


def test_a_report_is_written_at_once_if_all_of_it_is_plain():
    episodes = [new_episode(), new_episode()]
    for number, episode in enumerate(episodes):
        episode.obs, episode.reward = np.full(2, number, np.float32), number
    obs, rewards, flags = np.ones((3, 2), np.float32), np.ones(3), np.ones(3, bool)
    assert EPISODES.report(episodes, obs, rewards, flags, flags, flags, [2, 0])
    assert obs.tolist() == [[1, 1], [1, 1], [0, 0]]
    assert rewards.tolist() == [1, 1, 0]
    assert flags.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("info", {"a": 1}),
        ("info", None),
        ("obs", np.zeros(2)),
        ("obs", np.zeros(3, np.float32)),
        ("obs", [0.0, 0.0]),
        ("reward", np.zeros(1)),
        ("reward", "1"),
    ],
)
def test_a_report_that_is_not_plain_is_for_others_to_write(name, value):
    episode = new_episode()
    episode.obs = np.zeros(2, np.float32)
    setattr(episode, name, value)
    obs, rewards, flags = np.ones((1, 2), np.float32), np.ones(1), np.ones(1, bool)
    assert not EPISODES.report([episode], obs, rewards, flags, flags, flags)
