"""An environment that looks like an Atari game to wrappers written for those."""

import gymnasium as gym
import numpy as np


class Lives:
    """What wrappers ask of the emulator."""

    def __init__(self):
        self.left = 3

    def lives(self):
        return self.left


class Blocks(gym.Env):
    """Noise on a screen; a life is lost every 100 steps, and pressing FIRE starts the game."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012
    observation_space = gym.spaces.Box(0, 255, (210, 160, 3), np.uint8)
    action_space = gym.spaces.Discrete(4)

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.ale = Lives()

    def get_action_meanings(self):
        return ["NOOP", "FIRE", "RIGHT", "LEFT"]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.ale, self.steps = Lives(), 0
        return self._screen(), {"lives": 3}

    def step(self, action):
        self.steps += 1
        self.ale.left = 3 - self.steps // 100
        return self._screen(), 3.0 * action, self.ale.left == 0, False, {"lives": self.ale.left}

    def render(self):
        return self._screen()

    def _screen(self):
        return self.np_random.integers(0, 256, (210, 160, 3), dtype=np.uint8)


gym.register("BlocksNoFrameskip-v4", entry_point=Blocks, max_episode_steps=1000)
