"""Small environments for DI-engine's wrappers: an Atari game, a counter, tuples and dicts."""

from dataclasses import dataclass

import numpy as np

import dromos as gym
from dromos import spaces

MEANINGS = ["NOOP", "FIRE", "UP", "DOWN"]


@dataclass
class Emulator:
    """What `EpisodicLifeWrapper` asks."""

    left: int

    def lives(self):
        return self.left


class AtariEnv(gym.Env):
    """Frames full of the step count; a life is lost every `life` steps, the game ends with all.

    Attributes:
        actions: Those since the last reset.
        resets: The number of resets.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 30}  # noqa: RUF012

    def __init__(self, lives=3, life=5, meanings=tuple(MEANINGS), render_mode=None):
        self.render_mode = render_mode
        self.observation_space = spaces.Box(0, 255, (210, 160, 3), np.uint8)
        self.action_space = spaces.Discrete(len(meanings))
        self.meanings, self.all_lives, self.life = list(meanings), lives, life
        self.ale = Emulator(0)
        self.resets = 0

    def get_action_meanings(self):
        return self.meanings

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.actions, self.resets = [], self.resets + 1
        self.ale.left = self.all_lives
        return self.frame(), {"seed": seed, "options": options}

    def step(self, action):
        self.actions.append(action)
        if len(self.actions) % self.life == 0:
            self.ale.left -= 1
        return self.frame(), 7.0, self.ale.left == 0, False, {"n": len(self.actions)}

    def frame(self):
        return np.full((210, 160, 3), len(self.actions) % 256, np.uint8)

    def render(self):
        return self.frame()


class CountingEnv(gym.Env):
    """Observes (count, 10 count); earns the action; ends or is cut off when told to."""

    def __init__(self, terminate_at=None, truncate_at=None, space=None, actions=None):
        self.observation_space = space or spaces.Box(-np.inf, np.inf, (2,), np.float32)
        self.action_space = actions or spaces.Box(-10, 10, (1,), np.float32)
        self.terminate_at, self.truncate_at = terminate_at, truncate_at
        self.count = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self.observe(), {"seed": seed, "options": options}

    def step(self, action):
        self.count += 1
        self.last_action = action
        reward = float(np.asarray(action).sum()) if not isinstance(action, tuple) else 1.0
        ends = self.count == self.terminate_at, self.count == self.truncate_at
        return self.observe(), reward, *ends, {}

    def observe(self):
        return np.array([self.count, 10 * self.count]).astype(self.observation_space.dtype)


class NoisyEnv(CountingEnv):
    """Observes four numbers of very different sizes, drawn from the environment's generator."""

    def __init__(self):
        super().__init__(space=spaces.Box(-np.inf, np.inf, (4,), np.float64))

    def observe(self):
        return self.np_random.normal([0, 10, 20, 30], [1, 2, 3, 4])


class TwoFramesEnv(CountingEnv):
    """Observes a tuple of two frames."""

    def __init__(self):
        super().__init__()
        frame = spaces.Box(0, 255, (20, 30, 3), np.uint8)
        self.observation_space = spaces.Tuple([frame, frame])

    def observe(self):
        return (np.full((20, 30, 3), self.count, np.uint8),) * 2


class MissionEnv(CountingEnv):
    """Observes an image and words, as Minigrid."""

    def __init__(self, mission="go to the red ball, now"):
        super().__init__()
        image = spaces.Box(0, 255, (3, 3, 3), np.uint8)
        self.observation_space = spaces.Dict({"image": image, "mission": spaces.Text(99)})
        self.mission = mission

    def observe(self):
        return {"image": np.arange(27, dtype=np.uint8).reshape(3, 3, 3), "mission": self.mission}


class RamEnv(CountingEnv):
    """Observes 128 bytes."""

    def __init__(self):
        super().__init__(space=spaces.Box(0, 255, (128,), np.uint8))

    def observe(self):
        return np.arange(128, dtype=np.uint8)


class HybridEnv(CountingEnv):
    """Takes a kind and its arguments."""

    def __init__(self):
        arguments = spaces.Box(np.float32([0, -1]), np.float32([1, 1]))
        super().__init__(actions=spaces.Tuple([spaces.Discrete(3), arguments]))


def play(env, action, steps):
    """Return what each of some steps with the same action shows."""
    return [env.step(action) for _ in range(steps)]
