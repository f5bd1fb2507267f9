"""`RecordVideo`: which frames come into which files."""

import gc
import weakref
from types import SimpleNamespace

import av
import numpy as np
import pytest
from recording_fakes import HEIGHT, WIDTH, Film, counts_in, names_in, play

import dromos as gym
from dromos.error import DependencyNotInstalled, Error
from dromos.render import read_video
from dromos.wrappers import NumpyToTorch, RecordVideo, RenderCollection


def every(_):
    return True


def never(_):
    return False


def test_an_episode_is_a_frame_of_the_reset_and_one_of_each_step(folder):
    with RecordVideo(Film(end=7), folder) as env:
        play(env)
    path = folder / "rl-video-episode-0.mp4"
    assert counts_in(path) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert next(read_video(path)).shape == (HEIGHT, WIDTH, 3)
    with av.open(str(path)) as file:
        assert float(file.streams.video[0].average_rate) == 25


def test_frames_that_are_tensors(folder):
    with RecordVideo(NumpyToTorch(Film(end=7)), folder) as env:
        play(env)
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("fps", "expected"), [(None, 50), (12, 12), (7.5, 7.5)])
def test_frames_per_second(folder, fps, expected):
    env = RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder, fps=fps)
    assert env.frames_per_sec == expected
    play(env)
    env.close()
    with av.open(str(folder / "rl-video-episode-0.mp4")) as file:
        assert float(file.streams.video[0].average_rate) == expected


def test_frames_per_second_of_an_environment_that_does_not_tell(folder):
    env = Film()
    env.metadata = {"render_modes": ["rgb_array"]}
    assert RecordVideo(env, folder).frames_per_sec == 30


def test_by_default_cubes_are_recorded(folder):
    with RecordVideo(Film(end=1), folder) as env:
        play(env, episodes=30)
    assert names_in(folder) == [f"rl-video-episode-{n}.mp4" for n in (0, 1, 27, 8)]


def test_every_episode_if_asked(folder):
    with RecordVideo(Film(end=2), folder, episode_trigger=every, name_prefix="all") as env:
        play(env, episodes=3)
    assert names_in(folder) == [f"all-episode-{n}.mp4" for n in range(3)]
    assert all(counts_in(folder / name) == [0, 1, 2] for name in names_in(folder))


def test_a_step_starts_a_recording_until_the_episode_ends(folder):
    with RecordVideo(Film(end=6), folder, step_trigger=lambda step: step == 8) as env:
        play(env, episodes=3)
    assert names_in(folder) == ["rl-video-step-8.mp4"]
    assert counts_in(folder / "rl-video-step-8.mp4") == [3, 4, 5, 6]


@pytest.mark.parametrize("length", [1, 2, 9, 14])
def test_a_length_is_exact_and_goes_over_ends_of_episodes(folder, length):
    first = {"episode_trigger": lambda episode: episode == 0, "video_length": length}
    with RecordVideo(Film(end=4), folder, **first) as env:
        play(env, episodes=4)
    shown = [0, 1, 2, 3, 4] * 4
    assert counts_in(folder / "rl-video-episode-0.mp4") == shown[:length]


def test_lengths_of_recordings_that_steps_start(folder):
    trigger = {"step_trigger": lambda step: step % 10 == 0, "video_length": 5}
    with RecordVideo(Film(), folder, **trigger) as env:
        play(env, steps=25)
    assert names_in(folder) == [f"rl-video-step-{n}.mp4" for n in (0, 10, 20)]
    assert counts_in(folder / "rl-video-step-10.mp4") == [11, 12, 13, 14, 15]


def test_a_new_recording_ends_the_running_one(folder):
    with RecordVideo(Film(), folder, step_trigger=lambda step: step in {0, 3}) as env:
        play(env, steps=5)
    assert counts_in(folder / "rl-video-step-0.mp4") == [1, 2, 3]
    assert counts_in(folder / "rl-video-step-3.mp4") == [4, 5]


