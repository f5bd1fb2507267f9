"""Without a display everything is drawn, and only a window is refused, at once and with advice."""

import pytest

DRAW = """
    import os, sys
    before = dict(os.environ)
    from dromos.render import Raster, frame_to_text, png_bytes, tile
    canvas = Raster(60, 40)
    canvas.background((1, 2, 3))
    canvas.text(5, 30, "ok", 20, (255, 255, 255))
    frame = canvas.pixels()
    assert png_bytes(tile([frame, frame])) and frame_to_text(frame)
    assert not {"pygame", "av", "matplotlib"} & set(sys.modules)
    assert dict(os.environ) == before
    print(frame.shape)
"""

SHOW = """
    import numpy as np
    from dromos.error import Error
    from dromos.render import Window
    window = Window("title", (60, 40))
    try:
        window.show(np.zeros((40, 60, 3), np.uint8))
    except Error as error:
        print(error)
    window.close()
"""


def test_frames_need_no_display_no_libraries_and_no_variables(run_program):
    done = run_program(DRAW)
    assert (done.stdout, done.returncode) == ("(40, 60, 3)\n", 0), done.stderr


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":4242"}, {"SDL_VIDEODRIVER": "nonsense"}])
def test_a_window_says_what_to_do_instead(environment, run_program):
    done = run_program(SHOW, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("cannot open a window: ")
    assert 'render_mode="rgb_array"' in done.stdout
    assert "xvfb-run" in done.stdout


@pytest.mark.parametrize(
    ("module", "program", "extra"),
    [
        ("pygame", SHOW, "window"),
        ("av", 'from dromos.render import VideoWriter; VideoWriter("/tmp/no.mp4", 30)', "video"),
    ],
)
def test_a_missing_library_is_named_with_the_line_that_installs_it(
    module, program, extra, run_program
):
    done = run_program(
        f"import sys; sys.modules[{module!r}] = None\n" + program.replace("\n    ", "\n")
    )
    assert f'pip install "dromos[{extra}]"' in done.stdout + done.stderr


def test_the_other_pygame_is_told_from_ours(run_program):
    done = run_program(
        """
        import sys, types
        old = sys.modules["pygame"] = types.ModuleType("pygame")
        old.version = types.SimpleNamespace(ver="2.6.1")
        """
        + SHOW.replace("\n    ", "\n        ")
    )
    assert "found pygame 2.6.1: pip uninstall pygame" in done.stdout, done.stderr
