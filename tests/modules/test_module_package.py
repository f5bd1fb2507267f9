"""`dromos new --cpp`: a package that builds, installs, passes its tests and serves C++ too."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from building import run

import dromos as gym
from dromos.scaffold import write_package
from dromos.testing import check_env, check_vector_env

MODES = ["NextStep", "SameStep", "Disabled"]
SOURCE = str(Path(gym.__file__).parents[1])


def paths(package):
    return {"PYTHONPATH": os.pathsep.join([str(package.site), SOURCE])}


def towards_the_middle(observations):
    return (observations[:, 0] < 0).astype(np.int64)


def test_its_files_are_these(tmp_path):
    folder = write_package("foo", tmp_path, cpp=True)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {
        "CMakeLists.txt",
        "README.md",
        "cpp/foo.hpp",
        "cpp/module.cpp",
        "cpp/program.cpp",
        "gym_foo/__init__.py",
        "gym_foo/envs/__init__.py",
        "gym_foo/envs/foo_env.py",
        "pyproject.toml",
        "tests/test_foo_env.py",
    }
    assert "struct Foo {" in (folder / "cpp" / "foo.hpp").read_text()
    assert "DROMOS_MODULE(foo, gym_foo::Foo);" in (folder / "cpp" / "module.cpp").read_text()


def test_the_command_writes_it(tmp_path):
    command = (sys.executable, "-m", "dromos", "new", "foo", "--cpp", "--directory", tmp_path)
    assert "--no-build-isolation" in run(*command)
    assert (tmp_path / "gym-foo" / "CMakeLists.txt").exists()


def test_it_passes_its_tests(package):
    pytest_here = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    folder = package.folder / "tests"  # not above it, where the package is that was not built
    assert "12 passed" in run(*pytest_here, folder, cwd=folder, variables=paths(package))


def test_it_is_found_without_an_import(package):
    program = "import dromos as gym; print(gym.make('drift-cart-v0').unwrapped)"
    made = run(sys.executable, "-c", program, variables=paths(package))
    assert made == "<DriftCartEnv<drift-cart-v0>>\n"


def test_its_style_is_that_of_the_library(package):
    root = Path(SOURCE).parent
    style = f"--style=file:{root / '.clang-format'}"
    run("clang-format", "--dry-run", "-Werror", style, *package.folder.glob("cpp/*pp"))
    config = ("--config", root / "pyproject.toml")
    run("ruff", "check", *config, "--ignore", "D,I,RUF012", package.folder)
    run("ruff", "format", "--check", *config, package.folder)


@pytest.mark.parametrize("mode", MODES)
def test_it_keeps_the_promises(drift_cart, mode):
    check_env(gym.make(drift_cart).unwrapped, strict=True)
    envs = gym.make_vec(drift_cart, 5, vector_kwargs={"autoreset_mode": mode})
    check_vector_env(envs.unwrapped)


def test_workers_step_it(drift_cart):
    local = gym.make_vec(drift_cart, 3, "sync")
    with gym.make_vec(drift_cart, 3, "async", vector_kwargs={"context": "spawn"}) as envs:
        for each in (local, envs):
            each.reset(seed=0)
        for _ in range(30):
            steps = [each.step(np.ones(3, np.int64)) for each in (local, envs)]
            assert all(np.array_equal(a, b) for a, b in zip(*(s[:4] for s in steps), strict=True))


def test_a_program_in_cpp_steps_the_same(package, drift_cart, tmp_path):
    options = ("-G", "Ninja", f"-Ddromos_DIR={gym.get_cmake_dir()}")
    run("cmake", "-S", package.folder, "-B", tmp_path, *options)
    run("cmake", "--build", tmp_path, "--target", "program")
    envs = gym.make_vec(drift_cart, 1000)
    observations, _ = envs.reset(seed=0)
    total = 0.0
    for _ in range(500):
        observations, rewards, *_ = envs.step(towards_the_middle(observations))
        for reward in rewards.tolist():
            total += reward
    assert float(run(tmp_path / "program")) == total


def test_a_project_that_finds_no_dromos_says_so(package, tmp_path):
    command = ["cmake", "-S", str(package.folder), "-B", str(tmp_path), f"-Ddromos_DIR={tmp_path}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "dromos" in done.stderr
