"""`gym.envs.classic_control.rendering`: environment files of then draw unmodified."""

import subprocess
import sys

import numpy as np
import pytest

from dromos.compat import old_rendering as rendering
from dromos.error import Error
from dromos.render.image import write_png

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def viewer():
    viewer = rendering.Viewer(40, 20)
    yield viewer
    viewer.close()
    assert not viewer.isopen


def frame_of(viewer):
    frame = viewer.render(return_rgb_array=True)
    assert (frame.shape, frame.dtype) == ((viewer.height, viewer.width, 3), np.uint8)
    return frame


def test_an_empty_frame_is_white(viewer):
    assert (frame_of(viewer) == 255).all()


def test_y_points_up_and_bounds_scale(viewer):
    viewer.set_bounds(-2, 2, 0, 2)
    square = rendering.FilledPolygon([(0, 0), (0, 1), (2, 1), (2, 0)])
    square.set_color(1, 0, 0)
    viewer.add_geom(square)
    frame = frame_of(viewer)
    assert tuple(frame[15, 30]) == RED  # below the middle, on the right
    assert tuple(frame[5, 30]) == (255, 255, 255)
    assert tuple(frame[15, 10]) == (255, 255, 255)
    assert (frame == RED).all(-1).sum() == 200
    with pytest.raises(Error, match="expected left < right and bottom < top"):
        viewer.set_bounds(1, 1, 0, 2)


def test_transformations_scale_turn_and_move(viewer):
    bar = rendering.make_polygon([(0, -1), (0, 1), (6, 1), (6, -1)])
    bar.set_color(0, 0, 1)
    turn = rendering.Transform(rotation=np.pi / 2)
    bar.add_attr(turn)
    bar.add_attr(rendering.Transform(translation=(20, 8), scale=(1, 1)))
    viewer.add_geom(bar)
    frame = frame_of(viewer)
    assert tuple(frame[8, 20]) == BLUE  # stands upright on (20, 8)
    assert (frame[:, 24] == 255).all()
    turn.set_rotation(0)
    turn.set_scale(2, 1)
    frame = frame_of(viewer)
    assert tuple(frame[11, 30]) == BLUE
    assert (frame[8] == 255).all()


def test_shapes_for_one_frame(viewer):
    viewer.draw_circle(5, color=(1, 0, 0))
    viewer.draw_line((0, 0), (40, 20), color=(0, 0, 1), linewidth=2)
    viewer.draw_polyline([(0, 20), (40, 0)])
    viewer.draw_polygon([(30, 0), (30, 5), (40, 5)], filled=False, linewidth=3)
    assert len(viewer.onetime_geoms) == 4
    drawn = frame_of(viewer)
    assert (drawn != 255).any()
    assert viewer.onetime_geoms == []
    np.testing.assert_array_equal(viewer.get_array(), drawn)
    assert (frame_of(viewer) == 255).all()


def test_a_compound_has_one_colour(viewer):
    capsule = rendering.make_capsule(20, 8)
    capsule.set_color(1, 0, 0)
    capsule.add_attr(rendering.Transform(translation=(10, 10)))
    viewer.add_geom(capsule)
    frame = frame_of(viewer)
    assert tuple(frame[10, 20]) == tuple(frame[10, 8]) == tuple(frame[10, 32]) == RED


def test_lines_have_width_and_style(viewer):
    line = rendering.Line((0, 9.5), (40, 9.5))
    viewer.add_geom(line)
    thin = (frame_of(viewer) < 128).all(-1).sum()
    line.set_linewidth(3)  # whole rows: none is half covered
    assert thin == 40
    assert (frame_of(viewer) == 0).all(-1).sum() == 3 * thin
    line.add_attr(rendering.LineStyle(0x00FF))
    assert (frame_of(viewer) == 0).all(-1).sum() == 3 * 24  # 8 of 16 pixels
    line.end = (0, 9.5)
    viewer.add_geom(rendering.Point())
    frame_of(viewer)


def test_a_colour_may_be_seen_through(viewer):
    pane = rendering.FilledPolygon([(0, 0), (0, 20), (40, 20), (40, 0)])
    pane._color.vec4 = (1, 0, 0, 0.5)
    viewer.add_geom(pane)
    assert tuple(frame_of(viewer)[10, 10]) == pytest.approx((255, 128, 128), abs=2)


