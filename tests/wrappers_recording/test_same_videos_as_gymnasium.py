"""The same triggers give the same files with the same frames as the peer's wrappers.

The peer hands its frames to MoviePy; here a stand-in takes them. The peer's `video_length` is one
frame short of what it records, so it is told one less.
"""

import sys
import tempfile
from pathlib import Path
from types import ModuleType

import gymnasium
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recording_fakes import HEIGHT, WIDTH, Film, counts_in

from dromos.vector import AutoresetMode, SyncVectorEnv
from dromos.wrappers import RecordVideo
from dromos.wrappers.vector import RecordVideo as RecordVectorVideo

MOVIEPY = ("moviepy", "moviepy.video", "moviepy.video.io", "moviepy.video.io.ImageSequenceClip")

# Folders that exist, the mode SAME_STEP, and recordings that the next one replaces at once.
WARNINGS = [
    f"ignore:.*{part}"
    for part in ("videos at", "is there already", "same-step", "SAME_STEP", "left no video", "zero")
]


class PeerFilm(gymnasium.Env):
    """`Film` on the base of the peer."""

    metadata = Film.metadata

    __init__, step, render = Film.__init__, Film.step, Film.render

    def reset(self, *, seed=None, options=None):
        self.count = 0
        return np.zeros(1, np.float32), {}


def peer_film(end):
    env = PeerFilm(end)
    env.observation_space = gymnasium.spaces.Box(0, np.inf, (1,), np.float32)
    env.action_space = gymnasium.spaces.Discrete(2)
    return env


@pytest.fixture
def saved(monkeypatch):
    """The counts in the frames of each file that the peer saves, by its name."""
    files = {}

    class Clip:
        def __init__(self, frames, fps):
            self.counts = [round(frame[HEIGHT // 2, WIDTH // 2].mean() / 4) for frame in frames]

        def write_videofile(self, path, logger):
            files[Path(path).name] = self.counts

    for name in MOVIEPY:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules[MOVIEPY[-1]].ImageSequenceClip = Clip
    return files


def chosen(numbers):
    return None if numbers is None else numbers.__contains__


def recorded(folder):
    return {path.name: counts_in(path) for path in Path(folder).iterdir()}


numbers = st.sets(st.integers(0, 12), max_size=5)
settled = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@settled
@given(
    end=st.integers(1, 6),
    episodes=st.none() | numbers,
    steps=st.none() | numbers,
    length=st.sampled_from([0, 2, 5, 9]),
    resets=st.sets(st.integers(0, 19), max_size=3),
)
@pytest.mark.filterwarnings(*WARNINGS)
def test_single(saved, end, episodes, steps, length, resets):
    def run(env):
        env.reset()
        for i in range(20):
            _, _, terminated, _, _ = env.step(0)
            if terminated or i in resets:
                env.reset()
        env.close()

    triggers = {"episode_trigger": chosen(episodes), "step_trigger": chosen(steps)}
    saved.clear()
    with tempfile.TemporaryDirectory() as folder:
        run(RecordVideo(Film(end), folder, video_length=length, **triggers))
        told = max(length - 1, 0)
        peer = gymnasium.wrappers.RecordVideo
        run(peer(peer_film(end), f"{folder}/peer", video_length=told, **triggers))
        Path(folder, "peer").rmdir()
        assert recorded(folder) == saved


@settled
@given(
    ends=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    episodes=st.none() | numbers,
    steps=st.none() | numbers,
    length=st.sampled_from([0, 2, 7]),
    mode=st.sampled_from(["NEXT_STEP", "SAME_STEP", "DISABLED"]),
)
@pytest.mark.filterwarnings(*WARNINGS)
def test_vectors(saved, ends, episodes, steps, length, mode):
    def run(envs):
        envs.reset()
        for _ in range(16):
            _, _, terminated, truncated, _ = envs.step(np.zeros(2, np.int64))
            ended = terminated | truncated
            if mode == "DISABLED" and ended.any():
                envs.reset(options={"reset_mask": ended})
        envs.close()

    triggers = {"episode_trigger": chosen(episodes), "step_trigger": chosen(steps)}
    saved.clear()
    with tempfile.TemporaryDirectory() as folder:
        envs = SyncVectorEnv(
            [lambda end=end: Film(end) for end in ends], autoreset_mode=AutoresetMode[mode]
        )
        run(RecordVectorVideo(envs, folder, video_length=length, **triggers))
        peers = gymnasium.vector.SyncVectorEnv(
            [lambda end=end: peer_film(end) for end in ends],
            autoreset_mode=gymnasium.vector.AutoresetMode[mode],
        )
        told = max(length - 1, 0)
        peer = gymnasium.wrappers.vector.RecordVideo
        run(peer(peers, f"{folder}/peer", video_length=told, **triggers))
        Path(folder, "peer").rmdir()
        assert recorded(folder) == saved
