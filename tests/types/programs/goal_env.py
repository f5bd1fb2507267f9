"""A class of environments with a type parameter of its own."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from dromos import Env
from dromos.spaces import Box, Discrete

Act = TypeVar("Act")


class GoalEnv(Env[dict[str, NDArray[np.float32]], Act], Generic[Act]):
    def compute_reward(self, achieved: NDArray[np.float32], desired: NDArray[np.float32]) -> float:
        return -float(np.abs(achieved - desired).sum())


class Reach(GoalEnv[int]):
    def __init__(self) -> None:
        self.action_space = Discrete(3)
        self.goal = Box(-1, 1, (2,))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
        super().reset(seed=seed)
        return {"achieved": self.goal.sample(), "desired": self.goal.sample()}, {}


env = Reach()
seen, _ = env.reset()
print(env.compute_reward(**seen))