def test_recording_by_hand(folder):
    env = RecordVideo(Film(), folder, episode_trigger=never)
    env.start_recording("mine")
    assert env.recording
    play(env, steps=2)
    env.stop_recording()
    assert not env.recording
    env.step(0)
    env.start_recording("later")
    env.step(0)
    env._capture_frame()
    env.close()
    assert counts_in(folder / "mine.mp4") == [0, 1, 2]
    assert counts_in(folder / "later.mp4") == [4, 4]


def test_without_a_recording_there_is_nothing_to_stop(folder):
    env = RecordVideo(Film(), folder, episode_trigger=never)
    with pytest.raises(Error, match=r"no recording runs.*start_recording"):
        env.stop_recording()
    with pytest.raises(Error, match="no recording runs"):
        env._capture_frame()


def test_a_recording_without_frames_leaves_what_was_there(folder):
    with RecordVideo(Film(end=2), folder) as env:
        play(env)
        env.start_recording("rl-video-episode-0")
        with pytest.warns(UserWarning, match="Ignored saving a video"):
            env.stop_recording()
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2]


class Shades(Film):
    """Draws noise, and knows which of its pictures are still held."""

    def __init__(self):
        super().__init__()
        self.pictures = []
        self.noise = np.random.default_rng(0)

    def render(self):
        picture = self.noise.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
        self.pictures.append(weakref.ref(picture))
        return picture


def test_frames_are_not_kept(folder):
    env = RecordVideo(Shades(), folder)
    play(env, steps=300)
    held = [ref for ref in env.unwrapped.pictures if ref() is not None]
    assert len(env.unwrapped.pictures) == 301
    assert held == []
    assert (folder / "rl-video-episode-0.mp4").stat().st_size > 100_000  # it is on the disk
    env.close()


def test_recording_changes_no_episode(folder):
    def observations(env):
        env.action_space.seed(3)
        seen = [env.reset(seed=3)[0]]
        seen += [env.step(env.action_space.sample())[0] for _ in range(10)]
        return np.array(seen)

    recorded = RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder)
    assert (observations(recorded) == observations(gym.make("CartPole-v1"))).all()
    recorded.close()


# Environments that collect their frames.


@pytest.mark.parametrize("pop", [True, False])
@pytest.mark.parametrize("clean", [True, False])
def test_lists_of_frames_make_the_same_video_and_reach_the_user(folder, pop, clean):
    def collection():
        return RenderCollection(Film(end=3), pop_frames=pop, reset_clean=clean)

    def shades(env):
        return [[int(frame[0, 0, 0]) for frame in env.render()] for _ in range(2)]

    recorded, plain = RecordVideo(collection(), folder, episode_trigger=every), collection()
    for env in (recorded, plain):
        play(env, episodes=2)
    assert shades(recorded) == shades(plain)
    for env in (recorded, plain):
        play(env)
        env.reset()
        env.step(0)
    assert shades(recorded) == shades(plain)
    recorded.close()
    assert [counts_in(folder / name) for name in names_in(folder)] == [[0, 1, 2, 3]] * 3 + [[0, 1]]


def test_a_list_that_is_empty_is_said(folder):
    env = RecordVideo(RenderCollection(Film()), folder)
    env.reset()
    with pytest.warns(UserWarning, match="has just been called"):
        env._capture_frame()
    env.step(0)
    env.close()
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1]


def test_the_list_mode_of_make(folder):
    env = gym.make("CartPole-v1", render_mode="rgb_array_list")
    env = RecordVideo(env, folder)
    env.reset(seed=0)
    for _ in range(5):
        env.step(0)
    assert len(env.render()) == 6
    assert env.render() == []
    env.close()
    assert len(list(read_video(folder / "rl-video-episode-0.mp4"))) == 6


# What is refused, and what is told.


@pytest.mark.parametrize("mode", [None, "human", "ansi", "depth_array"])
def test_modes_without_pictures(folder, mode):
    with pytest.raises(ValueError, match=rf"Render mode is {mode}, .*render_mode=\"rgb_array\""):
        RecordVideo(Film(render_mode=mode), folder)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"video_length": -1}, ValueError, "video_length >= 0 .* found -1"),
        ({"episode_trigger": 3}, TypeError, "episode_trigger to be a function .* found 3"),
        ({"step_trigger": True}, TypeError, "step_trigger to be a function .* found True"),
        ({"gc_trigger": "no"}, TypeError, "gc_trigger to be a function .* found 'no'"),
        ({"fps": 0}, Error, "fps must be from"),
    ],
)
def test_wrong_arguments(folder, wrong, error, message):
    with pytest.raises(error, match=message):
        RecordVideo(Film(), folder, **wrong)
    assert not folder.exists()


