import json
from pathlib import Path

import av
import pytest

from dromos.demo.cross_entropy import SOLVED, evaluate, learn

CLOCK = {"seconds", "steps_per_second", "environment_share"}


def without_clock(value):
    if isinstance(value, dict):
        return {key: without_clock(item) for key, item in value.items() if key not in CLOCK}
    if isinstance(value, list):
        return [without_clock(item) for item in value]
    return value


@pytest.mark.parametrize("seed", [0, 1])
def test_agent_learns_from_nothing_to_solving_fresh_episodes(seed):
    generations = list(learn(seed))
    assert generations[0].mean_return < 150
    assert generations[-1].mean_return >= SOLVED
    assert evaluate(generations[-1].policy, seed, episodes=100).mean() >= SOLVED


def test_demo_writes_a_picture_and_a_playable_video(dromos, tmp_path):
    code, out, err = dromos("demo", "--seed", "0", "--output", str(tmp_path), "--json")
    outcome = json.loads(out)
    assert (code, err, outcome["solved"]) == (0, "", True)
    assert outcome["mean_return"] >= 475
    assert outcome["steps"] == sum(each["steps"] for each in outcome["generations"])

    picture, video = Path(outcome["files"]["curve"]), Path(outcome["files"]["video"])
    assert picture.parent == video.parent == tmp_path
    assert picture.read_bytes().startswith(b"\x89PNG\r\n")
    with av.open(str(video)) as container:
        (stream,) = container.streams.video
        assert stream.codec_context.name == "h264"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    assert len(frames) > 400
    assert frames[0].shape == (400, 600, 3)
    assert (frames[0] != frames[-1]).any()


@pytest.fixture
def no_film(monkeypatch):
    """Leave out what takes most of the time and does not matter to the test."""
    monkeypatch.setattr("dromos.cli.demonstrate.film", lambda policy, seed, path: None)


@pytest.mark.usefixtures("no_film")
def test_same_seed_same_run_and_no_seed_another(dromos, tmp_path):
    def outcome(*arguments):
        command = ("demo", "--generations", "2", "--output", str(tmp_path), "--json")
        return without_clock(json.loads(dromos(*command, *arguments).out))

    assert outcome("--seed", "5") == outcome("--seed", "5")
    assert outcome()["seed"] != outcome()["seed"]


@pytest.mark.usefixtures("no_film")
def test_demo_that_does_not_solve_says_so_and_fails(dromos, tmp_path):
    code, out, _ = dromos("demo", "--seed", "1", "--generations", "1", "--output", str(tmp_path))
    assert code == 1
    assert "CartPole-v1 not solved" in out


@pytest.mark.usefixtures("no_film")
def test_demo_prints_the_curve_line_by_line_without_a_terminal(dromos, tmp_path):
    _, out, _ = dromos("demo", "--seed", "1", "--generations", "3", "--output", str(tmp_path))
    lines = [line.split() for line in out.splitlines()]
    assert [line[0] for line in lines if line and line[0].isdigit()] == ["1", "2", "3"]
    assert "\x1b" not in out
    assert "steps/s" in out


@pytest.mark.parametrize("arguments", [("--seed", "-1"), ("--generations", "0"), ("--seed", "x")])
def test_demo_refuses_bad_arguments(dromos, arguments):
    assert dromos("demo", *arguments).code == 2


def test_demo_that_cannot_write_its_results_fails(dromos, tmp_path):
    (tmp_path / "file").touch()
    command = ("demo", "--generations", "1", "--output", str(tmp_path / "file"))
    code, _, err = dromos(*command)
    assert code == 1
    assert err.startswith("error: ")
