"""Vectors in videos and in a window: all lanes, and the episodes of lane 0 in every mode."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from recording_fakes import HEIGHT, WIDTH, Film, counts_in, names_in

import dromos as gym
from dromos.error import Error
from dromos.render import read_video
from dromos.vector import AutoresetMode, SyncVectorEnv, VectorWrapper
from dromos.wrappers.vector import NumpyToTorch
from dromos.wrappers.vector.rendering import HumanRendering, RecordVideo

NEXT_STEP, SAME_STEP, DISABLED = AutoresetMode
GAP = 2


def every(_):
    return True


def films(*ends, mode=NEXT_STEP, render_mode="rgb_array"):
    makers = [lambda end=end: Film(end=end, render_mode=render_mode) for end in ends]
    return SyncVectorEnv(makers, autoreset_mode=mode)


def move(envs, steps):
    for _ in range(steps):
        result = envs.step(np.zeros(envs.num_envs, np.int64))
    return result


def lanes_in(path, lanes=2):
    """Return the counts of each lane, where lanes stand one below the other."""
    return [counts_in(path, top=lane * (HEIGHT + GAP) + HEIGHT // 2) for lane in range(lanes)]


def test_next_step_mode_shows_ends_and_starts(folder):
    envs = RecordVideo(films(3, 5), folder, episode_trigger=every)
    envs.reset()
    move(envs, 9)
    envs.close()
    shown = [lanes_in(folder / name) for name in names_in(folder)]
    assert shown == [
        [[0, 1, 2, 3], [0, 1, 2, 3]],
        [[0, 1, 2, 3], [4, 5, 0, 1]],
        [[0, 1], [2, 3]],
    ]


def test_same_step_mode_starts_episodes_in_the_step_that_ends_one(folder):
    with pytest.warns(UserWarning, match="SAME_STEP, videos lack the last frame"):
        envs = RecordVideo(films(3, 5, mode=SAME_STEP), folder, episode_trigger=every)
    envs.reset()
    move(envs, 7)
    envs.close()
    shown = [lanes_in(folder / name) for name in names_in(folder)]
    assert shown == [[[0, 1, 2], [0, 1, 2]], [[0, 1, 2], [3, 4, 0]], [[0, 1], [1, 2]]]


class Untold(VectorWrapper):
    """A vector that does not say which lanes moved, as those that know only the base class."""

    @property
    def valid_transition(self):
        raise AttributeError("valid_transition")


@pytest.mark.filterwarnings("ignore:.*SAME_STEP, videos lack:UserWarning")
@pytest.mark.parametrize(("mode", "episodes"), [(NEXT_STEP, 4), (SAME_STEP, 6)])
def test_vectors_that_do_not_say_which_lanes_moved(folder, mode, episodes):
    told = RecordVideo(films(3, 5, mode=mode), folder / "told", episode_trigger=every)
    untold = RecordVideo(Untold(films(3, 5, mode=mode)), folder / "untold", episode_trigger=every)
    for envs in (told, untold):
        envs.reset()
        move(envs, 3)  # lane 0 has ended, and would begin anew by itself
        envs.reset(options={"reset_mask": np.array([True, False])})
        move(envs, 9)
        envs.close()
    names = names_in(folder / "told")
    assert len(names) == episodes
    assert names_in(folder / "untold") == names
    for name in names:
        assert lanes_in(folder / "untold" / name) == lanes_in(folder / "told" / name)


def test_disabled_mode_starts_episodes_by_resets_of_lane_0(folder):
    envs = RecordVideo(films(3, 2, mode=DISABLED), folder, episode_trigger=every)
    envs.reset()
    move(envs, 2)
    envs.reset(options={"reset_mask": np.array([False, True])})
    move(envs, 1)
    assert envs.episode_id == 0
    options = {"reset_mask": np.array([True, False])}
    envs.reset(options=options)
    assert (envs.episode_id, list(options)) == (1, ["reset_mask"])
    move(envs, 1)
    envs.reset()
    envs.close()
    shown = [lanes_in(folder / name) for name in names_in(folder)]
    assert shown == [
        [[0, 1, 2, 2, 3], [0, 1, 2, 0, 1]],
        [[0, 1], [1, 2]],
        [[0], [0]],
    ]


@pytest.mark.filterwarnings("ignore:.*SAME_STEP, videos lack:UserWarning")
@pytest.mark.parametrize("first_only", [False, True])
@pytest.mark.parametrize("mode", AutoresetMode)
def test_frames_that_are_tensors(folder, mode, first_only):
    how = {"episode_trigger": every, "record_first_only": first_only}
    plain = RecordVideo(films(3, 9, mode=mode), folder / "plain", **how)
    torched = RecordVideo(NumpyToTorch(films(3, 9, mode=mode)), folder / "torched", **how)
    for envs, asarray in ((plain, np.asarray), (torched, torch.as_tensor)):
        envs.reset()
        for _ in range(2):
            for _ in range(3):
                envs.step(asarray([0, 0]))
            envs.reset(options={"reset_mask": asarray([True, False])})
        assert type(envs.render()[0]) is type(asarray([0]))
        envs.close()
    names = names_in(folder / "plain")
    assert len(names) > 2
    assert names_in(folder / "torched") == names
    for name in names:
        frames = [list(read_video(folder / each / name)) for each in ("plain", "torched")]
        np.testing.assert_array_equal(*frames)


def test_a_reset_of_others_does_not_hide_that_lane_0_will_restart(folder):
    envs = RecordVideo(films(2, 5), folder, episode_trigger=every)
    envs.reset()
    move(envs, 2)
    envs.reset(options={"reset_mask": np.array([False, True])})
    move(envs, 1)
    assert envs.episode_id == 1
    envs.close()
    assert lanes_in(folder / "rl-video-episode-0.mp4") == [[0, 1, 2, 2], [0, 1, 2, 0]]
    assert lanes_in(folder / "rl-video-episode-1.mp4") == [[0], [1]]


def test_a_reset_of_lane_0_replaces_its_autoreset(folder):
    envs = RecordVideo(films(2, 5), folder, episode_trigger=every)
    envs.reset()
    move(envs, 2)
    envs.reset(options={"reset_mask": np.array([True, False])})
    move(envs, 1)
    assert envs.episode_id == 1
    envs.reset(options=[None, None])
    assert envs.episode_id == 2
    envs.close()
    assert lanes_in(folder / "rl-video-episode-1.mp4") == [[0, 1], [2, 3]]


@pytest.mark.parametrize("mode", [NEXT_STEP, SAME_STEP])
@pytest.mark.filterwarnings("ignore:.*SAME_STEP")
def test_native_vectors(folder, mode):
    envs = gym.make_vec(
        "CartPole-v1", 3, render_mode="rgb_array", vector_kwargs={"autoreset_mode": mode}
    )
    envs = RecordVideo(envs, folder, record_first_only=True, episode_trigger=every)
    envs.reset(seed=4)
    lengths = [0]
    for _ in range(40):
        _, _, terminated, _, _ = envs.step(np.ones(3, np.int64))
        lengths[-1] += envs.valid_transition[0]
        if terminated[0]:
            lengths.append(0)
    envs.close()
    whole = [len(list(read_video(folder / f"rl-video-episode-{n}.mp4"))) for n in range(3)]
    assert whole == [length + (mode is NEXT_STEP) for length in lengths[:3]]


@pytest.mark.parametrize("length", [1, 6])
def test_a_length_is_exact(folder, length):
    envs = RecordVideo(films(3, 5), folder, video_length=length)
    envs.reset()
    move(envs, 12)
    envs.close()
    shown = [0, 1, 2, 3, 0, 1, 2, 3]
    assert counts_in(folder / "rl-video-episode-0.mp4") == shown[: min(length, 4)]
    assert counts_in(folder / "rl-video-episode-1.mp4") == shown[:length]


def test_steps_are_those_of_the_vector(folder):
    envs = RecordVideo(films(9, 9), folder, step_trigger=lambda step: step == 2, video_length=3)
    envs.reset()
    move(envs, 8)
    envs.close()
    assert names_in(folder) == ["rl-video-step-2.mp4"]
    assert counts_in(folder / "rl-video-step-2.mp4") == [3, 4, 5]


@pytest.mark.parametrize(
    ("lanes", "ratio", "columns", "rows"),
    [
        (1, (1, 1), 1, 1),
        (4, (1, 1), 2, 2),
        (5, (16, 9), 3, 2),
        (6, (1, 9), 1, 6),
        (6, (9, 1), 6, 1),
    ],
)
def test_lanes_are_tiled_to_fill_the_ratio(folder, lanes, ratio, columns, rows):
    envs = RecordVideo(films(*[9] * lanes), folder, video_aspect_ratio=ratio)
    envs.reset()
    envs.close()
    (frame,) = read_video(folder / "rl-video-episode-0.mp4")
    size = (columns * (WIDTH + GAP) - GAP, rows * (HEIGHT + GAP) - GAP)
    assert (frame.shape[1], frame.shape[0]) == size


def test_each_lane_stands_in_its_place(folder):
    makers = [lambda lane=lane: Film(offset=40 * lane) for lane in range(6)]
    envs = RecordVideo(SyncVectorEnv(makers), folder, video_aspect_ratio=(2, 1))
    envs.reset()
    envs.close()
    (frame,) = read_video(folder / "rl-video-episode-0.mp4")
    middles = frame[HEIGHT // 2 :: HEIGHT + GAP, WIDTH // 2 :: WIDTH + GAP].mean(2).round()
    assert abs(middles - np.array([[0, 40, 80], [120, 160, 200]])).max() <= 2


def test_lane_0_alone(folder):
    envs = RecordVideo(films(9, 9, 9), folder, record_first_only=True)
    envs.reset()
    envs.close()
    (frame,) = read_video(folder / "rl-video-episode-0.mp4")
    assert frame.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize(
    ("envs", "wrong", "message"),
    [
        (lambda: films(3, render_mode=None), {}, "Render mode is None"),
        (lambda: films(3, render_mode="rgb_array_list"), {}, "Render mode is rgb_array_list"),
        (lambda: films(3), {"video_aspect_ratio": (0, 1)}, r"found \(0, 1\)"),
        (lambda: films(3), {"video_length": -3}, "found -3"),
    ],
)
def test_wrong_arguments(folder, envs, wrong, message):
    with pytest.raises(ValueError, match=message):
        RecordVideo(envs(), folder, **wrong)
    assert not folder.exists()


def test_a_lane_that_draws_nothing_ends_the_recording(folder):
    envs = RecordVideo(films(9, 9), folder)
    envs.reset()
    envs.unwrapped.envs[1].render = lambda: None
    with pytest.warns(UserWarning, match="Recording stopped"):
        move(envs, 1)
    assert not envs.recording
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0]


def test_first_ready_lanes_are_refused_rather_than_missed(folder):
    envs = RecordVideo(films(9, 9), folder)
    with pytest.raises(NotImplementedError, match="RecordVideo changes `step` but not `recv`"):
        envs.send(np.zeros(2, np.int64))


def test_snapshots_of_all_and_of_some_lanes(folder):
    envs = RecordVideo(films(9, 9, mode=DISABLED), folder, episode_trigger=every)
    envs.reset()
    move(envs, 2)
    whole, first = envs.snapshot(), envs.snapshot(lanes=[0])
    move(envs, 2)
    envs.restore(first)
    move(envs, 1)
    envs.restore(whole)
    move(envs, 1)
    assert (envs.episode_id, envs.step_id) == (0, 5)
    twin = envs.clone()
    move(twin, 1)
    twin.reset()
    assert not twin.recording
    envs.close()
    assert names_in(folder) == ["rl-video-episode-0.mp4"]
    lanes = [[0, 1, 2, 3, 4, 3, 3], [0, 1, 2, 3, 4, 5, 3]]
    assert lanes_in(folder / "rl-video-episode-0.mp4") == lanes


def test_arguments_are_recorded(folder):
    envs = RecordVideo(films(3), folder, video_aspect_ratio=(4, 3), fps=5)
    assert envs._saved_kwargs == {
        "video_folder": str(folder),
        "video_aspect_ratio": (4, 3),
        "record_first_only": False,
        "episode_trigger": None,
        "step_trigger": None,
        "video_length": 0,
        "name_prefix": "rl-video",
        "fps": 5,
        "disable_logger": True,
        "gc_trigger": None,
    }
    assert RecordVideo.__module__ == HumanRendering.__module__ == "dromos.wrappers.vector.rendering"


# The window.


@pytest.fixture
def windows(monkeypatch):
    """Let windows be lists of the frames they were shown; return all that were made."""
    made = []

    class Window:
        def __init__(self, title, size, fps=None):
            self.title, self.size, self.fps, self.frames, self.closed = title, size, fps, [], False
            made.append(self)

        def show(self, frame):
            self.frames.append(frame)
            return True

        def close(self):
            self.closed = True

    monkeypatch.setitem(sys.modules, "dromos.render.window", SimpleNamespace(Window=Window))
    return made


@pytest.mark.parametrize("mode", ["rgb_array", "rgb_array_list"])
def test_every_reset_and_step_is_shown(windows, mode):
    envs = films(9, 9, 9, 9, render_mode="rgb_array")
    if mode == "rgb_array_list":
        envs = gym.make_vec(
            "CartPole-v1", 4, vectorization_mode="sync", render_mode="rgb_array_list"
        )
    size = (WIDTH, HEIGHT) if mode == "rgb_array" else (600, 400)
    envs = HumanRendering(envs)
    assert (envs.render_mode, windows) == ("human", [])
    assert "human" in envs.metadata["render_modes"]
    envs.reset(seed=0)
    move(envs, 2)
    assert envs.render() is None
    (window,) = windows
    assert window.size == size
    shapes = {frame.shape for frame in window.frames}
    assert shapes == {(2 * size[1] + GAP, 2 * size[0] + GAP, 3)}
    assert len(window.frames) == 3
    envs.close()
    assert window.closed


def test_a_size_of_the_screen(windows):
    envs = HumanRendering(films(9, 9, 9), screen_size=(600, 100))
    envs.reset()
    assert windows[0].size == (600, 100)
    assert windows[0].frames[0].shape == (HEIGHT, 3 * (WIDTH + GAP) - GAP, 3)
    with pytest.raises(ValueError, match=r"positive width and height, found \(0, 5\)"):
        HumanRendering(films(9), screen_size=(0, 5))


def test_vectors_that_cannot_be_shown(windows):
    with pytest.raises(ValueError, match=r"but got 'None'.*render_mode=\"rgb_array\""):
        HumanRendering(films(9, render_mode=None))
    envs = films(9)
    envs.metadata = {"render_modes": ["rgb_array"], "autoreset_mode": NEXT_STEP}
    with pytest.raises(ValueError, match="must specify 'render_fps'"):
        HumanRendering(envs)
    envs = HumanRendering(films(9))
    envs.unwrapped.envs[0].render = lambda: "text"
    with pytest.raises(Error, match=r"env\.render\(\): expected an array"):
        envs.reset()


def test_snapshots_leave_the_window(windows):
    envs = HumanRendering(films(9, 9, mode=DISABLED))
    envs.reset()
    first = envs.snapshot(lanes=[0])
    move(envs, 1)
    envs.restore(first)
    assert [int(obs[0]) for obs in move(envs, 1)[0]] == [1, 2]


def test_a_real_window(run_program):
    text = """
        import numpy as np
        import dromos as gym
        from dromos.wrappers.vector import HumanRendering
        envs = HumanRendering(gym.make_vec("CartPole-v1", 3, render_mode="rgb_array"))
        envs.reset(seed=0)
        envs.step(np.zeros(3, np.int64))
        print(envs.window.is_open, envs.window.handle.size)
        envs.close()
        assert envs.window is None
    """
    done = run_program(text, SDL_VIDEODRIVER="dummy")  # a process of its own: pygame stays started
    assert done.stdout == "True (600, 400)\n", done.stderr
