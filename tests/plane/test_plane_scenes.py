"""Bodies of the plane give the bits of the Box2D wheel that Gymnasium uses."""

import random

import Box2D
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twins import Twins, bits, ground, random_scene

from dromos._core import plane

STEPS = 1000


def floor():
    twins = Twins()
    twins.shape(twins.body(False), "edge", (-20.0, 0.0), (20.0, 0.0))
    return twins


@pytest.mark.parametrize("restitution", [0.0, 0.5])
def test_two_bodies_and_a_ground(restitution):
    twins = floor()
    box = twins.body(True, (0.0, 4.0), 0.4)
    twins.shape(box, "box", 0.5, 0.3, density=2.0, restitution=restitution)
    ball = twins.body(True, (0.3, 7.0))
    twins.shape(ball, "circle", (0.1, 0.0), 0.4, density=1.0, restitution=restitution)
    for _ in range(STEPS):
        twins.step()
    if restitution == 0:
        assert not any(row[6] for row in twins.ours.bodies()[1:]), "both sleep"
    twins.kick(box, (2.0, 3.0))
    for _ in range(100):
        twins.step()


def test_a_stack():
    twins = floor()
    for i in range(8):
        box = twins.body(True, (0.02 * (i % 3), 0.6 + 1.05 * i))
        twins.shape(box, "box", 0.5, 0.5, density=1.0, friction=0.6)
    for step in range(STEPS):
        if step == 500:
            twins.kick(4, (3.0, 0.0))
        twins.step()


@pytest.mark.parametrize("limits", [None, (-0.3, 0.8), (0.2, 0.2)])
@pytest.mark.parametrize("motor", [None, (3.0, 20.0), (-3.0, 1e4)])
def test_hinges_at_their_limits(limits, motor):
    twins = floor()
    hull = twins.body(True, (0.0, 3.0))
    twins.shape(hull, "box", 1.0, 0.3, density=2.0)
    for side in (-1, 1):
        leg = twins.body(True, (side * 0.9, 2.5), 0.05 * side)
        twins.shape(leg, "box", 0.1, 0.6, density=1.0)
        twins.hinge(hull, leg, (side * 0.9, -0.2), (0.0, 0.5), limits, motor)
    for step in range(STEPS):
        if motor and step % 100 == 50:
            for index, joint in enumerate(twins.joints):
                joint.motorSpeed, joint.maxMotorTorque = -joint.motorSpeed, motor[1] / 2
                twins.ours.set_motor(index, joint.motorSpeed, motor[1] / 2)
        twins.step()


def test_fast_bodies_do_not_run_through_thin_ones():
    twins = Twins(gravity=(0.0, 0.0))
    walls = twins.body(False)
    corners = [(-3.0, -3.0), (3.0, -3.0), (3.0, 3.0), (-3.0, 3.0)]
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        twins.shape(walls, "edge", start, end, friction=0.0, restitution=1.0)
    for i in range(3):
        body = twins.body(True, (-1.0 + i, 0.5 * i))
        twins.shape(body, "box", 0.1, 0.1, density=1.0, restitution=0.9)
        twins.kick(body, (1.5 * (i + 1), 2.0 - i))
    for step in range(STEPS):
        if step % 50 == 0:
            for body in (1, 2, 3):
                twins.kick(body, (1.0, -2.0 + body))
        twins.step()
    assert all(abs(x) < 3 and abs(y) < 3 for x, y, *_ in twins.ours.bodies())


def test_sensors_tell_and_do_not_push():
    twins = Twins()
    gate = twins.body(False, (0.0, 3.0))
    twins.shape(gate, "box", 2.0, 0.5, sensor=True)
    ball = twins.body(True, (0.0, 6.0))
    twins.shape(ball, "circle", (0.0, 0.0), 0.2, density=1.0)
    told = 0
    for _ in range(100):
        twins.step()
        told += len(twins.events)
    assert told == 2
    assert twins.ours.bodies()[ball][1] < 0


def test_categories_and_masks():
    twins = floor()
    for i, (category, mask) in enumerate([(2, 1), (2, 0xFFFF), (4, 2), (1, 6)]):
        body = twins.body(True, (0.1 * i, 1.0 + 0.7 * i))
        twins.shape(body, "box", 0.4, 0.3, density=1.0, category=category, mask=mask)
    for _ in range(300):
        twins.step()


