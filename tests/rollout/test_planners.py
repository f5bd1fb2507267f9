"""The planners of ``examples/`` solve their tasks, in their short forms."""

import runpy
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def main_of(name):
    return runpy.run_path(str(EXAMPLES / name))["main"]


def test_mppi_swings_up_the_pendulum():
    assert main_of("mppi.py")(["Pendulum-v1", "--seed", "0"]) > -400


def test_mppi_swings_up_the_acrobot(tmp_path):
    video = tmp_path / "acrobot.mp4"
    assert main_of("mppi.py")(["Acrobot-v1", "--video", str(video)]) > -150
    assert video.stat().st_size > 1000


def test_cem_balances_the_pole():
    assert main_of("cem_cartpole.py")(["--steps", "120"]) == 120


@pytest.mark.parametrize(
    ("env_id", "steps", "least"), [("FrozenLake-v1", 20, 1), ("CartPole-v1", 15, 15)]
)
def test_a_tree_is_searched(env_id, steps, least):
    found = main_of("tree_search.py")([env_id, "--steps", str(steps)])
    assert np.isfinite(found)
    assert found >= least
