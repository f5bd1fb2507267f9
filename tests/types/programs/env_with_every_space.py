"""One environment for each kind of space."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos import Env, Space
from dromos.spaces import (
    Box,
    Discrete,
    Graph,
    GraphInstance,
    MultiBinary,
    MultiDiscrete,
    OneOf,
    Sequence,
    Text,
)


class Writer(Env[str, NDArray[np.int64]]):
    def __init__(self) -> None:
        self.observation_space = Text(8)
        self.action_space = MultiDiscrete([2, 3])


class Switches(Env[NDArray[np.int8], NDArray[np.bool_]]):
    def __init__(self) -> None:
        self.observation_space = MultiBinary([2, 2])
        self.action_space = Box(0, 1, (2,), dtype=np.bool_)


class Molecule(Env[GraphInstance, tuple[int, Any]]):
    def __init__(self) -> None:
        self.observation_space = Graph(Box(-1, 1, (3,)), Discrete(4))
        self.action_space = OneOf([Discrete(3), Box(0, 1, (2,))])


class Songs(Env[tuple[Any, ...], np.int64]):
    def __init__(self) -> None:
        self.observation_space = Sequence(Discrete(12))
        self.action_space = Discrete(12)


class Pixels(Env[NDArray[np.uint8], NDArray[np.float64]]):
    def __init__(self) -> None:
        self.observation_space = Box(low=0, high=255, shape=(8, 8, 3), dtype=np.uint8)
        self.action_space = Box(np.zeros(3), np.ones(3), dtype=np.float64)


class Anything(Env[np.ndarray, Any]):
    def __init__(self, actions: Space[Any]) -> None:
        self.observation_space = Box(0, 1, (2,))
        self.action_space = actions


for env in (Writer(), Switches(), Molecule(), Songs(), Pixels(), Anything(Text(3))):
    print(env.observation_space.sample(), env.action_space.sample())
