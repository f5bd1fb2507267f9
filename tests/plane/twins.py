"""The same scene in Box2D and in our worlds, stepped side by side."""

import random

import Box2D
import numpy as np

from dromos._core import plane


def bits(rows):
    """Bytes of the numbers; those of NaN, whose sign no standard says, are all alike.

    Worlds that contradict themselves (several hinges of two bodies) can come to that, in Box2D too.
    """
    numbers = np.array(rows, dtype=np.float32)
    numbers[np.isnan(numbers)] = np.nan
    return numbers.tobytes()


class Twins:
    """Builds each thing twice and compares after each step: motion, sleep, events."""

    def __init__(self, gravity=(0.0, -10.0)):
        self.theirs = Box2D.b2World(gravity=gravity)
        self.ours = plane.World(gravity)
        self.bodies = []
        self.joints = []
        self.fixtures = 0
        self.events = []
        self.listener = Listener(self.events)
        self.theirs.contactListener = self.listener

    def body(self, moves, position=(0.0, 0.0), angle=0.0):
        make = self.theirs.CreateDynamicBody if moves else self.theirs.CreateStaticBody
        self.bodies.append(make(position=position, angle=angle))
        return self.ours.add_body(moves, position, angle)

    def shape(self, body, kind, *size, **material):
        """Put a shape on a body: box(w, h), edge(a, b), circle(center, radius), polygon(points)."""
        add = getattr(self.ours, f"add_{kind}")
        number = add(body, *size, plane.Material(**material))
        names = {"category": "categoryBits", "mask": "maskBits", "sensor": "isSensor"}
        theirs = {names.get(name, name): value for name, value in material.items()}
        made = {
            "box": lambda: Box2D.b2PolygonShape(box=size),
            "edge": lambda: Box2D.b2EdgeShape(vertices=size),
            "circle": lambda: Box2D.b2CircleShape(pos=size[0], radius=size[1]),
            "polygon": lambda: Box2D.b2PolygonShape(vertices=size[0]),
        }[kind]()
        definition = Box2D.b2FixtureDef(shape=made, userData=number, **theirs)
        self.bodies[body].CreateFixture(definition)
        return number

    def hinge(self, a, b, anchor_a, anchor_b, limits=None, motor=None):
        more = {}
        if limits is not None:
            more.update(enableLimit=True, lowerAngle=limits[0], upperAngle=limits[1])
        if motor is not None:
            more.update(enableMotor=True, motorSpeed=motor[0], maxMotorTorque=motor[1])
        self.joints.append(
            self.theirs.CreateRevoluteJoint(
                bodyA=self.bodies[a],
                bodyB=self.bodies[b],
                localAnchorA=anchor_a,
                localAnchorB=anchor_b,
                **more,
            )
        )
        return self.ours.add_hinge(a, b, anchor_a, anchor_b, limits, motor)

    def kick(self, body, impulse):
        center = tuple(self.bodies[body].worldCenter)
        self.bodies[body].ApplyLinearImpulse(impulse, center, True)
        self.ours.kick(body, impulse, center)

    def push(self, body, force):
        self.bodies[body].ApplyForceToCenter(force, True)
        self.ours.push(body, force)

    def step(self, rounds=(30, 10)):
        self.events.clear()
        self.theirs.Step(1 / 50, *rounds)
        self.ours.step(1 / 50, *rounds)
        self.compare()

    def compare(self):
        theirs = [(*b.position, b.angle, *b.linearVelocity, b.angularVelocity) for b in self.bodies]
        ours = self.ours.bodies()
        assert bits(theirs) == bits([row[:6] for row in ours]), (theirs, ours)
        moving = [i for i, b in enumerate(self.bodies) if b.type == Box2D.b2_dynamicBody]
        assert [self.bodies[i].awake for i in moving] == [ours[i][6] for i in moving]
        assert self.ours.take_events() == self.events
        assert self.ours.contact_count == len(self.theirs.contacts)
        for index, joint in enumerate(self.joints):
            assert bits(self.ours.hinge(index)) == bits((joint.angle, joint.speed))


class Listener(Box2D.b2ContactListener):
    def __init__(self, events):
        super().__init__()
        self.seen = events

    def BeginContact(self, contact):
        self.seen.append((contact.fixtureA.userData, contact.fixtureB.userData, True))

    def EndContact(self, contact):
        self.seen.append((contact.fixtureA.userData, contact.fixtureB.userData, False))


def ground(twins, rng, pieces=6):
    """A floor of edges from -10 to 10."""
    body = twins.body(False)
    x = np.linspace(-10, 10, pieces + 1).tolist()
    y = [rng.uniform(0, 2) for _ in x]
    for i in range(pieces):
        twins.shape(body, "edge", (x[i], y[i]), (x[i + 1], y[i + 1]), friction=0.3)
    return body


def random_shape(twins, rng, body):
    material = {
        "density": rng.uniform(0.1, 5),
        "friction": rng.uniform(0, 1),
        "restitution": rng.choice([0.0, 0.0, 0.3, 0.8]),
        "sensor": rng.random() < 0.1,
    }
    kind = rng.choice(["box", "circle", "polygon"])
    if kind == "box":
        size = (rng.uniform(0.05, 1), rng.uniform(0.05, 1))
    elif kind == "circle":
        size = ((rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3)), rng.uniform(0.1, 0.8))
    else:
        corners = rng.randint(3, 8)
        turns = [(i + rng.uniform(0.1, 0.9)) / corners * 2 * np.pi for i in range(corners)]
        reach = rng.uniform(0.3, 0.9)
        size = ([(float(reach * np.cos(t)), float(reach * np.sin(t))) for t in turns],)
    twins.shape(body, kind, *size, **material)


def random_scene(seed):
    """A floor, obstacles, bodies of one or two shapes, and hinges between some."""
    rng = random.Random(seed)
    twins = Twins()
    floor = ground(twins, rng, rng.randint(1, 8))
    if rng.random() < 0.5:
        place = (rng.uniform(-5, 5), rng.uniform(0, 3))
        obstacle = twins.body(False, place, rng.uniform(-1, 1))
        twins.shape(obstacle, "box", rng.uniform(0.5, 2), rng.uniform(0.1, 1))
        if rng.random() < 0.5:
            twins.shape(obstacle, "box", 1.0, 3.0, sensor=True)
    moving = []
    for _ in range(rng.randint(1, 8)):
        place = (rng.uniform(-6, 6), rng.uniform(2, 9))
        moving.append(twins.body(True, place, rng.uniform(-3, 3)))
        for _ in range(rng.choice([1, 1, 1, 2])):
            random_shape(twins, rng, moving[-1])
    for _ in range(rng.randint(0, 4) if len(moving) > 1 else 0):
        a, b = rng.sample(moving, 2)
        anchors = [(rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)) for _ in range(2)]
        twins.hinge(
            floor if rng.random() < 0.2 else a,
            b,
            *anchors,
            limits=rng.choice([None, (-0.5, 0.5), (-1.0, -0.2), (0.1, 0.1)]),
            motor=rng.choice([None, (2.0, 30.0), (-5.0, 1000.0)]),
        )
    return twins, moving, rng
