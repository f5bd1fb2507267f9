"""Environments in the manner of each release, that several test files use."""

import numpy as np

import dromos as gym
from dromos import legacy
from dromos.compat import gym_v25

#: The tests that are not about them leave the deprecations aside.
QUIET = "ignore::DeprecationWarning"


class Corridor09(legacy.Env):
    """Walk right to the end, in the manner of 0.9: only underscored methods."""

    metadata = {"render.modes": ["human", "rgb_array", "ansi"], "video.frames_per_second": 10}  # noqa: RUF012

    def __init__(self, length=4):
        self.length = length
        self.observation_space = legacy.spaces.Discrete(length)
        self.action_space = legacy.spaces.Discrete(2)
        self.rendered = []
        self.viewer = "open"
        self.position = 0
        self._seed(0)

    def _seed(self, seed=None):
        self.np_random, seed = legacy.utils.seeding.np_random(seed)
        return [seed]

    def _reset(self):
        self.position = int(self.np_random.randint(self.length - 1))
        return self.position

    def _step(self, action):
        self.position = max(self.position + (1 if action else -1), 0)
        done = self.position == self.length - 1
        return self.position, 1.0 if done else -0.1, done, {"position": self.position}

    def _render(self, mode="human", close=False):
        if close:
            self.viewer = None
            return None
        self.rendered.append(mode)
        frame = np.full((16, 16, 3), 10 * self.position, np.uint8)
        return {"human": None, "ansi": str(self.position), "rgb_array": frame}[mode]


class Corridor21(gym_v25.Env):
    """Walk right to the end, in the manner of 0.22 and 0.23."""

    metadata = {"render_modes": ["human", "rgb_array"], "render_fps": 10}  # noqa: RUF012

    def __init__(self, length=4, start=None):
        self.length = length
        self.start = start
        self.observation_space = gym.spaces.Box(0, length, (1,), np.float32)
        self.action_space = gym.spaces.Discrete(2)
        self.rendered = []
        self.position = 0

    def reset(self, *, seed=None, return_info=False, options=None):
        super().reset(seed=seed)
        drawn = int(self.np_random.randint(self.length - 1))
        self.position = drawn if self.start is None else self.start
        self.position = (options or {}).get("position", self.position)
        return (self._observation(), {"drawn": drawn}) if return_info else self._observation()

    def _observation(self):
        return np.array([self.position], np.float32)

    def step(self, action):
        self.position = max(self.position + (1 if action else -1), 0)
        done = self.position == self.length - 1
        return self._observation(), 1.0, done, {"position": self.position}

    def render(self, mode="human"):
        self.rendered.append(mode)
        return None if mode == "human" else np.zeros((8, 8, 3), np.uint8)


class Corridor(gym.Env):
    """Walk right to the end, in the manner of today."""

    metadata = {"render_modes": ["human", "rgb_array", "ansi"], "render_fps": 10}  # noqa: RUF012

    def __init__(self, length=4, render_mode=None):
        self.length = length
        self.render_mode = render_mode
        self.observation_space = gym.spaces.Discrete(length)
        self.action_space = gym.spaces.Discrete(2)
        self.position = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.position = int(self.np_random.integers(self.length - 1))
        self.position = (options or {}).get("position", self.position)
        return self.position, {"start": self.position}

    def step(self, action):
        self.position = max(self.position + (1 if action else -1), 0)
        arrived = self.position == self.length - 1
        return self.position, 1.0, arrived, False, {"position": self.position}

    def render(self):
        frame = np.full((8, 8, 3), 10 * self.position, np.uint8)
        return {"human": None, "ansi": str(self.position), "rgb_array": frame}[self.render_mode]


def play(env, action=1):
    """Reset an old environment, step it to the end, and return the number of steps."""
    env.reset()
    steps, done = 0, False
    while not done:
        done = env.step(action)[2]
        steps += 1
    return steps
