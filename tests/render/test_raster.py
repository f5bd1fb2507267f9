"""The painter: what its primitives cover, under which maps, and what it refuses."""

import copy
import hashlib
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dromos.render import Raster

WHITE = (255, 255, 255)
INK = (40, 60, 90, 200)


def digest(frame):
    return hashlib.sha256(frame.tobytes()).hexdigest()[:16]


def area(frame):
    """Sum of the red channel, in white pixels."""
    return frame[..., 0].astype(np.float64).sum() / 255


def drawn(paint, width=60, height=50):
    raster = Raster(width, height)
    paint(raster)
    return raster.pixels()


ZIGZAG = [(5, 40), (18, 6), (27, 42), (52, 12)]

#: Every primitive, and the bytes it leaves on a canvas of 60 x 50.
PRIMITIVES = {
    "background": (lambda c: c.background((250, 240, 230)), "76e837962bb3a824"),
    "gradient": (lambda c: c.background((250, 240, 230), (10, 20, 30)), "5a9198fe8a6abd1e"),
    "polygon": (lambda c: c.polygon(ZIGZAG, INK), "e02b347eef78a12a"),
    "polyline round": (lambda c: c.polyline(ZIGZAG, 5, INK), "317cb6a2aaabaa62"),
    "polyline mitre": (
        lambda c: c.polyline(ZIGZAG, 5, INK, join="mitre", cap="butt"),
        "0b2c51be7050ec92",
    ),
    "polyline closed": (lambda c: c.polyline(ZIGZAG, 2.5, INK, closed=True), "b6ab8fc36a6c1b89"),
    "disc": (lambda c: c.disc(30.3, 25.7, 18.2, INK), "ba3ba4a51937f9c7"),
    "ring": (lambda c: c.arc(30, 25, 17, 4, INK), "f78c70ae25662b5a"),
    "arc": (
        lambda c: c.arc(30, 25, 17, 4, INK, start=0.4, sweep=-3.9, cap="round"),
        "56349fa83f9e1b9a",
    ),
    "rectangle": (lambda c: c.rectangle(7.5, 8.25, 40, 30, INK), "73fdacfbaa2f2e37"),
    "rounded rectangle": (
        lambda c: c.rectangle(7.5, 8.25, 40, 30, INK, corner=9),
        "9efb973f649aa7a4",
    ),
    "shadow": (lambda c: c.shadow(15, 15, 30, 20, INK, blur=8, corner=5), "e9667d832fb6a7b6"),
    "text": (
        lambda c: c.text(30, 25, "gym 42%", 14, INK, align="centre", anchor="middle"),
        "86b9f742433fbcc2",
    ),
}


@pytest.mark.parametrize("name", PRIMITIVES)
def test_primitives_leave_the_same_bytes_everywhere(name):
    paint, expected = PRIMITIVES[name]

    def on_paper(canvas):
        canvas.background(WHITE)
        paint(canvas)

    assert digest(drawn(on_paper)) == expected


def test_a_new_canvas_is_black_and_uint8():
    frame = Raster(60, 50).pixels()
    assert frame.shape == (50, 60, 3)
    assert frame.dtype == np.uint8
    assert not frame.any()


def test_frames_share_no_memory():
    raster = Raster(6, 5)
    first = raster.pixels()
    raster.background(WHITE)
    assert not first.any()
    first[:] = 7
    assert (raster.pixels() == 255).all()


inside = st.tuples(st.floats(0, 60), st.floats(0, 50))
anywhere = st.tuples(st.floats(-200, 260), st.floats(-200, 250))


@given(st.tuples(inside, inside, inside))
def test_the_coverage_of_a_triangle_is_its_area(corners):
    (ax, ay), (bx, by), (cx, cy) = corners
    exact = abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2
    # 256 levels: each pixel of the rim may be off by half of one.
    rim = 2 * (60 + 50) * 3
    assert area(drawn(lambda c: c.polygon(corners, WHITE))) == pytest.approx(
        exact, abs=0.5 / 255 * rim
    )


@given(st.lists(anywhere, min_size=3, max_size=8))
def test_a_polygon_has_no_direction_and_no_first_corner(corners):
    frame = drawn(lambda c: c.polygon(corners, WHITE)).astype(int)
    for same in (corners[::-1], corners[2:] + corners[:2]):
        again = drawn(lambda c, same=same: c.polygon(same, WHITE)).astype(int)
        assert abs(frame - again).max() <= 1


