"""``dromos check`` and ``dromos play``."""

import json

import pytest

from dromos.render.keys import ESCAPE, RIGHT, name_of

FAULTY = """
import numpy as np
import dromos as gym

class Walk(gym.Env):
    observation_space = gym.spaces.Discrete(3)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 7, {}

    def step(self, action):
        return 1, 0.0, False, None

class Unmade(gym.Env):
    def __init__(self):
        raise RuntimeError("there is\\nno licence")

class Blind(gym.Env):
    action_space = gym.spaces.Discrete(2)

class Half(gym.Wrapper):
    def close(self):
        pass

x = 3
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "half_walks.py").write_text(FAULTY)
    (tmp_path / "needy.py").write_text("import no_such_library\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")


@pytest.fixture(autouse=True)
def display_off():
    """Leave pygame's display as a program finds it."""
    yield
    import pygame

    pygame.display.quit()


def test_a_sound_environment(dromos, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    code, out, err = dromos("check", "MountainCar-v0", "--strict")
    assert (code, err) == (0, "")
    assert "no faults found" in out
    assert dromos("check", "Taxi-v4", "--vector", "3").code == 0


@pytest.mark.usefixtures("module")
def test_a_class_with_faults(dromos):
    code, out, _ = dromos("check", "half_walks:Walk", "--json")
    assert code == 1
    paths = [fault["path"] for fault in json.loads(out)["errors"]]
    assert paths == ["reset().obs", "step()"]
    code, out, _ = dromos("check", "half_walks:Walk")
    assert code == 1
    assert "2 errors" in out
    assert "remedy" in out


@pytest.mark.usefixtures("module")
def test_a_wrapper(dromos):
    code, out, _ = dromos("check", "half_walks:Half", "--around", "MountainCar-v0")
    assert code == 1
    assert "`close` does not close the wrapped environment" in out
    code, out, _ = dromos("check", "dromos.wrappers:FlattenObservation")
    assert (code, "FlattenObservation: 2 warnings" in out) == (0, True)  # CartPole's own


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("NoSuch-v0", "NoSuch"),
        ("no_such_module:Env", "expected a module 'no_such_module'"),
        ("half_walks:x", "half_walks:x: expected a class"),
        ("needy:Env", "needy imports no_such_library, which is not there"),
        ("half_walks:Walk-v0", "Walk"),
        ("half_walks:Nope", "half_walks has no class 'Nope' and registers no id of this name"),
        ("half_walks", "half_walks:Walk, half_walks:Unmade, half_walks:Blind, half_walks:Half"),
        ("json", "json is a module. There is no class of environments or wrappers in it"),
        (":Walk", "Malformed entry point: ':Walk'"),
        ("half_walks:", "Malformed entry point: 'half_walks:'"),
    ],
)
def test_what_does_not_exist(dromos, target, text):
    code, _, err = dromos("check", target)
    assert code == 2
    assert text in err


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (["half_walks:Unmade"], ["half_walks:Unmade could not be made", "there is no licence"]),
        (["half_walks:Unmade", "--vector", "2"], ["half_walks:Unmade could", "RuntimeError"]),
        (["half_walks:Blind", "--vector", "2"], ["half_walks:Blind could", "observation space"]),
        (["half_walks:Half", "--around", "NoSuch-v0"], ["NoSuch"]),
        (["half_walks:Half", "--around", "half_walks:Unmade"], ["Unmade could not be made"]),
        (["half_walks:Half", "--around", "no_such_module:Env"], ["module 'no_such_module'"]),
    ],
)
def test_what_cannot_be_made(dromos, arguments, texts):
    code, out, err = dromos("check", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    for text in texts:
        assert text in err


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["half_walks:Half", "--vector", "2"], "Leave --vector out"),
        (["half_walks:Half", "--strict"], "Leave --strict out"),
        (["Taxi-v4", "--strict", "--vector", "2"], "Leave one of them out"),
        (["Taxi-v4", "--around", "CartPole-v1"], "Leave --around out"),
    ],
)
def test_options_that_do_not_go_together(dromos, arguments, remedy):
    code, out, err = dromos("check", *arguments)
    assert (code, out) == (2, "")
    assert remedy in err


def test_playing_a_lake(dromos, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    from dromos.render import Window
    from dromos.render.window import KeyEvent

    typed = iter([RIGHT] * 30)
    monkeypatch.setattr(
        Window, "key_events", lambda window: [KeyEvent("down", next(typed, ESCAPE))]
    )
    code, out, err = dromos("play", "FrozenLake-v1", "--seed", "1", "--fps", "1000")
    assert (code, err) == (0, "")
    assert "escape ends" in out
    assert "right" in out
    assert "episode 1:" in out
    typed = iter([RIGHT] * 60)
    code, out, _ = dromos("play", "FrozenLake-v1", "--seed", "1", "--fps", "1000", "--json")
    episodes = json.loads(out)["episodes"]
    assert episodes
    assert set(episodes[0]) == {"steps", "total"}


def test_playing_what_has_no_keys(dromos, monkeypatch):
    from dromos.envs.toy_text import TaxiEnv

    monkeypatch.delattr(TaxiEnv, "get_keys_to_action")
    code, _, err = dromos("play", "Taxi-v4")
    assert code == 2
    assert "which keys play it" in err


def test_playing_without_a_display(dromos, monkeypatch):
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(variable, raising=False)
    code, _, err = dromos("play", "Taxi-v4", "--turns")
    assert code == 2
    assert "cannot open a window" in err


def test_names_of_keys():
    assert [name_of(key) for key in (RIGHT, ESCAPE, 32, ord("a"), 1 << 30)] == [
        "right",
        "escape",
        "space",
        "a",
        "key 1073741824",
    ]


def test_arguments_are_given_as_json(dromos):
    target = "dromos.wrappers:TimeLimit"
    assert "missing 1 required" in dromos("check", target).out
    code, out, _ = dromos("check", target, "--kwargs", '{"max_episode_steps": 9}')
    assert code == 0, out
    assert dromos("check", "CartPole-v1", "--kwargs", '{"gravity": 3.0}').code == 0
    for wrong, text in (("{", "--kwargs: expected JSON"), ("[1]", "expected a JSON object")):
        code, _, err = dromos("check", target, "--kwargs", wrong)
        assert (code, text in err) == (2, True)
