"""``dromos run``: programs as Python runs them, and what they would lack."""

import json
import os
import re
from pathlib import Path

import pytest
from alias_programs import output, run

SCRIPT = """
import sys
import gymnasium
import beside
print(gymnasium.Env.__module__, sys.argv, __name__, __file__, beside.here, sep="|")
sys.exit(7)
"""


@pytest.fixture
def program(tmp_path):
    (tmp_path / "beside.py").write_text("here = __name__\n")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    return script


def test_a_script_runs_as_under_python(program, tmp_path):
    arguments = ["--dry-run", "-m", "--api=3", "x y"]
    done = run("-m", "dromos", "run", str(program), *arguments, cwd=tmp_path.parent)
    expected = [
        "gymnasium.core",
        str([str(program), *arguments]),
        "__main__",
        str(program),
        "beside",
    ]
    assert done.stdout.strip().split("|") == expected
    assert done.returncode == 7


def test_a_module_runs_as_under_python(program, tmp_path):
    done = run("-m", "dromos", "run", "-m", "script", "--help", cwd=tmp_path)
    expected = ["gymnasium.core", str([str(program), "--help"]), "__main__", str(program), "beside"]
    assert done.stdout.strip().split("|") == expected
    assert done.returncode == 7


def test_an_error_of_the_program_is_pythons(program):
    program.write_text("raise OSError('disk on fire')")
    done = run("-m", "dromos", "run", str(program))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("OSError: disk on fire\n")


def test_gym_is_answered_for_on_demand(program):
    program.write_text("import gym, gymnasium\nprint(gym.spaces is gymnasium.spaces)")
    assert output("-m", "dromos", "run", "--gym", str(program)) == "True\n"
    assert "No module named 'gym'" in run("-m", "dromos", "run", str(program)).stderr