def test_random_scenes(request):
    scenes, steps = (2000, STEPS) if request.config.getoption("--long") else (60, 150)

    @settings(max_examples=scenes, deadline=None, derandomize=True)
    @given(st.integers(0, 2**32 - 1))
    def play(seed):
        twins, moving, rng = random_scene(seed)
        for _ in range(steps):
            if rng.random() < 0.05:
                impulse = (rng.uniform(-20, 20), rng.uniform(-20, 20))
                twins.kick(rng.choice(moving), impulse)
            twins.step()
            if not np.isfinite(twins.ours.bodies()).all():
                break

    play()


@pytest.mark.parametrize("seed", range(4))
def test_random_scenes_for_long(seed):
    twins, moving, rng = random_scene(seed)
    for _ in range(STEPS):
        if rng.random() < 0.02:
            twins.push(rng.choice(moving), (rng.uniform(-200, 200), rng.uniform(0, 400)))
        twins.step(rounds=(180, 60))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_rays(seed):
    twins, _, rng = random_scene(seed)
    for _ in range(20):
        twins.step()
    for _ in range(20):
        start = (rng.uniform(-8, 8), rng.uniform(2, 8))
        end = (rng.uniform(-8, 8), rng.uniform(-2, 8))
        nearest = Nearest()
        twins.theirs.RayCast(nearest, start, end)
        assert bits([twins.ours.ray_cast(start, end)]) == bits([nearest.fraction])


class Nearest(Box2D.b2RayCastCallback):
    fraction = 1.0

    def ReportFixture(self, fixture, point, normal, fraction):
        self.fraction = fraction
        return fraction


def test_a_state_is_data():
    twins, moving, _ = random_scene(3)
    for _ in range(40):
        twins.step()
    copy = plane.World((0.0, -10.0))
    copy.set_state(twins.ours.state())
    for _ in range(100):
        twins.ours.step(1 / 50, 30, 10)
        copy.step(1 / 50, 30, 10)
        assert copy.state() == twins.ours.state()
    copy.kick(moving[0], (5.0, 5.0), (0.0, 0.0))
    copy.step(1 / 50, 30, 10)
    twins.ours.step(1 / 50, 30, 10)
    assert copy.state() != twins.ours.state()


def test_equal_histories_give_equal_bytes():
    states = []
    for _ in range(2):
        twins, _, _ = random_scene(11)
        for _ in range(50):
            twins.step()
        states.append(twins.ours.state())
    assert states[0] == states[1]


def test_a_world_that_is_full_says_of_what():
    world = plane.World((0.0, 0.0))
    for _ in range(128):
        world.add_body(False, (0.0, 0.0))
    with pytest.raises(OverflowError, match=r"room for 128 bodies.*raise `bodies`"):
        world.add_body(False, (0.0, 0.0))
    crowd = plane.World((0.0, 0.0))
    for _ in range(40):
        body = crowd.add_body(True, (0.0, 0.0))
        crowd.add_box(body, 1.0, 1.0, plane.Material(density=1.0))
    with pytest.raises(OverflowError, match=r"room for 512 contacts.*raise `contacts`"):
        crowd.step(1 / 50, 1, 1)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda w: w.add_box(7, 1.0, 1.0, plane.Material()), IndexError),
        (lambda w: w.push(0, (1.0, 0.0)), ValueError),
        (lambda w: w.add_body(True, (float("nan"), 0.0)), ValueError),
        (lambda w: w.add_polygon(0, [(0.0, 0.0), (1.0, 0.0)], plane.Material()), ValueError),
        (lambda w: w.step(0.0, 1, 1), ValueError),
        (lambda w: w.set_motor(0, 1.0, 1.0), IndexError),
        (lambda w: w.set_state(b"short"), ValueError),
    ],
)
def test_bad_input(call, error):
    world = plane.World((0.0, 0.0))
    world.add_body(False, (0.0, 0.0))
    before = world.state()
    with pytest.raises(error):
        call(world)
    assert world.state() == before


def test_masses():
    twins, moving, _ = random_scene(5)
    ground(twins, random.Random(0))
    for body in moving:
        theirs = twins.bodies[body]
        center = theirs.localCenter
        mass, inertia, x, y = twins.ours.mass(body)
        assert bits((mass, x, y)) == bits((theirs.mass, *center))
        assert inertia > 0
