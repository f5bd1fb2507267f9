"""Libraries written for Gym, unmodified, each in the dialect of its time."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
OF_THEN = Path(sys.prefix) / "of-then"


def run(api, program, *arguments, **options):
    command = [sys.executable, "-m", "dromos", "run", "--api", api, str(program), *arguments]
    paths = os.pathsep.join(filter(None, [str(OF_THEN), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_stable_baselines3_of_gym_021():
    outcome = json.loads(run("0.21", PROGRAMS / "sb3_of_gym_0_21.py").splitlines()[-1])
    assert outcome["versions"] == ["0.21.0", "1.6.2"]
    assert outcome["episodes"] > 5
    assert outcome["evaluated"] == [-200.0, 0.0]
    assert outcome["workers"] == [2, 3]


def test_gym_minigrid_is_found_by_its_plug_in():
    outcome = json.loads(run("0.26", PROGRAMS / "minigrid_of_gym_0_26.py").splitlines()[-1])
    assert outcome["version"] == "0.26.2"
    assert outcome["shape"] == [56, 56, 3]
    assert outcome["frame"] == [160, 160, 3]
    assert outcome["mission"] == "use the key to open the door and then get to the goal"


def test_gym_anytrading_of_gym_021():
    outcome = json.loads(run("0.21", PROGRAMS / "trading_of_gym_0_21.py").splitlines()[-1])
    assert outcome["steps"] == 6200
    assert outcome["total"] == outcome["told"]


def test_a_script_of_cleanrl_of_2020(tmp_path):
    script = OF_THEN / "cleanrl" / "dqn.py"
    options = ["--gym-id", "CartPole-v0", "--total-timesteps", "600", "--learning-starts", "400"]
    said = run("0.17", script, *options, "--cuda", "False", cwd=tmp_path)
    episodes = [line for line in said.splitlines() if "episode_reward" in line]
    assert len(episodes) > 10
