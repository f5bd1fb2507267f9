"""The pictures that CarRacing observes: drawn by us, and as good as Gymnasium's to drive by."""

import gymnasium
import numpy as np
import pytest
from drivers import along_the_road, at_random

import dromos as gym


@pytest.fixture(autouse=True)
def _no_window(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


def test_pictures_of_cars_are_alike():
    theirs, ours = (lib.make("CarRacing-v3") for lib in (gymnasium, gym))
    expected, _ = theirs.reset(seed=2)
    picture, _ = ours.reset(seed=2)
    choose = at_random(True, np.random.default_rng(2))
    for step in range(60):
        if step % 10 == 0:
            assert (picture.shape, picture.dtype) == (expected.shape, expected.dtype)
            off = np.abs(picture.astype(int) - expected)
            assert off.mean() < 4
            # Seen smaller, where edges matter less, they are one picture.
            small = [p[:80].reshape(8, 10, 8, 12, 3).mean(axis=(1, 3)) for p in (picture, expected)]
            assert np.abs(small[0] - small[1]).max() < 14
        action = choose(None)
        expected, *_ = theirs.step(action)
        picture, *_ = ours.step(action)


def features(picture):
    """Where the ground is not grey, coarsely, and the panel: what a linear driver can use."""
    ground = picture[:84].reshape(14, 6, 16, 6, 3).mean(axis=(1, 3)) / 255
    panel = picture[84:].reshape(2, 6, 24, 4, 3).mean(axis=(1, 3)) / 255
    return np.concatenate([(ground[..., 1] - ground[..., 0]).ravel(), panel.ravel(), [1.0]])


def imitator(library, roads, steps):
    """Return the weights of a driver that does, from pictures, what one does that knows the road.

    Pushes take the teacher off its way: what to do there is to be learned, too.
    """
    env = library.make("CarRacing-v3").unwrapped
    rng = np.random.default_rng(0)
    seen, done = [], []
    for seed in roads:
        picture, _ = env.reset(seed=seed)
        teacher = along_the_road(continuous=True, speed=40)
        push = 0.0
        for step in range(steps):
            if step % 12 == 0:
                push = rng.choice([0.0, 0.0, rng.normal(0.0, 0.6)])
            action = teacher(env)
            seen.append(features(picture))
            done.append(action)
            steered = np.clip(action + np.array([push, 0.0, 0.0]), [-1, 0, 0], 1)
            picture, *_ = env.step(steered.astype(np.float32))
    x = np.array(seen)
    return np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ np.array(done))


def score(library, weights, seed, steps):
    env = library.make("CarRacing-v3")
    picture, _ = env.reset(seed=seed)
    total = 0.0
    for _ in range(steps):
        action = np.clip(features(picture) @ weights, [-1, 0, 0], 1).astype(np.float32)
        picture, reward, *ended, _ = env.step(action)
        total += reward
        if any(ended):
            break
    return total


def test_a_driver_that_learned_from_one_drives_by_the_other(request):
    """On the same roads; a car that stands still scores below 0, one off the road little more."""
    long = request.config.getoption("--long")
    teachers, roads, steps = ((gym, gymnasium), 20, 1000) if long else ((gym,), 1, 150)
    lessons = range(100, 108 if long else 103)
    for teacher in teachers:
        weights = imitator(teacher, lessons, 400 if long else 250)
        scores = np.array(
            [
                [score(lib, weights, seed, steps) for lib in (gym, gymnasium)]
                for seed in range(roads)
            ]
        )
        ours, theirs = scores.mean(axis=0)
        print(f"learned from {teacher.__name__}: {ours:.0f} here, {theirs:.0f} there")
        assert min(ours, theirs) > 0.8 * max(ours, theirs) > (500 if long else 40)
