"""The picture of the cart-pole: its bytes, what moves in it, and odd parameters."""

import hashlib
import math
from types import SimpleNamespace

import numpy as np
import pytest

from dromos.envs.classic_control.drawing import draw_cart_pole
from dromos.render import Raster

PARAMS = SimpleNamespace(x_threshold=2.4, theta_threshold_radians=0.20943951023931953, length=0.5)
POLE = (240, 160, 75)
LIMIT = (222, 92, 78)


def picture(state, width=600, height=400, **changes):
    canvas = Raster(width, height)
    draw_cart_pole(canvas, state, SimpleNamespace(**{**vars(PARAMS), **changes}))
    return canvas.pixels()


def where(frame, colour):
    """Rows and columns of the pixels of exactly this colour."""
    return np.argwhere((frame == colour).all(axis=2))


#: States with the bytes of their pictures.
GOLDEN = {
    "start": ((0.02, 0.0, 0.03, 0.0), "884ec81faaa4813d"),
    "leaning": ((-0.9, 1.0, -0.17, -2.0), "f86ce49275fd14d1"),
    "at the edge": ((2.35, 0.0, 0.1, 0.0), "542aa6c397887b23"),
    "fallen, beyond the edge": ((2.7, 0.0, 0.6, 0.0), "f9928ef169164d77"),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_pictures_are_the_same_bytes_everywhere(name):
    state, expected = GOLDEN[name]
    frame = picture(state)
    assert frame.shape == (400, 600, 3)
    assert frame.dtype == np.uint8
    assert hashlib.sha256(frame.tobytes()).hexdigest()[:16] == expected


def test_the_cart_follows_x_and_the_pole_leans_with_theta():
    middle = where(picture((0, 0, 0, 0)), POLE)
    right = where(picture((1, 0, 0, 0)), POLE)
    unit = 600 / (2 * (2.4 + 0.45))
    assert right[:, 1].mean() - middle[:, 1].mean() == pytest.approx(unit, abs=1)
    for theta in (-0.15, 0.15):
        pole = where(picture((0, 0, theta, 0)), POLE)
        top = pole[pole[:, 0] == pole[:, 0].min()]
        assert math.copysign(1, top[:, 1].mean() - 300) == math.copysign(1, theta)


def test_a_fallen_pole_is_shown_in_red():
    standing, fallen = picture((0, 0, 0.2, 0)), picture((0, 0, 0.22, 0))
    above_the_rail = slice(0, 240)
    assert not len(where(standing[above_the_rail], LIMIT))
    assert len(where(fallen[above_the_rail], LIMIT))


def test_velocities_are_not_seen_and_the_state_is_only_read():
    state = np.array([0.1, 5.0, 0.05, -3.0])
    state.flags.writeable = False
    assert (picture(state) == picture((0.1, 0.0, 0.05, 0.0))).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"x_threshold": math.inf},
        {"x_threshold": 1e12},
        {"x_threshold": 1e-9},
        {"length": 0.0},
        {"length": 40.0},
        {"length": 1e100},
        {"theta_threshold_radians": math.inf},
        {"theta_threshold_radians": 0.0},
        {"width": 1, "height": 1},
        {"width": 96, "height": 64},
    ],
)
def test_odd_parameters_and_sizes_are_drawn(changes):
    assert picture((0.5, 0, 0.1, 0), **changes).any()


@pytest.mark.parametrize("state", [(1e9, 0, 0, 0), (-1e300, 0, 1e300, 0), (0, 0, 1e18, 0)])
def test_runaway_states_are_drawn(state):
    assert picture(state).any()


@pytest.mark.parametrize("state", [(math.nan, 0, 0, 0), (0, 0, math.nan, 0), (math.inf, 0, 0, 0)])
def test_states_that_are_not_finite_are_refused(state):
    with pytest.raises(ValueError, match="must be finite, found"):
        picture(state)


@pytest.mark.parametrize(
    "changes",
    [
        {"x_threshold": 0.0},
        {"x_threshold": math.nan},
        {"length": -1.0},
        {"length": math.inf},
        {"theta_threshold_radians": math.nan},
    ],
)
def test_impossible_parameters_are_refused(changes):
    with pytest.raises(ValueError, match="found"):
        picture((0, 0, 0, 0), **changes)
