"""Run clients of Gymnasium, unmodified, on Gymnasium and on dromos, and print both side by side.

A client's own tests come from its source distribution; where there are none, or besides, a short
program prints the returns of seeded episodes. One virtual environment holds all of it: "here" is
the same interpreter with the alias in front of Gymnasium.

Usage: client_suites.py [--venv DIRECTORY] [--no-install] [--logs DIRECTORY] [NAME ...]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SHIMS = ROOT / "src" / "dromos" / "compat" / "shim"
GYMNASIUM = "gymnasium==1.4.0"
#: No suite takes longer, in seconds.
LIMIT = 900


class Client(NamedTuple):
    """A library or a set of programs.

    Attributes:
        name: As the table names it.
        requirement: What pip installs; empty for Gymnasium's own.
        program: The function of ``scripts/clients/returns.py`` that prints its returns.
        tests: The folder of its tests in the source distribution; empty for none.
        only: Which files of that folder, for those that train for hours; all if empty.
        needs: What its tests and extras need besides.
        alone: Whether it asks for another Gymnasium, and is installed without what it asks for.
        options: Of pytest, such as tests that need more than there is, and fail on both sides.
        of_then: Whether its program is of before Gymnasium: it runs on dromos alone.
        flags: Of Python, such as ``-O`` for one whose own assertions fail on both sides.
    """

    name: str
    requirement: str
    program: str = ""
    tests: str = ""
    only: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    alone: bool = False
    options: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    of_then: bool = False


_SB3_TESTS = (
    *("test_dict_env.py", "test_env_checker.py", "test_envs.py", "test_monitor.py"),
    *("test_preprocessing.py", "test_spaces.py", "test_vec_check_nan.py", "test_vec_envs.py"),
    *("test_vec_extract_dict_obs.py", "test_vec_monitor.py", "test_vec_normalize.py"),
    "test_vec_stacked_obs.py",
)

CLIENTS = (
    Client("Gymnasium's tutorials", "", "tutorials"),
    Client(
        "Stable-Baselines3",
        "stable-baselines3==2.9.2",
        "stable_baselines3",
        "tests",
        _SB3_TESTS,
        ("ale-py", "opencv-python-headless", "tensorboard", "pandas", "matplotlib"),
    ),
    Client(
        "sb3-contrib",
        "sb3-contrib==2.9.2",
        "sb3_contrib",
        "tests",
        ("test_dict_env.py", "test_invalid_actions.py", "test_utils.py"),
    ),
    Client("rl_zoo3", "rl-zoo3==2.9.2", "rl_zoo3", needs=("av", "moviepy")),
    Client("TorchRL", "torchrl==0.14.1", "torchrl"),
    Client("skrl", "skrl==2.1.1", "skrl"),
    Client("CleanRL's scripts", "cleanrl==0.4.8", "cleanrl", alone=True, of_then=True),
    Client("imitation", "imitation==1.0.1", "imitation", alone=True, needs=("datasets", "sacred")),
    Client(
        "RLlib",
        "ray[rllib]==2.60.0",
        "rllib",
        alone=True,
        needs=("ray", "lz4", "scipy", "dm-tree", "pyarrow", "ormsgpack"),
    ),
    Client("Highway-env", "highway-env==1.12.1", "highway_env", "tests", needs=("moviepy",)),
    Client(
        "Minigrid",
        "minigrid==3.2.0",
        "minigrid",
        "tests",
        needs=("imageio", "pytest-mock"),
    ),
    Client(
        "Gymnasium-Robotics",
        "gymnasium-robotics==1.4.2",
        "robotics",
        "tests",
        options=("-k", "not render"),
        flags=("-O",),
    ),
    Client(
        "mo-gymnasium",
        "mo-gymnasium==1.3.2",
        "mo_gymnasium",
        "tests",
        needs=("pymoo", "scipy", "box2d"),
    ),
    Client("SuperSuit", "SuperSuit==3.11.0", "supersuit"),
    Client("Minari", "minari==0.5.4", "minari", needs=("h5py", "jax")),
    Client("gym-anytrading", "gym-anytrading==2.0.0", "gym_anytrading"),
    Client("flappy-bird-gymnasium", "flappy-bird-gymnasium==0.4.0", "flappy_bird"),
    Client("panda-gym", "panda-gym==3.0.7", "panda_gym"),
    Client(
        "DI-engine",
        "di-engine==0.5.3",
        "di_engine",
        needs=(
            *("gym==0.25.1", "DI-toolkit", "DI-treetensor", "hickle", "enum-tools", "trueskill"),
            *("URLObject", "responses", "mpire", "pynng", "redis", "tabulate", "tensorboardX"),
            *("easydict", "flask", "yapf", "einops"),
        ),
        alone=True,
    ),
)


def run(command: list[str], here: bool, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command on one side and return what it printed."""
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=environment(here),
            cwd=cwd,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"longer than {LIMIT} s")


def environment(here: bool) -> dict[str, str]:
    """Return the variables of one side."""
    paths = [str(SHIMS / "gymnasium-1.4"), str(ROOT / "src")] if here else []
    inherited = os.environ.get("PYTHONPATH", "")
    variables = {**os.environ, "SDL_VIDEODRIVER": "dummy", "MPLBACKEND": "agg"}
    variables["OMP_NUM_THREADS"] = "1"  # same sums on both sides, and fast beside other programs
    return {**variables, "PYTHONPATH": os.pathsep.join(filter(None, [*paths, inherited]))}


