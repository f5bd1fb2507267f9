"""The core's view of Python objects: whatever they are and do, it raises and never crashes."""

import gc
import subprocess
import sys

import numpy as np
import pytest

from dromos._core import batch as core
from dromos._core import episodes as native
from dromos._core import spaces as native_spaces
from dromos.vector.autoreset import INTERRUPTED, UNSET, AutoresetMode, make_episodes
from dromos.vector.infos import batch_infos


class Walked:
    """The core's walk over environments, with the lists and arrays that it writes to."""

    def __init__(self, envs, mode=AutoresetMode.NEXT_STEP, **changed):
        count = len(envs)
        self.episodes = make_episodes(count, mode)
        self.reports = [None] * count, [None] * count, [{} for _ in envs]
        self.rewards = np.zeros(count)
        self.terminated, self.truncated = np.zeros((2, count), bool)
        arguments = {
            "episodes": self.episodes,
            "envs": envs,
            "reports": self.reports,
            "rewards": self.rewards,
            "terminated": self.terminated,
            "truncated": self.truncated,
            "replace": lambda env, obs, info: (env.reset()[0], obs, info),
            "number": lambda lane, reward: float(reward),
        }
        self.lanes = native.PythonLanes(**{**arguments, **changed})

    def start(self):
        for lane in range(len(self.rewards)):
            self.lanes.begin(lane, (0, {}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rewards", 3),
        ("rewards", np.zeros(2)),
        ("rewards", np.zeros(1, np.float32)),
        ("rewards", np.zeros(1, ">f8" if sys.byteorder == "little" else "<f8")),
        ("rewards", np.zeros((2, 2))[:, 0]),
        ("rewards", np.frombuffer(bytes(8))),
        ("terminated", np.zeros(1)),
        ("truncated", np.zeros(2, bool)),
        ("envs", (None,)),
        ("reports", ([None], [None], [])),
        ("reports", ([None], [None], None)),
        ("episodes", 3),
    ],
)
def test_only_lists_and_plain_arrays_of_one_row_a_lane_are_written_to(name, value):
    with pytest.raises((TypeError, ValueError)):
        Walked([Odd()], **{name: value})


@pytest.mark.parametrize(
    "arrays",
    [
        (np.zeros(2, np.int64), np.zeros(2, np.int32), np.zeros(2, np.uint8), np.zeros(2, bool)),
        (np.zeros(2, np.int32), np.zeros(3, np.int32), np.zeros(2, np.uint8), np.zeros(2, bool)),
        (np.zeros(2, np.int32), np.zeros(2, np.int32), None, np.zeros(2, bool)),
    ],
)
def test_only_plain_arrays_are_episodes(arrays):
    with pytest.raises(TypeError, match=r"must be a writable|incompatible"):
        native.Episodes(core.Autoreset.NEXT_STEP, *arrays)


@pytest.mark.parametrize("lanes", [[2], [-1], np.array([5]), ["x"], [2**70]])
def test_lanes_that_there_are_not_are_refused(lanes):
    episodes = make_episodes(2, AutoresetMode.DISABLED)
    flags = np.zeros(2, bool)
    for call in (
        episodes.idle,
        episodes.restarting,
        episodes.interrupt,
        episodes.end,
        lambda lanes: episodes.begin(lanes, restarted=True),
        lambda lanes: episodes.count_steps(lanes, flags, flags),
    ):
        with pytest.raises((IndexError, TypeError, RuntimeError, ValueError)):
            call(lanes)


@pytest.mark.parametrize("mode", AutoresetMode)
def test_a_limit_counts_the_steps_of_each_lane(mode):
    episodes = make_episodes(3, mode)
    episodes.limit[:] = [1, 2, 3]
    episodes.begin(None, restarted=True)
    assert episodes.restarted.all()
    terminated, truncated = np.zeros((2, 3), bool)
    assert episodes.count_steps(None, terminated, truncated).tolist() == [0]
    assert truncated.tolist() == [True, False, False]
    assert episodes.elapsed.tolist() == [1, 1, 1]
    restarts = episodes.restarting([0, 1]).tolist()
    assert restarts == [mode is AutoresetMode.NEXT_STEP, False]
    assert episodes.idle() == ([0] if mode is AutoresetMode.DISABLED else [])


def test_interrupted_lanes_have_to_be_reset_and_unset_ones_stay_unset():
    episodes = make_episodes(2, AutoresetMode.NEXT_STEP)
    episodes.begin([1], restarted=True)
    episodes.interrupt([0, 1])
    assert episodes.status.tolist() == [UNSET, INTERRUPTED]
    assert episodes.idle() == [0, 1]


