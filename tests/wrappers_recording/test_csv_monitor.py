"""`CsvMonitor`: what it notes of episodes, and files that are whole and go on."""

import copy
import csv
import json
import pickle
import time
from types import SimpleNamespace

import numpy as np
import pytest

import dromos as gym
from dromos import spaces
from dromos.core import Env
from dromos.error import Error
from dromos.wrappers import CsvMonitor
from dromos.wrappers.csv_monitor import get_monitor_files, load_results


class Task(Env):
    """Ends after `end` steps; each earns a third."""

    action_space = spaces.Discrete(2)
    observation_space = spaces.Discrete(100)

    def __init__(self, end=3):
        self.end, self.count = end, 0

    def reset(self, *, seed=None, options=None, level=None):
        super().reset(seed=seed)
        self.count = 0
        return 0, {}

    def step(self, action):
        self.count += 1
        info = {"won": bool(action), "note": "a, b", "score": np.float64(0.5)}
        return self.count, np.float32(1 / 3), False, self.count >= self.end, info


def play(env, episodes=1, **reset):
    infos = []
    for _ in range(episodes):
        env.reset(**reset)
        ended = False
        while not ended:
            _, _, terminated, truncated, info = env.step(1)
            ended = terminated or truncated
        infos.append(info)
    return infos


def lines_of(path):
    return path.read_text().splitlines()


@pytest.fixture
def path(tmp_path):
    """The file of `CsvMonitor(env, tmp_path / "run")`."""
    return tmp_path / "run.monitor.csv"


def test_the_file_has_a_header_the_columns_and_a_row_for_each_episode(tmp_path, path):
    before = time.time()
    env = CsvMonitor(gym.make("CartPole-v1"), tmp_path / "run")
    header, columns = lines_of(path)
    assert header.startswith("#")
    told = json.loads(header[1:])
    assert list(told) == ["t_start", "env_id"]
    assert told["env_id"] == "CartPole-v1"
    assert before <= told["t_start"] == env.t_start <= time.time()
    assert columns == "r,l,t"
    infos = play(env, episodes=3)
    rows = [line.split(",") for line in lines_of(path)[2:]]
    assert len(rows) == 3
    for row, info in zip(rows, infos, strict=True):
        assert [float(row[0]), int(row[1]), float(row[2])] == list(info["episode"].values())


def test_the_info_and_the_statistics(tmp_path):
    env = CsvMonitor(Task())
    (info,) = play(env)
    third = float(np.float32(1 / 3))
    assert list(info) == ["won", "note", "score", "episode"]
    assert (info["episode"]["r"], info["episode"]["l"]) == (1.0, 3)
    assert env.get_episode_rewards() == [third + third + third] != [1.0]
    assert env.get_episode_lengths() == [3]
    (end,) = env.get_episode_times()
    assert info["episode"]["t"] == round(end, 6)
    env.reset()
    env.step(0)
    assert env.get_total_steps() == 4
    assert list(tmp_path.iterdir()) == []


def test_keywords_are_columns(tmp_path, path):
    env = CsvMonitor(
        Task(),
        tmp_path / "run",
        reset_keywords=("level", "seed", "kind"),
        info_keywords=("won", "note", "score"),
    )
    (info,) = play(env, level=2, seed=7, options={"kind": "hard"})
    assert lines_of(path)[1] == "r,l,t,level,seed,kind,won,note,score"
    with path.open(newline="") as file:
        (row,) = list(csv.reader(file))[2:]
    assert row[3:] == ["2", "7", "hard", "True", "a, b", "0.5"]
    assert info["episode"]["level"] == 2
    assert info["episode"]["note"] == "a, b"


def test_keywords_that_are_missing(tmp_path):
    env = CsvMonitor(Task(), reset_keywords=("level",))
    with pytest.raises(ValueError, match=r"pass keyword argument level into reset.*found \['seed'"):
        env.reset(seed=1)
    env = CsvMonitor(Task(1), info_keywords=("won", "absent"))
    env.reset()
    with pytest.raises(Error, match=r"has no \['absent'\], its keys are \['note', 'score', 'won'"):
        env.step(0)