@given(st.lists(anywhere, min_size=2, max_size=6), st.floats(0, 40))
def test_what_leaves_the_canvas_is_clipped(points, width):
    """A small canvas shows what the same place of a larger one shows."""

    def paint(canvas):
        canvas.polyline(points, width, INK)
        canvas.disc(*points[0], width, INK)

    large = Raster(160, 150)
    large.background(WHITE)
    large.translate(50, 50)
    paint(large)
    small = Raster(60, 50)
    small.background(WHITE)
    paint(small)
    difference = small.pixels().astype(int) - large.pixels()[50:100, 50:110]
    assert abs(difference).max() <= 1


@pytest.mark.parametrize("radius", [0.3, 1, 4.5, 20])
def test_round_shapes_have_round_areas(radius):
    assert area(drawn(lambda c: c.disc(30, 25, radius, WHITE))) == pytest.approx(
        math.pi * radius**2, rel=0.02
    )
    ring = area(drawn(lambda c: c.arc(30, 25, radius, radius / 2, WHITE)))
    assert ring == pytest.approx(math.pi * radius**2, rel=0.02)
    half = area(drawn(lambda c: c.arc(30, 25, radius, radius / 2, WHITE, sweep=math.pi)))
    assert half == pytest.approx(ring / 2, rel=0.04, abs=0.01)


def test_parts_of_pixels_are_parts_of_white():
    frame = drawn(lambda c: c.rectangle(10.25, 5.5, 2, 1, WHITE))[..., 0]
    assert frame[5:7, 10:13].tolist() == [[96, 128, 32], [96, 128, 32]]


def test_a_stroke_that_crosses_itself_blends_once():
    frame = drawn(lambda c: c.polyline([(5, 5), (45, 45), (45, 5), (5, 45)], 6, (255, 0, 0, 128)))
    assert frame[25, 25].tolist() == [128, 0, 0]
    assert frame.max() == 128


def test_what_is_wound_twice_is_filled():
    star = [(30 + 24 * math.sin(4 * math.pi * i / 5), 25 - 24 * math.cos(4 * math.pi * i / 5))
            for i in range(5)]  # fmt: skip
    assert drawn(lambda c: c.polygon(star, WHITE))[25, 30, 0] == 255


def test_alpha_blends_over_what_is_there():
    def paint(canvas):
        canvas.background((100, 200, 50))
        canvas.rectangle(0, 0, 60, 50, (200, 100, 50, 51))

    assert (drawn(paint) == (120, 180, 50)).all()


def test_points_may_be_an_array():
    as_array = drawn(lambda c: c.polygon(np.array(ZIGZAG, np.float64), WHITE))
    assert (as_array == drawn(lambda c: c.polygon(ZIGZAG, WHITE))).all()
    integers = drawn(lambda c: c.polygon(np.array(ZIGZAG), WHITE))
    assert (integers == as_array).all()


def test_a_path_of_very_many_corners_is_drawn():
    corners = np.random.default_rng(0).uniform(-20, 80, (5000, 2))
    assert drawn(lambda c: c.polygon(corners, WHITE)).any()


def test_a_world_has_y_up_and_its_own_unit():
    def paint(canvas):
        with canvas.world(30, 25, unit=10):
            canvas.rectangle(0, 0, 2, 1, WHITE)

    assert (drawn(paint) == drawn(lambda c: c.rectangle(30, 15, 20, 10, WHITE))).all()


def test_angles_turn_from_x_to_y():
    def paint(canvas):
        with canvas.placed(30, 25, angle=math.pi / 2, scale=2):
            canvas.rectangle(0, 0, 10, 2, WHITE)

    turned = drawn(paint).astype(int)
    assert abs(turned - drawn(lambda c: c.rectangle(26, 25, 4, 20, WHITE))).max() <= 1


def test_coordinates_come_back_after_a_block_that_raises():
    raster = Raster(60, 50)
    with pytest.raises(KeyError), raster.world(30, 25, unit=10), raster.placed(1, 1, angle=1):
        raise KeyError
    raster.rectangle(0, 0, 10, 10, WHITE)
    assert (raster.pixels() == drawn(lambda c: c.rectangle(0, 0, 10, 10, WHITE))).all()
    with pytest.raises(RuntimeError, match=r"restore\(\) without a save\(\)"):
        raster.restore()


