"""An environment of parts with names."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dromos import Env
from dromos.spaces import Box, Dict, Discrete


class Cart(Env[dict[str, Any], NDArray[np.float32]]):
    def __init__(self) -> None:
        self.observation_space = Dict({"speed": Box(-1, 1, (1,)), "gear": Discrete(5)})
        self.action_space = Box(-1.0, 1.0, shape=(1,), dtype=np.float32)

    def _observe(self) -> dict[str, Any]:
        return {"speed": np.zeros(1, np.float32), "gear": np.int64(2)}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        super().reset(seed=seed)
        return self._observe(), {}

    def step(
        self, action: NDArray[np.float32]
    ) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        return self._observe(), float(action[0]), False, False, {"effort": abs(float(action[0]))}


env = Cart()
observation, info = env.reset()
observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
print(observation["speed"], info["effort"])
