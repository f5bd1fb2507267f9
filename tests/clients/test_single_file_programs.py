"""Programs of one file, as CleanRL's, started with ``dromos run``."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"


def said(program, *arguments, options=()):
    command = [sys.executable, "-m", "dromos", "run", *options, str(PROGRAMS / program)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_ppo_for_the_vectors_of_1x():
    outcome = said("ppo_next_step.py", "25600")
    assert outcome["version"] == "1.4.0"
    assert outcome["last"] > 4 * outcome["first"]


def test_dqn_for_the_vectors_of_0_29():
    outcome = said("dqn_final_observation.py", "4000", options=["--api", "0.29"])
    assert outcome["version"] == "0.29.1"
    assert outcome["last"] > 3 * outcome["first"]


def test_images_prepared_with_the_names_of_0_29():
    outcome = said("frames_of_0_29.py", options=["--api", "0.29"])
    assert outcome["shape"] == [2, 4, 84, 84]
    assert (outcome["first"], outcome["newest"]) == (100.0, 200.0)
    assert outcome["rewards"] == [1.0, 1.0]
    assert outcome["lengths"] == [4, 4]
    assert outcome["clipped"] == 0.5


def test_a_tutorial_on_blackjack():
    outcome = said("blackjack_tutorial.py")
    assert (outcome["episodes"], outcome["lengths"]) == (1000, 1000)
    assert outcome["returns"] == [-1.0, 0.0, 1.0]
    assert outcome["states"] > 150


def test_shimmy_converts_environments_of_old_gym():
    outcome = said("shimmy_old_gym.py", options=["--gym"])
    assert outcome == {"first": [0, 0], "seed": 3, "end": [False, True], "space": True}


def test_a_program_for_0_29_is_told_where_its_names_are():
    command = [sys.executable, "-m", "dromos", "run", "--dry-run"]
    done = subprocess.run(
        [*command, str(PROGRAMS / "frames_of_0_29.py")], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "has no `gymnasium.wrappers.GrayScaleObservation`" in done.stdout
    assert "The nearest is `gymnasium.wrappers.GrayscaleObservation`" in done.stdout
    assert "It is a name of release 0.29: choose that with `--api 0.29`" in done.stdout
    assert "gymnasium.wrappers.FrameStack`" in done.stdout
