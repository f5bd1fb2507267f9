"""Frames of lanes as one picture: how they are laid out, and in how many bytes."""

import io

import numpy as np
import pytest
from PIL import Image

from dromos.error import Error
from dromos.viewer import pictures


def opened(image):
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))


def frames(count, height, width):
    rng = np.random.default_rng(0)
    return [np.full((height, width, 3), rng.integers(256, size=3), np.uint8) for _ in range(count)]


def test_small_pictures_lose_nothing():
    lanes = frames(5, 20, 30)
    layout, image = pictures.picture(lanes)
    assert (layout["type"], layout["width"], layout["height"]) == ("image/png", 30, 20)
    assert layout["columns"] * layout["rows"] >= 5
    shown = opened(image)
    for lane, frame in enumerate(lanes):
        row, column = divmod(lane, layout["columns"])
        part = shown[20 * row : 20 * row + 20, 30 * column : 30 * column + 30]
        assert np.array_equal(part, frame)


@pytest.mark.parametrize(("pillow", "kind"), [(True, "image/jpeg"), (False, "image/png")])
def test_large_pictures_are_made_smaller(monkeypatch, pillow, kind):
    if not pillow:
        monkeypatch.setattr(pictures, "_pillow", lambda: None)
    lanes = frames(9, 601, 800)
    layout, image = pictures.picture(lanes)
    assert (layout["type"], layout["natural_width"], layout["natural_height"]) == (kind, 800, 601)
    shown = opened(image)
    assert shown.shape[0] * shown.shape[1] <= 1_500_000
    assert np.abs(shown[10, 10].astype(int) - lanes[0][0, 0]).max() < 8


@pytest.mark.parametrize(
    "wrong", [[None], [np.zeros((2, 2))], [np.zeros((2, 2, 3), np.uint8)] * 2 + frames(1, 3, 2)]
)
def test_what_is_no_picture(wrong):
    with pytest.raises(Error, match=r"frames (that are|of) "):
        pictures.picture(wrong)