def test_the_search_path_keeps_what_was_on_it(program, tmp_path):
    program.write_text("import os, gymnasium; print(os.environ['PYTHONPATH'])")
    inherited = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    done = run("-m", "dromos", "run", str(program), PYTHONPATH=inherited)
    shim, *others = done.stdout.strip().split(os.pathsep)
    assert Path(shim).name == "gymnasium-1.4"
    assert os.pathsep.join(others) == inherited


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected a script, or -m and a module"),
        (
            ["--api", "0.1", "script.py"],
            "There is no dialect gym 0.1. The nearest is gym 0.7 to 0.10: write `--api 0.9`",
        ),
        (["--dry-run", "nothing.py"], "There is no script nothing.py"),
        (["--dry-run", "-m", "nothing"], "There is no module nothing"),
        (["--dry-run", "script.py"], "script.py cannot be read as Python"),
    ],
)
def test_wrong_arguments_are_told(tmp_path, arguments, message):
    (tmp_path / "script.py").write_text("1 +")
    done = run("-m", "dromos", "run", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


DRY = """\
from typing import TYPE_CHECKING
import gymnasium as gym
from gymnasium.wrappers import TimeLimit, TimeLimits
import gymnasium.spaces.boxes
from package.part import something
import numpy
try:
    from gymnasium import gone
except ImportError:
    gone = None
if TYPE_CHECKING:
    from gymnasium import unseen
gym.make("CartPole-v1").unwrapped.anything
gym.spaces.Boks(0, 1)
print(gym.__version__, TimeLimit.nothing)
raise SystemExit("never run")
"""


def test_a_dry_run_lists_what_is_missing_and_runs_nothing(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("from . import other\n")
    (tmp_path / "package" / "part.py").write_text("from .other import *\nsomething = 1\n")
    (tmp_path / "package" / "other.py").write_text("import gymnasium.vector as v\nv.Vectors\n")
    script = tmp_path / "script.py"
    script.write_text(DRY)
    done = run("-m", "dromos", "run", "--dry-run", "--json", str(script))
    found = {
        (Path(lack["file"]).name, lack["line"], lack["name"]): lack
        for lack in json.loads(done.stdout)
    }
    assert set(found) == {
        ("other.py", 2, "gymnasium.vector.Vectors"),
        ("script.py", 3, "gymnasium.wrappers.TimeLimits"),
        ("script.py", 4, "gymnasium.spaces.boxes"),
        ("script.py", 8, "gymnasium.gone"),
        ("script.py", 14, "gymnasium.spaces.Boks"),
    }
    guarded = [name for (_, _, name), lack in found.items() if lack["guarded"]]
    assert guarded == ["gymnasium.gone"]
    assert done.returncode == 1
    said = run("-m", "dromos", "run", "--dry-run", str(script)).stdout
    assert (
        f"{script}:14: dromos, which answers for gymnasium here, has no `gymnasium.spaces.Boks`"
        in said
    )
    assert "5 names are missing, 4 of them imported without a fallback." in said


def test_a_dry_run_lists_what_each_name_lacks(program):
    program.write_text("import gymnasium\nimport gym\ngymnasium.boks\ngym.boks\n")
    done = run("-m", "dromos", "run", "--dry-run", "--gym", "--json", str(program))
    found = [(lack["line"], lack["name"]) for lack in json.loads(done.stdout)]
    assert found == [(3, "gymnasium.boks"), (4, "gym.boks")]


@pytest.mark.parametrize("user", ["alpha", "beta"])
def test_a_dry_run_reads_packages_of_which_one_uses_the_library(program, tmp_path, user):
    installed = tmp_path / "installed"
    for part in ("alpha", "beta"):
        (installed / "shared" / part).mkdir(parents=True)
        (installed / "shared" / part / "__init__.py").write_text("import gymnasium.boks\n")
        info = installed / f"{part}-1.0.dist-info"
        info.mkdir()
        needs = "Requires-Dist: gymnasium>=1\n" if part == user else ""
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {part}\nVersion: 1.0\n{needs}"
        )
        (info / "top_level.txt").write_text("shared\n")
    program.write_text(f"import shared.{user}\n")
    path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH"))))
    done = run("-m", "dromos", "run", "--dry-run", "--json", str(program), PYTHONPATH=path)
    assert [lack["name"] for lack in json.loads(done.stdout)] == ["gymnasium.boks"]


@pytest.mark.parametrize(
    ("name", "spoken", "release"),
    [
        ("gym.undo_logger_setup", "0.25", "0.9"),
        ("gym.wrappers.StickyAction", "0.25", "1.4"),
        ("gymnasium.wrappers.FrameStack", "1.4", "0.29"),
    ],
)
def test_a_name_of_another_release_is_told_with_what_makes_it_work(program, name, spoken, release):
    library = name.partition(".")[0]
    use = f"import {library}\nprint({name}.__name__)\n"
    program.write_text(use)
    says = run("-m", "dromos", "run", "--api", spoken, "--dry-run", str(program)).stdout
    assert f"It is a name of release {release}: " in says
    options, call = re.search(
        r"`(--api .*?)` of `dromos run`, or `(install\(.*?\))`", says
    ).groups()
    expected = f"{name.rpartition('.')[2]}\n"
    assert output("-m", "dromos", "run", *options.split(), str(program)) == expected
    program.write_text(f"from dromos.compat.gymnasium import install\n{call}\n{use}")
    assert output(str(program)) == expected


def test_the_guide_shows_what_is_said(program):
    guide = Path(__file__).parents[2].joinpath("docs", "drop-in.md").read_text()
    shown = " ".join(re.search(r"```\n(ImportError: .*?)```", guide, re.DOTALL)[1].split())
    program.write_text("from gymnasium.wrappers import FrameStack")
    assert shown in run("-m", "dromos", "run", str(program)).stderr


def test_a_dry_run_of_a_program_that_lacks_nothing(tmp_path):
    (tmp_path / "fine.py").write_text("import gymnasium\nenv = gymnasium.make('CartPole-v1')\n")
    done = run("-m", "dromos", "run", "--dry-run", "-m", "fine", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 names are missing")


def test_the_command_line_offers_it():
    assert "dromos run SCRIPT" in output("-m", "dromos", "--help")
    assert "`run` comes first" in run("-m", "dromos", "--", "run").stderr
    assert "Run a program written for Gymnasium" in output("-m", "dromos", "run", "--help")
