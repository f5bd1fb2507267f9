"""`HumanRendering`: which frames reach the window, and what becomes of the window."""

import copy
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from wrapper_fakes import CountingEnv

from dromos.error import Error
from dromos.wrappers import HumanRendering, RenderCollection


@pytest.fixture
def windows(monkeypatch):
    """Let windows be lists of the frames they were shown; return all that were made."""
    made = []

    class Window:
        def __init__(self, title, size, fps=None):
            self.title, self.size, self.fps, self.frames, self.closed = title, size, fps, [], False
            made.append(self)

        def __reduce__(self):
            return Window, (self.title, self.size, self.fps)

        def show(self, frame):
            self.frames.append(frame)
            return True

        def close(self):
            self.closed = True

    monkeypatch.setitem(sys.modules, "dromos.render.window", SimpleNamespace(Window=Window))
    return made


class Depth(CountingEnv):
    metadata = {"render_modes": ["depth_array"], "render_fps": 5}  # noqa: RUF012
    image = np.array([[1.0, 3.0], [2.0, np.inf]])

    def render(self):
        return self.image


def test_every_reset_and_step_is_shown(windows):
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    assert env.render_mode == "human"
    assert "human" in env.metadata["render_modes"]
    assert "human" not in CountingEnv.metadata["render_modes"]
    assert windows == []
    env.reset()
    for _ in range(3):
        env.step(0)
    assert env.render() is None
    (window,) = windows
    assert (window.size, window.fps) == ((6, 4), 30)
    assert "CountingEnv" in window.title
    assert [frame[0, 0, 0] for frame in window.frames] == [0, 1, 2, 3]


def test_the_last_frame_of_a_list_is_shown(windows):
    env = HumanRendering(RenderCollection(CountingEnv(render_mode="rgb_array")))
    env.reset()
    env.step(0)
    assert [frame[0, 0, 0] for frame in windows[0].frames] == [0, 1]
    assert env.env.render() == []


def test_depth_is_shown_in_grey(windows):
    env = HumanRendering(Depth(render_mode="depth_array"))
    env.reset()
    (frame,) = windows[0].frames
    assert (frame.dtype, frame.shape) == (np.uint8, (2, 2, 3))
    assert frame[:, :, 0].tolist() == [[0, 255], [127, 255]]
    env.unwrapped.image = np.full((2, 2), 7)
    env.step(0)
    assert not windows[0].frames[1].any()


def test_closing_closes_the_window_and_a_reset_opens_another(windows):
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    env.close()
    env.reset()
    env.close()
    env.close()
    assert windows[0].closed
    env.reset()
    assert len(windows) == 2


def test_copies_and_snapshots_leave_the_window(windows):
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    env.reset()
    state = env.snapshot()
    assert "window" not in state.state
    other = copy.deepcopy(env)
    other.step(0)
    env.restore(state)
    env.step(0)
    assert [len(window.frames) for window in windows] == [2, 1]


def test_without_a_display_the_error_says_what_to_do(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    with pytest.raises(Error, match=r'render_mode="rgb_array".*xvfb-run'):
        env.reset()
    env.close()


def test_a_real_window(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    env.reset()
    assert env.window.is_open
    other = copy.deepcopy(env)
    assert not other.window.is_open
    env.step(0)
    env.close()
    assert env.window is None


@pytest.mark.parametrize("mode", [None, "ansi", "human"])
def test_modes_that_give_no_image(mode):
    with pytest.raises(
        ValueError, match=rf"to be one of \['rgb_array'.*'{mode}'.*render_mode=\"rgb"
    ):
        HumanRendering(CountingEnv(render_mode=mode))


def test_frames_per_second_must_be_declared():
    env = CountingEnv(render_mode="rgb_array")
    env.metadata = {"render_modes": ["rgb_array"]}
    with pytest.raises(ValueError, match=r"must specify 'render_fps'.*frames per second"):
        HumanRendering(env)


@pytest.mark.parametrize("frame", [None, [], "text", np.zeros(3)])
def test_what_is_no_image_is_named(windows, frame):
    env = HumanRendering(CountingEnv(render_mode="rgb_array"))
    env.unwrapped.render = lambda: frame
    with pytest.raises(Error, match=r"env\.render\(\): expected an array \(height, width, 3\)"):
        env.reset()


def test_spec_names_the_public_path(windows):
    env = CountingEnv(render_mode="rgb_array")
    env.spec = SimpleNamespace(id="Counting-v0", additional_wrappers=())
    (spec,) = HumanRendering(env).spec.additional_wrappers
    assert (spec.name, spec.kwargs) == ("HumanRendering", {})
    assert spec.entry_point == "dromos.wrappers.rendering:HumanRendering"
