import json
import sys

import pytest

import dromos as gym

PARTS = ["display", "window", "video", "plot", "viewer", "mujoco", "mujoco pictures"]


def parts(report):
    return {part["name"]: part for part in report["parts"]}


def test_doctor_as_json(dromos):
    code, out, err = dromos("doctor", "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert report["dromos"] == gym.__version__
    assert report["threads"] >= 1
    assert [part["name"] for part in report["parts"]] == PARTS
    for part in report["parts"]:
        assert part["works"] == (part["remedy"] is None)
        assert part["found"]
    assert parts(report)["video"]["works"]
    assert parts(report)["plot"]["works"]
    assert parts(report)["viewer"]["works"]


@pytest.mark.parametrize(
    ("part", "library", "extra"),
    [("window", "pygame", "window"), ("video", "av", "video"), ("plot", "matplotlib", "plot")],
)
def test_doctor_gives_the_line_that_installs_what_is_missing(
    dromos, monkeypatch, part, library, extra
):
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    found = parts(json.loads(dromos("doctor", "--json").out))[part]
    assert found == {
        "name": part,
        "works": False,
        "found": "not installed",
        "remedy": f'pip install "dromos[{extra}]"',
    }


def test_doctor_without_a_display_says_how_to_get_one(dromos, monkeypatch):
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(variable, raising=False)
    found = parts(json.loads(dromos("doctor", "--json").out))
    for part in ("display", "window"):
        assert not found[part]["works"]
        assert "xvfb-run" in found[part]["remedy"]


def test_doctor_for_people(dromos):
    code, out, _ = dromos("doctor")
    assert code == 0
    for name in PARTS:
        assert name in out
