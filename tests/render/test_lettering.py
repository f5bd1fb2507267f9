"""The stroke font: every printable character is there and stands where it should."""

import string

import numpy as np
import pytest

from dromos.render import Raster
from dromos.render.font import BOX, GLYPHS

INK = (255, 255, 255)
PRINTABLE = string.ascii_letters + string.digits + string.punctuation


def written(text, x=100, y=40, size=20, **options):
    canvas = Raster(200, 80)
    canvas.text(x, y, text, size, INK, **options)
    return canvas.pixels()[..., 0]


def extent(frame):
    """The rows and columns that hold ink: top, bottom, left, right."""
    rows, columns = np.flatnonzero(frame.any(1)), np.flatnonzero(frame.any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_every_printable_character_has_a_picture_of_its_own():
    pictures = {written(character).tobytes() for character in PRINTABLE}
    assert len(pictures) == len(PRINTABLE)
    assert set(PRINTABLE) <= set(GLYPHS)
    assert not written(" ").any()


def test_an_unknown_character_is_a_box():
    assert (written("é") == written("漢")).all()
    assert written("é").any()
    assert BOX not in GLYPHS.values()


def test_capitals_stand_on_the_baseline_and_are_seven_tenths_high():
    top, bottom, _, _ = extent(written("HE", size=40, y=60))
    half_stroke = 0.04 * 40
    assert bottom == pytest.approx(60 + half_stroke, abs=1)
    assert top == pytest.approx(60 - 28 - half_stroke, abs=1)


def test_alignment_and_anchor():
    _, _, left, right = extent(written("HHH", align="left"))
    assert left >= 100
    width = right - left
    _, _, left, right = extent(written("HHH", align="centre"))
    assert (left + right) / 2 == pytest.approx(100, abs=1)
    _, _, left, right = extent(written("HHH", align="right"))
    assert right <= 100
    assert right - left == pytest.approx(width, abs=1)
    top, bottom, _, _ = extent(written("H", anchor="middle"))
    assert (top + bottom) / 2 == pytest.approx(40, abs=1)
    top, _, _, _ = extent(written("H", anchor="top"))
    assert top == pytest.approx(40, abs=2)


def test_numbers_do_not_dance():
    widths = {extent(written(f"|{digit}|", x=20))[3] for digit in string.digits}
    assert len(widths) == 1


def test_text_is_upright_where_y_points_up():
    canvas = Raster(200, 80)
    with canvas.world(0, 80, unit=4):
        canvas.text(25, 10, "Fall", 5, INK)
    up = canvas.pixels()[..., 0].astype(int)
    assert abs(up - written("Fall")).max() <= 1


def test_translucent_letters_have_no_darker_joints():
    canvas = Raster(200, 80)
    canvas.text(20, 60, "ABR&@", 50, (255, 255, 255, 100), weight=0.2)
    assert canvas.pixels().max() == 100
