"""Promise 6: frames need no display, no GPU and no environment variable."""

import os
import subprocess
import sys

import numpy as np
import pytest
from rollouts import actions_of, assert_same, rollout

import dromos as gym

HEADLESS = """
import hashlib, dromos as gym
env = gym.make({env_id!r}, render_mode="rgb_array")
env.reset(seed=1)
frame = env.render()
print(frame.dtype, frame.ndim, frame.shape[2], hashlib.sha256(frame.tobytes()).hexdigest())
"""


def test_frames(env_id):
    with gym.make(env_id, render_mode="rgb_array") as env:
        env.reset(seed=1)
        first = env.render()
        assert (first.dtype, first.ndim, first.shape[2]) == (np.uint8, 3, 3)
        assert first.std() > 1, "the picture is blank"
        for action in actions_of(env.action_space, np.random.default_rng(0), 5):
            if any(env.step(action)[2:4]):
                break
        second = env.render()
        assert not np.array_equal(first, second)
        assert not np.shares_memory(first, second)


def test_frames_without_display_or_environment(env_id):
    result = subprocess.run(
        [sys.executable, "-c", HEADLESS.format(env_id=env_id)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    assert result.stdout.startswith("uint8 3 3 ")


def test_rendering_changes_no_trajectory(env, env_id):
    robot = "mujoco" in env.spec.entry_point  # drawn in software: small and few
    size = {"width": 64, "height": 64} if robot else {}
    actions = actions_of(env.action_space, np.random.default_rng(0), 8 if robot else 40)
    plain = rollout(env, actions, seed=6)
    with gym.make(env_id, render_mode="rgb_array_list", **size) as shown:
        assert_same(rollout(shown, actions, seed=6), plain)
        assert shown.render()


def test_vector_renders_each_lane(env, env_id):
    size = {"width": 64, "height": 64} if "mujoco" in env.spec.entry_point else {}
    vector = gym.make_vec(env_id, 3, render_mode="rgb_array", **size)
    vector.reset(seed=1)
    before = vector.snapshot()
    frames = vector.render()
    assert len(frames) == 3
    with gym.make(env_id, render_mode="rgb_array", **size) as single:
        for lane, frame in enumerate(frames):
            single.reset(seed=1 + lane)
            np.testing.assert_array_equal(single.render(), frame)
    assert vector.snapshot() == before


def test_frames_have_the_size_that_is_asked_for(env, env_id):
    """Robots have `width` and `height`, as with Gymnasium."""
    robot = "mujoco" in env.spec.entry_point
    size = {"width": 90, "height": 60} if robot else {"render_size": (90, 60)}
    with gym.make(env_id, render_mode="rgb_array", **size) as small:
        small.reset(seed=0)
        assert small.render().shape == (60, 90, 3)
    if robot:
        return
    with gym.make_vec(env_id, 2, render_mode="rgb_array", **size) as envs:
        envs.reset(seed=0)
        assert [frame.shape for frame in envs.render()] == [(60, 90, 3)] * 2
    for wrong in ((0, 5), 3, (2.5, 3), (99999, 3)):
        with pytest.raises(ValueError, match="render_size: expected a width and a height"):
            gym.make(env_id, render_mode="rgb_array", render_size=wrong)
