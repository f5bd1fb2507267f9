"""Frames as grids, PNG files and text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dromos.error import Error
from dromos.render import frame_to_text, png_bytes, read_video, tile, write_png

frames = arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3)))


def flat(value, height=4, width=6):
    return np.full((height, width, 3), value, np.uint8)


def test_tiles_fill_rows_from_the_top_left():
    grid = tile([flat(i) for i in range(1, 6)], columns=3, gap=1, colour=(9, 8, 7))
    assert grid.shape == (2 * 5 - 1, 3 * 7 - 1, 3)
    assert [grid[0, 7 * i, 0] for i in range(3)] == [1, 2, 3]
    assert [grid[5, 7 * i, 0] for i in range(2)] == [4, 5]
    assert grid[5, 14].tolist() == grid[0, 6].tolist() == [9, 8, 7]


@pytest.mark.parametrize(
    ("count", "shape"), [(1, (4, 6)), (2, (4, 14)), (4, (10, 14)), (5, (10, 22))]
)
def test_a_grid_is_about_square(count, shape):
    assert tile(np.zeros((count, 4, 6, 3), np.uint8)).shape == (*shape, 3)


@pytest.mark.parametrize(
    ("pictures", "options", "message"),
    [
        ([], {}, "at least one frame, found none"),
        ([flat(0), flat(0, 5)], {}, r"\(4, 6, 3\) first and \(5, 6, 3\) at 1"),
        ([flat(0)], {"columns": 0}, "columns >= 1, found 0"),
        ([flat(0)], {"gap": -1}, "gap >= 0 pixels, found -1"),
        ([flat(0).astype(float)], {}, "dtype float64"),
        ([flat(0)[..., 0]], {}, r"shape \(4, 6\)"),
        ([[[0]]], {}, 'found list; is the environment\'s render_mode "rgb_array"'),
    ],
)
def test_what_cannot_be_tiled_is_named(pictures, options, message):
    with pytest.raises(Error, match=message):
        tile(pictures, **options)


@given(frames)
def test_another_library_reads_our_png(tmp_path_factory, frame):
    path = tmp_path_factory.mktemp("png") / "frame.png"
    write_png(path, frame)
    assert path.read_bytes() == png_bytes(frame)
    (again,) = read_video(path)
    assert (again == frame).all()


def test_png_of_views_and_mistakes(tmp_path):
    wide = np.arange(4 * 12 * 3, dtype=np.uint8).reshape(4, 12, 3)
    assert png_bytes(wide[:, ::2]) == png_bytes(wide[:, ::2].copy())
    with pytest.raises(Error, match="takes frames of dtype uint8"):
        png_bytes(np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(OSError, match="No such file"):
        write_png(tmp_path / "missing" / "frame.png", wide)


def cells(line):
    """The (upper, lower) colours of the characters of a line of text."""
    assert line.endswith("\x1b[0m")
    colours, found = None, []
    for code, half in re.findall(r"\x1b\[38;2;([\d;]+)m|(▀)", line):
        if half:
            found.append(colours)
        else:
            red, green, blue, *background = map(int, code.split(";"))
            assert background[:2] == [48, 2]
            colours = ((red, green, blue), tuple(background[2:]))
    return found


@given(frames)
def test_text_shows_two_pixels_a_character(frame):
    lines = frame_to_text(frame).splitlines()
    height, width = frame.shape[:2]
    assert len(lines) == -(-height // 2)
    for i, line in enumerate(lines):
        upper, lower = zip(*cells(line), strict=True)
        assert len(upper) == width
        assert list(upper) == [tuple(pixel) for pixel in frame[2 * i].tolist()]
        assert list(lower) == [tuple(p) for p in frame[min(2 * i + 1, height - 1)].tolist()]


def test_text_shrinks_by_means_and_keeps_the_shape():
    frame = np.zeros((40, 60, 3), np.uint8)
    frame[:, 30:] = (200, 100, 50)
    frame[::2, :30] = 100
    lines = frame_to_text(frame, columns=12).splitlines()
    assert len(lines) == 4
    row = cells(lines[0])
    assert row[0] == ((60, 60, 60), (40, 40, 40))  # three of five rows, then two
    assert row[-1] == ((200, 100, 50), (200, 100, 50))
    assert lines[0].count("\x1b[38") == 2


def test_text_needs_a_picture_and_a_width():
    with pytest.raises(Error, match="columns >= 1, found 0"):
        frame_to_text(flat(0), columns=0)
    with pytest.raises(Error, match="found NoneType"):
        frame_to_text(None)