@pytest.mark.parametrize("result", [None, 3, (0, 1.0, False, False), (0,) * 6])
def test_a_result_that_is_none_is_told(result):
    env = Odd()
    env.step = lambda action: result
    walked = Walked([env])
    walked.start()
    lane, error = walked.lanes.step(None, [0])
    assert lane == 0
    assert isinstance(error, (TypeError, ValueError))
    assert walked.episodes.idle() == [0]


def test_envs_that_vanish_during_a_step_raise():
    envs = [Odd(), Odd()]
    walked = Walked(envs)
    walked.start()
    envs[0].step = lambda action: envs.clear() or (0, 1.0, False, False, {})
    lane, error = walked.lanes.step(None, [0, 0])
    assert (lane, type(error)) == (1, IndexError)


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


AMID_INFOS = """
import signal
from dromos.vector.infos import batch_infos

def interrupt(*_):
    raise KeyboardInterrupt

infos, interrupts = [{"a": 1, "b": 2.5}, {"a": 2}], 0
signal.signal(signal.SIGALRM, interrupt)
while interrupts < 200:
    try:
        signal.setitimer(signal.ITIMER_REAL, 2e-5 + 1e-7 * interrupts, 0.1)
        while True:
            batch_infos(infos, range(2), 2)
    except KeyboardInterrupt:
        interrupts += 1
signal.signal(signal.SIGALRM, signal.SIG_IGN)
assert batch_infos(infos, range(2), 2)["a"].tolist() == [1, 2]
"""


def test_a_signal_amid_infos_raises_and_does_no_more():
    command = [sys.executable, "-c", AMID_INFOS]  # nothing else is interrupted there
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


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


def test_steps_right_and_wrong_leave_the_references_as_they_were():
    kept = [None, True, False, *Odd.infos, np.dtype(np.int64), np.dtype(np.float32), "a"]

    def run(rounds):
        walked = Walked([Odd() for _ in range(3)])
        walked.start()
        for i in range(rounds):
            walked.lanes.step(None, [i % 4, i % 6, i % 5])
            walked.episodes.begin(walked.episodes.idle(), restarted=False)
            walked.lanes.observations()
            walked.lanes.write_plain(np.zeros((3, 1)), None)
            batch_infos(walked.lanes.infos(), range(3), 3)
            with pytest.raises(TypeError):
                batch_infos([{"a": 1}, 3], [0, 1], 2)

    run(100)
    gc.collect()
    before = [sys.getrefcount(thing) for thing in kept]
    run(2000)
    gc.collect()
    after = [sys.getrefcount(thing) for thing in kept]
    assert max(abs(b - a) for a, b in zip(after, before, strict=True)) < 100


def test_observations_go_to_the_rows_they_are_given():
    walked = Walked([Odd(), Odd(), Odd()])
    for lane in range(3):
        walked.lanes.begin(lane, (np.full(2, lane, np.float32), {}))
    out = np.full((3, 2), -1, np.float32)
    assert walked.lanes.write_plain(out, [2, 0])
    assert out.tolist() == [[0, 0], [-1, -1], [2, 2]]
    out = np.zeros((3, 2))
    assert native_spaces.stack([np.ones(2), np.full(2, 2.0)], out, [2, 0])
    assert out.tolist() == [[2, 2], [0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [([0], ValueError), ([0, 4], IndexError), ([-1, 0], IndexError), ([0, "1"], TypeError),
     ([0, 2**70], IndexError), ((0, 1), TypeError)],
)  # fmt: skip
def test_rows_that_there_are_not_are_refused(rows, kind):
    with pytest.raises(kind):
        native_spaces.stack([np.ones(2), np.ones(2)], np.zeros((4, 2)), rows)


@pytest.mark.parametrize(
    ("obs", "info"),
    [
        (np.zeros(2, np.float32), {"a": 1}),
        (np.zeros(2, np.float32), None),
        (np.zeros(2), {}),
        (np.zeros(3, np.float32), {}),
        ([0.0, 0.0], {}),
    ],
)
def test_a_report_that_is_not_plain_is_for_others_to_write(obs, info):
    walked = Walked([Odd()])
    walked.lanes.begin(0, (obs, info))
    assert not walked.lanes.write_plain(np.ones((1, 2), np.float32), None)
