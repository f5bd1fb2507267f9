"""Environments the tests register by name; the same ones on the peer's base class."""

import gymnasium
import numpy as np

import dromos
from dromos.utils import RecordConstructorArgs


def build(lib):
    """Return the sample environment and wrapper on the base classes of `lib`."""

    class Line(lib.Env):
        """Walk along a line; the observation is the place."""

        metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 10}  # noqa: RUF012

        def __init__(self, render_mode=None, length=10, places=None):
            self.render_mode = render_mode
            self.length = length
            self.places = places
            self.observation_space = lib.spaces.Discrete(1000)
            self.action_space = lib.spaces.Discrete(2)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.place = int(self.np_random.integers(3))
            return self.place, {}

        def step(self, action):
            self.place += int(action)
            return self.place, 1.0, self.place >= self.length, False, {}

        def render(self):
            if self.render_mode == "ansi":
                return str(self.place)
            return np.full((4, 4, 3), self.place, np.uint8)

    class Scaled(lib.RewardWrapper, lib.utils.RecordConstructorArgs):
        """Multiply the reward."""

        def __init__(self, env, factor=2.0, table=None):
            lib.utils.RecordConstructorArgs.__init__(self, factor=factor, table=table)
            super().__init__(env)
            self.factor = factor

        def reward(self, reward):
            return reward * self.factor

    class Unrecorded(lib.Wrapper):
        """A wrapper that does not say how it was built."""

    for cls in (Line, Scaled, Unrecorded):
        cls.__module__ = __name__
        cls.__qualname__ = cls.__name__ if lib is dromos else f"Peer.{cls.__name__}"
    return Line, Scaled, Unrecorded


Line, Scaled, Unrecorded = build(dromos)


class Peer:
    """The classes built on the peer."""

    Line, Scaled, Unrecorded = build(gymnasium)


def make_line(**kwargs):
    """Be an entry point that is a function."""
    return Line(**kwargs)


def make_scaled_line(**kwargs):
    """Be an entry point that wraps by itself."""
    return Scaled(Line(**kwargs), factor=3.0)


class LineVector(dromos.vector.VectorEnv):
    """A vector that steps nothing and remembers how it was built."""

    metadata = {"autoreset_mode": dromos.vector.AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(self, num_envs, max_episode_steps=None, render_mode=None, **kwargs):
        self.num_envs = num_envs
        self.max_episode_steps = max_episode_steps
        self.kwargs = kwargs


class Halved(dromos.RewardWrapper, RecordConstructorArgs):
    """Halve the reward."""

    def __init__(self, env):
        RecordConstructorArgs.__init__(self)
        super().__init__(env)

    def reward(self, reward):
        return reward / 2
