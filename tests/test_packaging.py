"""What is shipped: the files of a wheel, and C++ users' ``find_package(dromos)``."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dromos as gym

ROOT = Path(__file__).parents[1]

README = (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked wheel; the extension, which takes long to compile, is left out."""
    work = tmp_path_factory.mktemp("wheel")
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("-C", "cmake.define.DROMOS_PYTHON=OFF", "-C", f"build-dir={work / 'build'}"),
        *("--wheel-dir", str(work), str(ROOT)),
    )
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "site")
    return work / "site"


def test_wheel_holds_package_types_headers_and_cmake_files(site: Path) -> None:
    package = site / "dromos"
    cmake = "lib/cmake/dromos/dromosConfig.cmake"
    for name in ("__init__.py", "py.typed", "_core/__init__.pyi", cmake):
        assert (package / name).is_file(), name
    shipped = {path.relative_to(package / "include") for path in package.rglob("*.hpp")}
    headers = ROOT / "cpp" / "include"
    assert shipped == {path.relative_to(headers) for path in headers.rglob("*.hpp")}


def test_wheel_holds_every_python_file_and_nothing_else(site: Path) -> None:
    source = ROOT / "src"
    python = {path.relative_to(source) for path in source.rglob("*.py*") if path.suffix != ".pyc"}
    shipped = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert python <= shipped
    others = {path.suffix or path.name for path in shipped - python if path.parts[0] == "dromos"}
    assert others <= {".hpp", ".cmake", ".typed", "PKG-INFO"}
    assert {path.parts[0].partition("-")[0] for path in shipped} == {"dromos"}


def test_cpp_project_finds_the_package_and_plays_the_same_episode(
    site: Path, tmp_path: Path
) -> None:
    (tmp_path / "CMakeLists.txt").write_text(_example("cmake"))
    (tmp_path / "main.cpp").write_text(_example("cpp"))
    build = tmp_path / "build"
    config = site / "dromos" / "lib" / "cmake" / "dromos"
    _run("cmake", "-G", "Ninja", "-S", str(tmp_path), "-B", str(build), f"-Ddromos_DIR={config}")
    _run("cmake", "--build", str(build))
    steps, angle = _run(str(build / "consumer")).split()
    assert (int(steps), float(angle)) == _episode_in_python()


def test_get_include_points_at_the_headers() -> None:
    assert (Path(gym.get_include()) / "dromos" / "envs" / "cartpole.hpp").is_file()


def _episode_in_python() -> tuple[int, float]:
    env = gym.make("CartPole-v1", max_episode_steps=-1)
    env.reset(seed=7)
    steps, terminated = 0, False
    while not terminated:
        _, _, terminated, _, _ = env.step(int(env.unwrapped.state[2] > 0))
        steps += 1
    return steps, float(env.unwrapped.state[2])


def _example(language: str) -> str:
    """Return the README's example: it plays an episode, pushing to where the pole leans."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return str(text)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