def test_pictures_are_placed(viewer, tmp_path):
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[0, :] = RED  # the upper row
    picture[1, :] = BLUE
    write_png(tmp_path / "two.png", picture)
    image = rendering.Image(str(tmp_path / "two.png"), 10.0, 10.0)
    move = rendering.Transform(translation=(20, 10))
    image.add_attr(move)
    viewer.add_geom(image)
    frame = frame_of(viewer)
    assert tuple(frame[7, 20]) == RED
    assert tuple(frame[12, 20]) == BLUE
    move.set_rotation(np.pi)
    assert tuple(frame_of(viewer)[7, 20]) == BLUE
    move.set_translation(-100, 0)
    assert (frame_of(viewer) == 255).all()
    with pytest.raises(Error, match="cannot read the picture"):
        rendering.Image(str(tmp_path / "none.png"), 1, 1)


def test_shapes_are_rendered_by_viewers():
    with pytest.raises(Error, match="rendered by a Viewer"):
        rendering.make_circle().render()
    with pytest.raises(Error, match="Invalid display specification"):
        rendering.get_display(3)


ENVIRONMENT = """
import math
import gym
from gym import spaces
from gym.utils import seeding
import numpy as np


class SwingEnv(gym.Env):
    metadata = {"render.modes": ["human", "rgb_array"], "video.frames_per_second": 30}

    def __init__(self):
        self.viewer = None
        self.action_space = spaces.Discrete(2)
        self.observation_space = spaces.Box(-np.inf, np.inf, (1,), np.float32)
        self.seed()

    def seed(self, seed=None):
        self.np_random, seed = seeding.np_random(seed)
        return [seed]

    def reset(self):
        self.angle = self.np_random.uniform(-1, 1)
        return np.array([self.angle], np.float32)

    def step(self, action):
        self.angle += 0.1 if action else -0.1
        return np.array([self.angle], np.float32), 0.0, abs(self.angle) > 2, {}

    def render(self, mode="human"):
        from gym.envs.classic_control import rendering
        if self.viewer is None:
            self.viewer = rendering.Viewer(200, 200)
            self.viewer.set_bounds(-1.5, 1.5, -1.5, 1.5)
            rod = rendering.make_capsule(1, 0.2)
            rod.set_color(0.8, 0.3, 0.3)
            self.turn = rendering.Transform()
            rod.add_attr(self.turn)
            self.viewer.add_geom(rod)
        self.turn.set_rotation(self.angle + math.pi / 2)
        return self.viewer.render(return_rgb_array=mode == "rgb_array")

    def close(self):
        if self.viewer:
            self.viewer.close()
            self.viewer = None


env = SwingEnv()
env.reset()
env.step(1)
frame = env.render(mode="rgb_array")
assert frame.shape == (200, 200, 3), frame.shape
assert frame.std() > 10
"""
SHOWN = "assert env.render() is True and env.viewer.isopen\nenv.close()\nprint('shown')\n"


@pytest.mark.parametrize("api", ["0.9", "0.17", "0.21", "0.23"])
def test_an_environment_file_of_then(tmp_path, api):
    (tmp_path / "swing.py").write_text(ENVIRONMENT + "print('drawn')\n")
    command = [sys.executable, "-W", "error", "-m", "dromos", "run", "--api", api, "swing.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "drawn\n", done.stderr


def test_it_opens_a_window_where_there_is_a_screen(tmp_path, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    (tmp_path / "swing.py").write_text(ENVIRONMENT + SHOWN)
    command = [sys.executable, "-m", "dromos", "run", "--api", "0.21", "swing.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "shown\n", done.stderr


def test_pictures_are_shown_in_a_window(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    viewer = rendering.SimpleImageViewer(maxwidth=10)
    viewer.imshow(np.zeros((20, 40, 3), np.uint8))
    assert viewer.isopen
    assert (viewer.width, viewer.height) == (10, 5)
    viewer.close()
    assert not viewer.isopen
    with pytest.raises(Error, match="expected a picture"):
        viewer.imshow(np.zeros((2, 2), np.uint8))