def test_copies_keep_the_picture():
    raster = Raster(60, 50)
    raster.disc(20, 20, 10, WHITE)
    for twin in (copy.deepcopy(raster), pickle.loads(pickle.dumps(raster))):
        assert (twin.pixels() == raster.pixels()).all()
        twin.background(WHITE)
    assert not raster.pixels()[0, 0].any()


NOT_FINITE = [math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("bad", NOT_FINITE)
@pytest.mark.parametrize(
    "paint",
    [
        lambda c, v: c.polygon([(0, 0), (v, 3), (9, 9)], WHITE),
        lambda c, v: c.polyline([(0, 0), (3, v)], 2, WHITE),
        lambda c, v: c.disc(v, 3, 4, WHITE),
        lambda c, v: c.disc(3, 3, abs(v), WHITE),
        lambda c, v: c.arc(3, 3, 4, 1, WHITE, start=v),
        lambda c, v: c.arc(3, 3, 4, 1, WHITE, sweep=v),
        lambda c, v: c.rectangle(3, v, 4, 4, WHITE),
        lambda c, v: c.shadow(3, 3, 4, 4, WHITE, blur=abs(v)),
        lambda c, v: c.text(v, 3, "text", 10, WHITE),
        lambda c, v: c.rotate(v),
    ],
)
def test_what_is_not_finite_is_refused_and_nothing_is_drawn(paint, bad):
    raster = Raster(60, 50)
    with pytest.raises(ValueError, match="must be finite, found"):
        paint(raster, bad)
    assert not raster.pixels().any()
    raster.rectangle(0, 0, 1, 1, WHITE)
    assert raster.pixels()[0, 0, 0] == 255


huge = st.sampled_from([0.0, 1.0, 30.0, -1e4, 1e9, -1e15, 1e80, 1e300, -1.7e308])


@given(st.lists(st.tuples(huge, huge), min_size=3, max_size=5), huge)
def test_any_finite_number_can_be_drawn(points, size):
    def paint(canvas):
        with canvas.placed(*points[0], angle=size, scale=size):
            canvas.polygon(points, WHITE)
        canvas.polyline(points, abs(size), WHITE, closed=True, join="mitre")
        canvas.disc(*points[0], abs(size), WHITE)
        canvas.arc(*points[1], abs(size), 3, WHITE, sweep=size)
        canvas.shadow(*points[1], 1, abs(size), WHITE, blur=abs(size))

    drawn(paint)


@pytest.mark.parametrize(
    ("paint", "message"),
    [
        (lambda: Raster(0, 5), "width of a canvas must be 1 to 16384 pixels, found 0"),
        (lambda: Raster(5, 16385), "height of a canvas must be 1 to 16384 pixels, found 16385"),
        (lambda: Raster(5, 5).disc(1, 1, 1, (1, 2)), r"colour must be .* found \(1, 2\)"),
        (lambda: Raster(5, 5).disc(1, 1, 1, (1, 2, 256)), r"found \(1, 2, 256\)"),
        (lambda: Raster(5, 5).disc(1, 1, 1, (0.5, 0.5, 0.5)), r"found \(0\.5, 0\.5, 0\.5\)"),
        (lambda: Raster(5, 5).disc(1, 1, -1, WHITE), "radius of a disc must be at least 0"),
        (lambda: Raster(5, 5).polygon([(1, 2, 3)], WHITE), r"pair \(x, y\), found \(1, 2, 3\)"),
        (lambda: Raster(5, 5).polyline([(1, 2)], 1, WHITE, join="x"), "'mitre', found 'x'"),
        (lambda: Raster(5, 5).polyline([(1, 2)], 1, WHITE, cap="x"), "'butt', found 'x'"),
        (lambda: Raster(5, 5).text(0, 0, "a", 9, WHITE, align="middle"), "found 'middle'"),
        (lambda: Raster(5, 5).text(0, 0, "a", 9, WHITE, anchor="bottom"), "found 'bottom'"),
        (lambda: Raster(5, 5).paste(np.zeros((5, 4, 3), np.uint8)), r"found \(5, 4, 3\)"),
    ],
)
def test_mistakes_are_named(paint, message):
    with pytest.raises(ValueError, match=message):
        paint()
