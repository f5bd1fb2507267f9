"""Programs in processes of their own, with a virtual screen, a blind one, or none."""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


def _run(text, **environment):
    """Run Python source without any display but what `environment` names."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAY_VARIABLES}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(text)],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture
def run_program():
    """Run Python source as a program: the completed process, with its output as text."""
    return _run


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    """A virtual X server of 800 x 600: (its DISPLAY, a file that holds its pixels)."""
    program = shutil.which("Xvfb")
    assert program, "these tests need a virtual X server: apt-get install xvfb"
    folder = tmp_path_factory.mktemp("screen")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "800x600x24", "-fbdir", str(folder)],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}", folder / "Xvfb_screen0"
    server.terminate()
    server.wait()
