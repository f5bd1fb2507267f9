"""Pictures made grey and resized: the numbers of NumPy and of OpenCV, bit for bit."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dromos._core import pixels

WEIGHTS = np.array([0.2125, 0.7154, 0.0721])

extents = st.tuples(st.integers(1, 70), st.integers(1, 70))


def pictures(shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.fixture(scope="module")
def colours():
    """Every third value of red and blue, and every value of green, in one picture."""
    values = np.arange(256, dtype=np.uint8)
    red, green, blue = np.meshgrid(values[::3], values, values[::3], indexing="ij")
    return np.stack([red, green, blue], axis=-1).reshape(86, -1, 3)


class TestGrey:
    def test_grayscale_is_the_weighted_sum_in_double_precision(self, colours):
        expected = (colours * WEIGHTS).sum(axis=-1).astype(np.uint8)
        np.testing.assert_array_equal(pixels.grayscale(colours), expected)

    def test_luma_is_opencvs(self, colours):
        expected = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
        np.testing.assert_array_equal(pixels.luma(colours), expected)

    @pytest.mark.parametrize("convert", [pixels.grayscale, pixels.luma])
    @pytest.mark.parametrize("shape", [(3,), (0, 5, 3), (1, 1, 3), (7, 9, 3), (2, 3, 65, 3)])
    def test_shapes(self, convert, shape):
        rgb = pictures(shape)
        out = np.empty(shape[:-1], np.uint8)
        assert convert(rgb, out) is out
        np.testing.assert_array_equal(convert(rgb), out)
        np.testing.assert_array_equal(out.ravel(), [convert(pixel) for pixel in rgb.reshape(-1, 3)])

    @pytest.mark.parametrize("convert", [pixels.grayscale, pixels.luma])
    def test_any_memory_layout(self, convert):
        rgb = pictures((20, 30, 3))
        for view in (rgb[::2, ::-1], rgb.transpose(1, 0, 2), np.asfortranarray(rgb)):
            np.testing.assert_array_equal(convert(view), convert(view.copy(order="C")))


class TestResize:
    @settings(deadline=None, max_examples=150)
    @given(extents, extents, st.integers(0, 4), st.integers(0, 99))
    def test_every_extent_is_opencvs(self, from_extent, to_extent, channels, seed):
        shape = from_extent + (channels,) * (channels > 0)
        image = pictures(shape, seed)
        expected = cv2.resize(image, to_extent[::-1], interpolation=cv2.INTER_AREA)
        found = pixels.resize_area(image, *to_extent, channels > 0)
        np.testing.assert_array_equal(found.reshape(expected.shape), expected)

    @pytest.mark.parametrize("channels", [(), (3,)])
    @pytest.mark.parametrize(
        ("height", "width", "to_height", "to_width"),
        [
            (210, 160, 84, 84),  # Atari
            (250, 160, 84, 84),
            (96, 96, 84, 84),  # CarRacing
            (400, 600, 84, 84),
            (480, 640, 64, 64),
            (168, 168, 84, 84),
            (336, 420, 84, 84),
            (64, 64, 84, 84),
            (210, 160, 84, 200),
        ],
    )
    def test_extents_in_use(self, height, width, to_height, to_width, channels):
        for seed in range(3):
            image = pictures((height, width, *channels), seed)
            expected = cv2.resize(image, (to_width, to_height), interpolation=cv2.INTER_AREA)
            found = pixels.resize_area(image, to_height, to_width, bool(channels))
            np.testing.assert_array_equal(found, expected)

    def test_even_pictures_stay_even(self):
        for value in (0, 1, 127, 254, 255):
            image = np.full((210, 160, 3), value, np.uint8)
            assert np.all(pixels.resize_area(image, 84, 84, True) == value)

    @pytest.mark.parametrize(
        ("channels", "shape"), [(False, (2, 3, 50, 40)), (True, (5, 50, 40, 3))]
    )
    def test_batches(self, channels, shape):
        batch = pictures(shape)
        axes = 2 + channels
        flat = batch.reshape(-1, *shape[-axes:])
        expected = np.stack([pixels.resize_area(image, 21, 17, channels) for image in flat])
        found = pixels.resize_area(batch, 21, 17, channels)
        np.testing.assert_array_equal(found, expected.reshape(found.shape))

    def test_any_memory_layout_and_out(self):
        image = pictures((60, 80))
        view = image[::2, ::-2].T
        out = np.empty((13, 11), np.uint8)
        assert pixels.resize_area(view, 13, 11, False, out) is out
        np.testing.assert_array_equal(out, pixels.resize_area(view.copy(order="C"), 13, 11, False))

    def test_extents_in_turn(self):
        image = pictures((40, 40))
        small = pixels.resize_area(image, 9, 7, False)
        pixels.resize_area(image, 30, 20, False)
        np.testing.assert_array_equal(pixels.resize_area(image, 9, 7, False), small)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: pixels.grayscale(np.zeros((4, 3))), TypeError, "dtype uint8, found float64"),
        (lambda: pixels.grayscale(np.uint8(1)), ValueError, r"found \(\)"),
        (lambda: pixels.luma(np.zeros((4, 4), np.uint8)), ValueError, r"3\), found \(4, 4\)"),
        (
            lambda: pixels.grayscale(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8)),
            ValueError,
            r"shape \(4, 4\), found dtype uint8, shape \(4, 5\)",
        ),
        (
            lambda: pixels.grayscale(
                np.zeros((4, 4, 3), np.uint8), np.zeros((4, 8), np.uint8)[:, ::2]
            ),
            ValueError,
            "not C-contiguous",
        ),
        (
            lambda: pixels.grayscale(np.zeros((4, 4, 3), np.uint8), [0]),
            TypeError,
            "out must be an array of dtype uint8 and shape",
        ),
        (lambda: pixels.grayscale(), TypeError, "expected 1 to 2 arguments, found 0"),
        (
            lambda: pixels.resize_area(np.zeros(4, np.uint8), 2, 2, False),
            ValueError,
            "height, width",
        ),
        (lambda: pixels.resize_area(pictures((4, 4)), 0, 2, False), ValueError, "height must be 1"),
        (lambda: pixels.resize_area(pictures((4, 4)), 2, 10**6, False), ValueError, "width must"),
        (lambda: pixels.resize_area(pictures((4, 4)), 2.5, 2, False), TypeError, "float"),
        (lambda: pixels.resize_area(pictures((4, 0)), 2, 2, False), ValueError, "must have pixels"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_out_must_not_lie_in_the_picture():
    memory = pictures((60, 60))
    with pytest.raises(ValueError, match="share memory"):
        pixels.resize_area(memory, 20, 60, False, memory[10:30])
