"""Environments as users write them, for the tests of snapshots."""

import dataclasses
import enum
import random
from collections import deque
from typing import NamedTuple

import numpy as np

from dromos import spaces
from dromos.env import Env
from dromos.wrapper import ObservationWrapper, Wrapper


class Mode(enum.Enum):
    CALM = 0
    STORM = 1


class Place(NamedTuple):
    row: int
    column: int


@dataclasses.dataclass
class Cargo:
    weight: float
    history: list


def calm_reward(place):
    return float(place.row)


def storm_reward(place):
    return -float(place.column)


class GridWorld(Env):
    """A walk on a grid that changes under the walker; every kind of attribute is in it."""

    metadata = {"render_modes": ["ansi"]}  # noqa: RUF012

    def __init__(self, size=4, render_mode=None):
        self.size = size
        self.render_mode = render_mode
        self.observation_space = spaces.Box(-100, 100, (size,), np.float64)
        self.action_space = spaces.Discrete(4)
        self.grid = np.zeros((size, size))
        self.first_row = self.grid[0]
        self.recent = deque(maxlen=3)
        self.mode = Mode.CALM
        self.reward_of = calm_reward
        self.window = None

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.rng = self.np_random
        self.dice = random.Random(int(self.rng.integers(1000)))
        self.grid[:] = self.rng.random(self.grid.shape)
        self.place = Place(1, 1)
        self.cargo = Cargo(1.0, [])
        self.cargo_list = [self.cargo, self.cargo]
        self.visited = {self.place}
        self.recent.clear()
        return self.first_row.copy(), {}

    def step(self, action):
        turn = [(0, 1), (1, 0), (0, -1), (-1, 0)][action]
        self.place = Place(*(int(x) for x in (np.array(self.place) + turn) % self.size))
        self.visited.add(self.place)
        self.recent.append(self.place)
        self.grid[self.place] += self.rng.normal() + self.dice.gauss(0, 1)
        self.cargo.weight *= 1.01
        self.cargo_list[1].history.append(action)
        if self.grid[self.place] > 1:
            self.mode = Mode.STORM
        reward_of = self.reward_of if self.mode is Mode.CALM else storm_reward
        reward = reward_of(self.place) + self.cargo.weight + len(self.recent)
        info = {"visited": len(self.visited), "mode": self.mode}
        return self.first_row.copy(), reward, len(self.visited) > 12, False, info


class Stacked(ObservationWrapper):
    """Shows a decaying mean of what it has seen."""

    def __init__(self, env):
        super().__init__(env)
        self.mean = np.zeros(env.observation_space.shape)
        self.observation_space = spaces.Box(-100, 100, env.observation_space.shape, np.float64)

    def observation(self, observation):
        self.mean = 0.9 * self.mean + observation
        return self.mean.copy()


class Counting(Wrapper):
    """Counts its steps, and knows the environment at the bottom."""

    def __init__(self, env):
        super().__init__(env)
        self.steps = 0
        self.base = env.unwrapped

    def step(self, action):
        self.steps += 1
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, reward, terminated, truncated, {**info, "steps": self.steps}


class Imagining(Env):
    """Holds other environments: one to play and a list of others to imagine with."""

    def __init__(self):
        self.inner = Counting(GridWorld())
        self.others = [GridWorld(), {"third": GridWorld(5)}]
        self.spaces_by_name = {"a": spaces.Discrete(100), "b": (spaces.Box(0, 1, (2,)),)}
        self.observation_space = self.inner.observation_space
        self.action_space = self.inner.action_space

    def _all(self):
        return [self.inner, self.others[0], self.others[1]["third"]]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        for number, env in enumerate(self._all()):
            env.reset(seed=None if seed is None else seed + number)
        if seed is not None:
            self.spaces_by_name["a"].seed(seed)
            self.spaces_by_name["b"][0].seed(seed)
        return self.others[0].first_row.copy(), {}

    def step(self, action):
        results = [env.step(action) for env in self._all()]
        draw = [space.sample() for space in (self.spaces_by_name["a"], self.spaces_by_name["b"][0])]
        reward = sum(result[1] for result in results) + draw[0] + float(draw[1].sum())
        return results[0][0], reward, False, False, {}


class Counter:
    """Something with a state that is not plain data: a handle into another library, say."""

    def __init__(self):
        self._handle = iter(range(10**9))
        self.value = 0

    def advance(self):
        self.value = next(self._handle)
        return self.value

    def set(self, value):
        self._handle = iter(range(value, 10**9))
        self.advance()


class Foreign(Env):
    """Keeps its state in another library and says so through the hooks."""

    snapshot_exclude = frozenset({"counter"})

    def __init__(self):
        self.observation_space = spaces.Discrete(100)
        self.action_space = spaces.Discrete(2)
        self.counter = Counter()
        self.total = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.counter.set(0)
        self.total = 0
        return 0, {}

    def step(self, action):
        self.total += self.counter.advance() * (action + 1)
        return self.total % 100, float(self.total), False, False, {}

    def snapshot_state(self):
        return {**super().snapshot_state(), "counter": self.counter.value, "mode": Mode.STORM}

    def restore_state(self, state):
        own = dict(state)
        self.counter.set(own.pop("counter"))
        if own.pop("mode") is not Mode.STORM:
            raise ValueError("the mode is not STORM")
        super().restore_state(own)


def build(name):
    """Return the environment of a name, the same in every process."""
    return {
        "grid": GridWorld,
        "stack": lambda: Counting(Stacked(Counting(GridWorld()))),
        "imagining": Imagining,
        "wrapped imagining": lambda: Counting(Imagining()),
        "foreign": lambda: Counting(Foreign()),
    }[name]()


NAMES = ["grid", "stack", "imagining", "wrapped imagining", "foreign"]


def started(name, steps=3):
    """Return an environment in the middle of its first episode."""
    env = build(name)
    env.reset(seed=5)
    env.action_space.seed(5)
    for step in range(steps):
        env.step(step % 2)
    return env


def advance(env, steps, start=0):
    """Step `env` and return all it says, with what its action space draws."""
    said = []
    for step in range(start, start + steps):
        obs, reward, terminated, truncated, info = env.step(step * 7 % 5 % 2)
        drawn = env.action_space.sample()
        said.append(
            (np.asarray(obs).tolist(), reward, terminated, truncated, str(info), int(drawn))
        )
    obs, _ = env.reset()
    said.append(np.asarray(obs).tolist())
    said.append([env.step(0)[1] for _ in range(2)])
    return said
