"""The examples learn, in short forms."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    ("name", "arguments", "least"),
    [
        ("q_learning_blackjack", ["--episodes", "20000"], -0.12),
        ("frozen_lake", ["--steps", "3000", "--lanes", "64"], 0.7),
    ],
)
def test_an_agent_learns(name, arguments, least, tmp_path, capsys):
    main = runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]
    curve = tmp_path / "curve.png"
    assert main([*arguments, "--plot", str(curve)]) > least
    assert curve.read_bytes().startswith(b"\x89PNG")
    assert "curve" in capsys.readouterr().out
