"""Programs run in processes of their own, where the alias may be installed."""

import os
import subprocess
import sys

INSTALL = "from dromos.compat.gymnasium import install\ninstall()\n"


def run(*command, cwd=None, **variables):
    """Run Python with warnings as errors and return the finished process."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True
    )


def output(*command, cwd=None):
    """Return what a program prints, and fail with its errors if it fails."""
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(code, cwd=None):
    """Return what a text of Python prints where the alias is installed."""
    return output("-c", INSTALL + code, cwd=cwd).strip()
