"""Episodes to play again."""

from pathlib import Path

import numpy as np

import dromos as gym
from dromos.spaces import Box, Dict, Discrete, Graph, Sequence, Text, Tuple


class Every(gym.Env):
    """Observations and actions of every kind of space, drawn by the environment."""

    def __init__(self):
        parts = {
            "text": Text(4),
            "many": Sequence(Box(-1, 1, (2,))),
            "graph": Graph(Box(-1, 1, (2,)), None),
            "pair": Tuple([Discrete(3), Box(-np.inf, np.inf, (), np.float64)]),
        }
        self.observation_space = Dict(parts)
        self.action_space = Dict({"text": Text(3), "pair": Tuple([Discrete(2), Box(-1, 1, (2,))])})

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is not None:
            self.observation_space.seed(seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        reward = float(action["pair"][1].sum()) + self.np_random.random()
        over = bool(self.np_random.random() < 0.2)
        return self.observation_space.sample(), reward, over, False, {}


class Secretive(gym.Env):
    """An environment with an attribute that no snapshot holds."""

    observation_space = action_space = Discrete(2)

    def __init__(self):
        self.secret = iter(())

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return int(self.np_random.integers(2)), {}

    def step(self, action):
        return int(self.np_random.integers(2)), 1.0, False, False, {}


def played(env, steps, **reset):
    """Play with actions drawn by the space, reset where an episode ends, and close."""
    env.action_space.seed(4)
    env.reset(**reset)
    for _ in range(steps):
        *_, terminated, truncated, _ = env.step(env.action_space.sample())
        if not isinstance(env, gym.vector.VectorEnv) and (terminated or truncated):
            env.reset()
    env.close()


def files_in(folder):
    """Return the episode files of a folder, sorted."""
    return sorted(Path(folder).glob("*.jsonl"))
