"""A time limit around a wrapper that has to see where episodes end."""

import pytest

import dromos as gym
from dromos import wrappers


def bare():
    return gym.make("CartPole-v1", render_mode="rgb_array").unwrapped


@pytest.mark.parametrize(
    "wrap",
    [
        lambda env, folder: wrappers.RecordVideo(env, folder / "videos"),
        lambda env, folder: wrappers.CsvMonitor(env, folder / "run"),
        lambda env, folder: wrappers.ClipReward(wrappers.RecordVideo(env, folder / "videos"), 0, 1),
    ],
)
def test_a_recorder_inside_a_time_limit_is_refused(wrap, tmp_path):
    env = wrap(bare(), tmp_path)
    with pytest.raises(gym.error.Error, match=r"Put (RecordVideo|CsvMonitor) outside"):
        wrappers.TimeLimit(env, 5)
    env.close()


def test_statistics_inside_a_time_limit_are_warned_of():
    with pytest.warns(UserWarning, match="RecordEpisodeStatistics outside"):
        wrappers.TimeLimit(wrappers.RecordEpisodeStatistics(bare()), 5)


def test_a_time_limit_inside_is_right(tmp_path):
    env = wrappers.RecordVideo(
        wrappers.TimeLimit(bare(), 5), tmp_path / "videos", episode_trigger=lambda episode: True
    )
    env.reset(seed=0)
    while not any(env.step(0)[2:4]):
        pass
    env.close()
    assert [path.name for path in (tmp_path / "videos").glob("*.mp4")] == ["rl-video-episode-0.mp4"]
