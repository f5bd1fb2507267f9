"""The pictures of the toy texts: recorded states, what moves in them, and other sizes."""

import hashlib

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.envs.toy_text.blackjack import Deal
from dromos.envs.toy_text.cliffwalking import Walker
from dromos.envs.toy_text.frozen_lake import MAPS, Walk, generate_random_map
from dromos.envs.toy_text.taxi import Ride
from dromos.render import Raster

LAKE = tuple(MAPS["4x4"])

#: Recorded states with the bytes of their pictures.
GOLDEN = [
    ("FrozenLake-v1", Walk(LAKE, 0), "6b62fe7812fbed25"),
    ("FrozenLake-v1", Walk(LAKE, 5, 1), "81b2c2d7772fd454"),
    ("FrozenLake-v1", Walk(LAKE, 15, 2), "ed514a71ac480ef0"),
    ("CliffWalking-v1", Walker(36), "2e19ad560ce5f451"),
    ("CliffWalking-v1", Walker(47, 2), "c1e17b8a6362132e"),
    ("Taxi-v4", Ride(2, 2, 0, 1), "43213e010cedadca"),
    ("Taxi-v4", Ride(4, 3, 4, 3, 2, 5), "fee7fc3d9edd5f17"),
    ("Blackjack-v1", Deal((1, 10), (10, 6), "QH"), "addd3590ade16496"),
    ("Blackjack-v1", Deal((10, 5, 9), (2, 10), "2S", True), "a5d730fd7f6f0a32"),
]
COAT = (240, 160, 75)


def picture(env_id, state, size=None):
    env = gym.make(env_id).unwrapped
    canvas = Raster(*(size or env.picture_size()))
    env.draw(canvas, state)
    return canvas.pixels()


def middle(frame):
    """Row and column of the middle of the walker's coat, or of the taxi."""
    return np.argwhere((frame == COAT).all(axis=2)).mean(axis=0)


@pytest.mark.parametrize(("env_id", "state", "digest"), GOLDEN)
def test_pictures_are_the_same_bytes_everywhere(env_id, state, digest):
    assert hashlib.sha256(picture(env_id, state).tobytes()).hexdigest()[:16] == digest


@pytest.mark.parametrize(("env_id", "state", "digest"), GOLDEN)
def test_frames_have_the_peers_size(env_id, state, digest):
    with gymnasium.make(env_id, render_mode="rgb_array") as peer:
        peer.reset()
        assert picture(env_id, state).shape == peer.render().shape


@pytest.mark.parametrize(("env_id", "state", "digest"), GOLDEN)
@pytest.mark.parametrize("size", [(64, 64), (900, 300), (300, 900)])
def test_other_sizes(env_id, state, digest, size):
    assert picture(env_id, state, size).std() > 1


def test_walkers_stand_in_their_cells():
    for cell in (0, 6, 13):
        row, column = middle(picture("FrozenLake-v1", Walk(LAKE, cell)))
        assert (row // 64, column // 64) == divmod(cell, 4)
    for cell in (0, 17, 36):
        row, column = middle(picture("CliffWalking-v1", Walker(cell)))
        assert (row // 64, column // 64) == divmod(cell, 12)


def test_the_taxi_drives_and_the_passenger_is_seen():
    west = middle(picture("Taxi-v4", Ride(2, 0, 4, 1)))
    east = middle(picture("Taxi-v4", Ride(2, 4, 4, 1)))
    assert east[1] - west[1] > 250
    waiting = picture("Taxi-v4", Ride(2, 2, 0, 1))
    assert (waiting != picture("Taxi-v4", Ride(2, 2, 2, 1))).any()
    assert (waiting != picture("Taxi-v4", Ride(2, 2, 0, 3))).any()
    assert (waiting != picture("Taxi-v4", Ride(2, 2, 4, 1))).any()


def test_the_dealers_hand_is_covered_until_the_end():
    hidden = [picture("Blackjack-v1", Deal((9, 9), (10, card), "KS")) for card in (2, 3)]
    np.testing.assert_array_equal(*hidden)
    shown = [picture("Blackjack-v1", Deal((9, 9), (10, card), "KS", True)) for card in (2, 3)]
    assert (shown[0] != shown[1]).any()


def test_the_longest_hand_fits():
    frame = picture("Blackjack-v1", Deal((1,) * 22, (1,) * 17, "AC", True))
    white = (frame == (252, 253, 255)).all(axis=2)
    assert not white[:, :10].any()
    assert not white[:, -10:].any()


def test_pictures_follow_the_size_of_the_map():
    for rows in (generate_random_map(40, seed=0), ["SFG"], ["S", "F", "G"]):
        with gym.make("FrozenLake-v1", desc=rows, render_mode="rgb_array") as env:
            env.reset(seed=0)
            height, width = env.render().shape[:2]
            assert (width, height) == (min(64 * len(rows[0]), 512), min(64 * len(rows), 512))
            env.unwrapped.desc = ["SG"]
            assert env.render().shape == (64, 128, 3)


def test_lanes_on_other_maps_have_pictures_of_their_own():
    maps = [["SFG"], ["SF", "FG"]]
    vector = gym.make_vec("FrozenLake-v1", 2, params={"desc": maps}, render_mode="rgb_array")
    vector.reset(seed=0)
    assert [frame.shape for frame in vector.render()] == [(64, 192, 3), (128, 128, 3)]
    assert vector.core.params_uniform is False


def test_drawing_lanes_keeps_shared_parameters_shared():
    vector = gym.make_vec("FrozenLake-v1", 3, render_mode="ansi")
    vector.reset(seed=0)
    assert all("S" in text for text in vector.render())
    assert vector.core.params_uniform
