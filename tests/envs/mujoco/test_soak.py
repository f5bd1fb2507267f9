"""Memory stays flat: scripts/soak_mujoco.py in a short form."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "scripts" / "soak_mujoco.py"


def test_steps_makes_and_failures_leave_nothing_behind():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--steps", "20000", "--makes", "40"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" MiB ") == 8
