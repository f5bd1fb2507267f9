"""`AddWhiteNoise` and `ObstructView`: which pixels are noise, and what it leaves alone."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dromos as gym
from dromos import spaces
from dromos.core import Env
from dromos.error import Error, InvalidProbability
from dromos.wrappers import AddWhiteNoise, ObstructView, RenderCollection


class Blank(Env):
    """Draws black, and its observations are random."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012
    observation_space = spaces.Box(0, 1, (1,), np.float64)
    action_space = spaces.Discrete(2)
    render_mode = "rgb_array"

    def __init__(self, height=100, width=150):
        self.shape = (height, width, 3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.np_random.random(1), {}

    def step(self, action):
        return self.np_random.random(1), 0.0, False, False, {}

    def render(self):
        return np.zeros(self.shape, np.uint8)


def white(env, **changes):
    return AddWhiteNoise(env, **{"probability_of_noise_per_pixel": 0.3, **changes})


def squares(env, **changes):
    arguments = {"obstructed_pixels_ratio": 0.3, "obstruction_width": 10}
    return ObstructView(env, **{**arguments, **changes})


BOTH = pytest.mark.parametrize("noisy", [white, squares])


def frame_of(env, seed=0):
    env.reset(seed=seed)
    return env.render()


@pytest.mark.parametrize("probability", [0, 0.1, 0.5, 0.999])
def test_pixels_are_noise_with_a_probability(probability):
    frame = frame_of(white(Blank(200, 300), probability_of_noise_per_pixel=probability))
    deviation = 4 * np.sqrt(probability * (1 - probability) / 60_000)
    assert frame.any(axis=2).mean() == pytest.approx(probability, abs=deviation + 1e-5)


def test_noise_has_every_colour_of_a_byte_equally_often():
    frame = frame_of(white(Blank(400, 400), probability_of_noise_per_pixel=0.9))
    noise = frame[frame.any(axis=2)]
    counts = np.bincount(noise.ravel(), minlength=256)
    assert abs(counts - counts.mean()).max() < 6 * np.sqrt(counts.mean())
    assert abs(np.corrcoef(noise.T.astype(float)) - np.eye(3)).max() < 0.02


@BOTH
def test_grey_noise(noisy):
    frame = frame_of(noisy(Blank(), is_noise_grayscale=True))
    assert (frame == frame[:, :, :1]).all()
    assert len(np.unique(frame)) > 100
    assert frame[frame.any(axis=2)].mean() == pytest.approx(127.5, abs=5)


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    side=st.integers(1, 50),
    ratio=st.floats(0, 0.99),
)
def test_squares_hide_at_most_their_area(height, width, side, ratio):
    env = squares(Blank(height, width), obstructed_pixels_ratio=ratio, obstruction_width=side)
    frame = frame_of(env)
    count = int(height * width * ratio / side**2)
    hidden = np.count_nonzero(frame.any(axis=2))
    assert frame.shape == (height, width, 3)
    assert hidden <= count * side**2
    assert (hidden > 0) == (count > 0)


def test_one_square_is_a_square():
    env = squares(Blank(50, 50), obstructed_pixels_ratio=0.042, obstruction_width=10)
    rows, columns = np.nonzero(frame_of(env, seed=3).any(axis=2))
    assert np.ptp(rows) == np.ptp(columns) == 9
    assert len(rows) == 100


@BOTH
def test_the_seed_decides_the_noise_and_each_frame_has_its_own(noisy):
    env, other = noisy(Blank()), noisy(Blank())
    env.reset(seed=5)
    first, second = env.render(), env.render()
    assert (first != second).any()
    assert (frame_of(other, seed=5) == first).all()
    assert (frame_of(other, seed=6) != first).any()
    env.reset()
    assert (env.render() != first).any()


@BOTH
def test_drawing_changes_no_episode(noisy):
    env, plain = noisy(Blank()), Blank()
    assert env.reset(seed=1)[0] == plain.reset(seed=1)[0]
    for _ in range(3):
        env.render()
        assert env.step(0)[0] == plain.step(0)[0]


def test_layers_have_noise_of_their_own():
    once = white(Blank(), probability_of_noise_per_pixel=0.5)
    twice = white(
        white(Blank(), probability_of_noise_per_pixel=0.5), probability_of_noise_per_pixel=0.5
    )
    assert frame_of(once).any(axis=2).mean() == pytest.approx(0.5, abs=0.03)
    assert frame_of(twice).any(axis=2).mean() == pytest.approx(0.75, abs=0.03)


@BOTH
def test_snapshots_and_copies_have_the_same_noise_to_come(noisy):
    env = noisy(Blank())
    frame_of(env)
    saved, twin = env.snapshot(), copy.deepcopy(env)
    expected = [env.render(), env.render()]
    assert (np.array([twin.render(), twin.render()]) == expected).all()
    env.restore(type(saved).from_bytes(saved.to_bytes()))
    assert (np.array([env.render(), env.render()]) == expected).all()


@BOTH
def test_every_frame_of_a_list_is_noisy(noisy):
    env = noisy(RenderCollection(Blank()))
    env.reset(seed=0)
    env.step(0)
    frames = env.render()
    assert len(frames) == 2
    assert all(frame.any() for frame in frames)
    assert env.render() == []


@BOTH
def test_the_picture_of_the_environment_stays_as_it_is(noisy):
    env = noisy(Blank())
    picture = np.zeros((20, 20, 3), np.uint8)
    env.unwrapped.render = lambda: picture
    env.reset()
    assert env.render().any()
    assert not picture.any()


@BOTH
def test_environments_that_draw_no_picture(noisy):
    env = noisy(gym.make("FrozenLake-v1", render_mode="ansi"))
    env.reset()
    with pytest.raises(Error, match=r"render\(\) takes frames .* found str"):
        env.render()


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (lambda: white(Blank(), probability_of_noise_per_pixel=1), InvalidProbability, "found 1"),
        (lambda: white(Blank(), probability_of_noise_per_pixel=-0.1), InvalidProbability, "-0.1"),
        (lambda: white(Blank(), probability_of_noise_per_pixel=np.nan), InvalidProbability, "nan"),
        (lambda: squares(Blank(), obstructed_pixels_ratio=1.5), ValueError, "found 1.5"),
        (lambda: squares(Blank(), obstruction_width=0), ValueError, "at least 1 pixel, found 0"),
        (lambda: squares(Blank(), obstruction_width=2.5), TypeError, "float"),
    ],
)
def test_wrong_arguments(wrong, error, message):
    with pytest.raises(error, match=message):
        wrong()


@BOTH
def test_the_spec_rebuilds_it(noisy):
    env = noisy(gym.make("CartPole-v1", render_mode="rgb_array"), is_noise_grayscale=True)
    again = gym.make(type(env.spec).from_json(env.spec.to_json()))
    assert type(again) is type(env)
    assert (frame_of(again) == frame_of(env)).all()
    assert type(env).__module__ == "dromos.wrappers.rendering"
