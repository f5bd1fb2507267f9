"""Rows B12 to B14: frames and videos where there is no display, windows where there is one."""

import os
import subprocess
import sys

import numpy as np
import pytest
from dialect_cases import QUIET, Corridor, Corridor09

from dromos import legacy as gym
from dromos.render import read_video

pytestmark = pytest.mark.filterwarnings(QUIET)

FRAMES = """
import sys
from dromos import legacy as gym
env = gym.wrappers.Monitor(gym.make("CartPole-v0"), sys.argv[1], video_callable=lambda _: True)
env.reset()
frame = env.render(mode="rgb_array")
assert frame.shape == (400, 600, 3) and frame.dtype == "uint8" and len(set(frame.ravel())) > 1
while not env.step(0)[2]:
    pass
env.close()
libraries = open("/proc/self/maps").read()
assert "libGL" not in libraries and "libEGL" not in libraries
"""

WINDOW = """
from dromos import legacy as gym
env = gym.make("CartPole-v0")
env.reset()
for action in (0, 1, 0):
    assert env.render() is None  # mode="human"
    env.step(action)
assert env.unwrapped.env.unwrapped._window is not None
env.close()
"""


def run(*command, **variables):
    env = {**os.environ, **variables}
    env = {key: value for key, value in env.items() if value is not None}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"DISPLAY": None, "WAYLAND_DISPLAY": None}, id="b12 no display"),
        pytest.param({"DISPLAY": ":nowhere"}, id="b12 a display that is not there"),
        pytest.param({"LIBGL_ALWAYS_INDIRECT": "1", "DISPLAY": None}, id="b14 no GL"),
    ],
)
def test_b12_b14_frames_and_videos_need_neither_display_nor_gl(tmp_path, variables):
    run(sys.executable, "-c", FRAMES, str(tmp_path), **variables)
    (video,) = tmp_path.glob("*.mp4")
    assert len(list(read_video(video))) > 5


def test_b13_windows_open_under_xvfb_run():
    server = ("xvfb-run", "-a", "-s", "-screen 0 1400x900x24 +extension RANDR", "--")
    run(*server, sys.executable, "-c", WINDOW, SDL_VIDEODRIVER=None)


def test_a_mode_is_chosen_at_every_call():
    env = gym.from_new(Corridor())
    env.reset()
    assert env.render(mode="ansi") == str(env.position)
    assert env.render(mode="rgb_array").shape == (8, 8, 3)
    assert env.env.render_mode is None
    with pytest.raises(gym.error.UnsupportedMode, match="has no render mode 'svg', it has"):
        env.render(mode="svg")


def test_a_mode_that_cannot_be_changed_is_told():
    class Fixed(Corridor):
        @property
        def render_mode(self):
            return None

        @render_mode.setter
        def render_mode(self, mode):
            if mode is not None:
                raise AttributeError("the renderer has been made")

    fixed = Fixed()
    env = gym.from_new(fixed)
    env.reset()
    with pytest.raises(gym.error.UnsupportedMode, match="make it with render_mode='rgb_array'"):
        env.render(mode="rgb_array")


def test_old_modes_are_those_of_the_metadata():
    env = Corridor09()
    env.reset()
    assert env.render() is None
    assert np.array_equal(env.render("rgb_array"), np.full((16, 16, 3), 10 * env.position))
    assert env.rendered == ["human", "rgb_array"]
    with pytest.raises(gym.error.UnsupportedMode, match=r"Unsupported rendering mode: svg\."):
        env.render("svg")
    env.render(close=True)
    assert env.viewer is None
    assert env.rendered == ["human", "rgb_array"]


def test_a_wrapper_passes_rendering_on():
    env = gym.wrappers.TimeLimit(Corridor09(), max_episode_steps=3)
    env.reset()
    env.render(mode="ansi")
    assert env.unwrapped.rendered == ["ansi"]
