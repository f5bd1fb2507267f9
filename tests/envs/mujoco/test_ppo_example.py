"""The example that learns to run, in a short form, and its exact resumption."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

EXAMPLE = Path(__file__).parents[3] / "examples" / "ppo_mujoco.py"


@pytest.fixture
def main():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield runpy.run_path(str(EXAMPLE))["main"]
    torch.set_num_threads(threads)


def test_the_agent_learns(main, tmp_path):
    """Balancing is learnt in seconds: a random policy keeps the pole up for some 6 steps."""
    arguments = ["--env", "InvertedPendulum-v5", "--iterations", "12", "--folder", str(tmp_path)]
    learner = main(arguments)
    returns = [mean for _, mean in learner.curve]
    assert returns[0] < 20
    assert np.mean(returns[-2:]) > 3 * returns[0]
    assert (tmp_path / "curve.png").stat().st_size > 5000


def test_a_resumed_run_is_the_run(main, tmp_path):
    def run(name, iterations, *more):
        folder = tmp_path / name
        return main(
            ["--env", "Hopper-v5", "--iterations", iterations, "--folder", str(folder), *more]
        )

    whole = run("whole", "2")
    run("parts", "1")
    resumed = run("parts", "1", "--resume")
    assert np.array_equal(whole.curve, resumed.curve, equal_nan=True)
    for one, other in zip(whole.agent.parameters(), resumed.agent.parameters(), strict=True):
        assert torch.equal(one, other)
