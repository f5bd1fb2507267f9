"""The pictures of the cars, the pendulum and the acrobot."""

import hashlib
import math

import numpy as np
import pytest

import dromos as gym
from dromos.render import Raster

#: Recorded states with the bytes of their pictures.
GOLDEN = {
    ("MountainCar-v0", (-0.5, 0.0)): "f26dec591b8ad702",
    ("MountainCar-v0", (0.5, 0.02)): "7c755d94b14d7a3b",
    ("MountainCarContinuous-v0", (-1.2, 0.0)): "08648ef8d98ea920",
    ("Pendulum-v1", (0.05, 0.0)): "2556ae7f39221cd3",
    ("Pendulum-v1", (2.5, 1.0, -2.0)): "1b940a74be705d89",
    ("Acrobot-v1", (0.05, 0.05, 0.0, 0.0)): "79cbc4d9b8c1a46a",
    ("Acrobot-v1", (2.9, 0.3, 0.0, 0.0)): "f2d2545cfe9737ed",
}
IDS = sorted({env_id for env_id, _ in GOLDEN})
ORANGE = (240, 160, 75)


def picture(env_id, state, size=None, **parameters):
    env = gym.make(env_id, **parameters).unwrapped
    canvas = Raster(*(size or env.frame_size))
    env.draw(canvas, state)
    return canvas.pixels()


def middle(frame, colour):
    return np.argwhere((frame == colour).all(axis=2)).mean(axis=0)


@pytest.mark.parametrize(("env_id", "state"), GOLDEN)
def test_pictures_are_the_same_bytes_everywhere(env_id, state):
    digest = hashlib.sha256(picture(env_id, state).tobytes()).hexdigest()[:16]
    assert digest == GOLDEN[env_id, state]


@pytest.mark.parametrize("env_id", IDS)
def test_the_frame_has_the_peers_size(env_id):
    frame = picture(env_id, next(state for name, state in GOLDEN if name == env_id))
    assert frame.shape == ((400, 600, 3) if "Car" in env_id else (500, 500, 3))


def test_the_car_goes_right_and_up():
    left, right = (middle(picture("MountainCar-v0", (x, 0)), ORANGE) for x in (-0.5, 0.3))
    assert right[1] > left[1] + 200
    assert right[0] < left[0] - 100


def test_positive_angles_turn_counter_clockwise():
    upright, left = (middle(picture("Pendulum-v1", (theta, 0)), ORANGE) for theta in (0, 0.5))
    assert upright[0] < 250
    assert left[1] < upright[1] - 20
    hanging, right = (
        middle(picture("Acrobot-v1", (theta, 0, 0, 0)), ORANGE) for theta in (0.0, 0.5)
    )
    assert hanging[0] > 300
    assert right[1] > hanging[1] + 20


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("size", [(1, 1), (64, 48), (300, 900)])
def test_other_sizes_are_drawn(env_id, size):
    assert picture(env_id, (0.1, 0.2, 0.3, 0.4), size).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("place", [1e9, -1e18])
def test_runaway_states_are_drawn(env_id, place):
    assert picture(env_id, (place, 0.0, 0.0, 0.0)).any()


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("place", [math.nan, math.inf])
def test_states_that_are_not_finite_are_refused(env_id, place):
    with pytest.raises(ValueError, match="found"):
        picture(env_id, (place, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("env_id", "parameters"),
    [
        ("MountainCar-v0", {"min_position": -1e6}),
        ("MountainCar-v0", {"min_position": 0.5999999}),
        ("MountainCar-v0", {"goal_position": 1e12}),
        ("MountainCarContinuous-v0", {"goal_position": -1e12}),
        ("Pendulum-v1", {"max_torque": 1e-9}),
        ("Pendulum-v1", {"l": 100.0}),
        ("Acrobot-v1", {"LINK_LENGTH_1": 1e-9, "LINK_LENGTH_2": 1e9}),
        ("Acrobot-v1", {"LINK_LENGTH_1": 0.1, "LINK_LENGTH_2": 0.2}),
    ],
)
def test_odd_parameters_are_drawn(env_id, parameters):
    assert picture(env_id, (0.1, 0.2, 0.3, 0.4), **parameters).std() > 1