def test_a_folder_that_is_there_is_told_and_used(folder):
    folder.mkdir()
    (folder / "rl-video-episode-0.mp4").write_bytes(b"old")
    (folder / "other.mp4").write_bytes(b"old")
    with pytest.warns(
        UserWarning, match=r"Overwriting existing videos .* different `video_folder`"
    ):
        env = RecordVideo(Film(end=2), folder)
    assert env.video_folder == str(folder)
    play(env)
    env.close()
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2]
    assert (folder / "other.mp4").read_bytes() == b"old"


def test_without_pyav_the_error_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(DependencyNotInstalled, match=r'pip install "dromos\[video\]"'):
        RecordVideo(Film(), folder)
    assert not folder.exists()


def test_what_is_no_array_ends_the_recording(folder):
    env = RecordVideo(Film(), folder)
    env.reset()
    env.unwrapped.render = lambda: "text"
    with pytest.warns(UserWarning, match=r"Recording stopped: .* got instead <class 'str'>"):
        env.step(0)
    env.step(0)
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0]
    env.close()


def test_a_frame_of_another_size_is_an_error_and_ends_the_recording(folder):
    env = RecordVideo(Film(), folder)
    play(env, steps=3)
    env.unwrapped.render = lambda: np.zeros((10, 10, 3), np.uint8)
    with pytest.raises(Error, match="frames of width x height 64 x 48, found one of 10 x 10"):
        env.step(0)
    env.step(0)
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2, 3]
    env.close()


def test_frames_larger_than_a_video_can_be(folder):
    env = RecordVideo(Film(), folder)
    env.unwrapped.render = lambda: np.zeros((2, 16385, 3), np.uint8)
    with pytest.raises(Error, match=r"at most 16384 pixels a side, found .* 16386 x 2 for"):
        env.reset()
    env.step(0)
    assert names_in(folder) == []


def test_finished_files_are_printed_if_asked(folder, capsys):
    with RecordVideo(Film(end=2), folder, disable_logger=False) as env:
        play(env)
    assert capsys.readouterr().out == f"saved {folder}/rl-video-episode-0.mp4: 3 frames\n"


def test_garbage_is_collected_if_asked(folder):
    asked = []

    class Knot:
        def __init__(self):
            self.me = self

    knot = weakref.ref(Knot())
    with RecordVideo(
        Film(end=2), folder, episode_trigger=every, gc_trigger=lambda n: asked.append(n) or n == 1
    ) as env:
        gc.disable()
        try:
            play(env)
            env.stop_recording()
            assert knot() is not None
            play(env)
            env.stop_recording()
            assert knot() is None
        finally:
            gc.enable()
    assert asked == [0, 1]


def test_the_spec_rebuilds_it(folder):
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    settings = {
        "video_folder": str(folder),
        "episode_trigger": None,
        "step_trigger": never,
        "video_length": 5,
        "name_prefix": "p",
        "fps": 10,
        "disable_logger": False,
        "gc_trigger": never,
        "sound": False,
    }
    spec = RecordVideo(env, **settings).spec
    assert spec.additional_wrappers[-1].kwargs == settings
    assert spec.additional_wrappers[-1].entry_point == "dromos.wrappers.rendering:RecordVideo"
    folder.rmdir()
    again = gym.make(spec)
    assert isinstance(again, RecordVideo)
    assert again.video_length == 5


def test_the_defaults_go_through_json(folder):
    env = RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), folder)
    text = env.spec.to_json()
    folder.rmdir()
    again = gym.make(type(env.spec).from_json(text))
    assert again.video_folder == str(folder)
    again.close()


def test_an_environment_with_a_spec_only(folder):
    env = Film()
    env.spec = SimpleNamespace(id="Film-v0", additional_wrappers=())
    assert RecordVideo(env, folder).spec.additional_wrappers[0].name == "RecordVideo"
