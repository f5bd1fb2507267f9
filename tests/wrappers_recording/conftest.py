"""Programs in processes of their own, without a display."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


@pytest.fixture
def run_program():
    """Run Python source as a program: the completed process, with its output as text."""

    def run(text, **environment):
        kept = {name: value for name, value in os.environ.items() if name not in DISPLAY_VARIABLES}
        here = str(Path(__file__).parent)
        paths = os.pathsep.join(filter(None, [here, kept.get("PYTHONPATH")]))
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(text)],
            env={**kept, "PYTHONPATH": paths, **environment},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return run


@pytest.fixture
def folder(tmp_path):
    """A folder that is not there yet."""
    return tmp_path / "videos"
