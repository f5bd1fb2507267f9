"""What is shipped: the files of a wheel, and C++ users' ``find_package(dromos)``."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dromos as gym

ROOT = Path(__file__).parents[1]


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
    assert (package / "docs" / "getting-started.md").is_file(), "what `dromos help` shows"
    headers = ROOT / "cpp" / "include"
    assert shipped == {path.relative_to(headers) for path in headers.rglob("*.hpp")}


def test_wheel_holds_every_python_file_and_nothing_else(site: Path) -> None:
    source = ROOT / "src"
    python = {path.relative_to(source) for path in source.rglob("*.py*") if path.suffix != ".pyc"}
    shipped = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert python <= shipped
    others = {path.suffix or path.name for path in shipped - python if path.parts[0] == "dromos"}
    page = {".html", ".css", ".js"}
    assert others <= {".hpp", ".cmake", ".typed", ".xml", ".md", "PKG-INFO", *page}
    assert page <= others
    assert {path.parts[0].partition("-")[0] for path in shipped} == {"dromos"}


def test_cpp_project_finds_the_package_and_plays_the_same_episode(
    site: Path, tmp_path: Path
) -> None:
    steps, angle = _printed_by(ROOT / "README.md", site, tmp_path)
    assert (int(steps), float(angle)) == _episode_in_python()


def test_the_batch_of_the_cpp_page_is_the_vector_in_python(site: Path, tmp_path: Path) -> None:
    (total,) = _printed_by(ROOT / "docs" / "cpp.md", site, tmp_path)
    envs = gym.make_vec("CartPole-v1", 1000)
    observations, _ = envs.reset(seed=0)
    expected = 0.0
    for _ in range(300):
        observations, rewards, *_ = envs.step((observations[:, 2] > 0).astype(int))
        expected += float(rewards.sum())
    assert float(total) == expected


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


def _printed_by(page: Path, site: Path, work: Path) -> list[str]:
    """Return the words that the C++ program of a page prints, built by the README's project."""
    (work / "CMakeLists.txt").write_text(_block(ROOT / "README.md", "cmake"))
    (work / "main.cpp").write_text(_block(page, "cpp"))
    build = work / "build"
    config = site / "dromos" / "lib" / "cmake" / "dromos"
    _run("cmake", "-G", "Ninja", "-S", str(work), "-B", str(build), f"-Ddromos_DIR={config}")
    _run("cmake", "--build", str(build))
    return _run(str(build / "consumer")).split()


def _block(page: Path, language: str) -> str:
    """Return the one block of a page in a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return str(text)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
