"""Stacks that share their frames."""

import tracemalloc

import numpy as np
import pytest

import dromos as gym
from dromos.vector import SyncVectorEnv
from dromos.wrappers import FrameStackObservation
from dromos.wrappers import vector as vector_wrappers

NUM_LANES, STACK = 64, 4


class Screens(gym.Env):
    """Random images of Atari's usual size."""

    observation_space = gym.spaces.Box(0, 255, (84, 84), np.uint8)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._screen(), {}

    def step(self, action):
        return self._screen(), 0.0, bool(self.np_random.random() < 0.05), False, {}

    def _screen(self):
        return self.np_random.integers(0, 256, (84, 84), np.uint8)


def screens(**kwargs):
    envs = SyncVectorEnv([Screens] * NUM_LANES)
    return vector_wrappers.FrameStackObservation(envs, STACK, **kwargs)


def bytes_of_replay(envs, steps=30):
    """Return the memory that the observations of some steps take in a replay buffer."""
    envs.reset(seed=0)
    actions = np.zeros(NUM_LANES, int)
    tracemalloc.start()
    kept = [envs.step(actions)[0] for _ in range(steps)]
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(kept) == steps
    return used


def test_a_replay_buffer_of_lazy_stacks_takes_a_third_of_the_memory():
    assert 3 * bytes_of_replay(screens(lazy=True)) < bytes_of_replay(screens())


def test_lazy_stacks_stay_what_they_were():
    eager, lazy = screens(), screens(lazy=True)
    actions = np.zeros(NUM_LANES, int)
    stored = [(eager.reset(seed=3)[0], lazy.reset(seed=3)[0])]
    stored += [(eager.step(actions)[0], lazy.step(actions)[0]) for _ in range(40)]
    for array, frames in stored:
        np.testing.assert_array_equal(array, np.asarray(frames))


def test_lazy_stacks_of_single_environments():
    eager = FrameStackObservation(Screens(), STACK)
    lazy = FrameStackObservation(Screens(), STACK, lazy=True)
    array, frames = eager.reset(seed=1)[0], lazy.reset(seed=1)[0]
    for _ in range(10):
        np.testing.assert_array_equal(array, np.asarray(frames))
        assert frames.shape == array.shape
        assert frames.dtype == array.dtype
        assert len(frames) == STACK
        np.testing.assert_array_equal(frames[-1], array[-1])
        assert (frames == array).all()
        array, frames = eager.step(0)[0], lazy.step(0)[0]


def test_the_rows_of_a_lazy_batch_are_lazy():
    envs = screens(lazy=True)
    frames, _ = envs.reset(seed=2)
    assert frames.shape == (NUM_LANES, STACK, 84, 84)
    np.testing.assert_array_equal(np.asarray(frames[5]), np.asarray(frames)[5])
    np.testing.assert_array_equal(np.asarray(frames[[3, 1]]), np.asarray(frames)[[3, 1]])
    np.testing.assert_array_equal(frames[5, 0], np.asarray(frames)[5, 0])
    assert sum(1 for _ in frames) == NUM_LANES


def test_conversions():
    frames, _ = FrameStackObservation(Screens(), 2, lazy=True).reset(seed=0)
    assert np.asarray(frames, dtype=np.float32).dtype == np.float32
    assert repr(frames) == "LazyFrames(shape=(2, 84, 84), dtype=uint8)"
    with pytest.raises(ValueError, match="allow a copy"):
        np.array(frames, copy=False)


def test_stacks_do_not_share_memory_with_an_environment_that_reuses_its_arrays():
    class Reusing(Screens):
        def __init__(self):
            self.screen = np.zeros((84, 84), np.uint8)

        def _screen(self):
            self.screen += 1
            return self.screen

    env = FrameStackObservation(Reusing(), 2)
    first, _ = env.reset(seed=0)
    second = env.step(0)[0]
    assert first[:, 0, 0].tolist() == [1, 1]
    assert second[:, 0, 0].tolist() == [1, 2]
