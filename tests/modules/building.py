"""Compiling and running, for the tests of libraries."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import dromos as gym

OPTIONS = ("-std=c++20", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-O2")
SOURCES = Path(__file__).parent


def run(*command, **options):
    env = {key: value for key, value in os.environ.items() if key != "PYTEST_ADDOPTS"}
    env |= options.pop("variables", {})
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=env, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def compiled(source, target, *options, compiler="g++"):
    """Compile one source to a library."""
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not on this machine")
    run(compiler, *OPTIONS, "-I", gym.get_include(), *options, source, "-o", target)
    return target
