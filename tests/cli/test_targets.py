"""What is named on the command line: ids, classes, modules, files, and the commands themselves."""

import json
import subprocess
import sys

import pytest

import dromos as gym

MODULE = """
import dromos as gym

gym.register("Five-v0", "dromos.envs.classic_control.cartpole:CartPoleEnv", max_episode_steps=5)

class Walk(gym.Env):
    observation_space = gym.spaces.Discrete(3)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return 1, 0.0, True, False, {}
"""


@pytest.fixture(autouse=True)
def _modules(tmp_path, monkeypatch):
    (tmp_path / "five_walks.py").write_text(MODULE)
    (tmp_path / "a_script.py").write_text("raise SystemExit(7)\n")
    (tmp_path / "unfinished.py").write_text("def f(:\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place != ""])
    yield
    for name in ("five_walks", "a_script", "unfinished"):
        sys.modules.pop(name, None)
    gym.registry.pop("Five-v0", None)


@pytest.mark.parametrize(
    ("command", "options"),
    [("check", ()), ("info", ()), ("bench", ("--alone", "--lanes", "2", "--seconds", "0.0001"))],
)
def test_ids_of_a_module_in_the_working_directory(dromos, command, options):
    code, out, _ = dromos(command, "five_walks:Five-v0", *options)
    assert code == 0
    assert "Five-v0" in out


def test_a_class_in_the_working_directory_is_viewed(dromos, monkeypatch):
    pytest.importorskip("websockets")
    monkeypatch.setattr("dromos.cli.terminal.wait", lambda: None)
    code, out, err = dromos("view", "five_walks:Walk", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["url"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("command", ["check", "play", "view", "info", "bench"])
@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("five_walks.py:Walk", "found a file. Say five_walks:Walk."),
        ("./five_walks.py:Walk", "found a file. Say five_walks:Walk."),
        ("there/five_walks.py:Walk", "found a file. Say five_walks:Walk in there."),
        ("nowhere:Walk", "expected a module 'nowhere', found none"),
        ("a-b:Walk", "expected the name of a module, as my_envs, found 'a-b'"),
        ("a_script:Walk", "importing a_script raised SystemExit: 7. Put what the script does"),
        ("unfinished:Walk", "importing unfinished raised SyntaxError"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_line(dromos, command, target, said):
    code, _, err = dromos(command, target)
    assert code == 2
    assert said in " ".join(err.split())


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("five_walks.py", "found a file. Say five_walks:CLASS."),
        ("unfinished", "importing unfinished raised SyntaxError"),
    ],
)
def test_modules_alone(dromos, target, said):
    code, _, err = dromos("check", target)
    assert code == 2
    assert said in " ".join(err.split())


@pytest.mark.parametrize("command", ["list", "check", "run"])
def test_help_on_a_command(dromos, command):
    code, out, err = dromos("help", command)
    assert (code, err) == (0, "")
    assert f"dromos {command}" in out
    if command != "run":
        assert dromos(command, "-h").out == dromos(command, "--help").out


def test_no_columns_at_all_are_not_taken_at_their_word(dromos, monkeypatch):
    monkeypatch.setenv("COLUMNS", "0")
    assert "CartPole-v1" in dromos("list", "--namespace", "classic_control").out


#: Presses Ctrl-C while a module is imported; as some libraries do, that makes an ImportError of it.
PRESSING = """
import os, signal, sys

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            try:
                os.kill(os.getpid(), signal.SIGINT)
            except KeyboardInterrupt:
                raise ImportError("cannot load") from None

sys.meta_path.insert(0, Press())
sys.argv = ["dromos", "list"]
from dromos.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C there")
@pytest.mark.parametrize("module", ["typer", "dromos._core", "dromos.cli.describe"])
def test_ctrl_c_while_a_command_loads_prints_nothing(module):
    ran = subprocess.run(
        [sys.executable, "-c", PRESSING.format(module=module)], capture_output=True, check=False
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")
    assert ran.returncode in (130, -2)  # a shell shows both as 130
