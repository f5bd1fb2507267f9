"""Programs in the manner of each time, run unchanged: no warning, and the interface of then.

Each has an environment of its own, registered, wrapped, vectorised where there were vectors, and
recorded.
"""

import os
import subprocess
import sys

import pytest
from programs_of_then import GYM_09, GYM_21, GYM_23, GYM_25, GYM_26, GYMNASIUM_1

FIRST_21 = "-0.044564 0.046539 0.013269 -0.020998"
FIRST = "0.013696 -0.023021 -0.045903 -0.048347"
PROGRAMS = {
    "0.9": (GYM_09, "0.9.7 -0.942235 -0.334952 0.930782"),
    "0.10": (GYM_09, "0.9.7 -0.942235 -0.334952 0.930782"),
    "0.17": (GYM_21, f"0.21.0 {FIRST_21}"),
    "0.21": (GYM_21, f"0.21.0 {FIRST_21}"),
    "0.23": (GYM_23, f"0.23.1 {FIRST}"),
    "0.25": (GYM_25, f"0.25.2 {FIRST}"),
    "0.26": (GYM_26.format(name="gym"), f"0.26.2 {FIRST} Taxi-v3"),
    "0.29": (GYM_26.format(name="gymnasium"), f"0.29.1 {FIRST} Taxi-v3"),
    "1.1": (GYMNASIUM_1, "1.3.0 True 36"),
}


def run(tmp_path, *arguments, **variables):
    environment = {**os.environ, **variables}
    command = [sys.executable, "-m", "dromos", "run", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("api", PROGRAMS)
def test_a_program_of_its_time(tmp_path, api):
    program, expected = PROGRAMS[api]
    (tmp_path / "program.py").write_text(program)
    # Every warning would be an error: an unchanged program begins without one.
    done = run(tmp_path, "--api", api, "program.py", PYTHONWARNINGS="error")
    assert done.stdout.splitlines()[-1:] == [f"ran {expected}"], done.stderr
    assert "Warning" not in done.stderr


def test_names_of_numpy_are_there_once_told_and_can_be_left_out(tmp_path):
    program = (
        "import gym, numpy as np\nprint(np.float_ is np.float64, np.product([2, 3]), np.Inf)\n"
    )
    (tmp_path / "program.py").write_text(program)
    done = run(tmp_path, "--api", "0.21", "program.py")
    assert done.stdout == "True 6 inf\n"
    (line,) = [line for line in done.stderr.splitlines() if "np." in line]
    assert "`np.float_` is gone from NumPy" in line
    assert "--no-numpy-names" in line
    left = run(tmp_path, "--api", "0.21", "--no-numpy-names", "program.py")
    assert "AttributeError" in left.stderr
    today = run(tmp_path, "--gym", "--api", "1.4", "program.py")
    assert "AttributeError" in today.stderr


INSIDE = """
import gym
import numpy

ask = "import numpy; found = hasattr(numpy, 'float_')"
inside, outside = {"__name__": "numpy.core.inside"}, {"__name__": "program"}
exec(ask, inside)
exec(ask, outside)
print(inside["found"], outside["found"], hasattr(numpy, "nothing"))
"""


def test_numpy_itself_does_not_find_them(tmp_path):
    (tmp_path / "program.py").write_text(INSIDE)
    assert run(tmp_path, "--api", "0.21", "program.py").stdout == "False True False\n"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("requirements.txt", "numpy\ngym[atari]==0.17.3  # old\n", "gym 0.11 to 0.21 (0.21.0)"),
        ("requirements.txt", "gymnasium>=0.28,<1\n", "gymnasium 0.26 to 0.29 (0.29.1)"),
        ("requirements.txt", "gym<0.24\n", "gym 0.22 to 0.23 (0.23.1)"),
        ("requirements.txt", "gym\n", "gym 0.26 (0.26.2)"),
        ("setup.py", 'setup(install_requires=["gym>=0.9.4,!=0.11", "six"])', "gym 0.26 (0.26.2)"),
        ("setup.py", "setup(install_requires=['gym==0.10.5'])", "gym 0.7 to 0.10 (0.9.7)"),
        (
            "pyproject.toml",
            '[project]\ndependencies = ["gymnasium~=1.1.0"]',
            "gymnasium 1.0 to 1.3",
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\ngym = "^0.25"', "gym 0.24 to 0.25"),
        ("pyproject.toml", '[a]\ngym = {version = "0.21.0", extras = ["x"]}', "gym 0.11 to 0.21"),
        ("other.txt", "gym==0.21", "it is run as 1.4"),
    ],
)
def test_the_release_that_a_project_asks_for(tmp_path, file, text, says):
    (tmp_path / file).write_text(text)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "program.py").write_text("print('ran')")
    done = run(tmp_path, "--api", "auto", "src/program.py")
    assert done.stdout == "ran\n"
    assert says in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--api", "0.17"], "0.17 is run as gym 0.11 to 0.21"),
        (["--api", "0.27"], "0.27 is run as gymnasium 0.26 to 0.29"),
        (["--api", "1.2"], "1.2 is run as gymnasium 1.0 to 1.3"),
        (["--api", "0.99"], "The nearest is gym 1.0 to 1.4: write `--api 1.4`"),
        (["--api", "new"], "Expected a release as `--api` takes it, such as 0.21 or 1.0.0"),
        (["--gym", "--api", "0.29"], ""),
        (["--gym", "--api", "1.4"], ""),
    ],
)
def test_every_release_has_a_dialect_or_a_nearest_one(tmp_path, arguments, said):
    (tmp_path / "program.py").write_text("print('ran')")
    done = run(tmp_path, *arguments, "program.py")
    assert said in done.stderr
    assert (done.stdout == "ran\n") == ("Expected" not in said and "nearest" not in said)
