"""The example that learns to land, in short form."""

import importlib.util
from pathlib import Path

import numpy as np

EXAMPLE = Path(__file__).parents[3] / "examples" / "ppo_lunar_lander.py"


def test_the_lander_learns():
    spec = importlib.util.spec_from_file_location("ppo_lunar_lander", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    agent, curve = example.learn(8 * example.LANES * example.HORIZON, seed=0)
    assert len(curve) == 8
    assert curve[-1] > curve[0] + 60  # from some -220 to -100; the whole takes 240 rounds
    returns = example.evaluate(agent, episodes=8, seed=1)
    assert returns.shape == (8,)
    assert np.isfinite(returns).all()
