"""An environment in the form of ale-py's, without an emulator."""

from dataclasses import dataclass

import numpy as np

import dromos as gym
from dromos import spaces


@dataclass
class Emulator:
    """What preprocessing asks of the emulator."""

    left: int = 0
    shade: int = 0

    def lives(self):
        return self.left

    def getScreenDims(self):
        return 210, 160

    def getScreen(self, out):
        out[...] = self.shade

    def getScreenGrayscale(self):
        return np.full(self.getScreenDims(), self.shade, np.uint8)

    def getScreenRGB(self):
        return np.full((*self.getScreenDims(), 3), self.shade, np.uint8)


class BreakoutLikeEnv(gym.Env):
    """3 lives of 40 frames; 7 points a frame.

    Attributes:
        arguments: Those of an Atari environment.
        actions: Those since the last reset, one a frame.
        resets: The number of resets.
    """

    def __init__(self, meanings=("NOOP", "FIRE", "RIGHT", "LEFT"), **arguments):
        self.arguments, self.meanings = arguments, list(meanings)
        self._frameskip = arguments.get("frameskip", 4)
        self.observation_space = spaces.Box(0, 255, (210, 160, 3), np.uint8)
        self.action_space = spaces.Discrete(len(meanings))
        self.ale = Emulator()
        self.resets = 0

    def get_action_meanings(self):
        return self.meanings

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.actions, self.resets = [], self.resets + 1
        self.ale.left, self.ale.shade = 3, 0
        return self.screen(), {}

    def step(self, action):
        self.actions.append(int(action))
        self.ale.shade = len(self.actions) % 256
        if len(self.actions) % 40 == 0:
            self.ale.left -= 1
        return self.screen(), 7.0, self.ale.left == 0, False, {}

    def screen(self):
        return np.full((210, 160, 3), self.ale.shade, np.uint8)
