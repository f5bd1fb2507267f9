"""Small environments with known answers, for the tests of the wrappers."""

from types import SimpleNamespace

import numpy as np

from dromos import spaces
from dromos.core import Env

DROMOS = SimpleNamespace(Env=Env, spaces=spaces)


def counting_class(gym):
    """Return an environment class on the base of `gym`, dromos or the peer."""

    class CountingEnv(gym.Env):
        """Counts its steps; terminates at `end` and adds up the actions as rewards."""

        metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 30}  # noqa: RUF012

        def __init__(self, end=None, render_mode=None):
            self.end = end
            self.render_mode = render_mode
            self.observation_space = gym.spaces.Box(0, np.inf, (1,), np.float32)
            self.action_space = gym.spaces.Discrete(3)
            self.count = 0

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.count = 0
            return np.zeros(1, np.float32), {"resets": True}

        def step(self, action):
            self.count += 1
            done = self.end is not None and self.count >= self.end
            return np.array([self.count], np.float32), float(action), done, False, {"n": self.count}

        def render(self):
            if self.render_mode == "ansi":
                return f"{self.count}"
            return np.full((4, 6, 3), self.count % 256, np.uint8)

    return CountingEnv


CountingEnv = counting_class(DROMOS)
CountingEnv.__module__, CountingEnv.__qualname__ = __name__, "CountingEnv"  # so that it pickles


class LimitedStep:
    """The protocol of the core's step with a clock."""

    def __init__(self, step, limit):
        self.inner, self.limit, self.elapsed = step, limit, 0

    def __call__(self, action):
        obs, reward, terminated, truncated, info = self.inner(action)
        self.elapsed += 1
        return obs, reward, terminated, truncated or self.elapsed >= self.limit, info


class LaneStep:
    """The protocol of the core's step of one lane."""

    def __init__(self, env):
        self.env = env

    def __call__(self, action):
        return CountingEnv.step(self.env, action)

    def limited(self, limit):
        return LimitedStep(self, limit)


class NativeCountingEnv(CountingEnv):
    """A `CountingEnv` whose step is a callable of the (pretended) native core."""

    def __init__(self, end=None, render_mode=None):
        super().__init__(end, render_mode)
        self.step = LaneStep(self)
