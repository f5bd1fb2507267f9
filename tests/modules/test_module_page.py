"""The library of the C++ page is built and loaded as the page says."""

import re
import sys
from pathlib import Path

import pytest
from building import run

import dromos as gym

PAGE = (Path(__file__).parents[2] / "docs" / "cpp.md").read_text()


def block(language):
    (text,) = re.findall(rf"^```{language} module\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return text


@pytest.fixture(scope="module")
def coins(once):
    """The folder in which the page's project was built."""

    def make(folder):
        (folder / "coins.cpp").write_text(block("cpp"))
        (folder / "CMakeLists.txt").write_text(block("cmake"))
        options = ("-G", "Ninja", f"-Ddromos_DIR={gym.get_cmake_dir()}")
        run("cmake", "-S", folder, "-B", folder / "build", *options)
        run("cmake", "--build", folder / "build")

    return once("coins", make)


def test_its_library_is_loaded(coins):
    shown = (
        "\nprint(envs.single_observation_space, len(set(envs.unwrapped.params['heads'].tolist())))"
    )
    printed = run(sys.executable, "-c", block("python") + shown, cwd=coins)
    assert printed == "Box(0.0, 1.0, (1,), float32) 1024\n"


def test_a_step_by_chance_is_that_of_a_single_environment(coins):
    program = """
import dromos as gym, numpy as np
from dromos.native import load
load("build/coins.so")
envs, env = gym.make_vec("coins/Coin-v0", 3, num_threads=2), gym.make("coins/Coin-v0")
envs.reset(seed=5); env.reset(seed=7)
lanes = [envs.step(np.ones(3, np.int64))[0][2].tolist() for _ in range(200)]
assert lanes == [env.step(1)[0].tolist() for _ in range(200)]
print(0 < sum(map(sum, lanes)) < 200)
"""
    assert run(sys.executable, "-c", program, cwd=coins) == "True\n"
