"""`dromos new`: a package that installs and passes its tests at once."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import dromos as gym
from dromos.error import Error
from dromos.scaffold import Names, write_package

FILES = {
    "README.md",
    "pyproject.toml",
    "gym_foo/__init__.py",
    "gym_foo/envs/__init__.py",
    "gym_foo/envs/foo_env.py",
    "tests/test_foo_env.py",
}


def files_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def run(*command, cwd=None):
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def python(tmp_path):
    """The Python of a new environment in which dromos and what tests need are there."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = str(tmp_path / "venv" / "bin" / "python")
    asked = "import sysconfig; print(sysconfig.get_path('purelib'), end='')"
    shared = [sysconfig.get_path("purelib"), str(Path(gym.__file__).parents[1])]
    Path(run(python, "-c", asked), "shared.pth").write_text("\n".join(shared))
    return python


def test_b09_b10_a_new_package_installs_registers_and_passes_its_tests(tmp_path, python):
    dromos = (sys.executable, "-m", "dromos", "new", "foo", "--directory", str(tmp_path))
    subprocess.run(dromos, check=True, capture_output=True)
    folder = tmp_path / "gym-foo"
    assert files_in(folder) == FILES
    options = ("--quiet", "--no-build-isolation", "--no-deps", "--editable")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, str(folder))
    found = "import dromos as gym; print(gym.make('foo-v0').unwrapped)"
    assert run(python, "-c", found, cwd=tmp_path) == "<FooEnv<foo-v0>>\n"
    imported = "import gym_foo, dromos as gym; print(gym.registry['foo-v0'].entry_point)"
    assert run(python, "-c", imported, cwd=tmp_path) == "gym_foo.envs:FooEnv\n"
    assert "8 passed" in run(python, "-m", "pytest", "-q", str(folder), cwd=folder)


def test_all_names_follow_from_one():
    names = Names.of("gym-deep-sea2")
    assert names == Names.of("deep-sea2")
    assert (names.distribution, names.package, names.module, names.env_class, names.env_id) == (
        "gym-deep-sea2",
        "gym_deep_sea2",
        "deep_sea2_env",
        "DeepSea2Env",
        "deep-sea2-v0",
    )


@pytest.mark.parametrize(
    ("name", "module", "env_class"),
    [
        ("my-env", "my_env", "MyEnv"),
        ("myenv", "my_env", "MyEnv"),
        ("env", "env", "Env"),
        ("env-maze", "env_maze_env", "EnvMazeEnv"),
        ("envy", "envy_env", "EnvyEnv"),
    ],
)
def test_a_name_that_ends_in_env_gets_no_second_one(tmp_path, name, module, env_class):
    folder = write_package(name, tmp_path)
    package = Names.of(name).package
    assert files_in(folder) - FILES == {
        f"{package}/__init__.py",
        f"{package}/envs/__init__.py",
        f"{package}/envs/{module}.py",
        f"tests/test_{module}.py",
    }
    exported = (folder / package / "envs" / "__init__.py").read_text()
    assert f"from {package}.envs.{module} import {env_class}\n" in exported
    assert Names.of(name).env_id == f"{name}-v0"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Grid World", "grid-world"),
        ("GridWorld", "grid-world"),
        ("a_b", "a-b"),
        ("3d", "d"),
        ("../etc", "etc"),
        ("a--b", "a-b"),
        ("", "grid-world"),
        ("gym-", "grid-world"),
    ],
)
def test_a_bad_name_is_told_with_a_good_one(tmp_path, name, hint):
    with pytest.raises(Error, match=f"cannot name a package: .* for example '{hint}'"):
        write_package(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_what_is_there_is_not_overwritten(tmp_path, kind):
    path = tmp_path / "gym-foo"
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_text("mine")
    else:
        path.symlink_to("nowhere")
    with pytest.raises(Error, match="already there and is left as it is"):
        write_package("foo", tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == ["gym-foo"]
    assert kind != "file" or path.read_text() == "mine"


def test_a_directory_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Error, match=r"There is no directory .*absent to put gym-foo into"):
        write_package("foo", tmp_path / "absent")


def test_a_package_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        write_package("foo", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_can_be_read_by_whom_the_umask_allows(tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    assert write_package("foo", tmp_path).stat().st_mode == plain.stat().st_mode


def test_the_command_tells_what_it_wrote(tmp_path):
    command = [sys.executable, "-m", "dromos", "new", "foo", "--directory", str(tmp_path)]
    done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == {"folder": str(tmp_path / "gym-foo"), "env_id": "foo-v0"}
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 2
    assert "already there" in again.stderr
    assert "Traceback" not in again.stderr
