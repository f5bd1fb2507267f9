"""What the tests of libraries compile: each once a session, whichever worker comes first."""

import fcntl
import importlib
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from building import SOURCES, compiled, run

import dromos as gym
from dromos.native import load
from dromos.scaffold import Names, write_package


class Package(NamedTuple):
    """A package that ``dromos new --cpp`` wrote, and the folder that it was installed into."""

    folder: Path
    site: Path
    names: Names


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Return a function that lets one worker make a folder, which all then have."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent

    def made(name, make):
        folder = base / f"modules-{name}"
        with open(base / f"modules-{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                (folder / "done").touch()
        return folder

    return made


@pytest.fixture(scope="session")
def package(once):
    """The package ``gym-drift-cart``, written, built and installed."""
    if shutil.which("c++") is None:
        pytest.skip("c++ is not on this machine")

    def make(folder):
        written = write_package("drift-cart", folder, cpp=True)
        pip = ("-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps")
        run(sys.executable, *pip, "--target", folder / "site", written)

    folder = once("package", make)
    return Package(folder / "gym-drift-cart", folder / "site", Names.of("drift-cart"))


@pytest.fixture
def registered():
    """Take away the ids that a test registers, which the next ones know nothing of."""
    before = set(gym.registry)
    yield
    for env_id in set(gym.registry) - before:
        del gym.registry[env_id]


@pytest.fixture
def drift_cart(package, registered, monkeypatch):
    """The id of the package's environment, registered here."""
    monkeypatch.syspath_prepend(package.site)
    module = importlib.import_module(package.names.package)
    if package.names.env_id not in gym.registry:  # an earlier test imported it
        importlib.reload(module)
    return package.names.env_id


@pytest.fixture(scope="session")
def library_file(once):
    """The library ``spare``: some environments of the core once more, and some that are odd."""

    def make(folder):
        compiled(SOURCES / "spare.cpp", folder / "spare.so")

    return once("spare", make) / "spare.so"


@pytest.fixture(scope="session")
def spare_names(library_file):
    """The names of its dynamics, which the core knows from here on."""
    return load(library_file, register=False)


@pytest.fixture
def spare(library_file, spare_names, registered):
    """The same, registered."""
    assert load(library_file) == spare_names
    return spare_names