class Environment(NamedTuple):
    """The virtual environment of all clients.

    Attributes:
        python: Its interpreter.
        logs: Where the whole output of each suite is kept; nowhere if None.
    """

    python: Path
    logs: Path | None = None

    def keep(self, client: Client, here: bool, output: str) -> None:
        """Write what a suite printed on one side."""
        if self.logs is not None:
            self.logs.mkdir(parents=True, exist_ok=True)
            name = client.name.replace(" ", "-")
            (self.logs / f"{name}-{'here' if here else 'there'}.txt").write_text(output)

    def pip(self, *arguments: str) -> str:
        """Run pip and return the error it ended with; empty for none."""
        command = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return (errors or ["pip failed"])[0] if done.returncode else ""

    def begin(self) -> None:
        """Make it, with Gymnasium and this tree."""
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
        build = ["scikit-build-core", "nanobind", "hatchling", "setuptools", "wheel"]
        test = ["pytest", "pytest-timeout", "torch==2.13.0", "mujoco>=3.17"]
        tree = ["--no-deps", "--no-build-isolation", "--config-settings", "wheel.cmake=false"]
        editable = ["--config-settings", "editable.mode=inplace", "--editable", str(ROOT)]
        for arguments in ([GYMNASIUM, *build, *test], [*tree, *editable]):
            if error := self.pip("install", *arguments):
                sys.exit(error)

    def install(self, client: Client) -> str:
        """Install a client and return why that failed; empty if it did not."""
        if client.needs and (error := self.pip("install", GYMNASIUM, *client.needs)):
            return error
        if not client.requirement:
            return ""
        what = ["--no-deps", client.requirement] if client.alone else [client.requirement]
        return self.pip("install", *what, *([] if client.alone else [GYMNASIUM]))

    def sources(self, client: Client, folder: Path) -> Path:
        """Return the folder of a client's tests, from its source distribution."""
        options = ["--no-deps", "--no-build-isolation", "--no-binary", ":all:", "-d", str(folder)]
        if error := self.pip("download", *options, client.requirement):
            raise FileNotFoundError(error)
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
        if not (unpacked / "tests" / "utils.py").exists():  # left out of some distributions
            stand_in = ROOT / "scripts" / "clients" / "tests_utils.py"
            shutil.copy(stand_in, unpacked / "tests" / "utils.py")
        return unpacked / client.tests


def suite(where: Environment, tests: Path, client: Client, here: bool) -> tuple[str, set[str]]:
    """Return what pytest counts, such as ``93 passed, 2 failed``, and what failed."""
    command = [
        str(where.python),
        *client.flags,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "-p",
        "no:cacheprovider",
    ]
    files = [str(tests / name) for name in client.only] or [str(tests)]
    done = run([*command, "--rootdir", str(tests), *client.options, *files], here, tests.parent)
    where.keep(client, here, done.stdout + done.stderr)
    last = done.stdout.strip().rsplit("\n", 1)[-1]
    counts = re.findall(r"(\d+) (passed|failed|errors?)", last)
    failed = set(re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE))
    return ", ".join(f"{number} {what}" for number, what in counts) or "not run", failed


def returns(python: Path, client: Client, here: bool) -> tuple[bool, str]:
    """Return whether the client's program ran, and what it printed or the end of its error."""
    program = str(ROOT / "scripts" / "clients" / "returns.py")
    done = run([str(python), *client.flags, program, client.program], here)
    if done.returncode == 0:
        return True, done.stdout
    return False, done.stderr.strip().rsplit("\n", 1)[-1]


def row(where: Environment, client: Client) -> tuple[str, str, str, str]:
    """Return a row of the table."""
    there = here = "–"
    if client.tests:
        with tempfile.TemporaryDirectory() as folder:
            tests = where.sources(client, Path(folder))
            (there, theirs), (here, ours) = (
                suite(where, tests, client, side) for side in (False, True)
            )
            for name in sorted(ours - theirs):
                print(f"--- {client.name}: fails here only: {name}", file=sys.stderr)
    equal = "–"
    if client.program:
        (_, theirs_said), (ran, ours_said) = (
            returns(where.python, client, side) for side in (False, True)
        )
        equal = "yes" if ran and theirs_said == ours_said else "NO"
        if client.of_then and ran:
            equal = "– (runs here)"
        print(f"--- {client.name} there:\n{theirs_said}", file=sys.stderr)
        if equal == "NO":
            print(f"--- {client.name} here:\n{ours_said}", file=sys.stderr)
    return client.requirement or client.name, there, here, equal


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="clients; all by default")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv-suites")
    parser.add_argument("--no-install", action="store_true", help="take the environment as it is")
    parser.add_argument("--install-only", action="store_true", help="run nothing")
    parser.add_argument("--logs", type=Path, help="keep the output of the suites there")
    given = parser.parse_args()
    where = Environment(given.venv.absolute() / "bin" / "python", given.logs)
    if not given.no_install:
        where.begin()
    print("| client | own tests there | own tests here | returns equal |\n|---|---|---|---|")
    for client in CLIENTS:
        if given.names and client.name not in given.names:
            continue
        error = "" if given.no_install else where.install(client)
        if error:
            print(f"| {client.requirement} | not installed: {error} | – | – |", flush=True)
        elif not given.install_only:
            print(f"| {' | '.join(row(where, client))} |", flush=True)


if __name__ == "__main__":
    main()
