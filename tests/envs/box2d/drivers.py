"""Who drives the cars of these tests."""

import numpy as np


def at_random(continuous, rng):
    """A driver that holds each action for some steps."""
    held = [None, 0]

    def choose(_):
        if held[1] == 0:
            steer, gas, brake = rng.uniform(-0.6, 0.6), rng.random(), rng.random() < 0.15
            held[0] = np.array([steer, gas, brake], np.float32)
            if not continuous:
                held[0] = int(rng.choice([0, 1, 2, 3, 3, 3, 4]))
            held[1] = int(rng.integers(1, 15))
        held[1] -= 1
        return held[0]

    return choose


def along_the_road(continuous, speed):
    """A driver for one episode that steers for the road ahead, and knows where it is."""
    tracks = []

    def choose(env):
        hull = env.car.hull
        if not tracks:
            tracks.append(np.array(env.track)[:, 2:])
        road = tracks[0]
        here = int(np.square(road - hull.position).sum(axis=1).argmin())
        aim = road[(here + 5) % len(road)] - hull.position
        heading = np.arctan2(-aim[0], aim[1])
        off = (heading - hull.angle + np.pi) % (2 * np.pi) - np.pi
        slow = np.hypot(*hull.linearVelocity) < speed * (1 - min(abs(off), 0.7))
        if continuous:
            return np.array([np.clip(-2 * off, -1, 1), 0.6 * slow, 0.2 * (not slow)], np.float32)
        return (2 if off > 0 else 1) if abs(off) > 0.15 else 3 if slow else 0

    return choose