def test_early_resets(tmp_path):
    env = CsvMonitor(Task(), allow_early_resets=False)
    play(env)
    env.reset()
    env.step(0)
    with pytest.raises(
        RuntimeError, match=r"before its episode has ended.*allow_early_resets=True"
    ):
        env.reset()
    env.step(0)
    env.step(0)
    env.reset()
    allowed = CsvMonitor(Task())
    allowed.reset()
    allowed.step(0)
    play(allowed)
    assert allowed.get_episode_lengths() == [3]
    assert allowed.get_total_steps() == 4


def test_steps_outside_of_episodes():
    env = CsvMonitor(Task())
    with pytest.raises(RuntimeError, match="Tried to step environment that needs reset"):
        env.step(0)
    play(env)
    with pytest.raises(RuntimeError, match="Tried to step environment that needs reset"):
        env.step(0)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("run", "run.monitor.csv"),
        ("run.monitor.csv", "run.monitor.csv"),
        ("deep/er/run", "deep/er/run.monitor.csv"),
        (".", "monitor.csv"),
    ],
)
def test_names_of_files(tmp_path, name, file):
    CsvMonitor(Task(), str(tmp_path / name))
    assert (tmp_path / file).is_file()


# Going on.


def test_a_file_is_replaced_unless_told(tmp_path, path):
    play(CsvMonitor(Task(), tmp_path / "run"), episodes=2)
    play(CsvMonitor(Task(), tmp_path / "run"))
    assert len(lines_of(path)) == 3


def test_a_run_goes_on_in_its_file(tmp_path, path):
    first = CsvMonitor(Task(), tmp_path / "run", override_existing=False)
    play(first, episodes=2)
    second = CsvMonitor(Task(), tmp_path / "run", override_existing=False)
    assert second.t_start == first.t_start
    (info,) = play(second)
    assert len(lines_of(path)) == 5
    times = [float(line.split(",")[2]) for line in lines_of(path)[2:]]
    assert times == sorted(times)
    assert times[-1] == info["episode"]["t"]
    assert second.get_episode_lengths() == [3]


def test_a_row_that_was_cut_off_goes(tmp_path, path):
    play(CsvMonitor(Task(), tmp_path / "run"), episodes=2)
    whole = path.read_text()
    path.write_text(whole[:-5])
    assert len(load_results(tmp_path)["r"]) == 1
    play(CsvMonitor(Task(), tmp_path / "run", override_existing=False))
    assert lines_of(path)[:3] == whole.splitlines()[:3]
    assert len(lines_of(path)) == 4
    assert len(load_results(tmp_path)["r"]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a file of episodes"),
        ("r,l,t\n1,2,3\n", "is not a file of episodes"),
        ('#{"env_id": "x"}\nr,l,t\n', "is not a file of episodes"),
        ('#{"t_start": 1.5}\nr,l,t,level\n', r"columns \['r', 'l', 't', 'level'\], expected"),
    ],
)
def test_files_that_cannot_be_gone_on_with(tmp_path, path, text, message):
    path.write_text(text)
    with pytest.raises(Error, match=message):
        CsvMonitor(Task(), tmp_path / "run", override_existing=False)
    assert path.read_text() == text


def test_places_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "run.monitor.csv").mkdir()
    for name in (tmp_path / "file" / "run", tmp_path / "run", "/proc/run"):
        with pytest.raises(Error, match=r"cannot write the episodes to .*monitor\.csv: "):
            CsvMonitor(Task(), name)


def test_a_file_that_goes_is_an_error_and_the_environment_goes_on(tmp_path, path):
    env = CsvMonitor(Task(1), tmp_path / "run")
    path.unlink()
    env.reset()
    with pytest.raises(Error, match="No such file or directory"):
        env.step(0)
    assert env.get_episode_lengths() == [1]
    env.reset()


FULL = """
    import os, resource, signal
    from dromos.error import Error
    from dromos.wrappers import CsvMonitor
    from test_csv_monitor import Task
    env = CsvMonitor(Task(1), os.environ["NAME"])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
    failures = 0
    for _ in range(20):
        env.reset()
        try:
            env.step(0)
        except Error as error:
            failures += 1
            assert "is there room on the disk?" in str(error)
    print(failures)
"""


