"""Environments whose pictures tell their state, and what videos tell of it."""

import numpy as np

from dromos import spaces
from dromos.core import Env
from dromos.render import read_video

WIDTH, HEIGHT = 64, 48


class Film(Env):
    """Shows its steps as a shade of grey; terminates at `end`."""

    metadata = {"render_modes": ["rgb_array", "rgb_array_list", "ansi"], "render_fps": 25}  # noqa: RUF012

    def __init__(self, end=None, render_mode="rgb_array", offset=0):
        self.end, self.render_mode, self.offset = end, render_mode, offset
        self.observation_space = spaces.Box(0, np.inf, (1,), np.float32)
        self.action_space = spaces.Discrete(2)
        self.count = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.count += 1
        ended = self.end is not None and self.count >= self.end
        return np.full(1, self.count, np.float32), 1.0, ended, False, {"count": self.count}

    def render(self):
        return np.full((HEIGHT, WIDTH, 3), (self.offset + 4 * self.count) % 256, np.uint8)


def play(env, episodes=1, steps=None):
    """Run episodes to their end, or `steps` steps with a reset after each end."""
    done = 0
    while done < (steps or episodes):
        env.reset()
        ended = False
        while not ended and done < (steps or done + 1):
            _, _, terminated, truncated, _ = env.step(0)
            ended = terminated or truncated
            done += steps is not None
        done += steps is None


def counts_in(path, left=WIDTH // 2, top=HEIGHT // 2):
    """Return the count that each frame of a video shows, read from a pixel."""
    return [round(float(frame[top, left].mean()) / 4) for frame in read_video(path)]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())
