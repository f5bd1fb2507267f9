"""The small tools for writers of environments."""

import copy
import inspect
import itertools
import pickle
from pathlib import Path

import numpy as np
import pytest
from gymnasium.utils.colorize import color2num as peer_codes
from gymnasium.utils.colorize import colorize as peer_colorize

import dromos as gym
from dromos import seeding
from dromos.envs.box2d import LunarLander
from dromos.utils import EzPickle, RecordConstructorArgs, colorize
from dromos.utils.colorize import color2num
from dromos.utils.record_constructor import recorded


def test_colours_are_the_peers():
    assert dict(color2num) == dict(peer_codes)
    for colour, bold, highlight in itertools.product(color2num, [False, True], [False, True]):
        ours = colorize("text", colour, bold, highlight)
        assert ours == peer_colorize("text", colour, bold, highlight)
    with pytest.raises(KeyError, match="mauve"):
        colorize("text", "mauve")


class Camera(EzPickle):
    def __init__(self, device, fps=30):
        EzPickle.__init__(self, device, fps=fps)
        self.device, self.fps = device, fps
        self.stream = lambda: None  # cannot be pickled


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_ezpickle_constructs_anew(copied):
    camera = Camera("front", fps=60)
    camera.fps = 1
    twin = copied(camera)
    assert (twin.device, twin.fps) == ("front", 60)
    assert twin.stream is not camera.stream


class Lander(EzPickle, LunarLander):
    def __init__(self, gravity):
        EzPickle.__init__(self, gravity)
        LunarLander.__init__(self, gravity=gravity)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_ezpickle_constructs_environments_anew(copied):
    env = Lander(-5.0)
    env.reset(seed=1)
    twin = copied(env)
    assert twin.gravity == -5.0
    twin.reset(seed=3)
    env.reset(seed=3)
    np.testing.assert_array_equal(twin.step(2)[0], env.step(2)[0])


class Inner(RecordConstructorArgs):
    def __init__(self, size, **options):
        RecordConstructorArgs.__init__(self, size=size, **options)


class Outer(Inner):
    def __init__(self, scale):
        RecordConstructorArgs.__init__(self, scale=scale)
        super().__init__(size=2 * scale)


def test_the_outermost_class_records():
    assert Inner(3)._saved_kwargs == {"size": 3}
    assert Outer(3)._saved_kwargs == {"scale": 3}


def test_recorded_arguments_are_copies_unless_told_otherwise():
    size = [1, 2]
    assert Inner(size)._saved_kwargs["size"] == size
    assert Inner(size)._saved_kwargs["size"] is not size
    assert Inner(size, _disable_deepcopy=True)._saved_kwargs["size"] is size


class Scaled(RecordConstructorArgs):
    @recorded
    def __init__(self, env, scale, offset=0, *, folder="."):
        self.given = env, scale, offset, folder


class Doubled(Scaled):
    @recorded
    def __init__(self, env):
        super().__init__(env, 2)


def test_a_recorded_constructor_records_all_but_the_environment():
    scale = [2]
    scaled = Scaled("env", scale, folder=Path("videos"))
    assert scaled.given == ("env", [2], 0, Path("videos"))
    assert scaled._saved_kwargs == {"scale": [2], "offset": 0, "folder": "videos"}
    assert scaled._saved_kwargs["scale"] is not scale
    assert Scaled(scale=1, env="env")._saved_kwargs == {"scale": 1, "offset": 0, "folder": "."}
    assert Doubled("env")._saved_kwargs == {}
    assert list(inspect.signature(Scaled).parameters) == ["env", "scale", "offset", "folder"]
    with pytest.raises(TypeError, match="scale"):
        Scaled("env")


def test_public_paths_are_attributes():
    assert gym.utils.seeding.np_random is seeding.np_random
    assert not hasattr(gym.utils, "_private")
