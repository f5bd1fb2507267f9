"""What a notebook shows: cards and players, and that looking changes nothing."""

import base64
import re
import struct

import numpy as np
import pytest
from built_in import BUILT_IN

import dromos as gym
from dromos import wrappers
from dromos.notebook import video_html
from dromos.render import Recorder
from dromos.wrappers import vector

pytestmark = pytest.mark.filterwarnings("ignore:.* is out of date:DeprecationWarning")


def picture_sizes(html):
    """Return width and height of each picture in a page."""
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    headers = [base64.b64decode(data)[:24] for data in found]
    assert all(header.startswith(b"\x89PNG") for header in headers)
    return [struct.unpack(">II", header[16:]) for header in headers]


@pytest.fixture(autouse=True)
def _no_window(monkeypatch):
    def refuse(*_):
        raise AssertionError("a window opens")

    monkeypatch.setattr("dromos.render.window.Window.open", refuse)


@pytest.mark.parametrize("env_id", BUILT_IN)
def test_every_environment_shows_itself(env_id):
    env = gym.make(env_id)
    before = env._repr_html_()
    assert env_id in before
    assert picture_sizes(before) == []
    env.reset(seed=0)
    state = env.snapshot()
    shown = env._repr_html_()
    assert env._repr_html_() == shown
    assert env.snapshot() == state
    assert len(picture_sizes(shown)) == 1 or "no picture in the render mode None" in shown


def test_a_card_says_what_it_is():
    env = wrappers.FrameStackObservation(gym.make("CartPole-v1"), 2)
    env.reset(seed=0)
    html = env._repr_html_()
    for text in (
        "CartPole-v1",
        "FrameStackObservation › TimeLimit › OrderEnforcing › PassiveEnvChecker › CartPoleEnv",
        "Discrete(2)",
        "500",
    ):
        assert text in html
    assert picture_sizes(html) == [(600, 400)]
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="(?!data:)', html) == []  # nothing from elsewhere


def test_looking_changes_nothing_where_rendering_would():
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    env = wrappers.RenderCollection(wrappers.AddWhiteNoise(env, 0.5))
    env.reset(seed=0)
    env.step(0)
    state = env.snapshot()
    assert picture_sizes(env._repr_html_()) == [(600, 400)]
    assert env.snapshot() == state
    assert len(env.render()) == 2


def test_texts_and_modes():
    env = gym.make("FrozenLake-v1", render_mode="ansi")
    env.reset(seed=0)
    assert "SFFF" in env._repr_html_()
    assert "\x1b" not in env._repr_html_()
    ant = gym.make("Ant-v5")
    ant.reset(seed=0)
    assert "no picture in the render mode None; make it with &quot;rgb_array&quot;" in (
        ant._repr_html_()
    )
    human = wrappers.HumanRendering(gym.make("CartPole-v1", render_mode="rgb_array"))
    assert "no picture yet: call reset()" in human._repr_html_()


class Hostile(gym.Env):
    """Everything it says is markup, and what it can it raises."""

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012
    render_mode = "rgb_array"
    observation_space = action_space = gym.spaces.Text(5, charset="<>")

    def render(self):
        raise RuntimeError("<script>alert(1)</script>")


def test_markup_is_text_and_faults_are_sentences():
    env = Hostile()
    html = env._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    del Hostile.observation_space
    html = env._repr_html_()
    assert html.startswith("<div>Hostile: AttributeError: ")

    class Strange(Hostile):
        observation_space = gym.spaces.Discrete(2)

        def render(self):
            return np.zeros((2, 2), np.float32)

    assert "no picture: Error: a notebook takes frames of dtype uint8" in Strange()._repr_html_()


def test_vectors_are_grids():
    envs = vector.RecordEpisodeStatistics(gym.make_vec("CartPole-v1", 20, render_mode="rgb_array"))
    assert "no picture yet: call reset()" in envs._repr_html_()
    envs.reset(seed=0)
    state = envs.unwrapped.snapshot()
    html = envs._repr_html_()
    assert "RecordEpisodeStatistics › CartPoleVectorEnv" in html
    assert "NEXT_STEP" in html
    ((width, height),) = picture_sizes(html)  # of 16 lanes
    assert (width, height) == (4 * 200 + 3 * 2, 4 * 133 + 3 * 2)
    assert envs.unwrapped.snapshot() == state
    envs.close()
    assert "the vector is closed" in envs._repr_html_()
    blind = gym.make_vec("CartPole-v1", 2, vectorization_mode="sync")
    assert "no picture in the render mode None" in blind._repr_html_()
    blind.close()


def test_recorders_are_players(tmp_path):
    folder = tmp_path / "films"
    env = wrappers.RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder)
    assert f"no video yet in {folder}" in env._repr_html_()
    env.reset(seed=0)
    env.step(0)
    assert "rl-video-episode-0.mp4: 2 frames so far" in env._repr_html_()
    env.close()
    html = wrappers.RecordEpisodeStatistics(env)._repr_html_()
    (data,) = re.findall(r'<video controls[^>]* src="data:video/mp4;base64,([^"]+)"', html)
    assert base64.b64decode(data) == (folder / "rl-video-episode-0.mp4").read_bytes()
    assert env.last_file == str(folder / "rl-video-episode-0.mp4")
    assert "more than the 0.0001 MB that are put into a page" in video_html(env.last_file, 100)
    (folder / "rl-video-episode-0.mp4").unlink()
    assert "cannot be shown: No such file" in env._repr_html_()

    recorder = Recorder(tmp_path / "<b>", 30)
    assert "&lt;b&gt;" in recorder._repr_html_()
    recorder.start("film")
    recorder.write(np.zeros((16, 16, 3), np.uint8))
    assert recorder.stop() == recorder.last_file
    assert "<video" in recorder._repr_html_()


def test_episode_files_are_named(tmp_path):
    env = wrappers.RecordEpisodes(gym.make("CartPole-v1"), tmp_path)
    env.reset()
    env.step(0)
    env.close()
    assert str(tmp_path / "episode-0.jsonl") in env._repr_html_()
