"""`save_video` and the schedule of episodes."""

import numpy as np
import pytest
from recording_fakes import HEIGHT, WIDTH, counts_in, names_in

import dromos as gym
from dromos.error import Error
from dromos.render import read_video
from dromos.utils.save_video import capped_cubic_video_schedule, save_video

FRAMES = [np.full((HEIGHT, WIDTH, 3), 4 * count, np.uint8) for count in range(8)]


def never(_):
    return False


def test_cubes_then_thousands():
    chosen = [episode for episode in range(5001) if capped_cubic_video_schedule(episode)]
    assert chosen == [n**3 for n in range(10)] + [1000, 2000, 3000, 4000, 5000]


@pytest.mark.parametrize(("episode", "saved"), [(0, True), (2, False), (8, True), (1000, True)])
def test_the_schedule_is_the_default(folder, episode, saved):
    save_video(FRAMES, folder, fps=20, episode_index=episode)
    assert names_in(folder) == [f"rl-video-episode-{episode}.mp4"] * saved


@pytest.mark.parametrize("frames", [FRAMES, tuple(FRAMES), np.stack(FRAMES)])
def test_an_episode(folder, frames):
    save_video(frames, folder, lambda _: True, name_prefix="mine", episode_index=3, fps=20)
    assert counts_in(folder / "mine-episode-3.mp4") == list(range(8))


def test_a_length(folder):
    save_video(FRAMES, folder, video_length=3, fps=20)
    assert counts_in(folder / "rl-video-episode-0.mp4") == [0, 1, 2]


def test_steps(folder):
    chosen = lambda step: step in {100, 104}  # noqa: E731
    save_video(FRAMES, folder, step_trigger=chosen, step_starting_index=100, fps=20)
    assert names_in(folder) == ["rl-video-step-100.mp4", "rl-video-step-104.mp4"]
    assert counts_in(folder / "rl-video-step-100.mp4") == [1, 2, 3, 4, 5, 6, 7]
    assert counts_in(folder / "rl-video-step-104.mp4") == [5, 6, 7]
    save_video(FRAMES, folder, step_trigger=lambda step: step == 2, video_length=2, fps=20)
    assert counts_in(folder / "rl-video-step-2.mp4") == [3, 4]


def test_episodes_of_an_environment(folder):
    env = gym.make("FrozenLake-v1", render_mode="rgb_array_list")
    env.action_space.seed(0)
    for episode in range(2):
        env.reset(seed=episode)
        steps, ended = 0, False
        while not ended:
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            ended, steps = terminated or truncated, steps + 1
        fps = env.metadata["render_fps"]
        save_video(env.render(), folder, episode_index=episode, fps=fps)
        frames = list(read_video(folder / f"rl-video-episode-{episode}.mp4"))
        assert len(frames) == steps + 1


def test_paths_are_printed_if_asked(folder, capsys):
    save_video(FRAMES, folder, fps=20)
    assert capsys.readouterr().out == ""
    save_video(FRAMES, folder, fps=20, save_logger="bar")
    assert capsys.readouterr().out == f"saved {folder}/rl-video-episode-0.mp4\n"


def test_no_frames_leave_no_file(folder):
    save_video([], folder, fps=20)
    assert names_in(folder) == []


def test_what_cannot_be_saved(folder):
    with pytest.raises(TypeError, match=r"expected a list of frames, found .*generator.*_list"):
        save_video((frame for frame in FRAMES), folder, fps=20)
    with pytest.raises(TypeError, match="fps"):
        save_video(FRAMES, folder)
    with pytest.raises(Error, match="frames of dtype uint8"):
        save_video([np.zeros((4, 4))], folder, fps=20)
    with pytest.raises(Error, match="fps must be from"):
        save_video(FRAMES, folder, fps=0)
