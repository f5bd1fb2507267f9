"""What the trials of the example of Ray Tune compute; Tune itself is not installed here."""

import runpy
from pathlib import Path

import dromos as gym

EXAMPLE = Path(__file__).parents[2] / "examples" / "tune_lanes.py"


def test_a_trial_tells_good_gains_from_bad_ones():
    mean_episode = runpy.run_path(str(EXAMPLE))["mean_episode"]
    with gym.make_vec("CartPole-v1", 16, params={"length": 1.0}) as envs:
        bad, good = mean_episode(envs, (0.0, -1.0)), mean_episode(envs, (0.5, 1.0))
    assert bad < 50
    assert good > 100
