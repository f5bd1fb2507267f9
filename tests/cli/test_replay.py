"""``dromos replay``."""

import json

import numpy as np

import dromos as gym
from dromos.render import read_video
from dromos.wrappers import vector


def recorded(folder):
    envs = vector.RecordEpisodes(gym.make_vec("CartPole-v1", 2), folder)
    envs.reset(seed=1)
    for _ in range(4):
        envs.step(np.ones(2, int))
    envs.close()
    return folder / "episode-1-lane-1.jsonl"


def test_replay(dromos, tmp_path):
    file, film = recorded(tmp_path), tmp_path / "film.mp4"
    ran = dromos("replay", str(file), "--video", str(film))
    assert ran.code == 0, ran.err
    assert "CartPole-v1, lane 1, 4 steps" in ran.out
    assert "played again, bit for bit" in ran.out
    assert len(list(read_video(film))) == 5
    found = json.loads(dromos("replay", str(file), "--json").out)
    assert (found["equal"], found["lane"], found["seed"], found["departure"]) == (True, 1, 2, None)
    assert found["hash"] == found["hash_played"]


def test_replay_says_where_it_departs(dromos, tmp_path):
    file = recorded(tmp_path)
    file.write_text(file.read_text().replace('"reward": 1.0', '"reward": 0.5'))
    ran = dromos("replay", str(file))
    assert ran.code == 1
    assert "departs at step 1: reward was 0.5, is 1.0" in ran.out
    found = json.loads(dromos("replay", str(file), "--json").out)
    assert found["departure"] == {"step": 1, "found": {"reward": {"recorded": 0.5, "played": 1.0}}}


def test_replay_of_what_is_none(dromos, tmp_path):
    file = recorded(tmp_path)
    assert "No such file" in dromos("replay", str(tmp_path / "none")).err
    ran = dromos("replay", str(file), "--render", "ansi")
    assert (ran.code, "expected human or rgb_array, found 'ansi'" in ran.err) == (2, True)
    file.write_text("{")
    ran = dromos("replay", str(file))
    assert ran.code == 2
    assert "line 1: expected JSON" in ran.err


def test_replay_in_a_window(dromos, tmp_path, monkeypatch):
    file, shown = recorded(tmp_path), []

    class Window:
        def __init__(self, title, size, fps):
            shown.append((title, size, fps))

        def show(self, frame):
            shown.append(frame.shape)

        def close(self):
            shown.append("closed")

    monkeypatch.setattr("dromos.cli.replaying.Window", Window)
    assert dromos("replay", str(file), "--render", "human").code == 0
    first, *frames, last = shown
    assert first == ("CartPole-v1: episode-1-lane-1.jsonl", (600, 400), 50)
    assert frames == [(400, 600, 3)] * 5
    assert last == "closed"
    assert dromos("replay", str(file), "--render", "rgb_array").code == 0


def test_a_folder_names_the_files_in_it(dromos, tmp_path):
    (tmp_path / "episode-0.jsonl").write_text("")
    code, _, err = dromos("replay", str(tmp_path))
    assert code == 2
    assert "is a folder: expected one file" in err
    assert "episode-0.jsonl" in err


def test_a_video_of_another_kind_is_refused_before_it_is_written(dromos, tmp_path):
    code, _, err = dromos("replay", str(recorded(tmp_path)), "--video", str(tmp_path / "x.gif"))
    assert code == 2
    assert "ends in .mp4" in err
    assert not (tmp_path / "x.gif").exists()
