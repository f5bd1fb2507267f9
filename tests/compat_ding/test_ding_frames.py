"""DI-engine's wrappers of frames: warped, scaled, stacked, transposed, and RAM."""

import cv2
import numpy as np
import pytest
from ding_fakes import AtariEnv, CountingEnv, RamEnv, TwoFramesEnv, play

from dromos import spaces
from dromos.compat import ding


def test_warp_frame_is_opencvs():
    env = ding.WarpFrame(AtariEnv())
    assert env.observation_space == spaces.Box(0, 255, (84, 84), np.uint8)
    frame = np.random.default_rng(0).integers(0, 256, (210, 160, 3), np.uint8)
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    expected = cv2.resize(gray, (84, 84), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(env.observation(frame), expected)
    assert env.reset()[0] in env.observation_space


@pytest.mark.parametrize(
    ("shape", "warped"), [((4, 210, 160), (4, 42, 42)), ((210, 160), (42, 42))]
)
def test_frames_with_channels_first_and_gray_frames(shape, warped):
    env = ding.WarpFrameWrapper(CountingEnv(space=spaces.Box(0, 255, shape, np.uint8)), size=42)
    assert env.observation_space.shape == warped  # DI-engine's is (42, 42) for all
    frame = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    small = env.observation(frame)
    assert small in env.observation_space
    first = frame[0] if len(shape) == 3 else frame
    expected = cv2.resize(first, (42, 42), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(small[0] if len(shape) == 3 else small, expected)


def test_tuples_of_frames():
    warped = ding.WarpFrameWrapper(TwoFramesEnv(), size=10)
    obs, _ = warped.reset()
    assert obs in warped.observation_space
    stacked = ding.FrameStackWrapper(warped, 3)
    obs, _ = stacked.reset()
    assert obs in stacked.observation_space
    assert obs[1].shape == (3, 10, 10)
    turned = ding.ObsTransposeWrapper(TwoFramesEnv())
    turned.reset()
    obs = turned.step(0)[0]
    assert obs in turned.observation_space
    assert obs.shape == (2, 3, 20, 30)


def test_frames_are_uint8():
    with pytest.raises(TypeError, match="frames of dtype uint8, found Box"):
        ding.WarpFrameWrapper(CountingEnv())


def test_scaled_float_frame():
    env = ding.ScaledFloatFrame(AtariEnv())
    frame = np.array([[[0, 51, 255]]], np.uint8)
    scaled = env.observation(frame)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, np.float32([[[0, 0.2, 1]]]))
    assert env.reset()[0] in env.observation_space
    assert env.observation_space == spaces.Box(0, 1, (210, 160, 3), np.float32)
    with pytest.raises(TypeError, match="bounded Box"):
        ding.ScaledFloatFrameWrapper(CountingEnv())


def test_frame_stack():
    env = ding.FrameStack(CountingEnv(), 4)
    assert env.observation_space.shape == (4, 2)
    obs, _ = env.reset()
    assert obs.tolist() == [[0, 0]] * 4
    for _ in range(2):
        play(env, 0, 4)
        obs = env.step(0)[0]
        assert obs[:, 0].tolist() == [2, 3, 4, 5]
        assert env.reset()[0].tolist() == [[0, 0]] * 4


def test_obs_transpose():
    env = ding.ObsTransposeWrapper(AtariEnv())
    assert env.observation_space == spaces.Box(0, 255, (3, 210, 160), np.uint8)
    frame = np.random.default_rng(0).integers(0, 256, (210, 160, 3), np.uint8)
    np.testing.assert_array_equal(env.observation(frame), np.moveaxis(frame, 2, 0))
    with pytest.raises(TypeError, match=r"frames \(h, w, channels\)"):
        ding.ObsTransposeWrapper(CountingEnv())


def test_bounds_are_transposed_with_the_frame():
    low = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    env = ding.ObsTransposeWrapper(CountingEnv(space=spaces.Box(low, low + 1)))
    np.testing.assert_array_equal(env.observation_space.low, low.transpose(2, 0, 1))


def test_ram():
    env = ding.RamWrapper(RamEnv())
    obs, _ = env.reset()
    assert (obs.shape, obs.dtype) == ((128, 1, 1), np.float32)
    assert obs in env.observation_space
    assert env.observation_space.high.max() == 255
