"""Environments that the tests of pixel wrappers wrap."""

import ale_py
import gymnasium
import numpy as np

from dromos import Env
from dromos.spaces import Box, Discrete

gymnasium.register_envs(ale_py)
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)


def peer_game(name, **arguments):
    return gymnasium.make(f"ALE/{name}-v5", frameskip=1, **arguments)


class Game(Env):
    """The peer's Atari environment behind our interface, so that both see one emulation."""

    def __init__(self, name, **arguments):
        self.game = peer_game(name, **arguments).unwrapped
        self.observation_space = Box(0, 255, self.game.observation_space.shape, np.uint8)
        self.action_space = Discrete(int(self.game.action_space.n))
        self._frameskip = self.game._frameskip

    @property
    def ale(self):
        return self.game.ale

    def get_action_meanings(self):
        return self.game.get_action_meanings()

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        obs, info = self.game.reset(seed=seed)
        self.np_random = self.game.np_random
        return obs, info

    def step(self, action):
        return self.game.step(action)


class Screens:
    """An emulator whose screens tell their number, an even one in even columns, an odd in odd."""

    def __init__(self):
        self.frame = 0
        self.remaining = 3

    def getScreenDims(self):
        return 4, 6

    def getScreen(self, out):
        out[...] = 0
        out[:, self.frame % 2 :: 2] = self.frame

    def getScreenGrayscale(self):
        grey = np.empty(self.getScreenDims(), np.uint8)
        self.getScreen(grey)
        return grey

    def getScreenRGB(self):
        return np.stack([self.getScreenGrayscale()] * 3, axis=-1)

    def lives(self):
        return self.remaining

    def snapshot_state(self):
        return {"frame": self.frame, "remaining": self.remaining}

    def restore_state(self, state):
        self.frame, self.remaining = state["frame"], state["remaining"]


class ScriptedGame(Env):
    """A game of `Screens` whose frames come at will.

    Args:
        ends: The frame that terminates the episode.
        cut: The frame that truncates it.
        loses: The frames at which a life is lost.
    """

    _frameskip = 1

    def __init__(self, ends=None, cut=None, loses=()):
        self.ale = Screens()
        self.ends, self.cut, self.loses = ends, cut, loses
        self.observation_space = Box(0, 255, (4, 6, 3), np.uint8)
        self.action_space = Discrete(2)
        self.resets = 0

    def get_action_meanings(self):
        return ["NOOP", "FIRE"]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.ale.frame, self.ale.remaining = 0, 3
        self.resets += 1
        return self._seen(), {"frame": 0}

    def step(self, action):
        self.ale.frame += 1
        self.ale.remaining -= self.ale.frame in self.loses
        frame = self.ale.frame
        return self._seen(), frame, frame == self.ends, frame == self.cut, {"frame": frame}

    def _seen(self):
        return self.ale.getScreenRGB()


class Counter(Env):
    """Observations (number, -number), reward 1, all written to one array; ends at a step."""

    def __init__(self, ends=1000, signs=(1, -1)):
        self.signs = np.array(signs, np.float32)
        self.observation_space = Box(-1000, 1000, (2,), np.float32)
        self.action_space = Discrete(2)
        self.ends = ends
        self.obs = np.zeros(2, np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.number = 0
        self.obs[:] = 0
        return self.obs, {}

    def step(self, action):
        self.number += 1
        self.obs[:] = self.number * self.signs
        return self.obs, 1.0, self.number == self.ends, False, {"number": self.number}