def test_a_full_disk_leaves_whole_rows(tmp_path, path, run_program):
    done = run_program(FULL, NAME=str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert path.stat().st_size <= 200
    assert path.read_text().endswith("\n")
    results = load_results(tmp_path)
    assert len(results["r"]) == 20 - int(done.stdout) > 0


def test_a_killed_process_leaves_every_row(tmp_path, run_program):
    text = """
        import os, signal
        from dromos.wrappers import CsvMonitor
        from test_csv_monitor import Task, play
        play(CsvMonitor(Task(), os.environ["NAME"]), episodes=10)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    assert run_program(text, NAME=str(tmp_path / "run")).returncode < 0
    assert load_results(tmp_path)["l"].tolist() == [3] * 10


# Reading.


def test_the_files_of_a_folder(tmp_path):
    assert get_monitor_files(tmp_path) == get_monitor_files(tmp_path / "missing") == []
    for name in ("b.monitor.csv", "monitor.csv", "a.monitor.csv", "other.csv"):
        (tmp_path / name).write_text("")
    names = ["a.monitor.csv", "b.monitor.csv", "monitor.csv"]
    assert get_monitor_files(str(tmp_path)) == [str(tmp_path / name) for name in names]


def test_results_of_several_files_are_in_the_order_of_their_ends(tmp_path):
    (tmp_path / "a.monitor.csv").write_text('#{"t_start": 100}\nr,l,t\n1.0,10,1.0\n2.0,20,9.0\n')
    (tmp_path / "b.monitor.csv").write_text(
        '#{"t_start": 104.5, "env_id": "x"}\r\nr,l,t,won,level,name\r\n5,50,0.5,True,3,"p,q"\r\n'
    )
    results = load_results(tmp_path)
    assert results["r"].tolist() == [1.0, 5.0, 2.0]
    assert results["l"].tolist() == [10, 50, 20]
    assert results["t"].tolist() == [1.0, 5.0, 9.0]
    assert [column.dtype.kind for column in results.values()] == list("fifUfU")
    assert results["name"].tolist() == ["", "p,q", ""]
    np.testing.assert_equal(results["level"], [np.nan, 3, np.nan])


def test_results_of_a_run(tmp_path):
    env = CsvMonitor(Task(), tmp_path / "run", info_keywords=("won", "score"))
    play(env, episodes=2)
    results = load_results(tmp_path)
    assert results["won"].tolist() == [True, True]
    assert results["score"].tolist() == [0.5, 0.5]
    np.testing.assert_allclose(results["t"], env.get_episode_times(), atol=1e-5)
    CsvMonitor(Task(), tmp_path / "run")
    results = load_results(tmp_path)
    assert {name: len(column) for name, column in results.items()} == {"r": 0, "l": 0, "t": 0}


def test_results_that_cannot_be_read(tmp_path):
    with pytest.raises(Error, match=r"found no file \*monitor\.csv in"):
        load_results(tmp_path)
    (tmp_path / "a.monitor.csv").write_text('#{"t_start": 1}\nr,l,t\n1.0,10\n')
    expected = r"a\.monitor\.csv, line 3: expected .* found \['1\.0', '10'\]"
    with pytest.raises(Error, match=expected):
        load_results(tmp_path)


# Copies, snapshots, specs.


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_counts_on_without_a_file(tmp_path, path, twin):
    env = CsvMonitor(Task(), tmp_path / "run")
    play(env)
    env.reset()
    env.step(0)
    other = twin(env)
    other.step(0)
    other.step(0)
    assert other.get_episode_lengths() == [3, 3]
    assert len(lines_of(path)) == 3
    env.step(0)
    env.step(0)
    assert len(lines_of(path)) == 4


def test_a_restore_takes_back_the_statistics_not_the_rows(tmp_path, path):
    env = CsvMonitor(Task(), tmp_path / "run")
    env.reset()
    env.step(0)
    saved = env.snapshot()
    for _ in range(2):
        env.restore(saved)
        env.step(0)
        _, _, _, truncated, info = env.step(0)
        assert truncated
        assert info["episode"]["r"] == 1.0
    assert env.get_episode_lengths() == [3]
    assert env.get_total_steps() == 3
    assert len(lines_of(path)) == 4


def test_arguments_are_recorded(tmp_path):
    env = Task()
    env.spec = SimpleNamespace(id="Task-v0", additional_wrappers=())
    arguments = {
        "filename": str(tmp_path / "run"),
        "allow_early_resets": False,
        "reset_keywords": ("level",),
        "info_keywords": ("won",),
        "override_existing": False,
    }
    (spec,) = CsvMonitor(env, **arguments).spec.additional_wrappers
    assert spec.kwargs == arguments
    assert spec.entry_point == "dromos.wrappers.csv_monitor:CsvMonitor"
