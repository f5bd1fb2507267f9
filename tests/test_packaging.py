"""What is shipped: the files of a wheel, and what C++ users find of it and of an installed tree."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

import dromos as gym

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "cpp.md").read_text()


class Installed(NamedTuple):
    """Where an installation has the files by which CMake and pkg-config find the headers."""

    cmake: Path
    pkgconfig: Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel; the extension, which takes long to compile, is left out."""
    work = tmp_path_factory.mktemp("wheel")
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("-C", "cmake.define.DROMOS_PYTHON=OFF", "-C", f"build-dir={work / 'build'}"),
        *("--wheel-dir", str(work), str(ROOT)),
    )
    (path,) = work.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel installed by pip into a folder of its own, which is then asked where things are."""
    site = tmp_path_factory.mktemp("site")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile")
    _run(*pip, "--target", str(site), str(wheel))
    where = "import dromos; print(dromos.get_cmake_dir(), dromos.get_pkgconfig_dir(), sep='\\n')"
    # -S: without the packages of this interpreter, the tree's own among them.
    paths = _run(sys.executable, "-S", "-c", where, PYTHONPATH=str(site)).splitlines()
    assert all(Path(path).is_relative_to(site) for path in paths), paths
    return Installed(*map(Path, paths))


@pytest.fixture(scope="module")
def from_cmake(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """What ``cmake --install`` makes of a checkout."""
    build, prefix = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("prefix")
    _run("cmake", "-G", "Ninja", "-S", str(ROOT), "-B", str(build), "-DDROMOS_PYTHON=OFF")
    _run("cmake", "--install", str(build), "--prefix", str(prefix))
    return Installed(prefix / "lib" / "cmake" / "dromos", prefix / "share" / "pkgconfig")


@pytest.fixture(params=["from_wheel", "from_cmake"])
def installed(request: pytest.FixtureRequest) -> Installed:
    """Each of the two."""
    found: Installed = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["g++", "clang++"])
def compiler(request: pytest.FixtureRequest) -> str:
    """Each compiler that this machine has."""
    return _tool(request.param)


def test_wheel_holds_package_types_headers_and_cmake_files(wheel: Path) -> None:
    shipped = _files(wheel)
    finders = ("lib/cmake/dromos/dromosConfig.cmake", "share/pkgconfig/dromos.pc")
    page = "docs/getting-started.md"  # one that `dromos help` shows
    for name in ("__init__.py", "py.typed", "_core/__init__.pyi", page, *finders):
        assert Path("dromos", name) in shipped, name
    headers = {path.relative_to("dromos/include") for path in shipped if path.suffix == ".hpp"}
    include = ROOT / "cpp" / "include"
    assert headers == {path.relative_to(include) for path in include.rglob("*.hpp")}


def test_wheel_holds_every_python_file_and_nothing_else(wheel: Path) -> None:
    source = ROOT / "src"
    python = {path.relative_to(source) for path in source.rglob("*.py*") if path.suffix != ".pyc"}
    shipped = _files(wheel)
    assert python <= shipped
    others = {path.suffix or path.name for path in shipped - python if path.parts[0] == "dromos"}
    page = {".html", ".css", ".js"}
    assert others <= {".hpp", ".cmake", ".pc", ".typed", ".xml", ".md", "PKG-INFO", *page}
    assert page <= others
    assert {path.parts[0].partition("-")[0] for path in shipped} == {"dromos"}


def test_cmake_finds_it_and_plays_the_same_episode(
    installed: Installed, compiler: str, tmp_path: Path
) -> None:
    episode, _ = _blocks("cpp")
    steps, angle = _printed_by_project(episode, installed, tmp_path, compiler)
    assert (int(steps), float(angle)) == _episode_in_python()


def test_pkg_config_finds_it_and_plays_the_same_episode(
    installed: Installed, compiler: str, tmp_path: Path
) -> None:
    source, program = tmp_path / "main.cpp", tmp_path / "consumer"
    source.write_text(_blocks("cpp")[0])
    flags = shlex.split(
        _run(
            _tool("pkg-config"),
            "--cflags",
            "--libs",
            "dromos >= 0.1",
            PKG_CONFIG_PATH=str(installed.pkgconfig),
        )
    )
    _run(compiler, "-std=c++20", "-O2", str(source), "-o", str(program), *flags)
    steps, angle = _run(str(program)).split()
    assert (int(steps), float(angle)) == _episode_in_python()


def test_the_batch_of_the_cpp_page_is_the_vector_in_python(
    from_wheel: Installed, tmp_path: Path
) -> None:
    _, batch = _blocks("cpp")
    (total,) = _printed_by_project(batch, from_wheel, tmp_path, "c++")
    envs = gym.make_vec("CartPole-v1", 1000)
    observations, _ = envs.reset(seed=0)
    expected = 0.0
    for _ in range(300):
        observations, rewards, *_ = envs.step((observations[:, 2] > 0).astype(int))
        expected += float(rewards.sum())
    assert float(total) == expected


def _episode_in_python() -> tuple[int, float]:
    env = gym.make("CartPole-v1", max_episode_steps=-1)
    env.reset(seed=7)
    steps, terminated = 0, False
    while not terminated:
        _, _, terminated, _, _ = env.step(int(env.unwrapped.state[2] > 0))
        steps += 1
    return steps, float(env.unwrapped.state[2])


def _printed_by_project(program: str, found: Installed, work: Path, compiler: str) -> list[str]:
    """Return the words that a program prints which the C++ page's CMake project builds."""
    (project,) = _blocks("cmake")
    (work / "CMakeLists.txt").write_text(project)
    (work / "main.cpp").write_text(program)
    build = str(work / "build")
    options = (f"-Ddromos_DIR={found.cmake}", f"-DCMAKE_CXX_COMPILER={compiler}")
    _run("cmake", "-G", "Ninja", "-S", str(work), "-B", build, *options)
    _run("cmake", "--build", build)
    return _run(f"{build}/consumer").split()


def _blocks(language: str) -> list[str]:
    """Return the blocks of the C++ page in a language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _files(wheel: Path) -> set[Path]:
    with zipfile.ZipFile(wheel) as archive:
        return {Path(name) for name in archive.namelist()}


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not on this machine")
    return path


def _run(*command: str, **variables: str) -> str:
    environment = {**os.environ, **variables}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
