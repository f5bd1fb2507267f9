"""Videos with a game's sound."""

import av
import numpy as np
import pytest

import dromos as gym
from dromos import presets
from dromos.error import Error
from dromos.render import VideoWriter
from dromos.wrappers import RecordVideo

ID = "ALE/Breakout-v5"
FRAME = 1 / 60  # of the console, in seconds
TRACK = 48_000  # samples a second of the file
ENCODER = 0.022  # the encoder of sound puts 1024 samples in front: the first picture waits


def recorded(path):
    """Return the times of the pictures in seconds, and the sound."""
    with av.open(str(path)) as video:
        times = [picture.time for picture in video.decode(video=0)]
    with av.open(str(path)) as video:
        sound = np.concatenate([part.to_ndarray()[0] for part in video.decode(audio=0)])
    return np.array(times), sound


@pytest.mark.parametrize("preset", [None, "dqn-nature"])
def test_the_sound_of_every_frame_is_in_the_video(tmp_path, monkeypatch, preset):
    arguments = {"render_mode": "rgb_array", "sound_obs": True, "repeat_action_probability": 0.0}
    env = gym.make(ID, **arguments) if preset is None else presets.make(ID, preset, **arguments)
    folder = str(tmp_path / "videos")
    env = RecordVideo(env, folder, episode_trigger=lambda number: number == 0, sound=True)
    rate = env.unwrapped.sound_rate
    env.reset(seed=1)
    heard = []
    monkeypatch.setattr(env.unwrapped, "take_sound", noting(env.unwrapped.take_sound, heard))
    for step in range(40):
        env.step(step % 4)
    env.close()
    times, sound = recorded(tmp_path / "videos" / "rl-video-episode-0.mp4")
    assert len(times) == 41
    assert np.diff(times)[1:] == pytest.approx(4 * FRAME, abs=1e-3)
    expected = np.concatenate(heard).astype(float) - 128
    assert len(expected) == 40 * 4 * rate * FRAME
    assert len(sound) / TRACK == pytest.approx(len(expected) / rate, abs=0.15)
    assert expected.any()
    begun = int((times[1] + ENCODER) * TRACK)  # the picture of the reset is silent
    length = len(expected) * TRACK // rate
    found = loudness(sound[begun : begun + length], 10)
    assert found == pytest.approx(loudness(expected / 128, 10), abs=0.05)
    assert max(found) > 0.1


def noting(take, heard):
    def taking():
        heard.append(take())
        return heard[-1]

    return taking


def loudness(sound, parts):
    return [float(np.abs(part).mean()) for part in np.array_split(sound, parts)]


def test_without_sound_there_is_none(tmp_path):
    with pytest.raises(ValueError, match="sound_obs=True"):
        RecordVideo(gym.make(ID, render_mode="rgb_array"), str(tmp_path), sound=True)
    with pytest.raises(ValueError, match="sound=False"):
        RecordVideo(gym.make("CartPole-v1", render_mode="rgb_array"), str(tmp_path), sound=True)


def test_what_is_no_sound(tmp_path):
    picture = np.zeros((16, 16, 3), np.uint8)
    with VideoWriter(tmp_path / "sound.mp4", 10, sound_rate=8_000) as video:
        for wrong in (np.zeros(4), np.zeros((2, 4), np.uint8), b"sound"):
            with pytest.raises(Error, match=r"expected sound to be samples, uint8 \(n,\)"):
                video.write(picture, wrong)
        video.write(picture)  # silence
        video.write(picture, np.full(4_000, 200, np.uint8))
        video.write(picture, np.empty(0, np.uint8))
    times, sound = recorded(tmp_path / "sound.mp4")
    assert np.diff(times) == pytest.approx([0.1, 0.5], abs=ENCODER)
    assert len(sound) / TRACK == pytest.approx(0.7, abs=0.1)
